/// A span of simulated time, in whole nanoseconds.
///
/// Shadows `Swift.Duration` where this module is imported: the engine's arithmetic is on one
/// 64-bit integer, so that a run is the same on every machine.
public struct Duration: Hashable, Comparable, Sendable {
  public var nanoseconds: Int64

  @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  public static let zero = Duration(nanoseconds: 0)

  @inlinable public static func nanoseconds(_ count: Int64) -> Duration {
    Duration(nanoseconds: count)
  }
  @inlinable public static func microseconds(_ count: Int64) -> Duration {
    Duration(nanoseconds: count * 1_000)
  }
  @inlinable public static func milliseconds(_ count: Int64) -> Duration {
    Duration(nanoseconds: count * 1_000_000)
  }
  @inlinable public static func seconds(_ count: Int64) -> Duration {
    Duration(nanoseconds: count * 1_000_000_000)
  }
  @inlinable public static func minutes(_ count: Int64) -> Duration { .seconds(count * 60) }
  @inlinable public static func hours(_ count: Int64) -> Duration { .seconds(count * 3600) }

  /// For display and for rates; never for deciding the order of events.
  @inlinable public var inSeconds: Double { Double(nanoseconds) / 1e9 }

  @inlinable public static func < (left: Duration, right: Duration) -> Bool {
    left.nanoseconds < right.nanoseconds
  }
  @inlinable public static func + (left: Duration, right: Duration) -> Duration {
    Duration(nanoseconds: left.nanoseconds + right.nanoseconds)
  }
  @inlinable public static func - (left: Duration, right: Duration) -> Duration {
    Duration(nanoseconds: left.nanoseconds - right.nanoseconds)
  }
  @inlinable public static func * (left: Duration, right: Int64) -> Duration {
    Duration(nanoseconds: left.nanoseconds * right)
  }
  @inlinable public static func / (left: Duration, right: Int64) -> Duration {
    Duration(nanoseconds: left.nanoseconds / right)
  }
}

/// A moment of simulated time: nanoseconds since the simulation's time zero.
///
/// Negative values lie before the start; loaded objects may have been created then.
public struct Instant: Hashable, Comparable, Sendable {
  public var nanoseconds: Int64

  @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  public static let zero = Instant(nanoseconds: 0)
  /// Later than everything that is ever scheduled.
  public static let distantFuture = Instant(nanoseconds: .max)

  @inlinable public static func < (left: Instant, right: Instant) -> Bool {
    left.nanoseconds < right.nanoseconds
  }
  @inlinable public static func + (left: Instant, right: Duration) -> Instant {
    Instant(nanoseconds: left.nanoseconds + right.nanoseconds)
  }
  @inlinable public static func - (left: Instant, right: Duration) -> Instant {
    Instant(nanoseconds: left.nanoseconds - right.nanoseconds)
  }
  @inlinable public static func - (left: Instant, right: Instant) -> Duration {
    Duration(nanoseconds: left.nanoseconds - right.nanoseconds)
  }
  @inlinable public static func += (left: inout Instant, right: Duration) { left = left + right }
}
