import ClusterModel
import DataPlane
import Manifests
import Simulation

/// `trace`: the way of a packet through the cluster, and why.
struct TraceVerb: Verb {
  let name = "trace"
  let summary = "Trace a packet from one place to another"
  let usage = "FROM TO [--protocol tcp|udp|sctp] [--at NODE] [-o table|json]"
  let isKubectl = false
  let operands = Operands.places
  let examples = [
    "trace pod/web-0 svc/db:5432", "trace external node/node-1:30080 -o json",
    "trace pod/web-0 db.default.svc.cluster.local:5432",
  ]
  let flags: [Flag] = [
    Flag("protocol", "tcp, udp or sctp", offers: .words(["tcp", "udp", "sctp"])),
    Flag("at", "The node that a packet from outside enters", offers: .nodes),
    Flag("source-port", .number, "The sender's port"),
    .output(["table", "json"]),
  ]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    guard call.arguments.count == 2 else { throw call.wrongUsage("FROM and TO are needed") }
    let report = try TraceQuery(call, in: console.world).answer(in: console.world)
    switch call.values.text("output") ?? "table" {
    case "json": transcript.output += JSONWriter.text(report.value)
    case "yaml": transcript.output += YAMLWriter.text(report.value)
    case "table", "": transcript.output += report.text
    case let other:
      throw call.wrongUsage("-o is table or json, not \(other.goQuoted)")
    }
  }
}
