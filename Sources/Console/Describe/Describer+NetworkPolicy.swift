import ClusterModel

extension Describer {
  mutating func networkPolicy() {
    nameAndNamespace()
    description.field("Created on", Self.plainTime(metadata.creationTimestamp))
    labelsAndAnnotations()
    description.line(0, "Spec:")
    let selector = SelectorText.of(value.value("spec", "podSelector"))
    let isEverything = selector == "<none>"
    description.line(
      1,
      "PodSelector:     \(selector)"
        + (isEverything ? " (Allowing the specific traffic to all pods in this namespace)" : ""))
    let types = value.texts("spec", "policyTypes")
    // What a policy says nothing about it still affects if it is of that type.
    let hasEgress = value.has("spec", "egress")
    let isIngress = types.isEmpty || types.contains("Ingress")
    let isEgress = types.isEmpty ? hasEgress : types.contains("Egress")
    direction("ingress", isIngress, .ingress)
    direction("egress", isEgress, .egress)
    let shown = types.isEmpty ? (hasEgress ? ["Ingress", "Egress"] : ["Ingress"]) : types
    description.line(1, "Policy Types: \(shown.joined(separator: ", "))")
  }

  private enum Direction {
    case ingress, egress
  }

  private mutating func direction(_ name: String, _ isAffected: Bool, _ direction: Direction) {
    guard isAffected else { return description.line(1, "Not affecting \(name) traffic") }
    description.line(1, "Allowing \(name) traffic:")
    let rules = value.items("spec", name)
    guard !rules.isEmpty else {
      return description.line(
        2, "<none> (Selected pods are isolated for \(name) connectivity)")
    }
    for (index, rule) in rules.enumerated() {
      ports(rule.items("ports"))
      switch direction {
      case .ingress: peers("From", rule.items("from"), "source")
      case .egress: peers("To", rule.items("to"), "destination")
      }
      if index < rules.count - 1 { description.line(2, "----------") }
    }
  }

  private mutating func ports(_ ports: [Value]) {
    if ports.isEmpty {
      description.line(2, "To Port: <any> (traffic allowed to all ports)")
    }
    for port in ports {
      let name = port.optionalText("protocol") ?? "TCP"
      if let end = port.number("endPort") {
        description.line(2, "To Port Range: \(port.text("port"))-\(end)/\(name)")
      } else {
        description.line(2, "To Port: \(port.optionalText("port") ?? "<nil>")/\(name)")
      }
    }
  }

  private mutating func peers(_ title: String, _ peers: [Value], _ end: String) {
    guard !peers.isEmpty else {
      return description.line(2, "\(title): <any> (traffic not restricted by \(end))")
    }
    for peer in peers {
      description.line(2, "\(title):")
      let namespaces = peer.value("namespaceSelector")
      let pods = peer.value("podSelector")
      if let namespaces {
        description.line(3, "NamespaceSelector: \(SelectorText.of(namespaces))")
      }
      if let pods { description.line(3, "PodSelector: \(SelectorText.of(pods))") }
      guard namespaces == nil, pods == nil, let block = peer.value("ipBlock") else { continue }
      description.line(3, "IPBlock:")
      description.line(4, "CIDR: \(block.text("cidr"))")
      description.line(4, "Except: \(block.texts("except").joined(separator: ", "))")
    }
  }

  /// `2026-11-23 07:49:24 +0000 UTC` (Go's time.Time.String).
  private static func plainTime(_ time: Timestamp?) -> String {
    guard let time else { return "0001-01-01 00:00:00 +0000 UTC" }
    let text = time.description
    return text.prefix(10) + " " + text.dropFirst(11).dropLast() + " +0000 UTC"
  }
}
