import ClusterModel
import Spelling

/// The kinds that set the simulation up and are no objects of the API.
enum ConfigurationKind {
  /// Of `kind` and of Kubarium itself.
  case cluster(isKind: Bool)
  case kubeProxy

  init?(_ resource: APIResource) {
    switch (resource.group, resource.kind) {
    case ("kind.x-k8s.io", "Cluster"): self = .cluster(isKind: true)
    case ("kubarium.dev", "Cluster"): self = .cluster(isKind: false)
    case ("kubeproxy.config.k8s.io", "KubeProxyConfiguration"): self = .kubeProxy
    default: return nil
    }
  }

  var schemaName: String {
    switch self {
    case .cluster: "Cluster"
    case .kubeProxy: "KubeProxyConfiguration"
    }
  }

  func decode(_ reader: inout FieldReader) -> Manifest.Content {
    switch self {
    case .cluster: .topology(ClusterTopology(&reader))
    case .kubeProxy: .proxyConfiguration(KubeProxyConfiguration(&reader))
    }
  }
}

extension FieldReader {
  /// One of an enumeration's texts; reports others with the nearest one.
  mutating func known<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, _ type: Choice.Type, also aliases: [String: Choice] = [:]
  ) -> Choice? {
    guard let text = optionalText(name), !text.isEmpty else { return nil }
    if let choice = Choice(rawValue: text) ?? aliases[text] { return choice }
    let names = Choice.allCases.map(\.rawValue)
    let nearest = NearestName.of(text, in: names).map { "; did you mean \"\($0)\"?" } ?? ""
    errors.add(
      path[name],
      "unknown \(path[name].text) \"\(text)\": known are \(names.joined(separator: ", "))\(nearest)"
    )
    return nil
  }

  /// Ranges of addresses separated by commas, at most one of each family.
  mutating func ranges(_ name: String) -> [CIDR] {
    var ranges: [CIDR] = []
    for part in text(name).split(separator: ",") {
      let text = String(part.filter { $0 != " " })
      guard let range = CIDR(text) else {
        errors.add(path[name], "\"\(text)\" is no range of addresses; write it as 10.244.0.0/16")
        continue
      }
      if ranges.contains(where: { $0.family == range.family }) {
        errors.add(
          path[name], "two \(range.family.name) ranges; give at most one of each family")
      } else {
        ranges.append(range)
      }
    }
    return ranges
  }

  /// A duration in nanoseconds; nil when absent.
  mutating func duration(_ name: String) -> Int64? {
    guard let text = optionalText(name) else { return nil }
    if let nanoseconds = DurationText.nanoseconds(text), nanoseconds >= 0 { return nanoseconds }
    errors.add(path[name], "\"\(text)\" is no duration; write it as 500ms, 10s, 3m or 1h")
    return nil
  }
}
