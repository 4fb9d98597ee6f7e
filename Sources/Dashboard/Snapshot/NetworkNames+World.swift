import ClusterModel
import DataPlane
import Simulation

extension NetworkNames {
  /// The networks of a world by the names that people use for them.
  init(_ world: borrowing World) {
    self.init()
    let network = world.dataPlane.configuration
    let subnet =
      world.configuration.nodeSubnet ?? CIDR(IPAddress(v4: 0xC0A8_0000), prefixLength: 24)
    var isInSubnet = true
    world.store.nodes.forEach { _, node in
      isInSubnet = isInSubnet && (node.internalIP(subnet.family).map(subnet.contains) ?? false)
    }
    // Loaded nodes may come from anywhere; then nothing is said.
    if isInSubnet { nodes = "\(subnet)" }
    pods = network.podSubnets.map { "\($0)" }.joined(separator: ",")
    services = network.serviceSubnets.map { "\($0)" }.joined(separator: ",")
    cni = Self.text(network.cni)
    encapsulation = Self.encapsulation(network.cni)
    proxy = network.proxyMode == .ebpf ? "eBPF" : "kube-proxy \(network.proxyMode.rawValue)"
  }

  private static func encapsulation(_ cni: CNI) -> String? {
    switch cni {
    case .flannel, .calicoVXLAN, .cilium: "VXLAN"
    case .calico: "IPIP"
    case .flannelHostGateway, .calicoBGP, .ciliumNative: nil
    }
  }

  private static func text(_ cni: CNI) -> String {
    switch cni {
    case .flannel: "flannel vxlan"
    case .flannelHostGateway: "flannel host-gw"
    case .calico: "calico IPIP"
    case .calicoVXLAN: "calico vxlan"
    case .calicoBGP: "calico BGP"
    case .cilium: "cilium vxlan"
    case .ciliumNative: "cilium native routing"
    }
  }
}
