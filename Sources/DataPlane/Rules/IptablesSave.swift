import ClusterModel

/// The whole of a node's rules in iptables mode, as `iptables-save` prints them
/// (pkg/proxy/iptables/proxier.go syncProxyRules).
struct IptablesSave {
  enum Table: String, CaseIterable, Sendable { case mangle, filter, nat }

  let node: NodeRules
  let isLarge: Bool
  var filter = IptablesTable.filter
  var nat = IptablesTable.nat

  // The chains that all service ports write into.
  var portals = ""
  var nodePorts = ""
  var refusedInside = ""
  var refusedOutside = ""
  var firewall = ""
  var healthChecks = ""

  init(_ node: NodeRules) {
    self.node = node
    isLarge = node.isLarge
  }

  static func text(_ node: NodeRules, tables: [Table]) -> String {
    var save = IptablesSave(node)
    for port in node.ports { save.add(port) }
    save.finishFilter()
    save.finishNAT()
    node.addForeign(to: &save.filter, &save.nat)
    var text: [UInt8] = []
    for table in tables {
      switch table {
      case .mangle: IptablesTable.mangle.write(into: &text)
      case .filter: save.filter.write(into: &text)
      case .nat: save.nat.write(into: &text)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// What others than kube-proxy have written on a node where it uses no iptables.
  static func foreignText(_ node: NodeRules, tables: [Table]) -> String {
    var filter = IptablesTable("filter", hooks: ["INPUT", "FORWARD", "OUTPUT"], chains: [])
    var nat = IptablesTable(
      "nat", hooks: ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"], chains: [])
    node.addForeign(to: &filter, &nat)
    var text: [UInt8] = []
    if tables.contains(.filter), !filter.isEmpty { filter.write(into: &text) }
    if tables.contains(.nat), !nat.isEmpty { nat.write(into: &text) }
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func add(_ port: ProgrammedPort) {
    let chains = PortChains(port)
    addPortals(of: port, chains)
    addRefusals(of: port)
    guard port.hasEndpoints else { return }
    addExternalChain(of: port, chains)
    addFirewallChain(of: port, chains)
    addEndpointChains(of: port, chains)
  }

  // MARK: Parts of rules

  func comment(_ text: String) -> String { IptablesTable.comment(text) }

  /// `-d 10.96.0.1/32 -p tcp -m comment --comment "…" -m tcp --dport 443`.
  func match(
    _ port: ProgrammedPort, to address: IPAddress, _ number: UInt16, _ remark: String
  ) -> String {
    "-d \(RuleContext.host(address)) -p \(port.transport) \(comment(remark)) "
      + "-m \(port.transport) --dport \(number)"
  }

  // MARK: What does not depend on Services

  private mutating func finishFilter() {
    let loopback = "127.0.0.0/8"
    // Routing to 127.0.0.0/8 from outside is on, for NodePorts there; nothing else may come so.
    let guarding =
      node.family == .ipv4 && node.hasLoopbackNodePorts
      ? "-A KUBE-FIREWALL ! -s \(loopback) -d \(loopback) "
        + "\(comment("block incoming localnet connections")) "
        + "-m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP\n" : ""
    filter.add("KUBE-FIREWALL", guarding)
    filter.add(
      "KUBE-FORWARD",
      "-A KUBE-FORWARD -m conntrack --ctstate INVALID "
        + "-m nfacct --nfacct-name  ct_state_invalid_dropped_pkts -j DROP\n"
        + "-A KUBE-FORWARD \(comment("kubernetes forwarding rules")) "
        + "-m mark --mark 0x4000/0x4000 -j ACCEPT\n"
        + "-A KUBE-FORWARD \(comment("kubernetes forwarding conntrack rule")) "
        + "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n")
    filter.add("KUBE-EXTERNAL-SERVICES", refusedOutside)
    filter.add("KUBE-NODEPORTS", healthChecks)
    filter.add("KUBE-PROXY-FIREWALL", firewall)
    filter.add("KUBE-SERVICES", refusedInside)
  }

  private mutating func finishNAT() {
    nat.add("KUBE-MARK-MASQ", "-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000\n")
    nat.add(
      "KUBE-POSTROUTING",
      "-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN\n"
        + "-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0\n"
        + "-A KUBE-POSTROUTING \(comment("kubernetes service traffic requiring SNAT")) "
        + "-j MASQUERADE --random-fully\n")
    nat.add("KUBE-NODEPORTS", nodePorts)
    nat.add("KUBE-SERVICES", portals + nodePortTail)
  }

  /// Behind all portals: what is for the node itself may be for a NodePort.
  private var nodePortTail: String {
    let remark = comment(
      "kubernetes service nodeports; NOTE: this must be the last rule in this chain")
    guard let addresses = node.nodePortIPs else {
      let loopback = node.family == .ipv4 ? "127.0.0.0/8" : "::1/128"
      let isOpen = node.family == .ipv4 && node.hasLoopbackNodePorts
      let exception = isOpen ? "" : "! -d \(loopback) "
      return "-A KUBE-SERVICES \(exception)\(remark) -m addrtype --dst-type LOCAL "
        + "-j KUBE-NODEPORTS\n"
    }
    return addresses.map { address in
      "-A KUBE-SERVICES -d \(RuleContext.host(address)) \(remark) -j KUBE-NODEPORTS\n"
    }.joined()
  }
}

/// The chains of one service port.
struct PortChains: Sendable {
  let cluster: String
  let local: String
  let external: String
  let firewall: String

  init(_ port: ProgrammedPort) {
    func chain(_ kind: RuleNames.ChainKind) -> String {
      RuleNames.chainName(kind, port.name, port.definition.transport)
    }
    cluster = chain(.cluster)
    local = chain(.local)
    external = chain(.external)
    firewall = chain(.firewall)
  }
}
