import ArgumentParser
import Canvas
import Console
import Dashboard
import Recording
import Scenario
import SimulationCore

/// `kubarium demo record`: a demo as an asciicast, without a terminal.
struct DemoRecordCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record", abstract: "Record a demo as an asciicast, unattended.",
    discussion: "The same demo, seed and size give the same bytes on every machine.")

  @Argument(help: "The demo; 'kubarium demo list' lists them.")
  var name: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file"))
  var output: String

  @Option(help: ArgumentHelp("Where chance comes from.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(help: "The theme to paint with.")
  var theme: String?

  @Option(help: ArgumentHelp("Columns x rows, if not the demo's own.", valueName: "size"))
  var size: String?

  @Flag(help: "Draw with ASCII characters only.")
  var ascii = false

  func run() throws {
    try reportingProblems {
      let demo = try LoadedDemo(named: name, seed: seed)
      var take = DemoTake(demo, themes: try OpenThemes(first: theme), isASCII: ascii, seed: seed)
      if let size { try take.resize(size) }
      let file = try OutputFile(output)
      while let lines = take.nextFrame() { if !lines.isEmpty { try file.write(lines) } }
    }
  }
}

/// The making of a recording: a dashboard, a player and a recorder on a clock of their own.
struct DemoTake {
  private var session: DashboardSession
  private var player: DemoPlayer
  private var recorder: Recorder
  private let symbols: SymbolSet
  private var size: ScreenSize
  private var now: Int64 = 0
  private var isOver = false

  /// Ten pictures a second: enough for figures, and small.
  private static let period: Int64 = 100_000_000
  /// The last picture stays for a moment.
  private static let tail: Int64 = 2_000_000_000
  private var end: Int64?

  init(_ demo: LoadedDemo, themes: OpenThemes, isASCII: Bool, seed: UInt64) {
    session = DashboardSession(
      demo.session.console, name: demo.script.name, themes: themes.all, theme: themes.index)
    player = DemoPlayer(demo.script, seed: seed)
    symbols = isASCII ? .ascii : .unicode
    size = ScreenSize(demo.script.columns, demo.script.rows)
    session.resize(to: size)
    recorder = Recorder(
      theme: session.theme, columns: size.columns, rows: size.rows, title: demo.script.title)
  }

  mutating func resize(_ text: String) throws {
    let parts = text.split(separator: "x").compactMap { Int($0) }
    guard parts.count == 2, (60...400).contains(parts[0]), (16...100).contains(parts[1]) else {
      throw LoadingFailure(["kubarium: --size \(text): write COLUMNSxROWS, 60x16 to 400x100"])
    }
    size = ScreenSize(parts[0], parts[1])
    session.resize(to: size)
    recorder = Recorder(
      theme: session.theme, columns: size.columns, rows: size.rows, title: player.script.title)
  }

  /// The lines of one more picture; nil after the last.
  mutating func nextFrame() -> String? {
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
