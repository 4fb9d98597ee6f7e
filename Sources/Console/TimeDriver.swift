import Simulation
import SimulationCore

/// Lets time pass until something is so.
struct TimeDriver {
  /// How long commands without a limit of their own wait; past that they would never end.
  static let longestWait = Duration.hours(1)

  /// Lets event after event happen until `isDone`; at the latest at `deadline`.
  ///
  /// It asks only after writes to the API server, where everything stands that one can wait for.
  /// - Returns: whether it is done.
  static func run(
    _ world: inout World, until deadline: Instant, _ transcript: inout Transcript,
    isDone: (borrowing World) -> Bool
  ) -> Bool {
    if isDone(world) { return true }
    var revision = world.store.revision
    while let next = world.nextEventTime, next <= deadline {
      transcript.hasAdvanced = true
      world.step()
      let newest = world.store.revision
      guard newest != revision else { continue }
      revision = newest
      if isDone(world) { return true }
    }
    if deadline > world.now {
      transcript.hasAdvanced = true
      world.advance(by: deadline - world.now)
    }
    return isDone(world)
  }

  /// The end of a wait from now; a negative limit means the longest one.
  static func deadline(_ world: borrowing World, _ limit: Duration?) -> Instant {
    guard let limit, limit >= .zero else { return world.now + longestWait }
    return world.now + limit
  }
}
