import ClusterModel

/// Whose address a masqueraded packet carries.
///
/// MASQUERADE takes the first address of the device by which the packet leaves
/// (net/netfilter/nf_nat_masquerade.c): on the way to a pod that is a bridge's or a tunnel's, and
/// the node's own only where the device has none, or is the node's own link.
struct MasqueradeSource: Sendable {
  enum Device: Sendable {
    /// The node's own link, or one without an address.
    case node
    /// A bridge with the gateway's address.
    case gateway
    /// A tunnel with the network's address.
    case tunnel
  }

  let toOwnPods: Device
  let toOtherPods: Device

  init(_ cni: CNI, _ mode: ProxyMode) {
    switch (mode, cni) {
    // eBPF programs rewrite the packet before any device is chosen.
    case (.ebpf, _): (toOwnPods, toOtherPods) = (.node, .node)
    case (_, .flannel): (toOwnPods, toOtherPods) = (.gateway, .tunnel)
    case (_, .flannelHostGateway): (toOwnPods, toOtherPods) = (.gateway, .node)
    // Calico's pod links have no address on the node's side.
    case (_, .calico), (_, .calicoVXLAN): (toOwnPods, toOtherPods) = (.node, .tunnel)
    case (_, .calicoBGP): (toOwnPods, toOtherPods) = (.node, .node)
    // cilium_host has the router's address.
    case (_, .cilium): (toOwnPods, toOtherPods) = (.gateway, .gateway)
    case (_, .ciliumNative): (toOwnPods, toOtherPods) = (.gateway, .node)
    }
  }
}

extension DataPlane {
  /// The source of a packet that `node` masquerades on its way to `target`.
  func masqueradeSource(
    at node: Int32, to target: AddressTarget, _ family: IPAddress.Family
  ) -> IPAddress {
    let facts = nodeFacts[Int(node)]
    let own = facts.primary(family)
    guard target.isPod else { return own }
    let device =
      target.owner == node
      ? traits.masqueradeSource.toOwnPods : traits.masqueradeSource.toOtherPods
    let range = family == .ipv4 ? facts.podCIDRv4 : facts.podCIDRv6
    guard device != .node, let range, range.hostBits >= 2 else { return own }
    let address =
      device == .tunnel ? range.network : range.network.advanced(by: 1)
    // Where a pod has been given it, the device cannot have it.
    let id = addresses.find(address)
    return id >= 0 && addresses[id].podNode >= 0 ? own : address
  }
}
