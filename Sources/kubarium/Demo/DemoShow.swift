import Canvas
import Dashboard
import Scenario
import SimulationCore

/// A demo that plays before people: it follows the wall clock and three keys.
struct DemoShow {
  private var player: DemoPlayer
  private(set) var isPaused = false
  /// The user has taken over.
  private(set) var isOver = false
  private var start: Int64?
  private var pausedSince: Int64 = 0

  init(_ player: DemoPlayer) { self.player = player }

  private func elapsed(_ now: Int64) -> Duration { .nanoseconds(now - (start ?? now)) }

  /// - Returns: false when there is nothing more to play.
  mutating func advance(
    to now: Int64, _ session: inout DashboardSession, _ recording: inout ScreenRecording
  ) -> Bool {
    if start == nil { start = now }
    guard !isPaused else { return true }
    player.advance(to: elapsed(now), &session)
    for chapter in player.takeChapters() { recording.mark(chapter, &session, at: now) }
    guard player.isFinished else { return true }
    session.narrate("")
    session.say(Message(.notice, "the demo is over; the cluster is yours"))
    return false
  }

  /// - Returns: false for keys that are the dashboard's.
  mutating func take(_ key: Key, at now: Int64, _ session: inout DashboardSession) -> Bool {
    switch key {
    case .character(" "):
      isPaused.toggle()
      if isPaused {
        pausedSince = now
        session.say(Message(.notice, "the demo stands still; space goes on, esc takes over"))
      } else {
        player.postpone(by: .nanoseconds(now - pausedSince))
      }
    case .character("n"), .right, .enter: player.skip(at: elapsed(now), &session)
    case .escape, .character("q"):
      isOver = true
      session.narrate("")
      session.say(Message(.notice, "the demo has ended; the cluster is yours"))
    case .ctrl("c"), .terminate, .resize, .resumed, .mouse: return false
    default:
      session.say(Message(.notice, "a demo is playing: space pauses, n goes on, esc takes over"))
    }
    return true
  }
}
