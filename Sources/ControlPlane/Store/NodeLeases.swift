import SimulationCore

/// When each node's kubelet last renewed its Lease in `kube-node-lease`.
///
/// A kubelet renews every ten seconds (pkg/kubelet/kubelet.go, a quarter of the lease's 40 s).
/// Nobody needs to hear of each time: from where in the ten seconds a node renews, the moment of
/// the newest renewal follows, so that healthy nodes cost nothing.
public struct NodeLeases: Sendable {
  public static let renewalPeriod = Duration.seconds(10)
  /// How often a kubelet posts a status that has not changed.
  public static let reportPeriod = Duration.seconds(300)

  private let seed: UInt64
  /// Nodes that no longer renew, and when they last did.
  private var stopped: [ObjectID: Instant] = [:]

  init(seed: UInt64) { self.seed = seed }

  public func isStopped(_ node: ObjectID) -> Bool { stopped[node] != nil }

  /// The newest renewal at or before `now`.
  public func lastRenewal(of node: ObjectID, at now: Instant) -> Instant {
    stopped[node] ?? last(of: Self.renewalPeriod, node, at: now)
  }

  /// When the node's kubelet last posted its status unasked.
  public func lastReport(of node: ObjectID, at now: Instant) -> Instant {
    last(of: Self.reportPeriod, node, at: lastRenewal(of: node, at: now))
  }

  mutating func stop(_ node: ObjectID, at now: Instant) {
    stopped[node] = lastRenewal(of: node, at: now)
  }

  mutating func resume(_ node: ObjectID) { stopped[node] = nil }

  /// The newest of the moments `phase + n × period`.
  private func last(of period: Duration, _ node: ObjectID, at now: Instant) -> Instant {
    var random = RandomStream(seed: seed, component: "lease/\(node.slot)/\(node.reuse)")
    let phase = Int64(random.below(UInt64(period.nanoseconds)))
    let past = (now.nanoseconds - phase) % period.nanoseconds
    return Instant(nanoseconds: now.nanoseconds - (past < 0 ? past + period.nanoseconds : past))
  }
}
