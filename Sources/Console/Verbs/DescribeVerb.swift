import ControlPlane

/// `describe`: everything there is to say of an object (kubectl pkg/cmd/describe/describe.go).
struct DescribeVerb: Verb {
  let name = "describe"
  let summary = "Show details of a specific resource or group of resources"
  let usage = "(-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME)"
  let operands = Operands.objects
  let examples = ["kubectl describe service web", "kubectl describe pods -l app=web"]
  let flags: [Flag] = [
    .allNamespaces, .selector, .filename,
    Flag("show-events", .toggle, "Show the events of the object (default true)"),
  ]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    var query = try ObjectQuery(call, in: console.world)
    for manifest in try ManifestFiles(call).objects(&transcript) {
      query.items.append(.init(resource: manifest.resource, name: manifest.metadata.name))
    }
    guard !query.items.isEmpty else {
      throw CommandFailure(
        "You must specify the type of resource to describe. Use \"kubectl api-resources\" for a "
          + "complete list of supported resources.")
    }
    var problems = Transcript()
    var objects = try query.fetch(from: console.world, &problems)
    if objects.isEmpty, query.isSingle, let item = query.items.first, let prefix = item.name {
      objects = withPrefix(prefix, item, query, console)
      if !objects.isEmpty { problems = Transcript() }
    }
    let showsEvents = call.values.flag("show-events", default: true)
    let texts = objects.map { object in
      Rendering.describe(object, console.world, showsEvents: showsEvents)
    }
    transcript.output += texts.joined(separator: "\n\n")
    transcript.errors += problems.errors
    transcript.hasFailed = problems.hasFailed
    if objects.isEmpty, !problems.hasFailed {
      transcript.warn(
        query.namespace.map { "No resources found in \($0) namespace." } ?? "No resources found")
    }
  }

  /// A name that nothing has may begin the names of others.
  private func withPrefix(
    _ prefix: String, _ item: ObjectQuery.Item, _ query: ObjectQuery, _ console: Console
  ) -> [StoredObject] {
    console.world.store.list(item.resource, namespace: query.namespace)
      .filter { $0.metadata.name.hasPrefix(prefix) }
  }
}
