import ClusterModel
import Console
import ControlPlane
import Manifests
import SimulationCore
import Traffic

/// Something that a session wants of whoever has the terminal.
public enum Wish: Hashable, Sendable {
  case useMouse(Bool)
  /// Let `text` be changed in an editor, and hand it to `edited`.
  case edit(EditRequest)
}

/// An object to be changed in an editor.
public struct EditRequest: Hashable, Sendable {
  public var object: ObjectName
  public var text: String
  /// The beginning of the command that makes the change.
  var command: String
}

extension DashboardSession {
  /// Traces a packet: to be looked at hop by hop, or the reason why there is nothing to see.
  mutating func trace(_ command: String) {
    let result = console.execute(command + " -o json", reading: files)
    guard result.status == 0, let value = ValueReader.value(of: result.output),
      let trace = TraceView(command: command, value)
    else {
      take(.commandFinished(command, output: result.output, errors: result.errors))
      return
    }
    take(.traced(trace))
  }

  private static let logLimit = 1_000

  /// The last requests that have to do with an object; with none, all of them.
  mutating func readRequests(of object: ObjectName?) {
    let world = console.world
    let members = memberAddresses(of: object)
    var rows: [RequestRow] = []
    for request in world.traffic.requestLog(last: Self.logLimit) {
      let isAbout: Bool
      switch object?.kind {
      case "service":
        isAbout = request.service == object?.name && request.namespace == object?.namespace
      case "pod":
        isAbout =
          request.clientPod == object?.name || request.endpoint.map(members.contains) ?? false
      case "node": isAbout = request.endpoint.map(members.contains) ?? false
      default: isAbout = true
      }
      if isAbout { rows.append(RequestRow(request)) }
    }
    let title = object.map { "\($0.kind)/\($0.name)" } ?? "all"
    take(.requestsRead(rows, title: title))
  }

  private func memberAddresses(of object: ObjectName?) -> [IPAddress] {
    let store = console.world.store
    switch object?.kind {
    case "pod":
      return object.flatMap { store.pods[$0.namespace, $0.name]?.status.podIPs } ?? []
    case "node":
      return store.pods(onNode: object?.name ?? "").flatMap { store.pods[$0]?.status.podIPs ?? [] }
    default: return []
    }
  }

  /// Wishes for an editor with the object as it is.
  mutating func askToEdit(_ object: ObjectName, _ command: String) {
    let space = object.namespace.isEmpty ? "" : " -n \(object.namespace)"
    let read = "kubectl get \(object.kind) \(object.name)\(space) -o yaml"
    let result = console.execute(read, reading: files)
    guard result.status == 0 else {
      take(.commandFinished(read, output: "", errors: result.errors))
      return
    }
    wish(.edit(EditRequest(object: object, text: result.output, command: command)))
  }

  /// Takes what came back from the editor: to be looked at before it is done.
  public mutating func edited(_ request: EditRequest, to text: String) {
    let name = "\(request.object.kind)/\(request.object.name)"
    guard text != request.text else {
      say(Message(.notice, "nothing was changed"))
      return
    }
    let lines = DiffLine.compare(request.text, text)
    guard let old = ValueReader.value(of: request.text), let new = ValueReader.value(of: text),
      new.fields != nil
    else {
      let problem = "what was written is no YAML of an object"
      return take(.edited(EditReview(object: name, lines: lines, command: "", problem: problem)))
    }
    guard let patch = MergePatch.between(old, new) else {
      say(Message(.notice, "nothing was changed but the way it is written"))
      return
    }
    let words = JSONWriter.compactText(patch).trimmed
    let quoted = words.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''")
    take(.edited(EditReview(object: name, lines: lines, command: request.command + "'\(quoted)'")))
  }

  /// Says that the editor could not be used.
  public mutating func editingFailed(_ reason: String) { say(Message(.error, reason)) }
}

extension String {
  fileprivate var trimmed: String {
    var text = self[...]
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}

/// What has to be merged into one value to get another (RFC 7386).
enum MergePatch {
  /// Nil when they are equal.
  static func between(_ old: Value, _ new: Value) -> Value? {
    guard old != new else { return nil }
    guard let before = old.fields, let after = new.fields else { return new }
    var patch = Fields()
    for field in after.all {
      if let known = before[field.name] {
        if let change = between(known, field.value) {
          patch[field.name] = change
        }
      } else {
        patch[field.name] = field.value
      }
    }
    for field in before.all where after[field.name] == nil {
      patch[field.name] = .null
    }
    return .object(patch)
  }
}

extension RequestRow {
  init(_ request: FinishedRequest) {
    let endpoint = request.endpoint.map { address in
      address.family == .ipv4
        ? "\(address):\(request.endpointPort)" : "[\(address)]:\(request.endpointPort)"
    }
    self.init(
      at: request.finishedAt, client: "\(request.client)", clientPod: request.clientPod,
      clientNamespace: request.client.namespace,
      service: NamespacedName(namespace: request.namespace, name: request.service),
      port: Int(request.port), endpoint: endpoint ?? "", outcome: Self.text(request.outcome),
      isFailure: request.outcome.isFailure, latency: request.latency)
  }

  private static func text(_ outcome: Outcome) -> String {
    switch outcome {
    case .success: "answered"
    case .error: "answered 5xx"
    case .refused: "connection refused"
    case .timedOut: "timed out"
    case .reset: "connection reset"
    case .unresolved: "no such name"
    case .cancelled: "cancelled"
    }
  }
}
