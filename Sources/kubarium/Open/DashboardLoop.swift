import Canvas
import Console
import Dashboard
import Terminal

/// The one loop: keys, their effects, time, a picture, and again.
struct DashboardLoop {
  private var console: Console
  private var state = DashboardState()
  private var maker: SnapshotMaker
  private let themes: OpenThemes
  /// Between two pictures while nobody presses a key.
  private let framePeriod: Int64
  private var isEnding = false
  /// The message on the screen, and when it goes.
  private var message: (shown: Message?, until: Int64) = (nil, 0)

  init(_ session: LoadedSession, name: String, themes: OpenThemes, isCalm: Bool) {
    console = session.console
    console.keepHistory()
    maker = SnapshotMaker(name: name)
    self.themes = themes
    framePeriod = isCalm ? 500_000_000 : 100_000_000
    state.themes = themes.all.map(\.name)
    state.theme = themes.index
    guard let first = session.warnings.first else { return }
    let text = session.warnings.joined(separator: "\n")
    state.commands.append("kubarium open", output: "", errors: text)
    let rest = session.warnings.count - 1
    let more = rest > 0 ? " (and \(rest) more: 5 shows them)" : ""
    state.message = Message(.warning, first + more)
  }

  /// Keys taken in one turn; more wait for the next, so that pasting a book stops nothing.
  private static let keyLimit = 256

  /// Runs until the user quits or the terminal goes.
  mutating func run(on ownedScreen: consuming Screen) {
    var screen = ownedScreen
    state.size = ScreenSize(screen.size.columns, screen.size.rows)
    if let notice = screen.notices.first { state.message = Message(.notice, notice) }
    var clock = SimulationClock(at: Screen.monotonicNanoseconds())
    draw(on: &screen)
    var nextFrame = Screen.monotonicNanoseconds() + framePeriod
    while !isEnding {
      let wait = (nextFrame - Screen.monotonicNanoseconds() + 999_999) / 1_000_000
      let keys = screen.nextKeys(waitingUpTo: Int32(min(max(wait, 0), 1_000)))
      for key in keys.prefix(Self.keyLimit) where !isEnding {
        if key == .resumed { clock.skip(to: Screen.monotonicNanoseconds()) }
        take(.key(key), &screen)
      }
      let now = Screen.monotonicNanoseconds()
      if now >= nextFrame {
        clock.follow(now, &console)
        maker.note(isBehind: clock.isBehind)
        fadeMessage(at: now)
        nextFrame = max(nextFrame + framePeriod, now)
      }
      if !isEnding { draw(on: &screen) }
    }
  }

  /// Takes a message away when there was time to read it.
  private mutating func fadeMessage(at now: Int64) {
    if message.shown != state.message {
      message = (state.message, now + 6_000_000_000)
    } else if state.message != nil, now >= message.until {
      _ = reduce(&state, .messageRead, maker.snapshot)
    }
  }

  private mutating func draw(on screen: inout Screen) {
    refresh()
    screen.draw(view(state, maker.snapshot, symbols: screen.symbols))
  }

  /// Brings the snapshot to the present and the state to the snapshot.
  private mutating func refresh() {
    maker.update(console, for: state)
    let (selection, scroll) = (state.selection, state.scroll)
    _ = reduce(&state, .refreshed, maker.snapshot)
    // What has been chosen because there was nothing before needs its details too.
    if state.selection != selection || state.scroll != scroll {
      maker.update(console, for: state)
    }
  }

  /// Reduces an action and does what follows from it.
  private mutating func take(_ action: DashboardAction, _ screen: inout Screen) {
    let before = state
    let effects = reduce(&state, action, maker.snapshot)
    for effect in effects { perform(effect, &screen) }
    // The next key may be about what this one has chosen or changed.
    if !effects.isEmpty || state.selection != before.selection || state.focus != before.focus {
      refresh()
    }
  }

  private mutating func perform(_ effect: DashboardEffect, _ screen: inout Screen) {
    switch effect {
    case .run(let command):
      let result = console.execute(command, reading: DashboardFiles())
      take(
        .commandFinished(command, output: result.output, errors: result.errors), &screen)
    case .read(let command, let title):
      let result = console.execute(command, reading: DashboardFiles())
      take(.textRead(title: title, text: result.output + result.errors), &screen)
    case .complete(let line):
      take(.completionsFound(console.completions(of: line), for: line), &screen)
    case .useTheme(let index):
      if themes.all.indices.contains(index) { screen.theme = themes.all[index] }
    case .quit: isEnding = true
    }
  }
}

/// Reads files for commands at the prompt; standard input is the keyboard's.
private struct DashboardFiles: FileReading {
  func files(at path: String, recursively: Bool) throws(UnreadableFile) -> [SourceFile] {
    guard path != "-" else {
      throw UnreadableFile("standard input is the keyboard here; name a file instead of -")
    }
    return try DiskFiles().files(at: path, recursively: recursively)
  }
}
