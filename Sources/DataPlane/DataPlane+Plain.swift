import ClusterModel
import SimulationCore

/// The way of nearly all packets: over IPv4 from a pod or node to a cluster IP, whose endpoints are
/// pods and all equally likely.
///
/// It is `route` and `finish` without the questions that such a packet has the same answer to; a
/// test compares both. It looks at three small places in memory that depend on the packet, and is
/// short enough for a processor to look ahead at those of the next packet.
extension DataPlane {
  /// The service port that the packet goes to, if there is nothing special about it.
  @inline(__always)
  func plainPort(_ flow: Flow, at node: Int) -> PortHead? {
    guard flow.destination.family == .ipv4, flow.source.family == .ipv4,
      traits.throwsDice || traits.balancesAtSocket && isInCluster(flow.source)
    else { return nil }
    let revision = nodeFacts[node].programmed
    let key = ServiceAddressKey(flow.destination, flow.destinationPort, flow.transport)
    guard let match = serviceAddresses.find(key, at: revision), match.kind == .clusterIP else {
      return nil
    }
    let head = ports.heads[Int(match.port)]
    return head.isPlain && head.since <= revision ? head : nil
  }

  @inline(__always)
  func decidePlainly(
    _ flow: Flow, _ head: PortHead, at node: Int, _ now: Instant, random: inout RandomStream
  ) -> FlowDecision {
    let offset = head.count > 1 ? random.index(below: Int(head.count)) : 0
    let position = Int(head.start) + offset
    let isMarked = isMarkedPlainly(flow.source.v4)
    guard let endpoint = addresses.frames.find(ports.codes[position]), isPolicyFree,
      isMarked || keepsSource(flow.source.v4, to: endpoint.address, at: node)
    else { return decide(flow, head, position, isMarked: isMarked, at: node, now) }
    var decision = FlowDecision(
      verdict: .delivered, endpoint: IPAddress(v4: endpoint.address),
      endpointPort: head.endpointPort, endpointNode: NodeIndex(endpoint.node),
      isMasqueraded: isMarked, sourceSeen: flow.source, servicePort: head.port)
    if isMarked {
      let sources = nodeFacts[node].sourcesV4
      decision.sourceSeen = endpoint.node == Int32(node) ? sources.near : sources.far
    }
    return decision
  }

  /// `isMarkedInternally`, where there is a KUBE-SVC to mark.
  @inline(__always)
  private func isMarkedPlainly(_ source: UInt32) -> Bool {
    guard !traits.balancesAtSocket else { return false }
    return traits.masqueradeAll
      || traits.clusterCIDRv4 != nil && !traits.proxiedPods.contains(source)
  }

  /// No rule of any CNI rewrites what a pod of the node sends to another pod of the cluster.
  @inline(__always)
  private func keepsSource(_ source: UInt32, to destination: UInt32, at node: Int) -> Bool {
    nodeFacts[node].ownPods.contains(source) && traits.pods.contains(source)
      && traits.pods.contains(destination) && source != destination
  }

  /// The same for endpoints about which there is something special.
  @inline(never)
  private func decide(
    _ flow: Flow, _ head: PortHead, _ position: Int, isMarked: Bool, at node: Int, _ now: Instant
  ) -> FlowDecision {
    var route = Route(cause: .service, port: head.port)
    route.isMarked = isMarked
    return deliver(flow, route, toEndpoint: ports.targets[position], at: Int32(node), now)
  }
}
