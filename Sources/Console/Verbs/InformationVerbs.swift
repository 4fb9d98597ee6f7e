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
    if call.values.text("output") == "name" {
      return resources.forEach { transcript.print($0.qualifiedPlural) }
    }
    let header = ["NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND"]
    let rows = resources.map { resource in
      [
        resource.plural, resource.shortNames.joined(separator: ","), resource.apiVersion,
        "\(resource.isNamespaced)", resource.kind,
      ]
    }
    transcript.output += TextColumns().text((call.values.flag("no-headers") ? [] : [header]) + rows)
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
