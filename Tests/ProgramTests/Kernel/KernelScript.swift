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
    ns \(name) ip link set lo up
    """
  }

  /// The nodes' network with the outside world behind it, the nodes, and the pods.
  private var network: String {
    var lines = ["ip netns add lan", "ip netns add world", settings("world")]
    lines.append("ns lan ip link add br0 type bridge")
    lines.append("ns lan sysctl -qw net.bridge.bridge-nf-call-iptables=0 2>/dev/null || :")
    lines.append("ns lan ip link set br0 up")
    lines.append(cable(to: "world", "192.168.0.1/24"))
    lines.append("ns world ip addr add \(KernelCluster.outside)/32 dev lo")
    for node in KernelCluster.nodes { lines.append(self.node(node)) }
    for pod in KernelCluster.pods { lines.append(self.pod(pod)) }
    return lines.joined(separator: "\n")
  }

  private func cable(to name: String, _ address: String) -> String {
    """
    ip link add eth0 netns \(name) type veth peer name v-\(name) netns lan
    ns lan ip link set v-\(name) master br0 up
    ns \(name) ip addr add \(address) dev eth0
    ns \(name) ip link set eth0 up
    """
  }

  private func node(_ number: Int) -> String {
    let name = "node-\(number)"
    let own = KernelCluster.address(ofNode: number)
    var lines = [
      "ip netns add \(name)", settings(name), cable(to: name, "\(own)/24"),
      "ns \(name) ip route add default via 192.168.0.1",
      "ns \(name) ip link add flannel.1 address 02:42:00:00:00:0\(number) type vxlan id 1 "
        + "local \(own) dev eth0 dstport 8472 nolearning",
      "ns \(name) ip addr add 10.244.\(number).0/32 dev flannel.1",
      "ns \(name) ip link set flannel.1 up",
      "ns \(name) ip link add cni0 type bridge",
      "ns \(name) ip addr add 10.244.\(number).1/24 dev cni0",
      "ns \(name) ip link set cni0 up",
    ]
    if mode == "iptables" {
      lines.append("ns \(name) sysctl -qw net.ipv4.conf.all.route_localnet=1")
    }
    for other in KernelCluster.nodes where other != number {
      let remote = KernelCluster.address(ofNode: other)
      lines += [
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
    ns \(pod.name) ip addr add \(pod.address)/24 dev eth0
    ns \(pod.name) ip link set eth0 up
    ns \(pod.name) ip route add default via 10.244.\(pod.node).1
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
      ]
      if mode == "nftables" { lines.append("ns \(name) nft -f \(folder)/\(name).nft") }
      return lines.joined(separator: "\n")
    }.joined(separator: "\n")
  }

  private var servers: String {
    var lines = ["servers="]
    for pod in KernelCluster.pods {
      lines.append("ns \(pod.name) \(probe) serve \(pod.address) 8080 & servers=\"$servers $!\"")
    }
    lines.append("trap 'kill $servers 2>/dev/null || :' EXIT")
    lines.append("sleep 0.2")
    return lines.joined(separator: "\n")
  }

  private var questions: String {
    zip(flows, counts).enumerated().map { index, question in
      let (flow, count) = question
      var lines = ["echo '? \(index)'"]
      var (place, from) = ("", "")
      switch flow.source {
      case .pod(let name, _): place = name
      case .node(let number):
        place = "node-\(number)"
      case .outside(let number):
        place = "world"
        from = KernelCluster.outside
        if !flow.address.hasPrefix("192.168.") {
          let gateway = KernelCluster.address(ofNode: number)
          lines.append("ns world ip route replace \(flow.address)/32 via \(gateway)")
        }
      }
      let patience = count > 1 ? 1000 : 250
      lines.append(
        "ns \(place) \(probe) dial \(flow.transport) \(flow.address) \(flow.port) \(count) "
          + "\(patience) \(from)")
      if case .outside = flow.source, !flow.address.hasPrefix("192.168.") {
        // The nodes' default route leads back here: what nobody takes must not find its way again.
        lines.append("ns world ip route del \(flow.address)/32")
      }
      return lines.joined(separator: "\n")
    }.joined(separator: "\n")
  }
}
