import ClusterModel

/// The iptables rules of a node in IPVS mode: always as many, because the sets hold what changes
/// (pkg/proxy/ipvs/proxier.go writeIptablesRules).
struct IPVSSave {
  private let node: NodeRules
  private let sets: IPVSSets
  private var filter = Self.filter
  private var nat = Self.nat

  init(_ node: NodeRules) {
    self.node = node
    sets = IPVSSets(node)
    addNAT()
    addFilter()
    node.addForeign(to: &filter, &nat)
  }

  func text(tables: [IptablesSave.Table]) -> String {
    var text: [UInt8] = []
    for table in tables {
      switch table {
      case .mangle: Self.mangle.write(into: &text)
      case .filter: filter.write(into: &text)
      case .nat: nat.write(into: &text)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// `-m set --match-set KUBE-CLUSTER-IP dst,dst`.
  private func match(_ name: String, _ fields: String) -> String {
    "-m set --match-set \(sets.full(name)) \(fields)"
  }

  private func remark(_ name: String) -> String { IptablesTable.comment(sets[name].remark) }

  /// A rule for a set that has members.
  private func rule(
    _ chain: String, _ set: String, _ fields: String, _ target: String, transport: String = ""
  ) -> String {
    guard !sets[set].isEmpty else { return "" }
    let prefix = transport.isEmpty ? "" : "-p \(transport) "
    return "-A \(chain) \(prefix)\(remark(set)) \(match(set, fields)) -j \(target)\n"
  }

  private mutating func addNAT() {
    let loopback = node.family == .ipv4 ? "127.0.0.0/8" : "::1/128"
    var services = "-A KUBE-SERVICES -s \(loopback) -j RETURN\n"
    services += rule("KUBE-SERVICES", "KUBE-LOAD-BALANCER", "dst,dst", "KUBE-LOAD-BALANCER")
    services += clusterMark + externalRules
    services += "-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODE-PORT\n"
    for set in ["KUBE-CLUSTER-IP", "KUBE-LOAD-BALANCER"] where !sets[set].isEmpty {
      services += "-A KUBE-SERVICES \(match(set, "dst,dst")) -j ACCEPT\n"
    }
    nat.add("KUBE-SERVICES", services)
    nat.add(
      "KUBE-LOAD-BALANCER",
      rule("KUBE-LOAD-BALANCER", "KUBE-LOAD-BALANCER-LOCAL", "dst,dst", "RETURN")
        + "-A KUBE-LOAD-BALANCER -j KUBE-MARK-MASQ\n")
    var nodePorts = ""
    for (transport, set, fields) in [
      ("tcp", "TCP", "dst"), ("udp", "UDP", "dst"), ("sctp", "SCTP-HASH", "dst,dst"),
    ] {
      nodePorts += rule(
        "KUBE-NODE-PORT", "KUBE-NODE-PORT-LOCAL-\(set)", fields, "RETURN", transport: transport)
      nodePorts += rule(
        "KUBE-NODE-PORT", "KUBE-NODE-PORT-\(set)", fields, "KUBE-MARK-MASQ", transport: transport)
    }
    nat.add("KUBE-NODE-PORT", nodePorts)
    nat.add("KUBE-MARK-MASQ", "-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000\n")
    let served = IptablesTable.comment("kubernetes service traffic requiring SNAT")
    nat.add(
      "KUBE-POSTROUTING",
      rule("KUBE-POSTROUTING", "KUBE-LOOP-BACK", "dst,dst,src", "MASQUERADE")
        + "-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN\n"
        + "-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0\n"
        + "-A KUBE-POSTROUTING \(served) -j MASQUERADE --random-fully\n")
  }

  private var clusterMark: String {
    guard !sets["KUBE-CLUSTER-IP"].isEmpty else { return "" }
    let remark = remark("KUBE-CLUSTER-IP")
    if !node.masqueradeAll, node.clusterCIDR == nil {
      return "-A KUBE-SERVICES \(remark) \(match("KUBE-CLUSTER-IP", "src,dst")) "
        + "-j KUBE-MARK-MASQ\n"
    }
    let source = node.masqueradeAll ? "" : node.clusterCIDR.map { "! -s \($0) " } ?? ""
    return "-A KUBE-SERVICES \(source)\(remark) \(match("KUBE-CLUSTER-IP", "dst,dst")) "
      + "-j KUBE-MARK-MASQ\n"
  }

  private var externalRules: String {
    var text = ""
    for set in ["KUBE-EXTERNAL-IP", "KUBE-EXTERNAL-IP-LOCAL"] where !sets[set].isEmpty {
      let own = "-A KUBE-SERVICES \(remark(set)) \(match(set, "dst,dst"))"
      if set == "KUBE-EXTERNAL-IP" { text += "\(own) -j KUBE-MARK-MASQ\n" }
      text += "\(own) -m physdev ! --physdev-is-in -m addrtype ! --src-type LOCAL -j ACCEPT\n"
      text += "\(own) -m addrtype --dst-type LOCAL -j ACCEPT\n"
    }
    return text
  }

  private mutating func addFilter() {
    filter.add(
      "KUBE-PROXY-FIREWALL",
      rule(
        "KUBE-PROXY-FIREWALL", "KUBE-LOAD-BALANCER-FW", "dst,dst", "KUBE-SOURCE-RANGES-FIREWALL"))
    let ranges = "KUBE-SOURCE-RANGES-FIREWALL"
    filter.add(
      ranges,
      rule(ranges, "KUBE-LOAD-BALANCER-SOURCE-CIDR", "dst,dst,src", "RETURN")
        + rule(ranges, "KUBE-LOAD-BALANCER-SOURCE-IP", "dst,dst,src", "RETURN")
        + "-A \(ranges) -j DROP\n")
    filter.add(
      "KUBE-FORWARD",
      "-A KUBE-FORWARD \(IptablesTable.comment("kubernetes forwarding rules")) "
        + "-m mark --mark 0x4000/0x4000 -j ACCEPT\n"
        + "-A KUBE-FORWARD \(IptablesTable.comment("kubernetes forwarding conntrack rule")) "
        + "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n")
    let health = "KUBE-HEALTH-CHECK-NODE-PORT"
    filter.add(
      "KUBE-NODE-PORT",
      "-A KUBE-NODE-PORT \(remark(health)) \(match(health, "dst")) -j ACCEPT\n")
    for chain in ["KUBE-IPVS-FILTER", "KUBE-IPVS-OUT-FILTER"] { filter.add(chain, guarding(chain)) }
  }

  /// Nobody gets at the node's own ports through the addresses of Services.
  private func guarding(_ chain: String) -> String {
    var text = ""
    for set in [
      "KUBE-LOAD-BALANCER", "KUBE-CLUSTER-IP", "KUBE-EXTERNAL-IP", "KUBE-EXTERNAL-IP-LOCAL",
    ] {
      text += "-A \(chain) \(match(set, "dst,dst")) -j RETURN\n"
    }
    text += "-A \(chain) \(match("KUBE-HEALTH-CHECK-NODE-PORT", "dst")) -j RETURN\n"
    let rejection = node.family == .ipv4 ? "icmp-port-unreachable" : "icmp6-port-unreachable"
    return text + "-A \(chain) -m conntrack --ctstate NEW \(match("KUBE-IPVS-IPS", "dst")) "
      + "-j REJECT --reject-with \(rejection)\n"
  }

  // MARK: What is always there; the jumps stand in front, the last that was made first.

  private static let mangle = IptablesTable(
    "mangle", hooks: ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"], chains: [])

  private static let nat = IptablesTable(
    "nat", hooks: ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
    jumps: [
      "PREROUTING \(IptablesTable.comment("kubernetes service portals")) -j KUBE-SERVICES",
      "OUTPUT \(IptablesTable.comment("kubernetes service portals")) -j KUBE-SERVICES",
      "POSTROUTING \(IptablesTable.comment("kubernetes postrouting rules")) -j KUBE-POSTROUTING",
    ], chains: [])

  private static let filter = IptablesTable(
    "filter", hooks: ["INPUT", "FORWARD", "OUTPUT"],
    jumps: [
      "INPUT \(IptablesTable.comment("kubernetes ipvs access filter")) -j KUBE-IPVS-FILTER",
      "INPUT \(IptablesTable.comment("kube-proxy firewall rules")) -j KUBE-PROXY-FIREWALL",
      "INPUT \(IptablesTable.comment("kubernetes health check rules")) -j KUBE-NODE-PORT",
      "FORWARD \(IptablesTable.comment("kube-proxy firewall rules")) -j KUBE-PROXY-FIREWALL",
      "FORWARD \(IptablesTable.comment("kubernetes forwarding rules")) -j KUBE-FORWARD",
      "OUTPUT \(IptablesTable.comment("kubernetes ipvs access filter")) -j KUBE-IPVS-OUT-FILTER",
    ], chains: [])
}
