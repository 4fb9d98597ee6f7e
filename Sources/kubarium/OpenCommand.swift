import ArgumentParser
import Canvas
import Console
import Dashboard
import Demos
import Glibc
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
  var color: ColorMode?

  @Flag(inversion: .prefixedNo, help: "Draw with ASCII characters only.")
  var ascii: Bool?

  @Flag(
    inversion: .prefixedNo,
    help: "Draw requests as they move; without, the figures change only twice a second.")
  var animation: Bool?

  @Option(help: "The settings, instead of config.yaml in $XDG_CONFIG_HOME/kubarium.")
  var config: String?

  @Flag(help: "Draw nothing: text that only grows, commands as lines, changes told as they happen.")
  var plain = false

  @Argument(help: "YAML or JSON to load; - is standard input.")
  var files: [String] = []

  func run() throws {
    try reportingProblems {
      var themes = try OpenThemes(first: theme)
      let settings = try settings(themes)
      if theme == nil, let theme = settings.theme { try themes.begin(with: theme) }
      let files = try inputs()
      let isLong = files.reduce(0) { $0 + $1.bytes.count } > Self.quickSize
      let session = try shared.session(loading: files) { text in
        if isLong { Self.show(progress: text) }
      }
      if isLong { Self.show(progress: nil) }
      if plain {
        var loop = PlainLoop(session, name: name)
        return loop.run()
      }
      var options = ScreenOptions(
        colorMode: settings.color ?? .auto, usesMouse: settings.usesMouse ?? true,
        isASCII: settings.isASCII ?? false)
      options.readsKeysFromControllingTerminal = self.files.contains("-")
      let screen = try Screen(theme: themes.current, options: options)
      var loop = DashboardLoop(
        session, name: name, themes: themes, settings: settings,
        isFirstRun: self.files.isEmpty && settings.hasTour != false && FirstRun.isNow)
      loop.run(on: screen)
    }
  }

  /// The user's settings, with what the command line says instead.
  private func settings(_ themes: OpenThemes) throws -> Settings {
    var settings = try UserSettings.read(config, themes: themes)
    if let color { settings.color = color }
    if let ascii { settings.isASCII = ascii }
    if let animation { settings.isAnimated = animation }
    return settings
  }

  /// Bytes that are loaded before anybody wonders.
  private static let quickSize = 400_000

  /// Says in one line of the terminal what is being loaded; nil takes the line away.
  private static func show(progress text: String?) {
    guard isatty(2) == 1 else { return }
    StandardStreams.write("\r\u{1B}[K" + (text.map { "kubarium: \($0)" } ?? ""), to: .error)
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
