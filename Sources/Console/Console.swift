import Simulation

/// The command language at work on a world.
///
/// The same at the dashboard's prompt, in scripts, lessons and tests. It does no input or output
/// itself: files come in through `FileReading`, and what a command says comes back as text.
public struct Console: Sendable {
  public var world: World
  /// The namespace of commands that name none.
  public var namespace: String
  /// How fast the dashboard lets time pass; nil for as fast as it can.
  public var speed: Double? = 1
  /// Whether the dashboard lets time stand still.
  public var isPaused = false
  /// The world's past; nil where nothing goes back.
  public internal(set) var history: History?

  public init(world: World, namespace: String = "default") {
    self.world = world
    self.namespace = namespace
  }

  /// Runs the commands of `text` one after the other until one fails.
  public mutating func execute(_ text: String, reading files: any FileReading = NoFiles())
    -> CommandResult
  {
    var whole = CommandResult()
    for command in CommandReader.commands(in: text) {
      let result = execute(command, reading: files)
      whole.output += result.output
      whole.errors += result.errors
      whole.advanced = whole.advanced || result.advanced
      whole.requests += result.requests
      whole.status = result.status
      if result.status != 0 { break }
    }
    return whole
  }

  /// Runs one command as `CommandReader` found it.
  public mutating func execute(
    _ command: Result<TypedCommand, SyntaxProblem>, reading files: any FileReading = NoFiles()
  ) -> CommandResult {
    switch command {
    case .success(let line): execute(words: line.words, reading: files)
    case .failure(let problem):
      CommandResult(errors: "error: line \(problem.line): \(problem.message)\n", status: 1)
    }
  }

  /// Runs one command given as its words.
  public mutating func execute(words: [String], reading files: any FileReading = NoFiles())
    -> CommandResult
  {
    var transcript = Transcript()
    var status: Int32 = 0
    let before = world.moment
    do {
      try dispatch(words, files, &transcript)
    } catch {
      if !error.message.isEmpty { transcript.warn(error.message) }
      status = error.status
    }
    if transcript.hasFailed, status == 0 { status = 1 }
    note(words, since: before)
    var result = CommandResult(
      output: transcript.output, errors: transcript.errors, status: status,
      advanced: transcript.hasAdvanced)
    result.requests = transcript.requests
    return result
  }

  private mutating func dispatch(
    _ words: [String], _ files: any FileReading, _ transcript: inout Transcript
  ) throws(CommandFailure) {
    guard let found = try VerbFinder.find(words) else { return }
    let flags = VerbFinder.flags(of: found.verb)
    let values: FlagValues
    do {
      values = try FlagParser.parse(
        found.rest, flags: flags, isInterspersed: !found.verb.passesWordsOn)
    } catch {
      let help = (found.verb.isKubectl ? "kubectl " : "") + found.path.joined(separator: " ")
      throw CommandFailure("error: \(error.message)\nSee '\(help) --help' for usage.")
    }
    if values.flag("help") {
      transcript.output += Help.text(of: found.verb, path: found.path)
      return
    }
    let call = Call(
      path: found.path, values: values,
      namespace: values.text("namespace").flatMap { $0.isEmpty ? nil : $0 } ?? namespace,
      files: files, isKubectl: found.verb.isKubectl)
    try found.verb.run(call, &self, &transcript)
  }
}
