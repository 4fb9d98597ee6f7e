import ClusterModel
import ControlPlane
import Simulation

/// `events`: what happened, the oldest first (kubectl pkg/cmd/events).
struct EventsVerb: Verb {
  let name = "events"
  let summary = "List events"
  let usage = "[--for TYPE/NAME] [--types=Normal,Warning] [-A]"
  let examples = ["kubectl events --for deployment/web"]
  let flags: [Flag] = [
    .allNamespaces, Flag("for", "Only events of this object: TYPE/NAME"),
    Flag("types", .list, "Normal, Warning", offers: .words(["Normal", "Warning"])),
    Flag("no-headers", .toggle, "No line of column names"),
    Flag("watch", short: "w", .toggle, "Watch for changes; while time stands still there are none"),
    .output(["json", "yaml", "name"]),
  ]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let format = try OutputFormat(call)
    let isEverywhere = call.values.flag("all-namespaces")
    var events = console.world.store.events.list(namespace: isEverywhere ? nil : call.namespace)
    let types = call.values.texts("types").flatMap { $0.split(separator: ",").map(String.init) }
    if !types.isEmpty { events.removeAll { !types.contains($0.type.rawValue) } }
    if let text = call.values.text("for") { try keep(text, &events, console.world) }
    events = EventTimes.chronological(events)
    guard !events.isEmpty else {
      return transcript.warn(
        isEverywhere ? "No events found." : "No events found in \(call.namespace) namespace.")
    }
    if format == .table {
      transcript.output += table(events, call, console.world)
    } else {
      transcript.output += try format.text(of: events.map(StoredObject.event), isSingle: false)
    }
  }

  private func keep(_ text: String, _ events: inout [Event], _ world: World) throws(CommandFailure)
  {
    guard let (kind, name) = text.divided(at: "/") else {
      throw CommandFailure("error: --for must be in resource/name form")
    }
    let resource = try ResourceNames.one(kind, in: world)
    events.removeAll { $0.involvedObject.kind != resource.kind || $0.involvedObject.name != name }
  }

  private func table(_ events: [Event], _ call: Call, _ world: World) -> String {
    var context = PrintContext(now: world.timestamp, store: world.store)
    context.withNamespace = call.values.flag("all-namespaces")
    context.noHeaders = call.values.flag("no-headers")
    return printEvents(events, context)
  }
}
