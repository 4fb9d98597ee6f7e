import ClusterModel
import DataPlane

/// `ip addr` and `ip route` in a pod of a network with a bridge (flannel) or of Calico's.
struct PodIPTool: Tool {
  let name = "ip"

  func run(_ arguments: [String], at place: ToolPlace) -> ToolResult {
    let words = arguments.filter { !["-4", "show", "list", "ls"].contains($0) }
    guard let object = words.first, words.count == 1, let pod = place.files?.pod else {
      return .failure("ip: only 'ip addr' and 'ip route' are simulated")
    }
    guard !pod.spec.value.hostNetwork,
      let network = PodNetwork(of: pod, at: place)
    else { return .failure("ip: the devices of this pod's network are not simulated") }
    switch object {
    case "a", "addr", "address": return ToolResult(output: network.addresses)
    case "r", "ro", "route": return ToolResult(output: network.routes)
    default: return .failure("ip: only 'ip addr' and 'ip route' are simulated")
    }
  }
}

/// A pod's end of its link (plugins/main/bridge; cni-plugin/pkg/dataplane/linux).
private struct PodNetwork {
  private let address: IPAddress
  private let podCIDR: CIDR
  private let clusterCIDR: CIDR
  private let cni: CNI
  private let seed: UInt64

  init?(of pod: Pod, at place: ToolPlace) {
    let configuration = place.world.dataPlane.configuration
    guard let address = pod.status.podIPs.first(where: { $0.family == .ipv4 }),
      let range = place.world.store.nodes["", pod.nodeName]?.podCIDRs
        .first(where: { $0.family == .ipv4 }),
      let cluster = configuration.podSubnets.first(where: { $0.family == .ipv4 })
    else { return nil }
    switch configuration.cni {
    // The router's address of Cilium is not known.
    case .cilium, .ciliumNative: return nil
    case .flannel, .flannelHostGateway, .calico, .calicoVXLAN, .calicoBGP: break
    }
    self.address = address
    podCIDR = range
    clusterCIDR = cluster
    cni = configuration.cni
    seed = pod.metadata.name.utf8.reduce(address.low) {
      ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3
    }
  }

  private var isCalico: Bool {
    switch cni {
    case .calico, .calicoVXLAN, .calicoBGP: true
    case .flannel, .flannelHostGateway, .cilium, .ciliumNative: false
    }
  }

  private var mtu: Int {
    switch cni {
    case .flannel, .calicoVXLAN, .cilium: 1450
    case .calico: 1480
    case .flannelHostGateway, .calicoBGP, .ciliumNative: 1500
    }
  }

  var routes: String {
    if isCalico { return "default via 169.254.1.1 dev eth0 \n169.254.1.1 dev eth0 scope link \n" }
    let gateway = podCIDR.network.advanced(by: 1)
    return "default via \(gateway) dev eth0 \n\(clusterCIDR) via \(gateway) dev eth0 \n"
      + "\(podCIDR) dev eth0 proto kernel scope link src \(address) \n"
  }

  var addresses: String {
    let inet =
      isCalico
      ? "inet \(address)/32 scope global eth0"
      : "inet \(address)/\(podCIDR.prefixLength) brd \(podCIDR.last) scope global eth0"
    let forever = "       valid_lft forever preferred_lft forever\n"
    return "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default "
      + "qlen 1000\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n"
      + "    inet 127.0.0.1/8 scope host lo\n" + forever
      + "2: eth0@if\(5 + seed % 90): <BROADCAST,MULTICAST,UP,LOWER_UP> mtu \(mtu) qdisc noqueue "
      + "state UP group default \n    link/ether \(hardwareAddress) brd ff:ff:ff:ff:ff:ff "
      + "link-netnsid 0\n    \(inet)\n" + forever
  }

  /// A locally administered one: the kernel draws it by lot, here it follows from the pod.
  private var hardwareAddress: String {
    (0..<6).map { place in
      let byte = UInt8(truncatingIfNeeded: seed >> UInt64(place * 8))
      let own = place == 0 ? byte & 0xFC | 2 : byte
      let digits = String(own, radix: 16)
      return own < 16 ? "0" + digits : digits
    }.joined(separator: ":")
  }
}
