import ClusterModel
import DataPlane
import Simulation

/// A trace as it is printed: as the JSON of the program's contract, or as a table.
struct TraceReport {
  private var verdict: String
  private var reason: String
  private var trace: PacketTrace?
  private var queries: [NameQuery]

  init(trace: PacketTrace, queries: [NameQuery], world: World) {
    verdict = trace.verdict.name
    reason = trace.reason
    self.trace = trace
    self.queries = queries
  }

  init(unresolved name: String, queries: [NameQuery]) {
    verdict = "unresolved"
    reason =
      queries.count == 1
      ? "the name \(name) does not resolve"
      : "the name \(name) does not resolve: none of \(queries.count) queries had an answer"
    self.queries = queries
  }

  // MARK: Data

  var value: Value {
    [
      "verdict": .string(verdict), "reason": .string(reason),
      "endpoint": Self.text(trace?.endpointText),
      "candidates": .array((trace?.candidates ?? []).map(Self.value)),
      "masqueraded": .bool(trace?.isMasqueraded ?? false),
      "sourceSeen": Self.text(trace?.sourceSeen?.description), "policy": Self.text(trace?.policy),
      "dns": .array(queries.map(Self.value)),
      "hops": .array((trace?.hops ?? []).map(Self.value)),
    ]
  }

  private static func text(_ text: String?) -> Value { text.map(Value.string) ?? .null }

  private static func value(_ candidate: Candidate) -> Value {
    [
      "address": .string(PacketTrace.Packet.text(candidate.address, candidate.port)),
      "probability": .double(candidate.probability),
    ]
  }

  private static func value(_ query: NameQuery) -> Value {
    [
      "name": .string(query.name), "type": .string(query.type), "rcode": .string(query.rcode),
      "answers": .array(query.answers.map { .string($0.description) }),
    ]
  }

  private static func value(_ hop: PacketTrace.Hop) -> Value {
    [
      "node": text(hop.node.isEmpty ? nil : hop.node), "device": .string(hop.device),
      "point": .string(hop.point), "rule": text(hop.rule.isEmpty ? nil : hop.rule),
      "packet": [
        "source": .string(hop.packet.sourceText),
        "destination": .string(hop.packet.destinationText),
        "protocol": .string(hop.packet.transport.name), "ttl": .integer(Int64(hop.packet.ttl)),
      ],
      "outer": hop.outer.map(value) ?? .null, "note": .string(hop.note),
    ]
  }

  private static func value(_ outer: PacketTrace.Encapsulation) -> Value {
    [
      "kind": .string(outer.kind), "source": .string(outer.source.description),
      "destination": .string(outer.destination.description),
      "destinationPort": outer.destinationPort.map { .integer(Int64($0)) } ?? .null,
      "identifier": outer.identifier.map { .integer(Int64($0)) } ?? .null,
    ]
  }

  // MARK: Text

  var text: String {
    var text = queries.map { query in
      let answers = query.answers.map(\.description).joined(separator: ", ")
      return
        "dns: \(query.name) \(query.type) \(query.rcode)\(answers.isEmpty ? "" : " \(answers)")\n"
    }.joined()
    if let hops = trace?.hops, !hops.isEmpty {
      let header = ["NODE", "DEVICE", "POINT", "SOURCE", "DESTINATION", "OUTER", "RULE"]
      text += TextColumns().text([header] + hops.map(Self.cells))
    }
    text += "\(verdict): \(reason)\n"
    if let endpoint = trace?.endpointText {
      let seen = trace?.sourceSeen.map { ", which sees \($0) as the source" } ?? ""
      text += "endpoint: \(endpoint)\(seen)\n"
    }
    return text
  }

  private static func cells(_ hop: PacketTrace.Hop) -> [String] {
    let outer = hop.outer.map { "\($0.kind) \($0.source) > \($0.destination)" } ?? ""
    return [
      hop.node.isEmpty ? "-" : hop.node, hop.device, hop.point, hop.packet.sourceText,
      hop.packet.destinationText, outer.isEmpty ? "-" : outer,
      hop.rule.isEmpty ? hop.note : hop.rule,
    ]
  }
}
