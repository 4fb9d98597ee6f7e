import Foundation

/// The shell script that builds the cluster out of network namespaces and sends what it is asked to.
///
/// It runs in a mount and a network namespace of its own, with the names of its namespaces on a file
/// system that only it sees: when it ends, however it ends, nothing is left.
struct KernelScript {
  let probe: String
  /// Where the rules lie: `node-1.iptables`, `node-1.nft`, …
  let folder: String
  let mode: String
  let flows: [KernelFlow]
  let counts: [Int]

  var text: String {
    """
    set -eu
    mount -t tmpfs none /run/netns 2>/dev/null || { mkdir -p /run/netns && mount -t tmpfs none /run/netns; }
    ns() { n=$1; shift; ip netns exec "$n" "$@"; }
    \(network)
    \(rules)
    \(servers)
    \(questions)
    """
  }

  private func settings(_ name: String) -> String {
    """
    ns \(name) sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 \
    net.ipv4.conf.default.rp_filter=0 net.ipv4.icmp_ratelimit=0
    ns \(name) sysctl -qw net.ipv6.conf.all.forwarding=1 net.ipv6.conf.all.accept_dad=0 \
    net.ipv6.conf.default.accept_dad=0 net.ipv6.icmp.ratelimit=0
    ns \(name) ip link set lo up
    """
  }

  /// The nodes' network with the outside world behind it, the nodes, and the pods.
  private var network: String {
    var lines = ["ip netns add lan", "ip netns add world", settings("world")]
    lines.append("ns lan ip link add br0 type bridge")
    lines.append(
      "ns lan sysctl -qw net.bridge.bridge-nf-call-iptables=0 "
        + "net.bridge.bridge-nf-call-ip6tables=0 2>/dev/null || :")
    lines.append("ns lan ip link set br0 up")
    lines.append(cable(to: "world", "192.168.0.1/24", "fd00:192:168::1/64"))
    lines.append("ns world ip addr add \(KernelCluster.outside(false))/32 dev lo")
    lines.append("ns world ip -6 addr add \(KernelCluster.outside(true))/128 dev lo nodad")
    for node in KernelCluster.nodes { lines.append(self.node(node)) }
    for pod in KernelCluster.pods { lines.append(self.pod(pod)) }
    return lines.joined(separator: "\n")
  }

  private func cable(to name: String, _ address: String, _ address6: String) -> String {
    """
    ip link add eth0 netns \(name) type veth peer name v-\(name) netns lan
    ns lan ip link set v-\(name) master br0 up
    ns \(name) ip addr add \(address) dev eth0
    ns \(name) ip -6 addr add \(address6) dev eth0 nodad
    ns \(name) ip link set eth0 up
    """
  }

  private func node(_ number: Int) -> String {
    let name = "node-\(number)"
    let own = KernelCluster.address(ofNode: number, false)
    let own6 = KernelCluster.address(ofNode: number, true)
    var lines = [
      "ip netns add \(name)", settings(name), cable(to: name, "\(own)/24", "\(own6)/64"),
      "ns \(name) ip route add default via 192.168.0.1",
      "ns \(name) ip -6 route add default via fd00:192:168::1",
      "ns \(name) ip link add flannel-v6.1 address 02:42:06:00:00:0\(number) type vxlan id 1 "
        + "local \(own6) dev eth0 dstport 8472 nolearning udp6zerocsumrx",
      "ns \(name) ip -6 addr add fd00:10:244:\(number)::/128 dev flannel-v6.1 nodad",
      "ns \(name) ip link set flannel-v6.1 up",
      "ns \(name) ip link add flannel.1 address 02:42:00:00:00:0\(number) type vxlan id 1 "
        + "local \(own) dev eth0 dstport 8472 nolearning",
      "ns \(name) ip addr add 10.244.\(number).0/32 dev flannel.1",
      "ns \(name) ip link set flannel.1 up",
      "ns \(name) ip link add cni0 type bridge",
      "ns \(name) ip addr add 10.244.\(number).1/24 dev cni0",
      "ns \(name) ip -6 addr add fd00:10:244:\(number)::1/64 dev cni0 nodad",
      "ns \(name) ip link set cni0 up",
    ]
    if mode == "iptables" {
      lines.append("ns \(name) sysctl -qw net.ipv4.conf.all.route_localnet=1")
    }
    for other in KernelCluster.nodes where other != number {
      let remote = KernelCluster.address(ofNode: other, false)
      let remote6 = KernelCluster.address(ofNode: other, true)
      lines += [
        "ns \(name) ip -6 neigh add fd00:10:244:\(other):: lladdr 02:42:06:00:00:0\(other) "
          + "dev flannel-v6.1 nud permanent",
        "ns \(name) bridge fdb append 02:42:06:00:00:0\(other) dev flannel-v6.1 dst \(remote6)",
        "ns \(name) ip -6 route add fd00:10:244:\(other)::/64 via fd00:10:244:\(other):: "
          + "dev flannel-v6.1 onlink",
        "ns \(name) ip neigh add 10.244.\(other).0 lladdr 02:42:00:00:00:0\(other) dev flannel.1 "
          + "nud permanent",
        "ns \(name) bridge fdb append 02:42:00:00:00:0\(other) dev flannel.1 dst \(remote)",
        "ns \(name) ip route add 10.244.\(other).0/24 via 10.244.\(other).0 dev flannel.1 onlink",
      ]
    }
    return lines.joined(separator: "\n")
  }

  private func pod(_ pod: KernelCluster.Pod) -> String {
    """
    ip netns add \(pod.name)
    ns \(pod.name) ip link set lo up
    ip link add eth0 netns \(pod.name) type veth peer name v-\(pod.name) netns node-\(pod.node)
    ns node-\(pod.node) ip link set v-\(pod.name) master cni0 up
    ns node-\(pod.node) bridge link set dev v-\(pod.name) hairpin on
    ns \(pod.name) ip addr add \(pod.address(false))/24 dev eth0
    ns \(pod.name) ip -6 addr add \(pod.address(true))/64 dev eth0 nodad
    ns \(pod.name) ip link set eth0 up
    ns \(pod.name) ip route add default via 10.244.\(pod.node).1
    ns \(pod.name) ip -6 route add default via fd00:10:244:\(pod.node)::1
    """
  }

  /// Kubarium's text, as it is.
  private var rules: String {
    KernelCluster.nodes.map { number in
      let name = "node-\(number)"
      var lines = [
        "ns \(name) \(probe) account ct_state_invalid_dropped_pkts localhost_nps_accepted_pkts "
          + "2>/dev/null || echo '# nfacct is missing'",
        "ns \(name) iptables-restore < \(folder)/\(name).iptables",
        "ns \(name) ip6tables-restore < \(folder)/\(name).ip6tables",
      ]
      if mode == "nftables" { lines.append("ns \(name) nft -f \(folder)/\(name).nft") }
      return lines.joined(separator: "\n")
    }.joined(separator: "\n")
  }

  private var servers: String {
    var lines = ["servers="]
    for pod in KernelCluster.pods {
      lines.append("ns \(pod.name) \(probe) serve \(pod.name) 8080 & servers=\"$servers $!\"")
    }
    lines.append("trap 'kill $servers 2>/dev/null || :' EXIT")
    lines.append("sleep 0.2")
    return lines.joined(separator: "\n")
  }

  /// Every sender asks its questions one after the other, all senders at once: most of the time
  /// goes into waiting for answers that do not come.
  private var questions: String {
    var senders: [(place: String, lines: [String])] = []
    for (index, (flow, count)) in zip(flows, counts).enumerated() {
      let place = place(of: flow)
      let lines = question(index, flow, count)
      if let sender = senders.firstIndex(where: { $0.place == place }) {
        senders[sender].lines += lines
      } else {
        senders.append((place, lines))
      }
    }
    let shells = senders.map { sender in
      "{\n\(sender.lines.joined(separator: "\n"))\n} > \(folder)/\(sender.place).answers & "
        + "shells=\"$shells $!\""
    }
    return (["shells="] + shells + ["wait $shells", "cat \(folder)/*.answers"])
      .joined(separator: "\n")
  }

  private func place(of flow: KernelFlow) -> String {
    switch flow.source {
    case .pod(let name, _): name
    case .node(let number): "node-\(number)"
    case .outside: "world"
    }
  }

  private func question(_ index: Int, _ flow: KernelFlow, _ count: Int) -> [String] {
    var lines = ["echo '? \(index)'"]
    var from = ""
    var detour: String?
    if case .outside(let number) = flow.source {
      from = KernelCluster.outside(flow.isIPv6)
      if !isNode(flow.address) { detour = KernelCluster.address(ofNode: number, flow.isIPv6) }
    }
    if let detour { lines.append("ns world ip route replace \(flow.address) via \(detour)") }
    // Over IPv6 a socket hears of a refusal when it sends the second time, after a second.
    let patience = count > 1 ? 1000 : flow.isIPv6 ? 1300 : 250
    lines.append(
      "ns \(place(of: flow)) \(probe) dial \(flow.transport) \(flow.address) \(flow.port) "
        + "\(count) \(patience) \(from)")
    // The nodes' default route leads back here: what nobody takes must not find its way again.
    if detour != nil { lines.append("ns world ip route del \(flow.address)") }
    return lines
  }

  private func isNode(_ address: String) -> Bool {
    address.hasPrefix("192.168.") || address.hasPrefix("fd00:192:168:")
  }
}
