import Canvas
import Console
import Dashboard
import Scenario
import Terminal

/// The one loop: keys, their effects, time, a picture, and again.
struct DashboardLoop {
  private var session: DashboardSession
  /// Between two pictures while nobody presses a key.
  private let framePeriod: Int64
  /// The message on the screen, and when it goes.
  private var message: (shown: Message?, until: Int64) = (nil, 0)
  private var show: DemoShow?
  private var recording = ScreenRecording()
  private var watch = ThemeWatch()

  init(_ loaded: LoadedSession, name: String, themes: OpenThemes, isCalm: Bool) {
    session = DashboardSession(
      loaded.console, name: name, themes: themes.all, theme: themes.index, files: DashboardFiles())
    framePeriod = isCalm ? 500_000_000 : 100_000_000
    guard let first = loaded.warnings.first else { return }
    session.note("kubarium open", errors: loaded.warnings.joined(separator: "\n"))
    let rest = loaded.warnings.count - 1
    let more = rest > 0 ? " (and \(rest) more: 5 shows them)" : ""
    session.say(Message(.warning, first + more))
  }

  /// Lets a demo have the keys until it ends or the user takes over.
  mutating func play(_ player: DemoPlayer) { show = DemoShow(player) }

  /// Keys taken in one turn; more wait for the next, so that pasting a book stops nothing.
  private static let keyLimit = 256

  /// Runs until the user quits or the terminal goes.
  mutating func run(on ownedScreen: consuming Screen) {
    var screen = ownedScreen
    session.resize(to: ScreenSize(screen.size.columns, screen.size.rows))
    if let notice = screen.notices.first { session.say(Message(.notice, notice)) }
    var clock = SimulationClock(at: Screen.monotonicNanoseconds())
    draw(on: &screen)
    var nextFrame = Screen.monotonicNanoseconds() + framePeriod
    while !session.isEnding {
      let wait = (nextFrame - Screen.monotonicNanoseconds() + 999_999) / 1_000_000
      let keys = screen.nextKeys(waitingUpTo: Int32(min(max(wait, 0), 1_000)))
      for key in keys.prefix(Self.keyLimit) where !session.isEnding {
        if key == .resumed { clock.skip(to: Screen.monotonicNanoseconds()) }
        take(key)
      }
      let now = Screen.monotonicNanoseconds()
      if now >= nextFrame {
        if show?.isPaused == true { clock.skip(to: now) }
        clock.follow(now, &session.console)
        if show?.advance(to: now, &session, &recording) == false { show = nil }
        session.note(isBehind: clock.isBehind)
        if let themes = watch.changed(at: now) { session.use(themes) }
        fadeMessage(at: now)
        nextFrame = max(nextFrame + framePeriod, now)
      }
      if !session.isEnding { draw(on: &screen) }
    }
    recording.finish(&session, at: Screen.monotonicNanoseconds())
  }

  private mutating func take(_ key: Key) {
    if show?.take(key, at: Screen.monotonicNanoseconds(), &session) == true { return }
    if show?.isOver == true { show = nil }
    session.take(.key(key))
    recording.answer(&session, at: Screen.monotonicNanoseconds())
  }

  /// Takes a message away when there was time to read it.
  private mutating func fadeMessage(at now: Int64) {
    if message.shown != session.state.message {
      message = (session.state.message, now + 6_000_000_000)
    } else if session.state.message != nil, now >= message.until {
      session.take(.messageRead)
    }
  }

  private mutating func draw(on screen: inout Screen) {
    let picture = session.picture(screen.symbols)
    if screen.theme != session.theme { screen.theme = session.theme }
    screen.draw(picture)
    recording.add(picture, session.theme, &session, at: Screen.monotonicNanoseconds())
  }
}

/// Reads files for commands at the prompt; standard input is the keyboard's.
struct DashboardFiles: FileReading {
  func files(at path: String, recursively: Bool) throws(UnreadableFile) -> [SourceFile] {
    guard path != "-" else {
      throw UnreadableFile("standard input is the keyboard here; name a file instead of -")
    }
    return try DiskFiles().files(at: path, recursively: recursively)
  }
}
