import SimulationCore

/// A point in the life of a world: after so many events and so many commands.
public struct Moment: Hashable, Sendable {
  public var time: Instant
  public var eventCount: UInt64
  /// Entries of the journal until then.
  public var commandCount: Int

  public init(time: Instant, eventCount: UInt64, commandCount: Int) {
    self.time = time
    self.eventCount = eventCount
    self.commandCount = commandCount
  }

  /// Whether a world that is at `self` can still come to `other`.
  func isBeforeOrAt(_ other: Moment) -> Bool {
    time <= other.time && eventCount <= other.eventCount && commandCount <= other.commandCount
  }
}

extension World {
  public var moment: Moment {
    Moment(time: now, eventCount: eventCount, commandCount: journal.count)
  }

  /// Lets exactly the events happen that had happened at `moment`, and no command.
  mutating func advance(toEventCount count: UInt64, _ time: Instant) {
    while eventCount < count, step() {}
    if time > now { advance(to: time, atMost: 0) }
  }
}
