import ClusterModel
import SimulationCore

/// What a node's rules look like to somebody who is logged in there.
extension DataPlane {
  /// `iptables-save`, or `ip6tables-save`, without the lines that are comments; empty for a node
  /// that has no such rules, nil for a table that does not exist.
  public func iptablesSave(
    on node: NodeIndex, _ family: IPAddress.Family = .ipv4, table: String? = nil,
    hasCounters: Bool = false
  ) -> String? {
    var tables = IptablesSave.Table.allCases
    if let table {
      // These exist on every node, and kube-proxy leaves them alone.
      if table == "raw" || table == "security" { return "" }
      guard let one = IptablesSave.Table(rawValue: table) else { return nil }
      tables = [one]
    }
    guard let rules = rules(on: node, family) else { return "" }
    let text: String
    switch configuration.proxyMode {
    case .iptables: text = IptablesSave.text(rules, tables: tables)
    case .ipvs: text = IPVSSave(rules).text(tables: tables)
    case .nftables, .ebpf: text = IptablesSave.foreignText(rules, tables: tables)
    }
    return hasCounters ? counted(text, rules, on: node) : text
  }

  /// `nft list ruleset`: empty for a node where kube-proxy writes no such rules.
  public func nftRuleset(on node: NodeIndex) -> String {
    nftTables(on: node).map(\.text).joined()
  }

  /// The tables of a node in nftables mode, IPv4 first.
  func nftTables(on node: NodeIndex) -> [NftRuleset] {
    guard configuration.proxyMode == .nftables else { return [] }
    return [IPAddress.Family.ipv4, .ipv6].compactMap { rules(on: node, $0) }.map { NftRuleset($0) }
  }

  /// `nft list table FAMILY NAME`, or a single chain, set or map of it; nil when there is none.
  public func nftTable(
    on node: NodeIndex, family: String, _ name: String, block: (kind: String, name: String)? = nil
  ) -> String? {
    guard name == "kube-proxy",
      let table = nftTables(on: node).first(where: { $0.family == family })
    else { return nil }
    guard let block else { return table.text }
    return table.text(ofOnly: block.kind, block.name)
  }

  /// `table ip kube-proxy`, one a line.
  public func nftTableNames(on node: NodeIndex) -> [String] {
    nftTables(on: node).map { "table \($0.family) kube-proxy" }
  }

  /// `ipvsadm -Ln`.
  public func ipvsList(on node: NodeIndex, hasStatistics: Bool = false) -> String {
    let text = IPVSAdm(servers: virtualServers(on: node), scheduler: traits.scheduler)
    return hasStatistics ? text.statistics : text.list
  }

  /// The sets of a node in IPVS mode: name and the text of `ipset list`, in kube-proxy's order.
  public func ipsets(on node: NodeIndex) -> [(name: String, text: String)] {
    guard configuration.proxyMode == .ipvs else { return [] }
    return [IPAddress.Family.ipv4, .ipv6].compactMap { rules(on: node, $0) }.flatMap { rules in
      IPVSSets(rules).sets.map { ($0.name, $0.text(rules.family)) }
    }
  }
}
