import ClusterModel

/// A slow, obvious reading of NetworkPolicy: straight from the manifest's fields, with no table and
/// nothing shared with the engine.
struct PolicyReference {
  struct Pod {
    var namespace: String
    var name: String
    var labels: [String: String]
    var address: String
    var node: String
    /// Name, number and protocol of container ports.
    var ports: [(name: String, number: Int, transport: String)]
  }

  /// By name.
  var namespaces: [String: [String: String]] = [:]
  var pods: [Pod] = []
  var nodeAddresses: [String: String] = [:]
  var policies: [(namespace: String, spec: Value)] = []

  func allows(_ source: String, _ destination: String, _ port: Int, _ transport: String) -> Bool {
    let from = pods.first { $0.address == source }
    let to = pods.first { $0.address == destination }
    if source == destination { return true }
    if let from, nodeAddresses[from.node] != destination {
      let isolating = policies.filter { isolates($0, from, "Egress") }
      let isAllowed = isolating.contains { policy in
        (policy.spec["egress"]?.array ?? []).contains { rule in
          hasPeer(rule["to"], to, destination, policy.namespace)
            && hasPort(rule["ports"], to, port, transport)
        }
      }
      if !isolating.isEmpty, !isAllowed { return false }
    }
    if let to, nodeAddresses[to.node] != source {
      let isolating = policies.filter { isolates($0, to, "Ingress") }
      let isAllowed = isolating.contains { policy in
        (policy.spec["ingress"]?.array ?? []).contains { rule in
          hasPeer(rule["from"], from, source, policy.namespace)
            && hasPort(rule["ports"], to, port, transport)
        }
      }
      if !isolating.isEmpty, !isAllowed { return false }
    }
    return true
  }

  private func isolates(
    _ policy: (namespace: String, spec: Value), _ pod: Pod, _ direction: String
  ) -> Bool {
    guard pod.namespace == policy.namespace,
      matches(policy.spec["podSelector"], pod.labels)
    else { return false }
    if let types = policy.spec["policyTypes"]?.array, !types.isEmpty {
      return types.contains(.string(direction))
    }
    return direction == "Ingress" || !(policy.spec["egress"]?.array ?? []).isEmpty
  }

  private func hasPeer(
    _ peers: Value?, _ pod: Pod?, _ address: String, _ namespace: String
  ) -> Bool {
    guard let peers = peers?.array, !peers.isEmpty else { return true }
    return peers.contains { peer in
      if let block = peer["ipBlock"] {
        let holes = block["except"]?.array ?? []
        return isIn(block["cidr"]?.string, address)
          && !holes.contains { isIn($0.string, address) }
      }
      guard let pod else { return false }
      if let selector = peer["namespaceSelector"] {
        var labels = namespaces[pod.namespace] ?? [:]
        labels["kubernetes.io/metadata.name"] = pod.namespace
        if !matches(selector, labels) { return false }
      } else if pod.namespace != namespace {
        return false
      }
      return peer["podSelector"].map { matches($0, pod.labels) } ?? true
    }
  }

  private func hasPort(_ ports: Value?, _ pod: Pod?, _ port: Int, _ transport: String) -> Bool {
    guard let ports = ports?.array, !ports.isEmpty else { return true }
    return ports.contains { entry in
      guard (entry["protocol"]?.string ?? "TCP") == transport else { return false }
      if let name = entry["port"]?.string {
        return pod?.ports.contains {
          $0.name == name && $0.transport == transport && $0.number == port
        } ?? false
      }
      guard let low = entry["port"]?.integer else { return true }
      return (Int(low)...Int(entry["endPort"]?.integer ?? low)).contains(port)
    }
  }

  private func matches(_ selector: Value?, _ labels: [String: String]) -> Bool {
    for field in selector?["matchLabels"]?.fields?.all ?? []
    where labels[field.name] != field.value.string {
      return false
    }
    for item in selector?["matchExpressions"]?.array ?? [] {
      let value = labels[item["key"]?.string ?? ""]
      let values = (item["values"]?.array ?? []).map { $0.string ?? "" }
      let holds =
        switch item["operator"]?.string {
        case "In": value != nil && values.contains(value ?? "")
        case "NotIn": value == nil || !values.contains(value ?? "")
        case "Exists": value != nil
        default: value == nil
        }
      if !holds { return false }
    }
    return true
  }

  /// Bit by bit, for IPv4.
  private func isIn(_ range: String?, _ address: String) -> Bool {
    let parts = (range ?? "").split(separator: "/")
    let length = Int(parts[1]) ?? 0
    return bits(String(parts[0])).prefix(length) == bits(address).prefix(length)
  }

  private func bits(_ address: String) -> String {
    address.split(separator: ".").map { part in
      let digits = String(Int(part) ?? 0, radix: 2)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }
}
