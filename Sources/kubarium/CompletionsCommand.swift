import ArgumentParser

/// `kubarium completions`: what a shell needs to complete our words.
struct CompletionsCommand: ParsableCommand {
  private static let shells = CompletionShell.allCases.map(\.rawValue).joined(separator: ", ")

  static let configuration = CommandConfiguration(
    commandName: "completions",
    abstract: "Print the script with which a shell completes our words.",
    discussion: "For example: source <(kubarium completions bash)")

  @Argument(help: "The shell: \(shells).")
  var shell: String

  func run() throws {
    guard let known = CompletionShell(rawValue: shell) else {
      throw ValidationError("there is no shell \"\(shell)\" here; there are \(Self.shells)")
    }
    StandardStreams.write(Kubarium.completionScript(for: known) + "\n", to: .output)
  }
}
