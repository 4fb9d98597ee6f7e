import ClusterModel
import ControlPlane
import Simulation
import SimulationCore

/// `wait --for`: lets time pass until something is so (kubectl pkg/cmd/wait).
struct WaitVerb: Verb {
  let name = "wait"
  let summary = "Wait for a specific condition on one or many resources"
  let usage =
    "([-f FILENAME] | TYPE/NAME | TYPE [(-l label | --all)]) "
    + "--for=(create | delete | condition=NAME[=VALUE] | jsonpath='{PATH}'[=VALUE])"
  let operands = Operands.objects
  let examples = ["kubectl wait --for=condition=available deployment --all --timeout=120s"]
  let flags: [Flag] = [
    Flag(
      "for", "What to wait for",
      offers: .words(["condition=available", "condition=ready", "create", "delete", "jsonpath="])),
    .timeout, .all, .allNamespaces, .selector, .fieldSelector, .filename,
    .output(["json", "name", "yaml"]),
  ]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let goal = try WaitGoal(call.values.text("for") ?? "")
    let limit = call.values.duration("timeout") ?? .seconds(30)
    let format = try OutputFormat(call)
    let names = try targets(call, goal, limit, &console.world, &transcript)
    var problems: [String] = []
    for (resource, name) in names {
      let deadline = TimeDriver.deadline(console.world, limit)
      let isMet = TimeDriver.run(&console.world, until: deadline, &transcript) { world in
        goal.isMet(world.store.get(resource, namespace: name.namespace, name: name.name))
      }
      if isMet {
        try tell(resource, name, format, console, &transcript)
      } else {
        problems.append(
          "timed out waiting for the condition on \(resource.plural)/\(name.name)")
      }
    }
    if problems.count == 1 { throw CommandFailure("error: \(problems[0])") }
    if !problems.isEmpty { throw CommandFailure(problems.joined(separator: "\n")) }
  }

  private func tell(
    _ resource: APIResource, _ name: NamespacedName, _ format: OutputFormat, _ console: Console,
    _ transcript: inout Transcript
  ) throws(CommandFailure) {
    let object = console.world.store.get(resource, namespace: name.namespace, name: name.name)
    if format != .table, let object {
      transcript.output += try format.text(of: [object], isSingle: true)
    } else {
      transcript.print("\(resource.qualifiedSingular)/\(name.name) condition met")
    }
  }

  private func targets(
    _ call: Call, _ goal: WaitGoal, _ limit: Duration, _ world: inout World,
    _ transcript: inout Transcript
  ) throws(CommandFailure) -> [(APIResource, NamespacedName)] {
    var query = try ObjectQuery(call, in: world)
    for manifest in try ManifestFiles(call).objects(&transcript) {
      query.items.append(.init(resource: manifest.resource, name: manifest.metadata.name))
    }
    let isOfEvery = call.values.flag("all") || query.selector != nil || query.fields != nil
    guard !query.items.isEmpty else {
      throw call.wrongUsage("you must specify the resources to wait for")
    }
    if !query.isByName, !isOfEvery {
      throw CommandFailure("error: resource(s) were provided, but no name was specified")
    }
    if case .creation = goal, query.isByName {
      // What is to be created is not there yet: the names alone count.
      return query.items.compactMap { item in
        item.name.map { name in
          let namespace = item.resource.isNamespaced ? query.namespace ?? "" : ""
          return (item.resource, NamespacedName(namespace: namespace, name: name))
        }
      }
    }
    let isDeletion = goal == .deletion
    let found = try query.fetch(from: world, &transcript, ignoreNotFound: isDeletion)
    if found.isEmpty, !isDeletion, !transcript.hasFailed {
      throw CommandFailure("error: no matching resources found")
    }
    return found.map { ($0.resource, $0.name) }
  }
}

/// What `wait` waits for.
enum WaitGoal: Hashable {
  case creation
  case deletion
  case condition(String, status: String)
  /// A nil value waits for the path to have any.
  case path(String, value: String?)

  init(_ text: String) throws(CommandFailure) {
    let lower = text.lowercased()
    if lower == "create" {
      self = .creation
    } else if lower == "delete" {
      self = .deletion
    } else if let rest = text.afterPrefix("condition=") {
      let (name, status) = rest.divided(at: "=") ?? (rest, "true")
      self = .condition(name, status: status)
    } else if let rest = text.afterPrefix("jsonpath=") {
      self = try Self.path(rest)
    } else {
      throw CommandFailure("error: unrecognized condition: \(text.goQuoted)")
    }
  }

  /// `{.status.phase}=Running`: the `=` after the closing brace.
  private static func path(_ text: String) throws(CommandFailure) -> WaitGoal {
    guard let close = text.lastIndex(of: "}") else {
      guard let (path, value) = text.divided(at: "=") else { return .path("{\(text)}", value: nil) }
      return .path("{\(path)}", value: value)
    }
    let path = String(text[...close])
    let rest = text[text.index(after: close)...]
    if rest.isEmpty { return .path(path, value: nil) }
    guard rest.first == "=", rest.count > 1 else {
      throw CommandFailure(
        "error: jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or "
          + "--for=jsonpath='{.status.readyReplicas}'")
    }
    return .path(path, value: String(rest.dropFirst()))
  }

  func isMet(_ object: StoredObject?) -> Bool {
    guard let object else { return self == .deletion }
    switch self {
    case .creation: return true
    case .deletion: return false
    case .condition(let name, let status):
      guard let condition = object.conditions.first(where: { $0.type.isEqualFolded(name) }) else {
        return false
      }
      if let observed = condition.observedGeneration ?? object.observedGeneration,
        observed < object.metadata.generation
      {
        return false
      }
      return condition.status.rawValue.isEqualFolded(status)
    case .path(let path, let wanted):
      let values = (try? Rendering.values(at: path, in: ObjectCoding.value(of: object))) ?? []
      guard let wanted else { return values.contains { $0 != .null } }
      return values.contains { Rendering.plainText($0) == wanted }
    }
  }
}

extension String {
  fileprivate func isEqualFolded(_ other: String) -> Bool { lowercased() == other.lowercased() }
}

extension StoredObject {
  fileprivate var conditions: [Condition] {
    switch self {
    case .node(let object): object.conditions
    case .pod(let object): object.status.conditions
    case .replicaSet(let object): object.status.conditions
    case .deployment(let object): object.status.conditions
    case .kept(let object): Self.conditions(in: object.body)
    case .namespace, .service, .endpointSlice, .event: []
    }
  }

  private static func conditions(in body: Fields) -> [Condition] {
    (body["status"]?["conditions"]?.array ?? []).compactMap { value in
      guard let type = value["type"]?.string,
        let status = value["status"]?.string.flatMap({ Condition.Status(rawValue: $0) })
      else { return nil }
      return Condition(
        type: type, status: status, observedGeneration: value["observedGeneration"]?.integer)
    }
  }

  fileprivate var observedGeneration: Int64? {
    switch self {
    case .replicaSet(let object): object.status.observedGeneration
    case .deployment(let object): object.status.observedGeneration
    case .kept(let object): object.body["status"]?["observedGeneration"]?.integer
    case .namespace, .node, .pod, .service, .endpointSlice, .event: nil
    }
  }
}
