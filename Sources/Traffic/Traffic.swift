import ClusterModel
import SimulationCore

/// The requests of a cluster: who calls whom, how often, and what becomes of each call.
///
/// It is fed facts as they become true (a process started, a Service changed) and asks a
/// `FlowNetwork` where each new connection goes. Everything else follows from its seed.
public struct Traffic: Sendable {
  public init(seed: UInt64) {}

  // MARK: Facts

  /// A node exists and takes requests from outside.
  /// - Parameter addresses: its InternalIPs, the primary one first.
  public mutating func nodeAvailable(
    _ node: NodeIndex, addresses: [IPAddress], at now: Instant
  ) {}
  /// The node takes no requests from outside any more.
  public mutating func nodeUnavailable(_ node: NodeIndex, at now: Instant) {}

  /// The pod's processes accept connections from now on.
  /// - Parameter workload: the name of what controls it, without a template's hash.
  public mutating func podStarted(
    _ pod: Pod, workload: String, on node: NodeIndex, at now: Instant
  ) {}
  /// The pod got SIGTERM: it refuses new connections and finishes those in flight.
  public mutating func podDraining(namespace: String, name: String, at now: Instant) {}
  /// The pod's processes have ended: connections are reset.
  /// - Parameter keepsAddress: the pod's network namespace is still there and refuses connections
  ///   (a container restarts); otherwise nothing answers at the address.
  public mutating func podStopped(
    namespace: String, name: String, keepsAddress: Bool = false, at now: Instant
  ) {}

  /// A Service was created or changed, or (nil) deleted.
  public mutating func serviceChanged(
    namespace: String, name: String, to service: Service?, at now: Instant
  ) {}
  /// An Ingress routes to these Services from now on; none when it was deleted.
  public mutating func ingressChanged(
    namespace: String, name: String, to backends: [IngressBackend], at now: Instant
  ) {}

  // MARK: Commands

  /// Makes the clients of the selected edges send this many requests per second each edge, in
  /// thousandths; nil gives them their own rate back.
  /// - Returns: how many edges were selected.
  @discardableResult
  public mutating func setRate(
    _ milliRequestsPerSecond: Int64?, for selector: EdgeSelector, at now: Instant
  ) -> Int { 0 }
  /// Lets the selected clients send requests; with an empty selector all traffic, the default.
  @discardableResult
  public mutating func start(_ selector: EdgeSelector = .init(), at now: Instant) -> Int { 0 }
  /// Stops the selected clients from sending new requests.
  @discardableResult
  public mutating func stop(_ selector: EdgeSelector = .init(), at now: Instant) -> Int { 0 }

  // MARK: Time

  /// When the next thing happens; nil when nothing ever will without a new fact.
  public var nextEventTime: Instant? { nil }

  // `step(network: DataPlane)` performs the next event; `advance(through:atMost:network:)` all
  // up to and including an instant, and returns how many. Both are generic for now.
  public mutating func step(network: some FlowNetwork) {}
  @discardableResult
  public mutating func advance(
    through limit: Instant, atMost bound: Int = .max, network: some FlowNetwork
  ) -> Int { 0 }

  // MARK: Views, all as of `now`

  /// By client, then by Service and port.
  public func edges(at now: Instant) -> [EdgeSummary] { [] }
  /// Nil when the Service never had a request.
  public func service(namespace: String, name: String, at now: Instant) -> ServiceSummary? { nil }
  /// The endpoints that got requests for this Service and still run, by address and port.
  public func endpoints(ofService name: String, namespace: String, at now: Instant)
    -> [EndpointSummary]
  { [] }
  /// Every request, calls between workloads included; without percentiles.
  public func allRequests(at now: Instant) -> Measurement { Measurement() }
  /// Requests that no other request caused: what users see.
  public func userRequests(at now: Instant) -> Measurement { Measurement() }
  /// Since the start of the simulation.
  public var totals: OutcomeCounts { OutcomeCounts() }
  /// The newest first.
  public func requestLog(last count: Int) -> [FinishedRequest] { [] }

  public func digest(into hasher: inout StateHasher) {}
}
