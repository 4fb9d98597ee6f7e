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
  /// Whether the tour is being shown.
  private var hasTour = false
  /// The message on the screen, and when it goes.
  private var message: (shown: Message?, until: Int64) = (nil, 0)
  private var show: DemoShow?
  private var recording = ScreenRecording()
  private var watch = ThemeWatch()

  init(
    _ loaded: LoadedSession, name: String, themes: OpenThemes, settings: Settings = Settings(),
    isFirstRun: Bool = false
  ) {
    session = DashboardSession(
      loaded.console, name: name, themes: themes.all, theme: themes.index, files: DashboardFiles())
    framePeriod = settings.isAnimated == false ? 500_000_000 : 100_000_000
    session.adopt(settings)
    hasTour = isFirstRun
    if isFirstRun { session.beginTour() }
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

  /// Between two pictures of moving requests.
  private static let movePeriod: Int64 = 50_000_000

  /// Runs until the user quits or the terminal goes.
  mutating func run(on ownedScreen: consuming Screen) {
    var screen = ownedScreen
    session.resize(to: ScreenSize(screen.size.columns, screen.size.rows))
    if let notice = screen.notices.first { session.say(Message(.notice, notice)) }
    var clock = SimulationClock(at: Screen.monotonicNanoseconds())
    draw(on: &screen)
    var nextFrame = Screen.monotonicNanoseconds() + framePeriod
    var lastMove = Screen.monotonicNanoseconds()
    while !session.isEnding {
      let next = session.showsMoving ? min(lastMove + Self.movePeriod, nextFrame) : nextFrame
      let wait = (next - Screen.monotonicNanoseconds() + 999_999) / 1_000_000
      let keys = screen.nextKeys(waitingUpTo: Int32(min(max(wait, 0), 1_000)))
      for key in keys.prefix(Self.keyLimit) where !session.isEnding {
        if key == .resumed { clock.skip(to: Screen.monotonicNanoseconds()) }
        take(key)
        while let wish = session.nextWish() { fulfil(wish, &screen, &clock) }
      }
      let now = Screen.monotonicNanoseconds()
      let isDue = now >= nextFrame
      if isDue {
        if show?.isPaused == true { clock.skip(to: now) }
        clock.follow(now, &session.console)
        if show?.advance(to: now, &session, &recording) == false { show = nil }
        session.note(isBehind: clock.isBehind)
        if let themes = watch.changed(at: now) { session.use(themes) }
        fadeMessage(at: now)
        nextFrame = max(nextFrame + framePeriod, now)
      }
      if hasTour, session.state.tour == nil {
        hasTour = false
        FirstRun.remember()
      }
      guard !session.isEnding else { break }
      // With every other step falls a new look at the cluster, so that both are one picture.
      if session.showsMoving, isDue || now >= lastMove + Self.movePeriod {
        session.move(byMilliseconds: Int((now - lastMove) / 1_000_000))
        lastMove = now
      }
      draw(isDue || !keys.isEmpty, on: &screen)
    }
    recording.finish(&session, at: Screen.monotonicNanoseconds())
  }

  /// Does what only the terminal's owner can.
  private mutating func fulfil(
    _ wish: Wish, _ screen: inout Screen, _ clock: inout SimulationClock
  ) {
    switch wish {
    case .useMouse(let isUsed): screen.useMouse(isUsed)
    case .edit(let request):
      switch Editor.edit(request.text, named: request.object.name, on: &screen) {
      case .success(let text): session.edited(request, to: text)
      case .failure(let failure): session.editingFailed(failure.message)
      }
      clock.skip(to: Screen.monotonicNanoseconds())
    }
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

  /// - Parameter isAnew: whether to ask how the cluster is; else only what moves has changed.
  private mutating func draw(_ isAnew: Bool = true, on screen: inout Screen) {
    let picture =
      isAnew ? session.picture(screen.symbols) : session.pictureAsItIs(screen.symbols)
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
