import ArgumentParser
import Canvas
import Console
import Scenario
import Terminal

/// `kubarium demo play`: a demo at human speed, in the terminal.
struct DemoPlayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "play", abstract: "Play a demo in the terminal.",
    discussion: """
      While it plays, space pauses and goes on, n goes to the next step, and esc ends the demo and \
      leaves you with the dashboard as it is.
      """)

  @Argument(help: "The demo; 'kubarium demo list' lists them.")
  var name: String

  @Option(help: ArgumentHelp("Where chance comes from.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(help: "The theme to begin with.")
  var theme: String?

  @Option(help: "The colours: \(ColorMode.allCases.map(\.rawValue).joined(separator: ", ")).")
  var color = ColorMode.auto

  @Flag(help: "Draw with ASCII characters only.")
  var ascii = false

  func run() throws {
    try reportingProblems {
      let demo = try LoadedDemo(named: name, seed: seed)
      let themes = try OpenThemes(first: theme)
      let screen = try Screen(
        theme: themes.current, options: ScreenOptions(colorMode: color, isASCII: ascii))
      var loop = DashboardLoop(demo.session, name: demo.script.name, themes: themes)
      loop.play(DemoPlayer(demo.script, seed: seed))
      loop.run(on: screen)
    }
  }
}
