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

  /// The time one packet takes; `source` is nil for a client outside the cluster.
  func latency(from source: NodeIndex?, to destination: NodeIndex) -> Duration
}

extension DataPlane: FlowNetwork {}
