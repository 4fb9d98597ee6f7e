import ClusterModel

/// What the API server says about Services that it takes (pkg/api/service/warnings.go).
enum ServiceWarnings {
  static func texts(of service: Value) -> [String] {
    let spec = service["spec"] ?? .null
    var texts: [String] = []
    if service["metadata"]?["annotations"]?[oldHints] != nil {
      texts.append("annotation \(oldHints) is deprecated, please use \(hints) instead")
    }
    for (index, address) in (spec["clusterIPs"]?.array ?? []).enumerated() {
      texts += self.address(address, "spec.clusterIPs[\(index)]")
    }
    let external = spec["externalIPs"]?.array ?? []
    if spec["clusterIP"] == "None", spec["type"] != "ExternalName" {
      texts += headless(spec)
    }
    for (index, address) in external.enumerated() {
      texts += self.address(address, "spec.externalIPs[\(index)]")
    }
    if let address = spec["loadBalancerIP"] {
      texts += self.address(address, "spec.loadBalancerIP")
    }
    for (index, range) in (spec["loadBalancerSourceRanges"]?.array ?? []).enumerated() {
      texts += self.range(range, "spec.loadBalancerSourceRanges[\(index)]")
    }
    if spec["type"] == "ExternalName", !external.isEmpty {
      texts.append("spec.externalIPs is ignored when spec.type is \"ExternalName\"")
    }
    if !external.isEmpty { texts.append("spec.externalIPs is deprecated in v1.36+") }
    if spec["trafficDistribution"] == "PreferClose" {
      texts.append(
        "spec.trafficDistribution: PreferClose is deprecated in v1.34+; use PreferSameZone")
    }
    return texts
  }

  private static let oldHints = "service.kubernetes.io/topology-aware-hints"
  private static let hints = "service.kubernetes.io/topology-mode"

  private static func headless(_ spec: Value) -> [String] {
    let reason = "is ignored when spec.clusterIP is \"None\""
    var texts: [String] = []
    if !(spec["loadBalancerIP"]?.string ?? "").isEmpty {
      texts.append("spec.loadBalancerIP \(reason)")
    }
    if !(spec["externalIPs"]?.array ?? []).isEmpty { texts.append("spec.externalIPs \(reason)") }
    if spec["sessionAffinity"] == "ClientIP" { texts.append("spec.SessionAffinity \(reason)") }
    return texts
  }

  /// apimachinery pkg/util/validation GetWarningsForIP.
  private static func address(_ value: Value, _ place: String) -> [String] {
    guard let text = value.string, let address = IPAddress(text), address.family == .ipv6,
      "\(address)" != text
    else { return [] }
    return [
      "\(place): IPv6 address \(text.goQuoted) should be in RFC 5952 canonical format "
        + "(\("\(address)".goQuoted))"
    ]
  }

  /// apimachinery pkg/util/validation GetWarningsForCIDR.
  private static func range(_ value: Value, _ place: String) -> [String] {
    guard let text = value.string, let range = CIDR(text),
      let written = IPAddress(String(text.prefix { $0 != "/" }))
    else { return [] }
    if written != range.network {
      let alone = "\(written)/\(range.family.width)"
      return [
        "\(place): CIDR value \(text.goQuoted) is ambiguous in this context (should be "
          + "\("\(range)".goQuoted) or \(alone.goQuoted)?)"
      ]
    }
    guard range.family == .ipv6, "\(range)" != text else { return [] }
    return [
      "\(place): IPv6 CIDR value \(text.goQuoted) should be in RFC 5952 canonical format "
        + "(\("\(range)".goQuoted))"
    ]
  }
}
