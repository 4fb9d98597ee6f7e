import ClusterModel

/// What flannel writes on a node where it runs (flannel-io/flannel
/// pkg/trafficmngr/iptables/iptables.go).
struct FlannelChains: Sendable {
  let cluster: CIDR
  let own: CIDR

  init(_ cluster: CIDR, _ own: CIDR) {
    self.cluster = cluster
    self.own = own
  }

  func add(to filter: inout IptablesTable, _ nat: inout IptablesTable) {
    let forward = IptablesTable.comment("flanneld forward")
    filter.addJump("FORWARD", "\(forward) -j FLANNEL-FWD")
    filter.add(
      "FLANNEL-FWD",
      "-A FLANNEL-FWD -s \(cluster) \(forward) -j ACCEPT\n"
        + "-A FLANNEL-FWD -d \(cluster) \(forward) -j ACCEPT\n")
    let masquerade = IptablesTable.comment("flanneld masq")
    nat.addJump("POSTROUTING", "\(masquerade) -j FLANNEL-POSTRTG")
    let multicast = cluster.family == .ipv4 ? "224.0.0.0/4" : "ff00::/8"
    let rules = [
      "-m mark --mark 0x4000/0x4000 \(masquerade) -j RETURN",
      "-s \(own) -d \(cluster) \(masquerade) -j RETURN",
      "-s \(cluster) -d \(own) \(masquerade) -j RETURN",
      "! -s \(cluster) -d \(own) \(masquerade) -j RETURN",
      "-s \(cluster) ! -d \(multicast) \(masquerade) -j MASQUERADE --random-fully",
      "! -s \(cluster) -d \(cluster) \(masquerade) -j MASQUERADE --random-fully",
    ]
    nat.add("FLANNEL-POSTRTG", rules.map { "-A FLANNEL-POSTRTG \($0)\n" }.joined())
  }
}
