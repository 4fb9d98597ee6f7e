import ArgumentParser
import Console
import Manifests

/// `kubarium open`: the dashboard.
struct OpenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open",
    abstract: "Open the dashboard; without files on the built-in demo cluster.")

  @OptionGroup var shared: SharedOptions

  @Argument(help: "YAML or JSON to load; - is standard input.")
  var files: [String] = []

  func run() throws {
    StandardStreams.write(
      "kubarium: the dashboard is not part of this build; use `kubarium exec`\n", to: .error)
    throw ExitStatus.badInput
  }
}
