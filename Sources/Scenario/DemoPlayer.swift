import Canvas
import Console
import Dashboard
import SimulationCore

/// Plays a demo into a dashboard, at the pace of a person.
///
/// It reads no clock: its owner says how late it is, so a recording and a show do the same things at
/// the same times. The rhythm of the keys comes from a stream of its own.
public struct DemoPlayer: Sendable {
  public let script: DemoScript
  private var beats: [Beat] = []
  /// The beat to come, and when.
  private var next = 0
  private var due = Duration.zero
  /// When the condition of an `until` began to be waited for.
  private var waitingSince: Duration?
  /// The chapters that have begun and that nobody has asked for yet.
  private var chapters: [String] = []

  /// The smallest thing that a demo does.
  private enum Beat: Hashable, Sendable {
    case chapter(String)
    case narration(String)
    case key(Key)
    case run(String)
    case nothing
    case until(String, limit: Duration)
  }

  /// How long to wait before each beat, in its order.
  private var delays: [Duration] = []
  /// The beats with which a step begins.
  private var starts: Set<Int> = []

  public init(_ script: DemoScript, seed: UInt64) {
    self.script = script
    var random = RandomStream(seed: seed, component: "demo")
    for step in script.steps {
      starts.insert(beats.count)
      append(step, &random)
    }
    due = delays.first ?? .zero
  }

  public var isFinished: Bool { next >= beats.count }

  /// The chapters that have begun since this was asked last.
  public mutating func takeChapters() -> [String] {
    defer { chapters = [] }
    return chapters
  }

  // MARK: Pace

  private mutating func append(_ step: DemoStep, _ random: inout RandomStream) {
    switch step {
    case .chapter(let title): add(.chapter(title), after: .zero)
    case .say(let text):
      add(.narration(text), after: .milliseconds(300))
      // Two hundred words a minute, and a moment to notice that there is something new.
      let words = text.split(separator: " ").count
      if words > 0 { add(.nothing, after: .milliseconds(1_200 + 300 * Int64(words))) }
    case .keys(let keys):
      for key in keys { add(.key(key), after: pace(450, 250, &random)) }
      add(.nothing, after: .milliseconds(600))
    case .type(let command):
      add(.key(.character(":")), after: pace(500, 200, &random))
      for scalar in command.unicodeScalars {
        add(.key(.character(scalar)), after: pace(scalar == " " ? 90 : 45, 60, &random))
      }
      add(.key(.enter), after: .milliseconds(700))
      add(.nothing, after: .milliseconds(500))
    case .run(let command): add(.run(command), after: .zero)
    case .pause(let duration): add(.nothing, after: duration)
    case .until(let command, let limit): add(.until(command, limit: limit), after: .zero)
    }
  }

  private mutating func add(_ beat: Beat, after delay: Duration) {
    beats.append(beat)
    delays.append(delay)
  }

  private func pace(_ least: Int64, _ more: Int64, _ random: inout RandomStream) -> Duration {
    random.duration(from: .milliseconds(least), through: .milliseconds(least + more))
  }

  // MARK: Playing

  /// Does everything that is due at `time` since the start.
  public mutating func advance(to time: Duration, _ session: inout DashboardSession) {
    while !isFinished, due <= time {
      guard perform(beats[next], at: due, &session) else {
        // A condition that does not hold yet is looked at again a little later.
        due = due + .milliseconds(500)
        continue
      }
      next += 1
      due = isFinished ? due : due + delays[next]
    }
  }

  /// Goes to the next step at once: what is left of this one happens without its pauses.
  public mutating func skip(at time: Duration, _ session: inout DashboardSession) {
    repeat {
      guard !isFinished else { return }
      if case .until = beats[next] {} else { _ = perform(beats[next], at: time, &session) }
      waitingSince = nil
      next += 1
    } while !starts.contains(next)
    due = time
  }

  /// Makes up for a time in which the demo was paused.
  public mutating func postpone(by duration: Duration) { due = due + duration }

  /// - Returns: false for a condition that has to be waited for.
  private mutating func perform(
    _ beat: Beat, at time: Duration, _ session: inout DashboardSession
  ) -> Bool {
    switch beat {
    case .chapter(let title): chapters.append(title)
    case .narration(let text): session.narrate(text)
    case .key(let key):
      // What the key is about has to be on the screen first.
      _ = session.picture()
      session.take(.key(key))
    case .run(let command): session.run(command)
    case .nothing: break
    case .until(let command, let limit):
      let since = waitingSince ?? time
      waitingSince = since
      guard session.holds(command) || time - since >= limit else { return false }
      waitingSince = nil
    }
    return true
  }
}
