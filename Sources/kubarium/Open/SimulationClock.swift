import Console
import Simulation
import SimulationCore
import Terminal

/// Lets simulated time follow the wall clock, and never for long at once.
struct SimulationClock {
  /// When simulated time was last brought to the wall clock.
  private var last: Int64
  /// Whether there was more to simulate than the machine could, within the last second.
  private(set) var isBehind = false
  private var behindUntil: Int64 = 0

  /// The longest that a turn of the loop simulates, so that keys are answered soon.
  private static let budget: Int64 = 60_000_000
  /// Wall time that is made up for; after more than that time goes on from where it stood.
  private static let longestElapsed: Int64 = 300_000_000
  /// Events between two looks at the clock.
  private static let chunk = 5_000

  init(at now: Int64) { last = now }

  /// Forgets the wall time until now, in which the program did not run.
  mutating func skip(to now: Int64) { last = now }

  /// Advances the console's world by the wall time that has passed, times its speed.
  mutating func follow(_ now: Int64, _ console: inout Console) {
    let elapsed = min(max(now - last, 0), Self.longestElapsed)
    last = now
    guard !console.isPaused else {
      isBehind = false
      return
    }
    // As fast as possible means: until the budget is spent, but no more than a minute a turn.
    let span = console.speed.map { Double(elapsed) * $0 } ?? 60e9
    let limit = console.world.now + .nanoseconds(Int64(min(max(span, 0), 3.6e12)))
    let isDone = advance(&console, to: limit, until: now + Self.budget)
    if !isDone, console.speed != nil { behindUntil = now + 1_000_000_000 }
    isBehind = now < behindUntil
  }

  private func advance(_ console: inout Console, to limit: Instant, until end: Int64) -> Bool {
    while !console.advance(to: limit, atMost: Self.chunk) {
      if Screen.monotonicNanoseconds() >= end { return false }
    }
    return true
  }
}
