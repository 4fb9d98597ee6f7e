import ControlPlane

/// Why one object of a file was not taken.
enum Refusal: Error {
  /// By the API server while `creating` or `replacing`.
  case server(APIError, while: String)
  /// By the API server while it applies a patch, which the message shows.
  case patch(APIError, text: String)
  /// By kubectl itself.
  case local(CommandFailure)

  /// Whether `apply --force` gets past it.
  var canBeForced: Bool {
    guard case .patch(let error, _) = self else { return false }
    return error.reason == .invalid || error.reason == .conflict
  }

  static func unless<Result>(_ body: () throws(CommandFailure) -> Result) throws(Refusal) -> Result
  {
    do { return try body() } catch { throw .local(error) }
  }

  /// Asks the server, and then tells of its answer.
  static func during(
    _ activity: String, _ dryRun: DryRun, _ body: () throws(APIError) -> StoredObject,
    then tell: (StoredObject) throws(CommandFailure) -> Void
  ) throws(Refusal) {
    let answer: StoredObject
    do { answer = try body() } catch { throw .server(error, while: activity) }
    try unless { () throws(CommandFailure) in try tell(answer) }
  }
}

extension [ReadManifest] {
  /// Sends one after the other; a refusal does not keep the next ones from having their turn.
  func sendEach(_ send: (ReadManifest) throws(Refusal) -> Void) throws(CommandFailure) {
    var refusals = Refusals()
    for manifest in self {
      do throws(Refusal) {
        if let problem = manifest.problem { throw .local(problem) }
        try send(manifest)
      } catch {
        refusals.add(error, file: manifest.file)
      }
    }
    if let failure = refusals.failure { throw failure }
  }
}

/// The refusals of a whole file. A lone invalid object is told in the server's words, several with
/// the file that each came from.
struct Refusals {
  private var all: [(refusal: Refusal, file: String)] = []

  mutating func add(_ refusal: Refusal, file: String) { all.append((refusal, file)) }

  var failure: CommandFailure? {
    guard let first = all.first else { return nil }
    if all.count == 1 {
      switch first.refusal {
      case .server(let error, _), .patch(let error, _):
        if error.reason == .invalid { return CommandFailure(error.kubectlText) }
      case .local: break
      }
    }
    let lines = all.map { entry in
      switch entry.refusal {
      case .local(let failure): failure.message
      case .server(let error, let activity):
        "Error from server (\(error.reason.rawValue)): error when \(activity) "
          + "\(entry.file.goQuoted): \(error.message)"
      case .patch(let error, let text):
        "Error from server (\(error.reason.rawValue)): error when \(text) \(entry.file.goQuoted): "
          + "error when patching \(entry.file.goQuoted): \(error.message)"
      }
    }
    let status = all.map(Self.status).max() ?? 1
    return CommandFailure(lines.joined(separator: "\n"), status: status)
  }

  private static func status(of entry: (refusal: Refusal, file: String)) -> Int32 {
    if case .local(let failure) = entry.refusal { return failure.status }
    return 1
  }
}
