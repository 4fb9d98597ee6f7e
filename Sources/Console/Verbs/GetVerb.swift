import ClusterModel
import ControlPlane

/// `get`: objects as tables or as data (kubectl pkg/cmd/get/get.go).
struct GetVerb: Verb {
  let name = "get"
  let summary = "Display one or many resources"
  let usage = "(TYPE[,TYPE] [NAME... | -l label] | TYPE/NAME...) [-o FORMAT] [flags]"
  let operands = Operands.objects
  let examples = [
    "kubectl get pods -o wide", "kubectl get deploy,svc -A", "kubectl get svc/web -o yaml",
    "kubectl get pods -l app=web -o jsonpath='{.items[*].status.podIP}'",
  ]
  let flags: [Flag] = [
    .output(["json", "yaml", "name", "wide", "jsonpath=", "custom-columns=", "go-template="]),
    .allNamespaces, .selector, .fieldSelector, .filename,
    Flag("sort-by", "Sort by this field, as a JSONPath"),
    Flag("show-labels", .toggle, "One more column with the labels"),
    Flag("label-columns", short: "L", .list, "One more column for each of these labels"),
    Flag("show-kind", .toggle, "The kind in front of each name"),
    Flag("no-headers", .toggle, "No line of column names"),
    Flag("ignore-not-found", .toggle, "Say nothing of what does not exist"),
    Flag("watch", short: "w", .toggle, "Show changes, too, while --request-timeout lets time pass"),
    Flag("watch-only", .toggle, "Only changes"),
    Flag("request-timeout", .duration, "How long to watch, such as 30s; 0 by default"),
    Flag("template", "The template of -o jsonpath"),
    Flag("chunk-size", .number, "Objects per request; changes nothing here"),
    Flag("show-managed-fields", .toggle, "Changes nothing here"),
    Flag("recursive", short: "R", .toggle, "Directories of -f with what is below them"),
  ]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let format = try OutputFormat(call)
    var query = try ObjectQuery(call, in: console.world)
    for manifest in try ManifestFiles(call).objects(&transcript) {
      query.items.append(.init(resource: manifest.resource, name: manifest.metadata.name))
    }
    guard !query.items.isEmpty else { throw Self.needsType(call) }
    if query.isByName || !call.values.flag("watch-only") {
      try show(query, format, call, console, &transcript)
    }
    let watches = call.values.flag("watch") || call.values.flag("watch-only")
    if watches, let limit = call.values.duration("request-timeout"), limit > .zero {
      try ObjectWatch(query: query, format: format, call: call).run(
        for: limit, showsHeader: transcript.output.isEmpty, &console, &transcript)
    }
  }

  private func show(
    _ query: ObjectQuery, _ format: OutputFormat, _ call: Call, _ console: Console,
    _ transcript: inout Transcript
  ) throws(CommandFailure) {
    let ignores = call.values.flag("ignore-not-found")
    var problems = Transcript()
    var objects = try query.fetch(from: console.world, &problems, ignoreNotFound: ignores)
    var canSort = true
    if let path = call.values.text("sort-by") { canSort = try ObjectSort.sort(&objects, by: path) }
    switch format {
    case .table, .wide, .customColumns:
      if !canSort { objects = [] }
      transcript.output += try ObjectTables(call, format).text(of: objects, query, console.world)
    case .json, .yaml, .jsonPath, .goTemplate, .name:
      // A list of what was found, even of nothing; an object that is not there prints nothing.
      if !query.isSingle || !objects.isEmpty {
        transcript.output += try format.text(of: objects, isSingle: query.isSingle)
      }
    }
    transcript.errors += problems.errors
    transcript.hasFailed = transcript.hasFailed || problems.hasFailed
    let isTabular = [.table, .wide, .name].contains(format) && !call.values.flag("watch")
    if objects.isEmpty, !problems.hasFailed, !ignores, isTabular {
      transcript.warn(canSort ? Self.nothingFound(query) : "No resources found")
    }
  }

  private static func nothingFound(_ query: ObjectQuery) -> String {
    guard let namespace = query.namespace, query.items.allSatisfy(\.resource.isNamespaced) else {
      return "No resources found"
    }
    return "No resources found in \(namespace) namespace."
  }

  private static func needsType(_ call: Call) -> CommandFailure {
    CommandFailure(
      """
      You must specify the type of resource to \(call.path[0]). Use "kubectl api-resources" for a \
      complete list of supported resources.

      error: Required resource not specified.
      Use "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl \
      explain pods).
      See '\(call.commandName) -h' for help and examples
      """)
  }
}
