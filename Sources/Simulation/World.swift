import ClusterModel
import ControlPlane
import SimulationCore

/// The simulated cluster: one value. A copy is a snapshot.
///
/// It joins the layers, which do not know each other, and carries API objects from the control
/// plane to each node's proxy.
public struct World: Sendable {
  public private(set) var now = Instant.zero
  public let configuration: WorldConfiguration
  public internal(set) var controlPlane: ControlPlane
  /// Everything anybody has done to this world, in order.
  public internal(set) var journal: [JournalEntry] = []
  /// Events that have happened.
  public private(set) var eventCount: UInt64 = 0

  /// A settled cluster as `configuration` describes it.
  public init(configuration: WorldConfiguration = WorldConfiguration()) {
    self.init(configuration: configuration, loading: [])
    controlPlane.bootstrap(configuration.plan)
    settle()
  }

  /// A cluster with the loaded objects as they stand; `Node`s among them are its nodes.
  ///
  /// Objects without a status are for `perform(.create(…))`.
  public init(configuration: WorldConfiguration, loading objects: [StoredObject]) {
    self.configuration = configuration
    controlPlane = ControlPlane(
      settings: configuration.settings, startTime: configuration.startTime,
      seed: configuration.seed)
    guard !objects.isEmpty else { return }
    load(objects)
  }

  /// What the API server holds.
  public var store: ObjectStore {
    _read { yield controlPlane.store }
  }

  public var startTime: Timestamp { configuration.startTime }
  public var seed: UInt64 { configuration.seed }

  /// The simulated wall clock, in the API's whole seconds.
  public var timestamp: Timestamp { timestamp(at: now) }

  public func timestamp(at time: Instant) -> Timestamp { controlPlane.api.timestamp(at: time) }

  // MARK: Time

  /// When the next event happens; nil when nothing is left to happen.
  public var nextEventTime: Instant? { controlPlane.nextEventTime }

  /// Lets time pass: every event up to then happens.
  public mutating func advance(by duration: Duration) {
    advance(to: now + duration)
  }

  public mutating func advance(to limit: Instant) {
    _ = advance(to: limit, atMost: .max)
  }

  /// Lets time pass, but no more than `count` events happen.
  ///
  /// - Returns: whether `limit` was reached.
  public mutating func advance(to limit: Instant, atMost count: Int) -> Bool {
    var left = count
    while let next = nextEventTime, next <= limit {
      if left == 0 { return false }
      left -= 1
      happen(at: next)
    }
    if limit > now { settleClock(at: limit) }
    return true
  }

  /// Moves to the next event and lets it happen. False when there is none.
  @discardableResult
  public mutating func step() -> Bool {
    guard let next = nextEventTime else { return false }
    happen(at: next)
    return true
  }

  private mutating func happen(at time: Instant) {
    now = max(now, time)
    eventCount += 1
    controlPlane.step()
    carryChanges()
  }

  private mutating func settleClock(at time: Instant) {
    now = time
    controlPlane.idle(until: time)
  }
}
