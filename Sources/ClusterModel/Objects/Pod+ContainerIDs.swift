/// What a container runtime names its containers and images.
///
/// The simulation has no use for the names, so they are made when a pod is shown, the same ones
/// every time.
extension Pod {
  /// Fills in the names of a container that was started here. A status that was loaded says
  /// `started` together with its own names, or neither.
  public func identify(_ status: inout ContainerStatus) {
    guard status.hasStarted != nil, status.other["containerID"] == nil else { return }
    if case .terminated(var end) = status.lastState, end.containerID.isEmpty {
      end.containerID = containerID(status.name, restarts: status.restartCount - 1)
      status.lastState = .terminated(end)
    }
    switch status.state {
    case .running: break
    case .terminated(var end):
      if end.containerID.isEmpty {
        end.containerID = containerID(status.name, restarts: status.restartCount)
        status.state = .terminated(end)
      }
    case .waiting, .none:
      // Only one that has run before still has a name.
      guard case .terminated = status.lastState else { return }
    }
    status.other["containerID"] = .string(
      containerID(status.name, restarts: status.restartCount))
    if (status.other["imageID"]?.string ?? "").isEmpty {
      status.other["imageID"] = .string(Self.imageID(status.image))
    }
  }

  private func containerID(_ name: String, restarts: Int) -> String {
    let seed =
      metadata.uid.high ^ metadata.uid.low ^ RandomText.hash("\(name)/\(restarts)")
    return "containerd://" + RandomText.digest(from: seed)
  }

  /// `docker.io/library/nginx@sha256:…`: the same for every container of the image.
  private static func imageID(_ image: String) -> String {
    let repository = ImageName.repository(of: image)
    return "\(repository)@sha256:\(RandomText.digest(from: RandomText.hash(image)))"
  }
}

/// Names of images as a runtime completes them.
enum ImageName {
  /// Without tag and digest, with registry and library: `docker.io/library/nginx`.
  static func repository(of image: String) -> String {
    var name = image.split(separator: "@", maxSplits: 1).first.map(String.init) ?? image
    let slash = name.lastIndex(of: "/")
    if let colon = name.lastIndex(of: ":"), slash.map({ $0 < colon }) ?? true {
      name = String(name[..<colon])
    }
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count > 1 else { return "docker.io/library/\(name)" }
    let isRegistry = parts[0].contains(".") || parts[0].contains(":") || parts[0] == "localhost"
    return isRegistry ? name : "docker.io/\(name)"
  }
}
