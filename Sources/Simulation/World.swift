import ClusterModel
import ControlPlane
import DataPlane
import SimulationCore
import Traffic

/// The simulated cluster: one value. A copy is a snapshot.
public struct World: Sendable {
  public private(set) var now = Instant.zero
  /// The simulated wall clock at time zero.
  public let startTime: Timestamp
  public let seed: UInt64

  public init(seed: UInt64 = 1, startTime: Timestamp = Timestamp(seconds: 1_767_225_600)) {
    self.seed = seed
    self.startTime = startTime
  }

  /// What the API server holds.
  public var store: ObjectStore { ObjectStore() }

  /// The simulated wall clock, in the API's whole seconds.
  public var timestamp: Timestamp { timestamp(at: now) }

  public func timestamp(at time: Instant) -> Timestamp {
    Timestamp(seconds: startTime.seconds + time.nanoseconds / 1_000_000_000)
  }

  /// Does what `command` says and writes it into the journal.
  ///
  /// - Returns: the object as the API server answered it, where it answers one.
  /// - Throws: the API server's refusal; then nothing has changed.
  @discardableResult
  public mutating func perform(_ command: Command, dryRun: Bool = false) throws(APIError)
    -> StoredObject?
  {
    throw APIError(.internalError, "not there yet")
  }

  /// Lets time pass: every event up to then happens.
  public mutating func advance(by duration: Duration) { now += duration }

  /// When the next event happens; nil when nothing is left to happen.
  public var nextEventTime: Instant? { nil }

  /// Moves to the next event and lets it happen. False when there is none.
  @discardableResult
  public mutating func step() -> Bool { false }

  /// A hash of the whole state: equal digests mean equal states.
  public var digest: String { StateHasher().digest }
}
