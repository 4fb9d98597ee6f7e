import ClusterModel

/// The addresses that a node's own packets, and those it masquerades, carry.
///
/// MASQUERADE takes the primary address of the device that the packet leaves through, and a socket
/// without an address of its own the route's source: the bridge's for the node's pods, the
/// tunnel's for other nodes' pods, the node's own for everything else.
struct SourceAddresses: Sendable {
  /// Towards the node's own pods.
  var near: IPAddress
  /// Towards other nodes' pods.
  var far: IPAddress

  init(_ address: IPAddress) {
    near = address
    far = address
  }

  /// - Parameters:
  ///   - primary: The node's own address.
  ///   - range: The node's pods; nil when it has none of the family.
  init(primary: IPAddress, range: CIDR?, _ cni: CNI, _ mode: ProxyMode) {
    self.init(primary)
    guard let range, range.hostBits >= 2 else { return }
    let (tunnel, gateway) = (range.network, range.network.advanced(by: 1))
    switch cni {
    case .flannel: (near, far) = (gateway, tunnel)
    case .flannelHostGateway: near = gateway
    // A cali device has no address: the kernel takes the first one of the node.
    case .calico, .calicoVXLAN: far = tunnel
    case .calicoBGP: break
    case .cilium: (near, far) = (gateway, gateway)
    case .ciliumNative: near = gateway
    }
    // bpf/lib/nodeport.h: the gateway's address into Cilium's tunnel, else the node's own.
    if mode == .ebpf, cni != .cilium { far = primary }
  }
}

extension NodeFacts {
  mutating func setSources(_ cni: CNI, _ mode: ProxyMode) {
    sourcesV4 = SourceAddresses(primary: primaryV4, range: podCIDRv4, cni, mode)
    sourcesV6 = SourceAddresses(primary: primaryV6, range: podCIDRv6, cni, mode)
  }

  /// The source that MASQUERADE, or a socket of the node, gives a packet to `target`.
  @inline(__always)
  func source(
    towards target: AddressTarget, _ family: IPAddress.Family, at node: Int32
  ) -> IPAddress {
    guard target.isPod else { return primary(family) }
    if family == .ipv4 { return target.owner == node ? sourcesV4.near : sourcesV4.far }
    return target.owner == node ? sourcesV6.near : sourcesV6.far
  }
}
