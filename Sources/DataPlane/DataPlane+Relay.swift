import ClusterModel
import SimulationCore

/// Packets for the address of another node: there they meet service rules once more, so that every
/// node's NodePorts and host ports are reached from everywhere.
extension DataPlane {
  /// A packet as it arrives at the node whose address it was sent to.
  struct Relay {
    var flow: Flow
    var node: Int32
  }

  /// Nil for a packet that does not go on to another node's own address, or finds no rule there.
  func relay(
    _ flow: Flow, _ route: Route, _ decision: FlowDecision, at node: Int32, _ now: Instant
  ) -> Relay? {
    guard route.cause == .direct, decision.denial == nil, decision.endpoint == flow.destination,
      decision.endpointNode.value != node, !decision.endpointNode.isNone,
      decision.verdict == .delivered || decision.verdict == .rejected
    else { return nil }
    let id = addresses.find(flow.destination)
    guard id >= 0, addresses[id].podNode < 0 else { return nil }
    var next = flow
    next.source = decision.sourceSeen
    let other = decision.endpointNode.value
    guard
      self.route(next, at: other, now).cause != .direct
        || !hostPorts.isEmpty && hostPortTarget(of: next, at: other) != nil
    else { return nil }
    return Relay(flow: next, node: other)
  }

  /// The same before anything is decided; nil for nearly all packets.
  func relay(_ flow: Flow, at node: Int32, _ now: Instant) -> Relay? {
    let id = addresses.find(flow.destination)
    guard id >= 0, addresses[id].podNode < 0, addresses[id].hostNode >= 0,
      addresses[id].hostNode != node
    else { return nil }
    let route = route(flow, at: node, now)
    guard route.cause == .direct else { return nil }
    return relay(flow, route, finish(flow, route, at: node, now), at: node, now)
  }

  /// What becomes of a packet in the end that the rules of one node have let go to another.
  func decide(
    _ relay: Relay, after decision: FlowDecision, _ now: Instant, random: inout RandomStream
  ) -> FlowDecision {
    var last = decideFully(relay.flow, at: NodeIndex(relay.node), now, random: &random)
    last.isMasqueraded = last.isMasqueraded || decision.isMasqueraded
    last.isRelayed = true
    return last
  }
}
