import ClusterModel
import DataPlane
import Manifests
import Simulation

/// `trace`: the way of a packet through the cluster, and why.
struct TraceVerb: Verb {
  let name = "trace"
  let summary = "Trace a packet from one place to another"
  let usage =
    "FROM TO [--protocol tcp|udp|sctp|icmp] [--at NODE] [--size BYTES [--df]] "
    + "[--compare[=modes|cni]] [-o table|json|yaml]"
  let isKubectl = false
  let operands = Operands.places
  let examples = [
    "trace pod/web-0 svc/db:5432", "trace external node/node-1:30080 -o json",
    "trace pod/web-0 db.default.svc.cluster.local:5432", "trace pod/web-0 svc/db --compare",
    "trace pod/web-0 svc/db --compare=cni", "trace pod/web-0 pod/db-0 --protocol icmp --size 1500",
  ]
  let flags: [Flag] = [
    Flag(
      "protocol", "tcp, udp, sctp or icmp", offers: .words(["tcp", "udp", "sctp", "icmp"])),
    Flag("at", "The node that a packet from outside enters", offers: .nodes),
    Flag("source-port", .number, "The sender's port"),
    Flag("size", .number, "The length of the IP packet in bytes; it fits everywhere unless given"),
    Flag("df", .toggle, "The packet must not be fragmented"),
    Flag(
      "compare", .optional("modes"), "Through every proxy mode, or every CNI, side by side",
      offers: .words(["modes", "cni"])),
    .output(["table", "json", "yaml"]),
  ]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    var call = call
    let axis = try axis(&call)
    guard call.arguments.count == 2 else { throw call.wrongUsage("FROM and TO are needed") }
    let query = try TraceQuery(call, in: console.world)
    let (value, text): (Value, String)
    if let axis {
      let comparison = try TraceComparison(axis, query, in: console.world)
      (value, text) = (comparison.value, comparison.text)
    } else {
      let report = try query.answer(in: console.world)
      (value, text) = (report.value, TraceTable(report: report).text)
    }
    switch call.values.text("output") ?? "table" {
    case "json": transcript.output += JSONWriter.text(value)
    case "yaml": transcript.output += YAMLWriter.text(value)
    case "table", "": transcript.output += text
    case let other:
      throw call.wrongUsage("-o is table, json or yaml, not \(other.goQuoted)")
    }
  }

  /// What to compare, if anything; `--compare cni` is two words.
  private func axis(_ call: inout Call) throws(CommandFailure) -> TraceComparison.Axis? {
    guard let text = call.values.text("compare") else { return nil }
    if call.arguments.count == 3,
      let place = call.arguments.firstIndex(where: { TraceComparison.Axis(rawValue: $0) != nil }),
      let axis = TraceComparison.Axis(rawValue: call.values.arguments.remove(at: place))
    {
      return axis
    }
    guard let axis = TraceComparison.Axis(rawValue: text) else {
      throw call.wrongUsage("--compare is modes or cni, not \(text.goQuoted)")
    }
    return axis
  }
}
