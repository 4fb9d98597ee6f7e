import ArgumentParser

/// The program: joins the console, the files and the terminal.
@main
struct Kubarium: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kubarium",
    abstract: "A Kubernetes network behind glass: a simulated cluster in the terminal.",
    version: ProgramVersion.text,
    subcommands: [
      OpenCommand.self, ExecCommand.self, DemoCommand.self, ThemesCommand.self, ConfigCommand.self,
      CompletionsCommand.self,
    ],
    defaultSubcommand: OpenCommand.self)

  static func main() {
    ProcessSetup.prepare()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let status as ExitStatus {
      ProcessSetup.exit(status.code)
    } catch {
      finish(error)
    }
  }

  /// Help goes to standard output and is no failure; bad usage ends with status 2.
  private static func finish(_ error: any Error) {
    let message = fullMessage(for: error)
    if exitCode(for: error).isSuccess {
      StandardStreams.write(message + "\n", to: .output)
      ProcessSetup.exit(0)
    }
    StandardStreams.write(message + "\n", to: .error)
    ProcessSetup.exit(2)
  }
}

/// Ends the program with a status after everything has been said.
struct ExitStatus: Error {
  var code: Int32

  static let commandFailed = ExitStatus(code: 1)
  static let badInput = ExitStatus(code: 2)
}

enum ProgramVersion {
  static let text = "0.1.0"
}
