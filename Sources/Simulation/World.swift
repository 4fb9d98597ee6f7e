import ClusterModel
import ControlPlane
import DataPlane
import SimulationCore
import Traffic

/// The simulated cluster: one value. A copy is a snapshot.
///
/// It joins the layers, which do not know each other: it carries API objects from the control
/// plane to each node's proxy, and what pods' processes do to the network and the traffic.
public struct World: Sendable {
  public private(set) var now = Instant.zero
  public let configuration: WorldConfiguration
  public internal(set) var controlPlane: ControlPlane
  public internal(set) var dataPlane: DataPlane
  public internal(set) var traffic: Traffic
  /// Everything anybody has done to this world, in order.
  public internal(set) var journal: [JournalEntry] = []
  /// Events that have happened.
  public private(set) var eventCount: UInt64 = 0
  /// Nodes whose kube-proxy a fault has stopped, by name.
  public internal(set) var stoppedProxies: [StoppedProxy] = []
  /// Whether kube-dns is only here because every cluster has one: nobody's rules know of it.
  var hasImpliedDNS = false
  /// Processes that are starting up and do not accept connections yet.
  var startingPods = EventQueue<PodSignal>()
  /// Services whose clients are about to begin, and those whose clients have.
  var launches = EventQueue<NamespacedName>()
  var launched: Set<NamespacedName> = []
  /// When pods are measured next; nil as long as nobody asks for it.
  var nextMeasurement: Instant?
  /// What the traffic knows of Ingresses.
  var ingressRoutes: [NamespacedName: IngressRoute] = [:]
  var ingressPods = IngressPods()
  /// What the cluster's DNS remembers of other names.
  var dnsCache = DNSCache()

  /// A settled cluster as `configuration` describes it, with the loaded objects as they stand;
  /// `Node`s among them take the place of the planned ones.
  ///
  /// Objects without a status are for `perform(.create(…))`.
  public init(
    configuration: WorldConfiguration = WorldConfiguration(), loading objects: [StoredObject] = []
  ) {
    var configuration = configuration
    configuration.hasLoadedNodes = objects.contains { if case .node = $0 { true } else { false } }
    self.configuration = configuration
    controlPlane = ControlPlane(
      settings: configuration.settings, startTime: configuration.startTime,
      seed: configuration.seed)
    dataPlane = DataPlane(configuration: configuration.network, seed: configuration.seed)
    traffic = Traffic(seed: configuration.seed, clientsWaitForLaunch: true)
    load(objects)
  }

  /// What the API server holds.
  public var store: ObjectStore {
    @inlinable _read { yield controlPlane.store }
  }

  public var startTime: Timestamp { configuration.startTime }
  public var seed: UInt64 { configuration.seed }

  /// The simulated wall clock, in the API's whole seconds.
  public var timestamp: Timestamp { timestamp(at: now) }

  public func timestamp(at time: Instant) -> Timestamp { controlPlane.api.timestamp(at: time) }

  // MARK: Time

  /// Whose event is next. Of several at one instant the first here goes first.
  private enum Source {
    case measurement, controlPlane, startingPods, launches, dataPlane, traffic
  }

  // Inlined, as other short questions to large values are: a call copies the value.
  @inline(__always)
  private var next: (time: Instant, source: Source)? {
    var next: (time: Instant, source: Source)?
    @inline(__always)
    func consider(_ time: Instant?, _ source: Source) {
      guard let time else { return }
      if let known = next?.time, known <= time { return }
      next = (time, source)
    }
    consider(nextMeasurement, .measurement)
    consider(controlPlane.nextEventTime, .controlPlane)
    consider(startingPods.nextTime, .startingPods)
    consider(launches.nextTime, .launches)
    consider(dataPlane.nextEventTime, .dataPlane)
    consider(traffic.nextEventTime, .traffic)
    return next
  }

  /// When the next event happens; nil when nothing is left to happen.
  public var nextEventTime: Instant? { next?.time }

  /// Lets time pass: every event up to then happens.
  public mutating func advance(by duration: Duration) {
    _ = advance(to: now + duration, atMost: .max)
  }

  /// Lets time pass, but no more than `count` events happen.
  ///
  /// - Returns: whether `limit` was reached.
  @discardableResult
  public mutating func advance(to limit: Instant, atMost count: Int = .max) -> Bool {
    var left = count
    while let next, next.time <= limit {
      if left == 0 { return false }
      left -= 1
      happen(next)
    }
    if limit > now {
      now = limit
      controlPlane.idle(until: limit)
    }
    return true
  }

  /// Moves to the next event and lets it happen. False when there is none.
  @discardableResult
  public mutating func step() -> Bool {
    guard let next else { return false }
    happen(next)
    return true
  }

  private mutating func happen(_ next: (time: Instant, source: Source)) {
    now = max(now, next.time)
    eventCount += 1
    switch next.source {
    case .measurement: measure()
    case .controlPlane:
      controlPlane.step()
      carryChanges()
    case .startingPods:
      if let (_, signal) = startingPods.popNext() { started(signal) }
    case .launches:
      if let (_, name) = launches.popNext() {
        traffic.serviceLaunched(namespace: name.namespace, name: name.name, at: now)
      }
    case .dataPlane: dataPlane.step()
    case .traffic: traffic.step(network: &dataPlane)
    }
  }
}
