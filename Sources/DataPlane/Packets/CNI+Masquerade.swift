import ClusterModel
import SimulationCore

/// How the pod network treats packets that no service rule has marked.
extension CNI {
  /// The tunnel between nodes; nil where packets are routed as they are.
  enum Tunnel: Hashable, Sendable { case vxlan, ipip }

  var tunnel: Tunnel? {
    switch self {
    case .flannel, .calicoVXLAN, .cilium: .vxlan
    case .calico: .ipip
    case .flannelHostGateway, .calicoBGP, .ciliumNative: nil
    }
  }

  /// What the tunnel adds to one way.
  var encapsulationCost: Duration {
    switch tunnel {
    case .vxlan: .microseconds(20)
    case .ipip: .microseconds(10)
    case nil: .zero
    }
  }
}

extension PacketTraits {
  /// Whether the CNI rewrites the source of a packet that leaves `node` unmarked.
  func cniMasquerades(
    _ source: IPAddress, to destination: IPAddress, at node: NodeFacts, isToNode: Bool
  ) -> Bool {
    switch cni {
    case .flannel, .flannelHostGateway: flannelMasquerades(source, destination, node)
    // natOutgoing: from a pool to anything in no pool (felix/rules/nat.go).
    case .calico, .calicoVXLAN, .calicoBGP: isInPodSubnet(source) && !isInPodSubnet(destination)
    // Cilium leaves the cluster's nodes out.
    case .cilium, .ciliumNative:
      isInPodSubnet(source) && !isInPodSubnet(destination) && !isToNode
    }
  }

  /// The rules of FLANNEL-POSTRTG, in their order (pkg/trafficmngr/iptables/iptables.go).
  private func flannelMasquerades(
    _ source: IPAddress, _ destination: IPAddress, _ node: NodeFacts
  ) -> Bool {
    let isFromPod = isInPodSubnet(source)
    let isToPod = isInPodSubnet(destination)
    if node.ownsPodAddress(source), isToPod { return false }
    if node.ownsPodAddress(destination) { return false }
    if isFromPod { return !Self.isMulticast(destination) }
    return isToPod
  }

  static func isMulticast(_ address: IPAddress) -> Bool {
    address.family == .ipv4 ? address.v4 >> 28 == 14 : address.high >> 56 == 0xFF
  }
}
