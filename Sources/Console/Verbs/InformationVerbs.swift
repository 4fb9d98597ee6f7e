import ClusterModel
import Simulation

/// `api-resources` (kubectl pkg/cmd/apiresources).
struct APIResourcesVerb: Verb {
  let name = "api-resources"
  let summary = "Print the supported API resources on the server"
  let usage = "[flags]"
  let flags: [Flag] = [
    .output(["wide", "name"]), Flag("namespaced", .toggle, "Only those in, or outside, namespaces"),
    Flag("api-group", "Only this group"), Flag("no-headers", .toggle, "No line of column names"),
    Flag("verbs", .list, "Only those with all of these verbs"),
    Flag("categories", .list, "Only those of these categories, such as all"),
    Flag("sort-by", "name or kind", offers: .words(["name", "kind"])),
    Flag("cached", .toggle, "Changes nothing here"),
  ]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    var resources = APIResource.wellKnown
    for kept in console.world.store.keptResources
    where !resources.contains(where: { $0.qualifiedPlural == kept.qualifiedPlural }) {
      resources.append(kept)
    }
    if call.values.isGiven("namespaced") {
      let wanted = call.values.flag("namespaced")
      resources.removeAll { $0.isNamespaced != wanted }
    }
    if let group = call.values.text("api-group") { resources.removeAll { $0.group != group } }
    func list(_ flag: String) -> [String] {
      call.values.texts(flag).flatMap { $0.split(separator: ",").map(String.init) }
    }
    if !list("verbs").allSatisfy(Self.verbs.contains) { resources.removeAll() }
    for category in list("categories") {
      resources.removeAll { !Self.categories(of: $0).contains(category) }
    }
    switch call.values.text("sort-by") {
    case nil, "": break
    case "name": resources.sort { ($0.plural, $0.group) < ($1.plural, $1.group) }
    case "kind": resources.sort { ($0.kind, $0.group) < ($1.kind, $1.group) }
    case let value?:
      throw CommandFailure(
        "error: --sort-by accepts only name or kind, not \(value.goQuoted)")
    }
    if call.values.text("output") == "name" {
      return resources.forEach { transcript.print($0.qualifiedPlural) }
    }
    let isWide = call.values.text("output") == "wide"
    let header =
      ["NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND"]
      + (isWide ? ["VERBS", "CATEGORIES"] : [])
    let rows = resources.map { resource in
      [
        resource.plural, resource.shortNames.joined(separator: ","), resource.apiVersion,
        "\(resource.isNamespaced)", resource.kind,
      ]
        + (isWide
          ? [
            Self.verbs.joined(separator: ","),
            Self.categories(of: resource).joined(separator: ","),
          ] : [])
    }
    transcript.output += TextColumns().text((call.values.flag("no-headers") ? [] : [header]) + rows)
  }

  private static let verbs = [
    "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch",
  ]

  private static func categories(of resource: APIResource) -> [String] {
    ResourceNames.all.contains(resource.plural) ? ["all"] : []
  }
}

/// `version`: of the Kubernetes that is simulated.
struct VersionVerb: Verb {
  let name = "version"
  let summary = "Print the client and server version information"
  let usage = "[flags]"
  let flags: [Flag] = [Flag("client", .toggle, "Only the client's version")]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let version = Node.Info().kubeletVersion
    transcript.print("Client Version: \(version)")
    transcript.print("Kustomize Version: v5.7.1")
    if !call.values.flag("client") { transcript.print("Server Version: \(version)") }
  }
}

/// `help`: the commands there are, or one of them.
struct HelpVerb: Verb {
  let name = "help"
  let summary = "Show the commands, or the flags of one"
  let usage = "[COMMAND...]"
  let isKubectl = false

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    guard !call.arguments.isEmpty else {
      transcript.output += Help.overview()
      return
    }
    if let found = try VerbFinder.find(call.arguments) {
      transcript.output += Help.text(of: found.verb, path: found.path)
    }
  }
}
