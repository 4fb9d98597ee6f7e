/// A word of the command language. Each is one file in `Verbs` and one line in `Verbs.all`.
protocol Verb: Sendable {
  /// The word itself, such as `get`.
  var name: String { get }
  var aliases: [String] { get }
  /// One line for the list of commands.
  var summary: String { get }
  /// What stands behind the name: `(TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE/NAME ...) [flags]`.
  var usage: String { get }
  var examples: [String] { get }
  var flags: [Flag] { get }
  /// The second words, such as `status` of `rollout`; such a verb does nothing itself.
  var subverbs: [any Verb] { get }
  /// Whether kubectl has it; the others are ours.
  var isKubectl: Bool { get }
  /// What its words are, for completion.
  var operands: Operands { get }
  /// Whether the words behind the first one that is no flag are another program's.
  var passesWordsOn: Bool { get }

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
}

extension Verb {
  var aliases: [String] { [] }
  var examples: [String] { [] }
  var flags: [Flag] { [] }
  var subverbs: [any Verb] { [] }
  var isKubectl: Bool { true }
  var operands: Operands { .none }
  var passesWordsOn: Bool { false }

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    throw call.wrongUsage("must specify one of: \(subverbs.map(\.name).joined(separator: ", "))")
  }
}

/// What the words behind a verb are.
enum Operands: Hashable, Sendable {
  case none
  /// A kind and then names of its objects, or KIND/NAME.
  case objects
  /// The names of nodes.
  case nodes
  /// Where a packet comes from and goes to.
  case places
  case words([String])
}

/// What a verb is called with.
struct Call {
  /// The words that led to the verb: `["rollout", "status"]`.
  var path: [String]
  var values: FlagValues
  /// Of `-n`, or the console's own.
  var namespace: String
  var files: any FileReading
  var isKubectl: Bool

  var arguments: [String] { values.arguments }

  /// How messages name the command.
  var commandName: String { (isKubectl ? "kubectl " : "") + path.joined(separator: " ") }

  /// A failure that sends the reader to the help.
  func wrongUsage(_ message: String) -> CommandFailure {
    CommandFailure("error: \(message)\nSee '\(commandName) -h' for help and examples")
  }
}

/// A command that could not do what it was asked for.
struct CommandFailure: Error, Hashable {
  /// The lines for standard error; empty when they were written already.
  var message: String
  var status: Int32

  init(_ message: String, status: Int32 = 1) {
    self.message = message
    self.status = status
  }

  /// Everything that there is to say has been said.
  static let alreadyTold = CommandFailure("")
}

/// What a command says, while it runs.
struct Transcript {
  var output = ""
  var errors = ""
  /// Set by problems that do not end the command.
  var hasFailed = false
  /// Set when simulated time was allowed to pass.
  var hasAdvanced = false
  /// What the program around the console is asked for.
  var requests: [HostRequest] = []

  mutating func print(_ line: String) { output += line + "\n" }
  mutating func warn(_ line: String) { errors += line + "\n" }
  /// Says what kubectl says once a command, however often it hears it.
  mutating func warnOnce(_ line: String) {
    if !errors.contains(line + "\n") { warn(line) }
  }
  /// Says what went wrong and lets the command go on with the rest.
  mutating func fail(_ line: String) {
    warn(line)
    hasFailed = true
  }
}

/// What one line at the prompt led to.
public struct CommandResult: Hashable, Sendable {
  /// What goes to standard output.
  public var output: String
  /// What goes to standard error.
  public var errors: String
  /// 0, or 1 when a command failed.
  public var status: Int32
  /// Whether simulated time was allowed to pass.
  public var advanced: Bool
  /// What whoever holds the console is asked to do.
  public var requests: [HostRequest] = []

  public init(output: String = "", errors: String = "", status: Int32 = 0, advanced: Bool = false) {
    self.output = output
    self.errors = errors
    self.status = status
    self.advanced = advanced
  }
}
