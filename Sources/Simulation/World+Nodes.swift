import ClusterModel
import ControlPlane

/// Machines that come and go.
extension World {
  /// Lets workers join, or takes the newest away, until there are `count`.
  mutating func scaleNodes(to count: Int) throws(APIError) {
    let present = controlPlane.workers
    let others = store.nodes.count - present.count
    guard (0...ClusterTopology.mostNodes - others).contains(count) else {
      throw APIError(
        .badRequest,
        "--replicas must be between 0 and \(ClusterTopology.mostNodes - others), not \(count)")
    }
    let groups = configuration.groups.filter { !$0.isControlPlane && $0.count > 0 }
    for number in present.count..<max(count, present.count) {
      let group = groups.isEmpty ? NodeGroup() : groups[number % groups.count]
      controlPlane.join(group, in: subnetOfNodes)
    }
    for id in present.dropFirst(count) { controlPlane.leave(id) }
  }

  /// The network in which the nodes are: that of the configuration, unless they came with
  /// addresses of another.
  private var subnetOfNodes: CIDR {
    let subnet = configuration.plan.nodeSubnet
    let addresses = store.nodes.list().compactMap { $0.internalIP() }
    if addresses.isEmpty || addresses.contains(where: subnet.contains) { return subnet }
    return CIDR(addresses[0], prefixLength: addresses[0].family == .ipv4 ? 24 : 64)
  }
}
