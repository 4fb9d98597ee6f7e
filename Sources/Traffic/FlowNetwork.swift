import ClusterModel
import SimulationCore

/// What traffic asks of the network below it: where a new connection goes, and how far that is.
public protocol FlowNetwork {
  /// What the proxy and the policies make of the first packet of `flow` on `node`, now.
  func decide(
    _ flow: Flow, enteringAt node: NodeIndex, random: inout RandomStream
  ) -> FlowDecision

  /// The time one packet takes; `source` is nil for a client outside the cluster.
  func latency(from source: NodeIndex?, to destination: NodeIndex) -> Duration
}
