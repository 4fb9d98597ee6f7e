import ClusterModel
import SimulationCore

/// How long things take on a node, and what a pod's annotations say about it.
enum KubeletTimings {
  /// Creating the sandbox and calling the CNI plugin.
  static func sandbox(_ random: inout RandomStream) -> Duration {
    random.logNormal(median: .milliseconds(250), sigma: 0.25)
  }

  /// Creating and starting a container whose image is there.
  static func start(_ random: inout RandomStream) -> Duration {
    random.logNormal(median: .milliseconds(90), sigma: 0.3)
  }

  /// From the end of the last process to the deletion of the object.
  static func cleanUp(_ random: inout RandomStream) -> Duration {
    random.duration(from: .milliseconds(200), through: .milliseconds(900))
  }

  /// The size of an image nobody has told us: 15 to 250 MB by its name, always the same.
  static func size(ofImage name: String) -> Int64 {
    let hash = name.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
    return 15_000_000 + Int64(hash % 235_000_000)
  }

  /// A registry round trip, then 80 MB a second.
  static func pull(_ size: Int64, _ random: inout RandomStream) -> Duration {
    let transfer = Duration(nanoseconds: size * 1_000_000_000 / 80_000_000)
    return transfer + random.logNormal(median: .milliseconds(300), sigma: 0.2)
  }

  /// From the process's start to its accepting connections: `kubarium.dev/startup-time`.
  static func startUp(_ annotations: Labels) -> Duration {
    annotations["kubarium.dev/startup-time"].flatMap(DurationText.parse) ?? .zero
  }

  /// `kubarium.dev/startup-time: 0s` says more than that the process starts quickly: such a pod is
  /// Ready, and gone, as soon as its kubelet can say so, as the pods of KWOK's nodes are. No image
  /// is pulled for it.
  static func isInstant(_ annotations: Labels) -> Bool {
    annotations["kubarium.dev/startup-time"].flatMap(DurationText.parse) == .zero
  }

  /// From hearing of an instant pod to posting its status.
  static let instantStart = Duration.milliseconds(78)

  /// How long the preStop hooks of a pod take: the sleep they name.
  static func preStop(_ spec: PodSpec) -> Duration {
    spec.containers.map { hook($0.lifecycle?["preStop"]) }.max() ?? .zero
  }

  /// How long a container's postStart hook takes, until whose end it does not count as running.
  static func postStart(_ container: Container) -> Duration {
    hook(container.lifecycle?["postStart"])
  }

  private static func hook(_ hook: Value?) -> Duration {
    if let seconds = hook?["sleep"]?["seconds"]?.integer {
      return .seconds(max(0, min(seconds, 86_400)))
    }
    return sleep(in: (hook?["exec"]?["command"]?.array ?? []).compactMap(\.string)) ?? .zero
  }

  /// The time of a command that contains `sleep SECONDS`.
  private static func sleep(in command: [String]) -> Duration? {
    let words = command.flatMap { $0.split(separator: " ").map(String.init) }
    guard let place = words.firstIndex(of: "sleep"), place + 1 < words.count,
      let seconds = Int64(words[place + 1].filter { $0.isNumber })
    else { return nil }
    return .seconds(max(0, min(seconds, 86_400)))
  }
}

/// Durations as annotations and flags spell them: `999ms`, `10s`, `3m`, `1h30m`.
public enum DurationText {
  public static func parse(_ text: String) -> Duration? {
    var rest = text[...]
    guard !rest.isEmpty else { return nil }
    var total: Int64 = 0
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      guard !digits.isEmpty, digits.count <= 9, let number = Int64(digits) else { return nil }
      rest = rest.dropFirst(digits.count)
      let unit = rest.prefix { $0.isLetter || $0 == "µ" }
      guard let scale = units[String(unit)] else { return nil }
      rest = rest.dropFirst(unit.count)
      let (product, overflow) = number.multipliedReportingOverflow(by: scale)
      let (sum, overflowed) = total.addingReportingOverflow(product)
      if overflow || overflowed { return nil }
      total = sum
    }
    return Duration(nanoseconds: total)
  }

  private static let units: [String: Int64] = [
    "ns": 1, "us": 1_000, "µs": 1_000, "ms": 1_000_000, "s": 1_000_000_000,
    "m": 60_000_000_000, "h": 3_600_000_000_000,
  ]
}
