import ArgumentParser
import Canvas
import Console
import Dashboard
import Terminal

/// The user's `config.yaml`.
enum UserSettings {
  /// Where it is looked for; nil without a home.
  static var path: String? { UserFolder.configuration.map { $0 + "/config.yaml" } }

  /// Reads `file`, or the user's own where that is nil; without one nothing is set.
  ///
  /// - Throws: `LoadingFailure` with every mistake in it.
  static func read(_ file: String? = nil, themes: OpenThemes) throws -> Settings {
    guard let path = file ?? path, file != nil || UserFolder.exists(path) else {
      return Settings()
    }
    guard let source = try InputFiles.read([path]).first else { return Settings() }
    let (settings, problems) = Settings.read(
      source.bytes, file: path, themes: themes.all.map(\.name))
    guard let settings else { throw LoadingFailure(problems.map(\.description)) }
    return settings
  }
}

/// `kubarium config`: the user's settings.
struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Print every setting and key, or check the user's own.",
    discussion: """
      What is printed is a config.yaml with everything in it as a comment; it belongs into \
      $XDG_CONFIG_HOME/kubarium/ (~/.config/kubarium/).
      """)

  @Flag(help: "Say what is wrong in config.yaml, with line and column; status 2 if anything is.")
  var check = false

  @Argument(help: "The file to check instead of the user's own.")
  var file: String?

  func run() throws {
    try reportingProblems {
      let themes = try OpenThemes(first: nil)
      guard check || file != nil else {
        let text = Settings.template(themes: themes.all.map(\.name))
        return StandardStreams.write(text, to: .output)
      }
      _ = try UserSettings.read(file, themes: themes)
      let name = file ?? UserSettings.path ?? "config.yaml"
      let isThere = file != nil || UserFolder.exists(name)
      StandardStreams.write(
        "\(name): " + (isThere ? "fine\n" : "there is none, and none is needed\n"), to: .output)
    }
  }
}
