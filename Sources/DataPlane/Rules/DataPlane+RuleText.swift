import ClusterModel

/// What a node's rules look like to somebody who is logged in there.
extension DataPlane {
  /// `iptables-save`, or `ip6tables-save`, without the lines that are comments; empty for a node
  /// that has no such rules, nil for a table or a mode that is not known here.
  public func iptablesSave(
    on node: NodeIndex, _ family: IPAddress.Family = .ipv4, table: String? = nil
  ) -> String? {
    switch configuration.proxyMode {
    case .iptables: break
    case .nftables, .ebpf: return ""
    case .ipvs: return nil
    }
    var tables = IptablesSave.Table.allCases
    if let table {
      // These exist on every node, and kube-proxy leaves them alone.
      if table == "raw" || table == "security" { return "" }
      guard let one = IptablesSave.Table(rawValue: table) else { return nil }
      tables = [one]
    }
    guard let rules = rules(on: node, family) else { return "" }
    return IptablesSave.text(rules, tables: tables)
  }

  /// `nft list ruleset`: empty for a node where kube-proxy writes no such rules.
  public func nftRuleset(on node: NodeIndex) -> String {
    guard configuration.proxyMode == .nftables else { return "" }
    return [IPAddress.Family.ipv4, .ipv6].compactMap { rules(on: node, $0) }
      .map { NftRuleset($0).text }.joined()
  }
}
