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
    let served = try sorted(wanted(ServedResource.all(in: console.world), call), call)
    if call.values.text("output") == "name" {
      return served.forEach { transcript.print($0.resource.qualifiedPlural) }
    }
    let isWide = call.values.text("output") == "wide"
    let header =
      ["NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND"]
      + (isWide ? ["VERBS", "CATEGORIES"] : [])
    let rows = served.map { row(of: $0, isWide: isWide) }
    transcript.output += TextColumns().text((call.values.flag("no-headers") ? [] : [header]) + rows)
  }

  private func wanted(_ all: [ServedResource], _ call: Call) -> [ServedResource] {
    func list(_ flag: String) -> [String] {
      call.values.texts(flag).flatMap { $0.split(separator: ",").map(String.init) }
    }
    let isNamespaced = call.values.isGiven("namespaced") ? call.values.flag("namespaced") : nil
    let group = call.values.text("api-group")
    return all.filter { served in
      (isNamespaced.map { $0 == served.resource.isNamespaced } ?? true)
        && (group.map { $0 == served.resource.group } ?? true)
        && list("verbs").allSatisfy(served.verbs.contains)
        && list("categories").allSatisfy(served.categories.contains)
    }
  }

  private func sorted(_ served: [ServedResource], _ call: Call) throws(CommandFailure)
    -> [ServedResource]
  {
    let key: (APIResource) -> String
    switch call.values.text("sort-by") {
    case nil, "": key = { $0.group }
    case "name": key = { $0.plural }
    case "kind": key = { $0.kind }
    case let value?:
      throw CommandFailure(
        "error: --sort-by accepts only name or kind, not \(value.goQuoted)")
    }
    return served.sorted { left, right in
      (key(left.resource), left.resource.plural, left.resource.group)
        < (key(right.resource), right.resource.plural, right.resource.group)
    }
  }

  private func row(of served: ServedResource, isWide: Bool) -> [String] {
    let resource = served.resource
    return [
      resource.plural, resource.shortNames.joined(separator: ","), resource.apiVersion,
      "\(resource.isNamespaced)", resource.kind,
    ]
      + (isWide
        ? [served.verbs.joined(separator: ","), served.categories.joined(separator: ",")] : [])
  }
}
