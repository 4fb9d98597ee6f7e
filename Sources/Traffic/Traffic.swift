import ClusterModel
import DataPlane
import SimulationCore

/// The requests of a cluster: who calls whom, how often, and what becomes of each call.
///
/// It is fed facts as they become true (a process started, a Service changed) and asks the
/// data plane where each new connection goes. Everything else follows from its seed.
///
/// Clients are open-loop: they send at the times of a Poisson process, whatever becomes of earlier
/// requests. Each request is a connection of its own.
public struct Traffic: Sendable {
  let seed: UInt64
  @usableFromInline var queue = EventQueue<TrafficEvent>()
  /// The time of the last event or fact.
  var now = Instant.zero
  /// All clients are stopped.
  var isStopped = false

  var nodes: [NodeEntry] = []
  var spaces: [Space] = []
  var spaceIndex: [String: Int] = [:]
  var workloads: [Workload] = []
  var workloadIndex: [ObjectName: WorkloadIndex] = [:]
  var behaviours: ContiguousArray<Behaviour> = []
  var pods: ContiguousArray<PodProcess> = []
  var podNames: [ObjectName] = []
  /// Places in `podNames` by name.
  var podIndex = HashIndex()
  var freePods: [PodIndex] = []
  /// The first pod of the chain on each address.
  var podOnAddress: [IPAddress: PodIndex] = [:]
  var services: ContiguousArray<ServiceEntry> = []
  var serviceIndex: [ObjectName: ServiceIndex] = [:]
  var ingresses: [IngressEntry] = []
  var edges: ContiguousArray<Edge> = []
  var edgeIndex: [EdgeKey: EdgeIndex] = [:]
  var endpoints: ContiguousArray<EndpointEntry> = []
  var freeEndpoints: [EndpointIndex] = []

  var requests = RequestPool()
  /// The first is the outside clients'.
  var timeoutClasses: [TimeoutClass] = []
  var meters = Meters()
  let allMeter: MeterIndex
  let userMeter: MeterIndex
  var userLatencies = LatencyWindow<FineHistogram>()
  var log = RequestLog()
  public internal(set) var totals = OutcomeCounts()

  /// The proxies' and load balancers' choices.
  var choices: RandomStream
  /// Service times, errors, and calls that are made now and then.
  var work: RandomStream
  /// Source addresses and ports of outside clients come in turn.
  var outsideConnections: UInt32 = 0
  /// Those of processes that have gone; the network hears of it with the next event.
  var brokenConnections: [TrackedConnection] = []

  /// Whether clients leave a Service alone until it has been launched: see `serviceLaunched`.
  let clientsWaitForLaunch: Bool

  /// - Parameter clientsWaitForLaunch: without it clients send from the moment a Service exists,
  ///   and are refused until it has endpoints.
  public init(seed: UInt64, clientsWaitForLaunch: Bool = false) {
    self.clientsWaitForLaunch = clientsWaitForLaunch
    self.seed = seed
    choices = RandomStream(seed: seed, component: "traffic/choices")
    work = RandomStream(seed: seed, component: "traffic/work")
    allMeter = meters.add(at: .zero)
    userMeter = meters.add(at: .zero)
    _ = timeoutClass(of: Profile().timeout)
  }

  /// When the next thing happens; nil when nothing ever will without a new fact.
  @inlinable public var nextEventTime: Instant? { queue.nextTime }

  /// Performs the next event.
  public mutating func step(network: inout DataPlane) {
    run(through: .distantFuture, atMost: 1, network: &network)
  }

  /// Performs the events up to and including `limit`, at most `bound` of them.
  /// - Returns: how many there were.
  @discardableResult
  public mutating func advance(
    through limit: Instant, atMost bound: Int = .max, network: inout DataPlane
  ) -> Int {
    run(through: limit, atMost: bound, network: &network)
  }

  /// `advance` on any network: specialised above, faked in tests.
  @discardableResult
  mutating func run<Network: FlowNetwork>(
    through limit: Instant, atMost bound: Int = .max, network: inout Network
  ) -> Int {
    var performed = 0
    while performed < bound, let (time, event) = queue.popNext(upTo: limit) {
      now = time
      if !brokenConnections.isEmpty {
        for id in brokenConnections { network.connection(id, .reset, at: now) }
        brokenConnections = []
      }
      perform(event, network: &network)
      performed += 1
    }
    return performed
  }

  private mutating func perform<Network: FlowNetwork>(
    _ event: TrafficEvent, network: inout Network
  ) {
    if event.kind == .arrival {
      arrive(on: event.index, network: &network)
    } else if event.kind == .expire {
      expire(timeoutClass: event.index, network: &network)
    } else if requests[event.index].generation == event.generation {
      switch event.kind {
      case .reach: reach(event.index, network: &network)
      case .served: proceed(event.index, network: &network)
      case .answer: finish(event.index, requests[event.index].outcome, network: &network)
      case .arrival, .expire: break
      }
    }
  }

  mutating func timeoutClass(of timeout: Duration) -> Int32 {
    if let index = timeoutClasses.firstIndex(where: { $0.timeout == timeout }) {
      return Int32(index)
    }
    timeoutClasses.append(TimeoutClass(timeout: timeout))
    return Int32(timeoutClasses.count - 1)
  }
}
