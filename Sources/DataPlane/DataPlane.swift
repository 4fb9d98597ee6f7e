import ClusterModel
import SimulationCore

/// The networks of the cluster: links, routes and the service proxies of every node.
///
/// A change of the API reaches each node's proxy after a delay of its own, and its rules a sync
/// later; until then that node sends packets by its old rules.
public struct DataPlane: Sendable {
  public let configuration: NetworkConfiguration
  let seed: UInt64

  public init(configuration: NetworkConfiguration, seed: UInt64) {
    self.configuration = configuration
    self.seed = seed
  }

  // The kernel's facts, true at once.

  /// Adds a node, or updates one that is there. Its proxy runs once `startProxy` or `settle` is
  /// called.
  @discardableResult
  public mutating func attachNode(_ node: Node) -> NodeIndex { .none }
  public mutating func detachNode(named name: String) {}
  public func nodeIndex(named name: String) -> NodeIndex? { nil }
  /// Gives the pod's addresses to it: packets to them reach it from now on.
  public mutating func attachPod(_ pod: Pod, on node: NodeIndex) {}
  /// Takes a pod's addresses away: they lead nowhere from now on.
  public mutating func detachPod(namespace: String, name: String) {}

  // The API's facts, which each proxy learns later.

  /// A Service was written, or deleted (nil).
  public mutating func serviceChanged(
    namespace: String, name: String, to service: Service?, at now: Instant
  ) {}
  /// The slices that carry the name of `service` in their label have become `slices`, in all.
  public mutating func endpointsChanged(
    namespace: String, service: String, to slices: [EndpointSlice], at now: Instant
  ) {}
  /// Makes every proxy know everything and run.
  public mutating func settle(at now: Instant) {}
  /// Ends a node's proxy; its rules stay as they are.
  public mutating func stopProxy(on node: NodeIndex) {}
  /// Starts a node's proxy, which learns everything anew.
  public mutating func startProxy(on node: NodeIndex, at now: Instant) {}

  // Time.

  /// When the next event of a proxy happens; nil while all are quiet.
  public var nextEventTime: Instant? { nil }
  /// Performs the next event: a proxy's sync starting or ending.
  public mutating func step() {}
  public func proxyStatus(of node: NodeIndex, at now: Instant) -> ProxyStatus {
    ProxyStatus(
      isRunning: true, isInSync: true, programmedRevision: 0, newestRevision: 0, lag: .zero,
      syncsDone: 0)
  }
  /// How many nodes have all changes in their rules.
  public var inSyncCount: (inSync: Int, total: Int) { (0, 0) }

  // Packets.

  /// The fate of a flow that starts on, or from outside first reaches, `node`.
  public func decide(
    _ flow: Flow, enteringAt node: NodeIndex, at now: Instant = .zero, random: inout RandomStream
  ) -> FlowDecision {
    FlowDecision(
      verdict: .unreachable, endpoint: flow.destination, endpointPort: flow.destinationPort,
      sourceSeen: flow.source)
  }
  /// Remembers the choice for the client, where the service asks for session affinity.
  public mutating func remember(
    _ decision: FlowDecision, of flow: Flow, enteringAt node: NodeIndex, at now: Instant
  ) {}
  /// The exact set `decide` chooses from; empty when the packet reaches no endpoint of a service.
  public func candidates(
    of flow: Flow, enteringAt node: NodeIndex, at now: Instant = .zero
  ) -> [Candidate] { [] }
  /// One way between nodes; nil is outside the cluster.
  public func latency(from source: NodeIndex?, to destination: NodeIndex) -> Duration { .zero }
  public func trace(_ request: TraceRequest, at now: Instant) -> PacketTrace {
    PacketTrace(problem: .noNodes)
  }
  public func digest(into hasher: inout StateHasher) {}
}
