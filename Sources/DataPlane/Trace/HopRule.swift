/// Where the rule of a hop stands.
extension PacketTrace.Hop {
  /// The chain of an iptables rule or an nftables chain; nil for other texts.
  public var chain: String? {
    let words = rule.split(separator: " ", maxSplits: 2).map(String.init)
    guard words.count > 1 else { return nil }
    return words[0] == "-A" || words[0] == "chain" ? words[1] : nil
  }

  /// The table that the rule is in; nil where it is in none, such as a route.
  public var table: String? {
    if rule.isEmpty { return nil }
    if rule.hasPrefix("-A ") {
      let filters = rule.contains(" -j REJECT") || rule.contains(" -j DROP")
      return filters || point == "FORWARD" || point == "INPUT" ? "filter" : "nat"
    }
    switch point {
    case "PREROUTING", "OUTPUT", "FORWARD", "INPUT", "POSTROUTING":
      return rule.hasPrefix("src=") || rule.contains("Masq") || rule.hasPrefix("TCP ")
        || rule.hasPrefix("UDP ") || rule.hasPrefix("SCTP ") ? nil : "kube-proxy"
    default: return nil
    }
  }
}
