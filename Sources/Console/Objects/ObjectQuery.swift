import ClusterModel
import ControlPlane
import Simulation

/// The objects that the words of a command name (cli-runtime pkg/resource/builder.go).
struct ObjectQuery: Sendable {
  struct Item: Sendable {
    var resource: APIResource
    /// Nil for every object of the kind.
    var name: String?
  }

  var items: [Item] = []
  /// Nil for every namespace.
  var namespace: String?
  var selector: LabelSelector?
  var fields: FieldSelector?
  /// Whether names were given, rather than kinds.
  var isByName: Bool { items.contains { $0.name != nil } }
  /// One object named alone: it is printed by itself and not as a list.
  var isSingle: Bool { items.count == 1 && isByName }

  /// Reads `TYPE[,TYPE] [NAME...]` or `TYPE/NAME...` with the flags `-l`, `-A`, `--field-selector`.
  init(_ call: Call, in world: World) throws(CommandFailure) {
    try self.init(call, words: call.arguments, in: world)
  }

  init(_ call: Call, words: [String], in world: World) throws(CommandFailure) {
    namespace = call.values.flag("all-namespaces") ? nil : call.namespace
    if let text = call.values.text("field-selector") { fields = try FieldSelector.parse(text) }
    items = try Self.items(words, in: world)
    if let text = call.values.text("selector") { selector = try selector(text, call) }
    try check()
  }

  /// The server parses selectors, and kubectl says in front what it was looking for.
  private func selector(_ text: String, _ call: Call) throws(CommandFailure) -> LabelSelector {
    do throws(CommandFailure) {
      return try LabelSelectorText.parse(text)
    } catch {
      guard let resource = items.first?.resource else {
        throw CommandFailure("error: \(error.message)")
      }
      let group = resource.group.isEmpty ? "/\(resource.version)" : resource.apiVersion
      let title = "\(group), Resource=\(resource.plural)".goQuoted
      let fields = (call.values.text("field-selector") ?? "").goQuoted
      throw CommandFailure(
        "Error from server (BadRequest): Unable to find \(title) that match label selector "
          + "\(text.goQuoted), field selector \(fields): \(error.message)")
    }
  }

  private static func items(_ words: [String], in world: World) throws(CommandFailure) -> [Item] {
    guard words.contains(where: { $0.contains("/") }) else {
      guard let types = words.first else { return [] }
      let resources = try ResourceNames.list(types, in: world)
      let names = words.dropFirst()
      if names.isEmpty { return resources.map { Item(resource: $0, name: nil) } }
      return resources.flatMap { resource in names.map { Item(resource: resource, name: $0) } }
    }
    var items: [Item] = []
    for word in words {
      let parts = word.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
      guard parts.count > 1 else {
        throw CommandFailure(
          "error: there is no need to specify a resource type as a separate argument when passing "
            + "arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead "
            + "of 'kubectl get resource resource/<resource_name>'")
      }
      guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, !parts[0].contains(",") else {
        throw CommandFailure(
          "error: arguments in resource/name form must have a single resource and name")
      }
      items.append(Item(resource: try ResourceNames.one(parts[0], in: world), name: parts[1]))
    }
    return items
  }

  private func check() throws(CommandFailure) {
    guard isByName else { return }
    if selector != nil {
      throw CommandFailure("error: name cannot be provided when a selector is specified")
    }
    if fields != nil {
      throw CommandFailure("error: field selectors and names can't be used together")
    }
    if namespace == nil {
      throw CommandFailure("error: a resource cannot be retrieved by name across all namespaces")
    }
  }

  /// The objects there are; what is missing goes to the transcript and fails the command.
  func fetch(from world: World, _ transcript: inout Transcript, ignoreNotFound: Bool = false)
    throws(CommandFailure) -> [StoredObject]
  {
    var objects: [StoredObject] = []
    for (kind, warning) in APIWarnings.oldKinds
    where items.contains(where: { $0.resource.groupKind == kind }) {
      transcript.warnOnce("Warning: \(warning)")
    }
    for item in items {
      if let name = item.name {
        if let object = world.store.get(
          item.resource, namespace: scope(item.resource), name: name)
        {
          objects.append(object)
        } else if !ignoreNotFound {
          transcript.fail(Self.notFound(item.resource, name))
        }
      } else {
        objects += try list(item.resource, from: world)
      }
    }
    return objects
  }

  /// The objects of one kind that the selectors let through.
  func list(_ resource: APIResource, from world: World) throws(CommandFailure) -> [StoredObject] {
    try fields?.check(resource)
    return world.store.list(resource, namespace: namespace).filter { object in
      (selector?.matches(object.metadata.labels) ?? true) && (fields?.matches(object) ?? true)
    }
  }

  private func scope(_ resource: APIResource) -> String {
    resource.isNamespaced ? namespace ?? "" : ""
  }

  static func notFound(_ resource: APIResource, _ name: String) -> String {
    "Error from server (NotFound): \(resource.qualifiedPlural) \(name.goQuoted) not found"
  }
}

extension APIResource {
  /// `Deployment.apps`: how Go prints a GroupKind.
  var groupKind: String { group.isEmpty ? kind : "\(kind).\(group)" }
}

extension StoredObject {
  /// `deployment.apps/web`: how the lines of kubectl's verbs begin.
  var title: String { "\(resource.qualifiedSingular)/\(metadata.name)" }
}
