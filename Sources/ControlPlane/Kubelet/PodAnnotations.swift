import ClusterModel

/// The annotations by which a pod says what no manifest says: how its processes behave.
///
/// The table is the whole of them; `docs/annotations.md` tells about each.
public enum PodAnnotations {
  public static let prefix = "kubarium.dev/"

  public enum ValueKind: Hashable, Sendable {
    /// `1.5s`, `250ms`.
    case duration
    /// 0–255.
    case exitCode
    case flag
    /// Zero or more, with decimals.
    case number
    /// `250m`, `64Mi`.
    case quantity
    /// `0.5%`.
    case percent
    /// Anything.
    case list
  }

  public struct Entry: Hashable, Sendable {
    public var name: String
    public var kind: ValueKind
    /// Whether `.CONTAINER` may stand behind it.
    public var isForContainers = false
  }

  public static let all: [Entry] = [
    Entry(name: "alive", kind: .flag),
    Entry(name: "calls", kind: .list),
    Entry(name: "concurrency", kind: .number),
    Entry(name: "cpu", kind: .quantity),
    Entry(name: "cpu-per-request", kind: .duration),
    Entry(name: "error-rate", kind: .percent),
    Entry(name: "exit-after", kind: .duration, isForContainers: true),
    Entry(name: "exit-code", kind: .exitCode, isForContainers: true),
    Entry(name: "init-exit-code", kind: .exitCode, isForContainers: true),
    Entry(name: "init-time", kind: .duration, isForContainers: true),
    Entry(name: "memory", kind: .quantity),
    Entry(name: "missing-images", kind: .list),
    Entry(name: "rate", kind: .number),
    Entry(name: "ready", kind: .flag),
    Entry(name: "service-time", kind: .duration),
    Entry(name: "service-time-sigma", kind: .number),
    Entry(name: "shutdown-time", kind: .duration),
    Entry(name: "startup-time", kind: .duration),
    Entry(name: "timeout", kind: .duration),
  ]

  /// The entry of an annotation's whole key; nil when there is none of that name.
  public static func entry(of key: String) -> Entry? {
    let name = key.dropFirst(prefix.count)
    if let exact = all.first(where: { $0.name == name }) { return exact }
    guard let dot = name.firstIndex(of: ".") else { return nil }
    return all.first { $0.isForContainers && $0.name == name[..<dot] }
  }

  /// What a value should be, in words; nil when it is that.
  public static func problem(with value: String, of entry: Entry) -> String? {
    switch entry.kind {
    case .duration: isDuration(value) ? nil : "a duration such as 250ms or 1.5s"
    case .exitCode:
      Int(value).map { (0...255).contains($0) } ?? false ? nil : "an exit code from 0 to 255"
    case .flag: value == "true" || value == "false" ? nil : "true or false"
    case .number: isNumber(value) ? nil : "a number that is not negative"
    case .quantity:
      Quantity(value).map { $0.milli >= 0 } ?? false ? nil : "a quantity such as 250m or 64Mi"
    case .percent:
      isNumber(value.hasSuffix("%") ? String(value.dropLast()) : value)
        ? nil : "a percentage such as 0.5%"
    case .list: nil
    }
  }

  private static func isNumber(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return (1...2).contains(parts.count)
      && parts.allSatisfy { part in
        !part.isEmpty && part.utf8.count <= 9 && part.utf8.allSatisfy { (48...57).contains($0) }
      }
  }

  private static func isDuration(_ text: String) -> Bool {
    let units = ["ns", "us", "µs", "ms", "s", "m", "h"]
    return DurationText.parse(text) != nil
      || units.contains { text.hasSuffix($0) && isNumber(String(text.dropLast($0.count))) }
  }
}
