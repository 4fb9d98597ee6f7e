import ClusterModel
import DataPlane
import SimulationCore

/// What traffic asks of the network below it: where a new connection goes, and how far that is.
protocol FlowNetwork {
  /// What the proxy and the policies make of the first packet of `flow` on `node`, now.
  func decide(
    _ flow: Flow, enteringAt node: NodeIndex, at now: Instant, random: inout RandomStream
  ) -> FlowDecision

  /// Keeps the client with the endpoint that was chosen (session affinity).
  mutating func remember(
    _ decision: FlowDecision, of flow: Flow, enteringAt node: NodeIndex, at now: Instant)

  /// The way of the live connection that `flow` belongs to; nil when it begins one.
  func tracked(_ flow: Flow, enteringAt node: NodeIndex, at now: Instant) -> FlowDecision?

  /// Lets the nodes on the way remember a delivered connection, and the client its endpoint; nil
  /// where a node has no room for it and drops the packet.
  mutating func track(
    _ decision: FlowDecision, of flow: Flow, enteringAt node: NodeIndex, at now: Instant
  ) -> TrackedConnection?

  /// Tells the nodes how the connection goes on.
  mutating func connection(_ id: TrackedConnection, _ step: ConnectionStep, at now: Instant)

  /// The time one packet takes; `source` is nil for a client outside the cluster.
  func latency(from source: NodeIndex?, to destination: NodeIndex) -> Duration
}

/// A network without a memory of connections.
extension FlowNetwork {
  func tracked(_ flow: Flow, enteringAt node: NodeIndex, at now: Instant) -> FlowDecision? { nil }

  mutating func track(
    _ decision: FlowDecision, of flow: Flow, enteringAt node: NodeIndex, at now: Instant
  ) -> TrackedConnection? {
    if decision.hasAffinity { remember(decision, of: flow, enteringAt: node, at: now) }
    return TrackedConnection.none
  }

  mutating func connection(_ id: TrackedConnection, _ step: ConnectionStep, at now: Instant) {}
}

extension DataPlane: FlowNetwork {}
