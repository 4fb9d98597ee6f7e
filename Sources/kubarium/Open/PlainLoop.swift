import Console
import Dashboard
import Terminal

/// The dashboard as text that only ever grows: for screen readers, pipes and logs.
///
/// Commands come in as lines; panels are told when asked for, and changes when they happen.
struct PlainLoop {
  private var session: DashboardSession
  private var announcer = Announcer()
  private var input = LineInput()
  private var recording = ScreenRecording()
  private let isInteractive: Bool

  /// Changes are told this often, so that a second of a scale-up is one breath.
  private static let period: Int64 = 1_000_000_000

  init(_ loaded: LoadedSession, name: String) {
    session = DashboardSession(
      loaded.console, name: name, themes: [.monochrome], files: DashboardFiles())
    // Every namespace's rows are told, whatever would fit on a screen.
    session.resize(to: ScreenSize(400, 100))
    isInteractive = LineInput.isTerminal
    for warning in loaded.warnings { say(warning) }
  }

  mutating func run() {
    say(
      "kubarium. Type a command, or one of: \(PlainPanels.words.joined(separator: ", ")), help, q.")
    session.update()
    tell("status")
    _ = announcer.announce(session.snapshot)
    var clock = SimulationClock(at: Screen.monotonicNanoseconds())
    var nextTold = Screen.monotonicNanoseconds() + Self.period
    while !session.isEnding {
      let lines = input.lines(waitingUpTo: 100)
      clock.follow(Screen.monotonicNanoseconds(), &session.console)
      for line in lines where !session.isEnding { take(line) }
      if Screen.monotonicNanoseconds() >= nextTold {
        nextTold = Screen.monotonicNanoseconds() + Self.period
        announce()
      }
      if input.hasEnded { break }
    }
    announce()
    recording.finish(&session, at: Screen.monotonicNanoseconds())
  }

  private mutating func announce() {
    session.update()
    for line in announcer.announce(session.snapshot) { say(line) }
  }

  private mutating func take(_ line: String) {
    let words = line.split(separator: " ")
    guard let first = words.first else { return }
    if words.count == 1, ["q", "quit", "exit"].contains(first) { return session.take(.quitAtOnce) }
    if words.count == 1, tell(String(first)) { return }
    let result = session.run(line)
    recording.answer(&session, at: Screen.monotonicNanoseconds())
    StandardStreams.write(result.output, to: .output)
    StandardStreams.write(result.errors, to: isInteractive ? .output : .error)
    if let message = session.state.message { say(message.text) }
    if result.output.isEmpty, result.errors.isEmpty { say("done") }
  }

  @discardableResult
  private mutating func tell(_ word: String) -> Bool {
    session.update()
    guard let lines = PlainPanels.lines(word, session.snapshot) else { return false }
    for line in lines { say(line) }
    return true
  }

  private func say(_ line: String) {
    StandardStreams.write(line.escapedForTerminal() + "\n", to: .output)
  }
}
