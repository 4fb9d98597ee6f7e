import ArgumentParser
import Themes

/// `kubarium themes`: what the program carries.
struct ThemesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "themes", abstract: "List the themes that the program carries.")

  func run() {
    for theme in BuiltInThemes.all { StandardStreams.write(theme.name + "\n", to: .output) }
  }
}
