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
      let themes = try OpenThemes(first: theme)
      var take = DemoTake(
        demo.script, on: demo.session.console, themes: themes.all, theme: themes.index,
        isASCII: ascii, size: try size.map(Self.screenSize), seed: seed)
      let file = try OutputFile(output)
      while let lines = take.nextFrame() { if !lines.isEmpty { try file.write(lines) } }
    }
  }

  private static func screenSize(_ text: String) throws -> ScreenSize {
    let parts = text.split(separator: "x").compactMap { Int($0) }
    guard parts.count == 2, (60...400).contains(parts[0]), (16...100).contains(parts[1]) else {
      throw LoadingFailure(["kubarium: --size \(text): write COLUMNSxROWS, 60x16 to 400x100"])
    }
    return ScreenSize(parts[0], parts[1])
  }
}
