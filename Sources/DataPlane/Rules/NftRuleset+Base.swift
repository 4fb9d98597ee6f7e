import ClusterModel

/// The chains that every node has in nftables mode, whatever the Services.
extension NftRuleset {
  var baseChains: [NftBlock] {
    func chain(_ name: String, _ hook: String, _ jumps: String...) -> NftBlock {
      NftBlock(chain: name, ["type \(hook); policy accept;"] + jumps)
    }
    let services = "ct state new jump service-endpoints-check"
    let clusterIPs = "ct state new jump cluster-ips-check"
    return [
      chain(
        "filter-prerouting-pre-dnat", "filter hook prerouting priority dstnat - 10",
        "ct state new jump firewall-check"),
      chain(
        "filter-output-pre-dnat", "filter hook output priority -110",
        "ct state new jump firewall-check"),
      chain(
        "filter-input", "filter hook input priority filter",
        "ct state new jump nodeport-endpoints-check", services),
      chain("filter-forward", "filter hook forward priority filter", services, clusterIPs),
      chain("filter-output", "filter hook output priority filter", services, clusterIPs),
      chain("nat-prerouting", "nat hook prerouting priority dstnat", "jump services"),
      chain("nat-output", "nat hook output priority -100", "jump services"),
      chain("nat-postrouting", "nat hook postrouting priority srcnat", "jump masquerading"),
    ]
  }

  var commonChains: [NftBlock] {
    let port = "meta l4proto . th dport"
    return [
      NftBlock(
        chain: "nodeport-endpoints-check",
        ["\(nodePortMatch(isOwn: false)) \(port) vmap @no-endpoint-nodeports"]),
      NftBlock(
        chain: "service-endpoints-check",
        ["\(family) daddr . \(port) vmap @no-endpoint-services"]),
      NftBlock(chain: "firewall-check", ["\(family) daddr . \(port) vmap @firewall-ips"]),
      NftBlock(
        chain: "services",
        clusterMark + [
          "\(family) daddr . \(port) vmap @service-ips",
          "\(nodePortMatch(isOwn: true)) \(port) vmap @service-nodeports",
        ]),
      NftBlock(
        chain: "masquerading",
        [
          "meta mark & 0x00004000 != 0x00000000 meta mark set meta mark ^ 0x00004000 "
            + "masquerade fully-random",
          "ct status dnat \(family) saddr . \(family) daddr . \(port) @hairpin-connections "
            + "masquerade fully-random",
        ]),
      NftBlock(chain: "cluster-ips-check", clusterIPChecks),
      NftBlock(
        chain: "reject-chain",
        ["comment \"helper for @no-endpoint-services / @no-endpoint-nodeports\"", "reject"]),
    ]
  }

  /// Packets to an address with NodePorts. `isOwn`: it has to be asked whether it is the node's.
  private func nodePortMatch(isOwn: Bool) -> String {
    if node.nodePortIPs != nil { return "\(family) daddr @nodeport-ips" }
    let loopback = node.family == .ipv4 ? "127.0.0.0/8" : "::1"
    return (isOwn ? "fib daddr type local " : "") + "\(family) daddr != \(loopback)"
  }

  private var clusterMark: [String] {
    let remark = "comment \"masquerade clusterIP traffic from outside cluster\""
    if node.masqueradeAll { return ["\(family) daddr @cluster-ips \(Self.mark) \(remark)"] }
    guard let range = node.clusterCIDR else { return [] }
    return ["\(family) daddr @cluster-ips \(family) saddr != \(range) \(Self.mark) \(remark)"]
  }

  private var clusterIPChecks: [String] {
    var rules = [
      "\(family) daddr @cluster-ips reject comment "
        + "\"Reject traffic to invalid ports of ClusterIPs\""
    ]
    if !node.serviceSubnets.isEmpty {
      rules.append(
        "\(family) daddr \(NftRanges.text(node.serviceSubnets)) drop "
          + "comment \"Drop traffic to unallocated ClusterIPs\"")
    }
    return rules
  }
}

/// How `nft` prints a set of address ranges that stands in a rule.
enum NftRanges {
  /// One range stands alone; several are in order, those that touch made one.
  static func text(_ ranges: [CIDR]) -> String {
    if ranges.count == 1 { return text(ranges[0]) }
    var merged: [(first: IPAddress, last: IPAddress)] = []
    for range in ranges.sorted(by: { $0.network < $1.network }) {
      if let before = merged.last,
        range.network <= before.last || range.network == before.last.advanced(by: 1)
      {
        merged[merged.count - 1].last = max(before.last, range.last)
      } else {
        merged.append((range.network, range.last))
      }
    }
    return "{ \(merged.map(text).joined(separator: ", ")) }"
  }

  private static func text(_ range: CIDR) -> String {
    range.hostBits == 0 ? "\(range.network)" : "\(range)"
  }

  private static func text(_ range: (first: IPAddress, last: IPAddress)) -> String {
    for length in 0...range.first.family.width {
      let prefix = CIDR(range.first, prefixLength: length)
      if prefix.network == range.first, prefix.last == range.last { return text(prefix) }
    }
    return "\(range.first)-\(range.last)"
  }
}
