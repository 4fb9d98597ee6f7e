import ArgumentParser
import Canvas
import Console
import Dashboard
import Demos
import Manifests
import Terminal
import Themes

/// `kubarium open`: the dashboard.
struct OpenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open",
    abstract: "Open the dashboard; without files on the built-in demo cluster.")

  @OptionGroup var shared: SharedOptions

  @Option(
    help: "The theme: \(BuiltInThemes.all.map(\.name).joined(separator: ", "))."
  )
  var theme: String?

  @Option(help: "The colours: \(ColorMode.allCases.map(\.rawValue).joined(separator: ", ")).")
  var color = ColorMode.auto

  @Flag(help: "Draw with ASCII characters only.")
  var ascii = false

  @Flag(help: "Draw no moving requests, and the figures only twice a second.")
  var noAnimation = false

  @Flag(help: "Draw nothing: text that only grows, commands as lines, changes told as they happen.")
  var plain = false

  @Argument(help: "YAML or JSON to load; - is standard input.")
  var files: [String] = []

  func run() throws {
    try reportingProblems {
      let themes = try OpenThemes(first: theme)
      let session = try shared.session(loading: try inputs())
      if plain {
        var loop = PlainLoop(session, name: name)
        return loop.run()
      }
      var options = ScreenOptions(colorMode: color, isASCII: ascii)
      options.readsKeysFromControllingTerminal = files.contains("-")
      let screen = try Screen(theme: themes.current, options: options)
      var loop = DashboardLoop(session, name: name, themes: themes, isCalm: noAnimation)
      loop.run(on: screen)
    }
  }

  /// The files of the command line, or the built-in demo.
  private func inputs() throws -> [SourceFile] {
    guard files.isEmpty else { return try InputFiles.read(files) }
    let demo = BuiltInDemos.standard
    return [SourceFile(name: "\(demo.name).yaml", bytes: demo.manifest)]
  }

  /// What the top line calls the cluster: the first file without its folder and ending.
  private var name: String {
    guard let file = files.first else { return BuiltInDemos.standard.name }
    let base = file.split(separator: "/").last.map { String($0) } ?? file
    let stem = base.prefix { $0 != "." }
    return file == "-" ? "stdin" : String(stem.isEmpty ? base[...] : stem)
  }
}

extension ColorMode: ExpressibleByArgument {}
