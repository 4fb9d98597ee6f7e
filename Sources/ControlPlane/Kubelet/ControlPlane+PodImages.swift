import ClusterModel
import SimulationCore

/// Images: pulled once for each node, and what happens when they cannot be
/// (pkg/kubelet/images/image_manager.go).
extension ControlPlane {
  /// Gets the image of the next container, by pulling it where need be.
  mutating func prepareContainer(_ id: ObjectID, _ index: Int32) {
    guard let worker = kubelets[id], let pod = api.store.pods[id],
      let (container, isInit) = pod.spec.value.container(index)
    else { return }
    let name = container.image
    // What has a number has been looked at before.
    if !kubelets.knows(image: name), let problem = ImageReference.problem(with: name) {
      let message =
        "Failed to apply default image tag \"\(name)\": couldn't parse image name \"\(name)\": "
        + problem
      record(
        pod, "InspectFailed", message, container: container.name, isInit: isInit, type: .warning)
      return failToStart(id, index, "InvalidImageName", message, says: "InvalidImageName")
    }
    let image = kubelets.number(ofImage: name)
    ensureAgent(of: worker.node)
    let isPresent = kubelets.nodes[worker.node]?.images.contains(image) ?? false
    let isInstant = KubeletTimings.isInstant(pod.metadata.annotations)
    if isPresent && container.imagePullPolicy != "Always" || isInstant {
      record(
        pod, "Pulled", saying: .template(.present, name), container: container.name, isInit: isInit)
      return startContainer(id, index)
    }
    if container.imagePullPolicy == "Never" {
      let message = "Container image \"\(name)\" is not present with pull policy of Never"
      record(
        pod, "ErrImageNeverPull", message, container: container.name, isInit: isInit,
        type: .warning)
      return failToStart(id, index, "ErrImageNeverPull", message, says: "ErrImageNeverPull")
    }
    if waitsToPull(id, index, pod, container, isInit) { return }
    record(
      pod, "Pulling", saying: .template(.pulling, name), container: container.name, isInit: isInit)
    pull(image, name, isPresent: isPresent, for: id, index, on: worker.node)
  }

  private mutating func pull(
    _ image: Int32, _ name: String, isPresent: Bool, for id: ObjectID, _ index: Int32,
    on node: ObjectID
  ) {
    ensureAgent(of: node)
    let waiting = NodeAgent.WaitingContainer(pod: id, container: index, since: now)
    let isPulling = kubelets.nodes[node]?.waiting[image] != nil
    kubelets.nodes[node]?.waiting[image, default: []].append(waiting)
    if isPulling { return }
    // A present image costs only the question whether it is the newest.
    let size = isPresent ? 0 : KubeletTimings.size(ofImage: name)
    let start = max(now, kubelets.nodes[node]?.pullsEnd ?? now)
    let end = start + KubeletTimings.pull(size, &kubelets.random)
    kubelets.nodes[node]?.pullsEnd = end
    events.schedule(.pulled(node: node.slot, image: image), at: end)
  }

  mutating func imagePulled(_ slot: Int32, _ image: Int32) {
    guard let node = store.nodes.id(inSlot: slot), kubelets.nodes[node] != nil else { return }
    if kubelets.silent[node] != nil {
      kubelets.silent[node]?.pulled.append(image)
      return
    }
    // Nobody waits any more when the machine has been off meanwhile.
    guard let waiting = kubelets.nodes[node]?.waiting.removeValue(forKey: image) else { return }
    let name = kubelets.images[Int(image)]
    let isNew = kubelets.nodes[node]?.images.contains(image) == false
    defer {
      if isNew, kubelets.nodes[node]?.images.contains(image) == true { tellScheduler(name, node) }
    }
    for entry in waiting {
      guard let pod = api.store.pods[entry.pod], let worker = kubelets[entry.pod],
        worker.phase == .starting || worker.phase == .running,
        let (container, isInit) = pod.spec.value.container(entry.container)
      else { continue }
      if let problem = ImageReference.pullProblem(with: name, pod.metadata.annotations) {
        pullFailed(entry.pod, entry.container, problem)
        continue
      }
      kubelets.nodes[node]?.images.insert(image)
      if let place = kubelets[entry.pod]?.historyIndex(of: entry.container) {
        kubelets[entry.pod]?.histories[place].pullBackOff = nil
      }
      let took = GoDuration.text(now - entry.since)
      record(
        pod, "Pulled",
        "Successfully pulled image \"\(name)\" in \(took) (\(took) including waiting). Image size: "
          + "\(KubeletTimings.size(ofImage: name)) bytes.",
        container: container.name, isInit: isInit)
      startContainer(entry.pod, entry.container)
    }
  }

  /// The scheduler reads of the image in the node's next status.
  private mutating func tellScheduler(_ name: String, _ node: ObjectID) {
    scheduler.pulled.schedule(
      Scheduler.PulledImage(
        name: name, size: Int64(KubeletTimings.size(ofImage: name)), node: node),
      at: api.store.leases.lastRenewal(of: node, at: now) + NodeLeases.renewalPeriod)
  }

  private mutating func pullFailed(_ id: ObjectID, _ index: Int32, _ problem: String) {
    guard let pod = store.pods[id], let (container, isInit) = pod.spec.value.container(index),
      let place = kubelets[id]?.historyIndex(of: index)
    else { return }
    let before = kubelets[id]?.histories[place].pullBackOff
    let wait = before.map { min($0 * 2, Self.longestBackOff) } ?? Self.firstBackOff
    kubelets[id]?.histories[place].pullBackOff = wait
    kubelets[id]?.histories[place].pullFailed = now
    kubelets[id]?.histories[place].pullProblem = problem
    record(
      pod, "Failed", "Failed to pull image \"\(container.image)\": \(problem)",
      container: container.name, isInit: isInit, type: .warning)
    // The sandbox's start, which it hears of within a second, makes it look again once.
    failToStart(
      id, index, "ErrImagePull", problem, says: "ErrImagePull",
      again: before == nil ? .seconds(1) : nil)
  }

  /// Whether a failed pull is too fresh for another one.
  private mutating func waitsToPull(
    _ id: ObjectID, _ index: Int32, _ pod: Pod, _ container: Container, _ isInit: Bool
  ) -> Bool {
    guard let place = kubelets[id]?.historyIndex(of: index),
      let history = kubelets[id]?.histories[place], let wait = history.pullBackOff,
      now - history.pullFailed < wait
    else { return false }
    let text = "Back-off pulling image \"\(container.image)\""
    record(pod, "BackOff", text, container: container.name, isInit: isInit)
    failToStart(
      id, index, "ImagePullBackOff", "\(text): ErrImagePull: \(history.pullProblem)",
      says: "ImagePullBackOff")
    return true
  }

  /// A container cannot be started; the kubelet looks again in ten to fifteen seconds.
  mutating func failToStart(
    _ id: ObjectID, _ index: Int32, _ reason: String, _ message: String, says problem: String,
    again delay: Duration? = nil
  ) {
    guard let pod = store.pods[id], let (container, isInit) = pod.spec.value.container(index) else {
      return
    }
    record(
      pod, "Failed", "Error: \(problem)", container: container.name, isInit: isInit, type: .warning)
    let time = api.timestamp(at: now)
    let isFirst = index >= kubelets[id]?.startedCount ?? 0
    if case .waiting(reason, message) = pod.containerStatus(index)?.state {
      // Nothing new to report.
    } else {
      api.store.updatePod(id, .status, at: now) { pod in
        pod.updateContainer(index) { $0.wait(reason, message) }
        PodStatusReport.report(&pod, at: time)
      }
    }
    let wait = delay ?? kubelets.random.duration(from: .seconds(10), through: .seconds(15))
    schedule(id, .resync(index), at: now + wait)
    // The other containers do not wait for one that is broken.
    if isFirst, !isInit {
      kubelets[id]?.startedCount = index + 1
      prepareNext(after: index, id)
    }
  }
}

/// The names of images (distribution/reference), and which of them no registry has.
enum ImageReference {
  /// Why the name cannot be one, in the parser's words; nil when it can.
  static func problem(with name: String) -> String? {
    let invalid = "invalid reference format"
    // By bytes: characters take ten times as long.
    var rest = name.utf8[...]
    if let at = rest.firstIndex(of: UInt8(ascii: "@")) {
      let digest = rest[rest.index(after: at)...].split(separator: UInt8(ascii: ":"), maxSplits: 1)
      guard digest.count == 2, digest[1].count >= 32, digest[1].allSatisfy(isHexDigit) else {
        return invalid
      }
      rest = rest[..<at]
    }
    let slash = rest.lastIndex(of: UInt8(ascii: "/")) ?? rest.startIndex
    if let colon = rest[slash...].lastIndex(of: UInt8(ascii: ":")) {
      let tag = rest[rest.index(after: colon)...]
      guard let first = tag.first, first != UInt8(ascii: "."), first != UInt8(ascii: "-"),
        tag.count <= 128,
        tag.allSatisfy({ isWord($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") })
      else { return invalid }
      rest = rest[..<colon]
    }
    var parts = rest.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    if parts.count > 1, let host = parts.first, isHost(host) { parts.removeFirst() }
    if parts.isEmpty { return invalid }
    for part in parts {
      let isPlain = part.allSatisfy {
        isWord($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
      }
      guard let first = part.first, let last = part.last, isPlain, isLetterOrDigit(first),
        isLetterOrDigit(last)
      else { return invalid }
      if part.contains(where: { (65...90).contains($0) }) {
        let repository = String(Substring(rest))
        return
          "\(invalid): repository name (\(repository.contains("/") ? "" : "library/")"
          + "\(repository)) must be lowercase"
      }
    }
    return nil
  }

  /// Whether the first part of a name is where it is kept, and no part of what it is called.
  private static func isHost(_ part: Substring.UTF8View) -> Bool {
    part.contains(UInt8(ascii: ".")) || part.contains(UInt8(ascii: ":"))
      || part.elementsEqual("localhost".utf8)
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...70).contains(byte) || (97...102).contains(byte)
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    isLetterOrDigit(byte) || byte == UInt8(ascii: "_")
  }

  /// Why pulling fails; nil when it does not: every image exists but those that
  /// `kubarium.dev/missing-images` names and those of hosts that cannot exist (RFC 2606).
  static func pullProblem(with name: String, _ annotations: Labels) -> String? {
    let host = name.split(separator: "/").first.map(String.init) ?? ""
    let domain = host.split(separator: ":").first.map(String.init) ?? ""
    let whole = full(name)
    let failed =
      "failed to pull and unpack image \"\(whole)\": failed to resolve reference "
      + "\"\(whole)\": "
    if name.contains("/"), domain.hasSuffix(".invalid") {
      let repository = whole.dropFirst(host.count + 1).split(separator: ":").first ?? ""
      let tag = whole.split(separator: ":").last ?? ""
      return "rpc error: code = Unknown desc = \(failed)failed to do request: Head "
        + "\"https://\(host)/v2/\(repository)/manifests/\(tag)\": dial tcp: lookup \(domain): no such "
        + "host"
    }
    let missing = (annotations["kubarium.dev/missing-images"] ?? "").split(separator: ",").map {
      String($0.filter { $0 != " " })
    }
    guard missing.contains(name) else { return nil }
    return "rpc error: code = NotFound desc = \(failed)\(whole): not found"
  }

  /// With the registry, library and tag that are left out: `docker.io/library/nginx:latest`.
  static func full(_ name: String) -> String {
    var whole = name
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    let first = parts.first ?? ""
    let hasHost =
      parts.count > 1 && (first.contains(".") || first.contains(":") || first == "localhost")
    if !hasHost { whole = (parts.count == 1 ? "docker.io/library/" : "docker.io/") + name }
    let last = name.split(separator: "/").last ?? ""
    return last.contains(":") || last.contains("@") ? whole : "\(whole):latest"
  }
}
