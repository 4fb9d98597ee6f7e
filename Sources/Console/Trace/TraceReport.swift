import ClusterModel
import DataPlane
import Simulation

/// A trace as it is printed: as the JSON of the program's contract, or as a table.
struct TraceReport {
  private(set) var verdict: String
  private(set) var reason: String
  let trace: PacketTrace?
  let queries: [NameQuery]

  init(trace: PacketTrace, queries: [NameQuery]) {
    verdict = trace.verdict.name
    reason = trace.reason
    self.trace = trace
    self.queries = queries
  }

  init(unresolved name: String, queries: [NameQuery]) {
    verdict = "unresolved"
    let isSilent = queries.last?.rcode == "TIMEOUT"
    reason =
      isSilent
      ? "the name \(name) does not resolve: the DNS server does not answer"
      : queries.count == 1
        ? "the name \(name) does not resolve"
        : "the name \(name) does not resolve: none of \(queries.count) queries had an answer"
    trace = nil
    self.queries = queries
  }

  var value: Value {
    [
      "verdict": .string(verdict), "reason": .string(reason),
      "endpoint": Self.text(trace?.endpointText),
      "candidates": .array((trace?.candidates ?? []).map(Self.value)),
      "masqueraded": .bool(trace?.isMasqueraded ?? false),
      "sourceSeen": Self.text(trace?.sourceSeen?.description), "policy": Self.text(trace?.policy),
      "dns": .array(queries.map(Self.value)),
      "hops": .array((trace?.hops ?? []).map(Self.value)),
      "reply": .array((trace?.reply ?? []).map(Self.value)),
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
      "point": .string(hop.point), "table": text(hop.table), "chain": text(hop.chain),
      "rule": text(hop.rule.isEmpty ? nil : hop.rule), "packet": value(hop.packet),
      "after": value(hop.after), "outer": hop.outer.map(value) ?? .null,
      "mtu": hop.node.isEmpty ? .null : .integer(Int64(hop.mtu)), "note": .string(hop.note),
    ]
  }

  private static func value(_ packet: PacketTrace.Packet) -> Value {
    [
      "source": .string(packet.sourceText), "destination": .string(packet.destinationText),
      "protocol": .string(packet.protocolName), "ttl": .integer(Int64(packet.ttl)),
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
}
