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
      controlPlane.join(group, in: subnetsOfNodes)
    }
    for id in present.dropFirst(count) { controlPlane.leave(id) }
  }

  /// The networks in which the nodes are: those of the configuration, unless they came with
  /// addresses of others.
  private var subnetsOfNodes: [CIDR] {
    let plan = configuration.plan
    let subnets = [plan.nodeSubnet, plan.secondNodeSubnet].compactMap { $0 }
    let addresses = store.nodes.list().first?.internalIPs ?? []
    if addresses.isEmpty || addresses.contains(where: plan.nodeSubnet.contains) { return subnets }
    return addresses.map { CIDR($0, prefixLength: $0.family == .ipv4 ? 24 : 64) }
  }
}
