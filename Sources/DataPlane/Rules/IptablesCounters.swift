import ClusterModel

/// `iptables-save -c`: every rule with the packets and bytes that have met it.
///
/// Only what the engine counts is shown: the first packets of connections, on their way through the
/// nat table. Rules of the other tables stand at zero.
extension DataPlane {
  func counted(_ text: String, _ rules: NodeRules, on node: NodeIndex) -> String {
    let counts = RuleCounts(self, rules, node)
    var result = ""
    result.reserveCapacity(text.utf8.count * 5 / 4)
    var table = ""
    for line in text.split(separator: "\n") {
      if line.hasPrefix("*") { table = String(line.dropFirst()) }
      if line.hasPrefix("-A ") {
        let packets = table == "nat" ? counts.packets(of: line) : 0
        // The first packet of a TCP connection has 60 bytes.
        result += "[\(packets):\(packets * 60)] "
      }
      result += line
      result += "\n"
    }
    return result
  }
}

/// The counts of a node, found by chain, target and what the comment says last.
private struct RuleCounts {
  private var counts: [String: Int] = [:]

  init(_ plane: DataPlane, _ rules: NodeRules, _ node: NodeIndex) {
    let own = plane.counters.nodes[node.value] ?? RuleCounters.NodeCount()
    counts["PREROUTING KUBE-SERVICES "] = own.fromElsewhere
    counts["OUTPUT KUBE-SERVICES "] = own.fromNode
    counts["POSTROUTING KUBE-POSTROUTING "] = own.fromElsewhere + own.fromNode
    counts["KUBE-POSTROUTING RETURN "] = own.fromElsewhere + own.fromNode - own.masqueraded
    counts["KUBE-POSTROUTING MARK "] = own.masqueraded
    counts["KUBE-POSTROUTING MASQUERADE "] = own.masqueraded
    var marks = 0
    for port in rules.ports { marks += add(port, plane, node) }
    counts["KUBE-MARK-MASQ MARK "] = marks
  }

  func packets(of line: Substring) -> Int { counts[Self.key(line)] ?? 0 }

  private mutating func add(_ port: ProgrammedPort, _ plane: DataPlane, _ node: NodeIndex) -> Int {
    func key(_ kind: ServiceAddressKind) -> RuleCounters.PortKey {
      RuleCounters.PortKey(node: node.value, port: port.number, kind: kind)
    }
    let kinds: [ServiceAddressKind] = [.clusterIP, .externalIP, .loadBalancer, .nodePort]
    let packets = kinds.map { plane.counters.ports[key($0)] ?? 0 }
    guard packets.contains(where: { $0 > 0 }) else { return 0 }
    let marks = kinds.map { plane.counters.marks[key($0)] ?? 0 }
    let chains = PortChains(port)
    let inside = port.isInternalLocal ? chains.local : chains.cluster
    let outside = port.isExternalLocal ? chains.local : chains.cluster
    let door = port.hasFirewall ? chains.firewall : chains.external
    counts["KUBE-SERVICES \(inside) cluster IP"] = packets[0]
    counts["KUBE-SERVICES \(chains.external) external IP"] = packets[1]
    counts["KUBE-SERVICES \(door) loadbalancer IP"] = packets[2]
    counts["KUBE-NODEPORTS \(chains.external) "] = packets[3]
    counts["\(chains.firewall) \(chains.external) loadbalancer IP"] = packets[2]
    counts["\(chains.external) KUBE-MARK-MASQ "] = marks[1] + marks[2] + marks[3]
    counts["\(chains.external) \(outside) "] = packets[1] + packets[2] + packets[3]
    counts["\(inside) KUBE-MARK-MASQ cluster IP"] = marks[0]
    for backend in port.backends {
      let chosen =
        plane.counters.endpoints[
          RuleCounters.EndpointKey(
            node: node.value, port: port.number, address: plane.addresses.find(backend.address),
            endpointPort: backend.port)] ?? 0
      let chain = RuleNames.chainName(
        .endpoint, port.name, port.definition.transport, endpoint: backend.text)
      counts["\(inside) \(chain) "] = chosen
      if outside != inside { counts["\(outside) \(chain) "] = chosen }
      counts["\(chain) DNAT "] = chosen
    }
    return marks.reduce(0, +)
  }

  /// `CHAIN TARGET kind`, where a kind of address stands in the comment.
  private static func key(_ line: Substring) -> String {
    let words = line.split(separator: " ")
    let chain = words.count > 1 ? words[1] : ""
    let target = words.lastIndex(of: "-j").flatMap { $0 + 1 < words.count ? words[$0 + 1] : nil }
    var kind = ""
    if line.contains(" -d 127.0.0.0/8 ") { kind = "loopback" }
    for name in ["cluster IP", "external IP", "loadbalancer IP"]
    where line.contains(" \(name)\" ") || line.contains(" \(name)\"") {
      kind = name
    }
    return "\(chain) \(target ?? "") \(kind)"
  }
}
