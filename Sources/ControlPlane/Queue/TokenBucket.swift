import SimulationCore

/// A client's rate limit: so many requests a second, with a burst saved up in quiet times.
///
/// client-go `util/flowcontrol`: every controller has a client of its own, 20 requests a second
/// with a burst of 30 by default. Measured on a real cluster, this is what paces a large scale-up.
public struct TokenBucket: Hashable, Sendable {
  /// Nanoseconds in which one token grows; zero for no limit.
  private let interval: Int64
  private let burst: Int64
  /// When the bucket was, or would be, empty: the whole state of it.
  private var emptyAt: Int64

  /// - Parameters:
  ///   - queriesPerSecond: at least 1; 0 means no limit.
  ///   - burst: how many tokens a full bucket holds.
  public init(queriesPerSecond: Int, burst: Int) {
    interval = queriesPerSecond > 0 ? 1_000_000_000 / Int64(queriesPerSecond) : 0
    self.burst = Int64(max(burst, 1))
    // Long before any simulated instant, so that the bucket starts full.
    emptyAt = -1_000_000_000_000_000_000
  }

  /// A token every `interval`, and `burst` saved up.
  public init(interval: Duration, burst: Int) {
    self.interval = interval.nanoseconds
    self.burst = Int64(max(burst, 1))
    emptyAt = -1_000_000_000_000_000_000
  }

  /// When the next token is there: `now` or later. Does not take it.
  public func nextToken(at now: Instant) -> Instant {
    let empty = max(emptyAt, now.nanoseconds - interval * burst)
    return Instant(nanoseconds: max(now.nanoseconds, empty + interval))
  }

  /// Takes one token at `time`, which must not be before `nextToken(at:)`.
  public mutating func take(at time: Instant) {
    emptyAt = max(emptyAt, time.nanoseconds - interval * burst) + interval
  }
}
