import Canvas
import Console
import Dashboard
import Recording
import SimulationCore

/// The making of a recording: a dashboard, a player and a recorder on a clock of their own.
///
/// The same script, console, size and seed give the same lines.
public struct DemoTake {
  private var session: DashboardSession
  private var player: DemoPlayer
  private var recorder: Recorder
  private let symbols: SymbolSet
  private var now: Int64 = 0
  private var isOver = false
  private var end: Int64?

  /// Ten pictures a second: enough for figures, and small.
  private static let period: Int64 = 100_000_000
  /// The last picture stays for a moment.
  private static let tail: Int64 = 2_000_000_000

  /// - Parameters:
  ///   - theme: which of `themes` to begin with.
  ///   - size: of the screen, if not the demo's own.
  public init(
    _ script: DemoScript, on console: Console, themes: [Theme], theme: Int = 0,
    isASCII: Bool = false,
    size: ScreenSize? = nil, seed: UInt64
  ) {
    session = DashboardSession(console, name: script.name, themes: themes, theme: theme)
    player = DemoPlayer(script, seed: seed)
    symbols = isASCII ? .ascii : .unicode
    let size = size ?? ScreenSize(script.columns, script.rows)
    session.resize(to: size)
    recorder = Recorder(
      theme: session.theme, columns: size.columns, rows: size.rows, title: script.title)
  }

  /// The lines of one more picture; nil after the last.
  public mutating func nextFrame() -> String? {
    if isOver { return nil }
    if let end, now > end {
      isOver = true
      return recorder.end(at: now)
    }
    player.advance(to: .nanoseconds(now), &session)
    var lines = ""
    for chapter in player.takeChapters() { lines += recorder.mark(chapter, at: now) }
    lines += recorder.add(session.picture(symbols), theme: session.theme, at: now)
    if player.isFinished || session.isEnding, end == nil { end = now + Self.tail }
    now += Self.period
    pass()
    return lines
  }

  /// Lets simulated time pass with the recording's.
  private mutating func pass() {
    guard !session.console.isPaused else { return }
    let speed = session.console.speed ?? 600
    session.console.world.advance(by: .nanoseconds(Int64(Double(Self.period) * speed)))
  }
}
