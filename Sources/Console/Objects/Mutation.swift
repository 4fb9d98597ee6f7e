import ClusterModel
import ControlPlane
import Simulation

/// How far a command that changes something goes.
enum DryRun: Hashable {
  case none, client, server

  init(_ call: Call) throws(CommandFailure) {
    switch call.values.text("dry-run") {
    case nil, "none": self = .none
    case "client", "unchanged": self = .client
    case "server": self = .server
    case let value?:
      throw CommandFailure(
        "error: Invalid dry-run value (\(value.printable)). Must be \"none\", \"server\", or "
          + "\"client\".")
    }
  }

  var suffix: String {
    switch self {
    case .none: ""
    case .client: " (dry run)"
    case .server: " (server dry run)"
    }
  }
}

/// Changes to the world on behalf of one command, and the lines that tell of them.
struct Mutation {
  let dryRun: DryRun
  private let format: OutputFormat
  private let isNamespaceGiven: Bool

  init(_ call: Call) throws(CommandFailure) {
    dryRun = try DryRun(call)
    format = try OutputFormat(call)
    isNamespaceGiven = call.values.isGiven("namespace")
  }

  /// The flags that every verb with a mutation has.
  static let flags: [Flag] = [.dryRun, .output(["json", "name", "yaml"])]

  /// - Throws: the API server's refusal in kubectl's words.
  @discardableResult
  func perform(_ command: Command, _ console: inout Console) throws(CommandFailure) -> StoredObject?
  {
    do {
      return try console.world.request(command, dryRun: dryRun != .none)
    } catch {
      throw CommandFailure(error.kubectlText)
    }
  }

  /// `service/web created`, or the object itself with `-o`.
  func tell(_ object: StoredObject, _ done: String, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    switch format {
    case .table: transcript.print("\(object.title) \(done)\(dryRun.suffix)")
    case .name: transcript.print(object.title)
    case .wide, .customColumns:
      throw CommandFailure(
        "error: unable to match a printer suitable for the output format, allowed formats are: "
          + OutputFormat.allowed)
    case .json, .yaml, .jsonPath, .goTemplate:
      transcript.output += try format.text(of: [object], isSingle: true)
    }
  }

  /// The same of an object that the server has not seen.
  func tell(_ value: Value, of object: StoredObject, _ done: String, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    switch format {
    case .json, .yaml, .jsonPath, .goTemplate: transcript.output += try format.text(of: value)
    case .table, .name, .wide, .customColumns: try tell(object, done, &transcript)
    }
  }

  /// Creates an object and tells of it.
  ///
  /// - Parameters:
  ///   - unsaid: Fields of its spec that nobody has asked for.
  ///   - failure: What kubectl puts in front of the server's refusal: `failed to create job`.
  func create(
    _ object: StoredObject, _ done: String = "created", leavingOut unsaid: [String] = [],
    failing failure: String = "", _ console: inout Console, _ transcript: inout Transcript
  ) throws(CommandFailure) {
    if dryRun == .client {
      var value = ClientObject(object: object, keepsNamespace: isNamespaceGiven).value
      for name in unsaid {
        guard var spec = value["spec"]?.fields else { continue }
        spec[name] = nil
        value = value.setting("spec", .object(spec))
      }
      return try tell(value, of: object, done, &transcript)
    }
    let answer: StoredObject
    do throws(APIError) {
      answer = try console.world.request(.create(object), dryRun: dryRun != .none) ?? object
    } catch {
      throw CommandFailure(
        failure.isEmpty ? error.kubectlText : "error: \(failure): \(error.message)")
    }
    try tell(answer, done, &transcript)
  }

  /// Puts a changed object in the place of the old one and tells of it.
  func replace(
    _ object: StoredObject, _ done: String, _ console: inout Console,
    _ transcript: inout Transcript
  ) throws(CommandFailure) {
    let answer = try perform(.replace(object), &console) ?? object
    try tell(answer, done, &transcript)
  }

  /// Does `body` for each object; after a failure the next one has its turn.
  ///
  /// A lone failure is told with "error: " in front, several without, as kubectl does.
  func forEach(
    _ objects: [StoredObject], _ console: inout Console, _ transcript: inout Transcript,
    _ body: (StoredObject, inout Console, inout Transcript) throws(CommandFailure) -> Void
  ) {
    var messages: [String] = []
    for object in objects {
      do {
        try body(object, &console, &transcript)
      } catch {
        transcript.hasFailed = true
        if !error.message.isEmpty { messages.append(error.message) }
      }
    }
    let isAlone = messages.count == 1
    for message in messages {
      transcript.warn(isAlone ? message : message.afterPrefix("error: ") ?? message)
    }
  }
}
