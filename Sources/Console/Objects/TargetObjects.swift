import ControlPlane
import Simulation

/// The objects that a changing verb is told to work on: by name, by labels, `--all`, or of files.
struct TargetObjects {
  let call: Call
  let verb: String
  let words: [String]

  init(_ call: Call, _ verb: String, words: [String]? = nil) {
    self.call = call
    self.verb = verb
    self.words = words ?? call.arguments
  }

  /// Verbs that do not do with nothing to work on.
  private static let needObjects = ["scale", "patch", "autoscale", "expose"]

  func fetch(
    _ world: World, _ transcript: inout Transcript, ignoreNotFound: Bool = false
  ) throws(CommandFailure) -> [StoredObject] {
    var query = try ObjectQuery(call, words: words, in: world)
    let isOfEvery = call.values.flag("all") || query.selector != nil || query.fields != nil
    let manifests = try ManifestFiles(call).objects(&transcript)
    if query.items.isEmpty, manifests.isEmpty {
      if call.values.isGiven("selector") {
        throw CommandFailure("error: at least one resource must be specified to use a selector")
      }
      throw CommandFailure(
        "error: You must provide one or more resources by argument or filename.\n"
          + "Example resource specifications include:\n"
          + "   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n"
          + "   '<resource>'")
    }
    if !query.items.isEmpty, !query.isByName, !isOfEvery {
      throw CommandFailure("error: resource(s) were provided, but no name was specified")
    }
    if query.isByName, call.values.flag("all") {
      throw CommandFailure("error: name cannot be provided when a selector is specified")
    }
    for manifest in manifests {
      query.items.append(.init(resource: manifest.resource, name: manifest.metadata.name))
      if manifest.resource.isNamespaced { query.namespace = manifest.metadata.namespace }
    }
    let found = try query.fetch(from: world, &transcript, ignoreNotFound: ignoreNotFound)
    if found.isEmpty, !query.isByName, Self.needObjects.contains(verb) {
      throw CommandFailure("error: no objects passed to \(verb)")
    }
    return found
  }
}
