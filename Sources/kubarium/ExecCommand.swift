import ArgumentParser
import Console
import Manifests

/// `kubarium exec`: runs commands without a screen and prints what they print.
struct ExecCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exec",
    abstract: "Load files, run commands in order, print what each prints.",
    discussion: """
      Time stands still while commands run; only advance, step, goto, wait and rollout status \
      move it. The same call prints the same bytes.

      Exit status: 0; 1 when a command failed; 2 for bad usage or unreadable input.
      """)

  @OptionGroup var shared: SharedOptions

  @Option(
    name: [.customShort("f", allowingJoined: true), .customLong("filename")],
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("YAML or JSON to load; - is standard input.", valueName: "file"))
  var files: [String] = []

  @Option(
    name: [.customShort("c", allowingJoined: true), .customLong("command")],
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("A command to run.", valueName: "command"))
  var commands: [String] = []

  @Flag(help: "Run the rest although a command failed.")
  var keepGoing = false

  @Argument(help: "A file of commands, run after those of -c; - is standard input.")
  var script: String?

  func validate() throws {
    let inputs = files + shared.cluster + (script.map { [$0] } ?? [])
    if inputs.filter({ $0 == "-" }).count > 1 {
      throw ValidationError("standard input can be read only once: give - once")
    }
  }

  func run() throws {
    try reportingProblems {
      var texts = commands
      if let script { texts.append(try text(ofScript: script)) }
      let session = try shared.session(loading: try InputFiles.read(files))
      for warning in session.warnings { StandardStreams.write(warning + "\n", to: .error) }
      try run(texts, session.console)
    }
  }

  private func text(ofScript path: String) throws -> String {
    let bytes = try InputFiles.read([path]).flatMap(\.bytes)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw LoadingFailure(["\(path):1:1: this is no UTF-8 text; save the script as UTF-8"])
    }
    return text
  }

  /// Each command's output is written before the next one runs.
  private func run(_ texts: [String], _ console: Console) throws {
    var console = console
    var host = try ExecHost()
    if Console.needsHistory(texts) { console.keepHistory() }
    var status: Int32 = 0
    for text in texts {
      for command in CommandReader.commands(in: text) {
        let result = console.execute(command, reading: DiskFiles())
        for part in [result] + result.requests.map({ host.answer($0, &console) }) {
          StandardStreams.write(part.output, to: .output)
          StandardStreams.write(part.errors, to: .error)
          status = max(status, part.status)
          if part.status != 0, !keepGoing { throw ExitStatus(code: part.status) }
        }
      }
    }
    if status != 0 { throw ExitStatus(code: status) }
  }
}
