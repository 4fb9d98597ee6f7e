import ClusterModel
import DataPlane
import SimulationCore

@testable import Traffic

/// A network of two tables: virtual addresses with the endpoints behind them, and the nodes of
/// pod addresses.
struct FakeNetwork: FlowNetwork {
  struct Target: Hashable {
    var address: IPAddress
    var port: UInt16
  }

  var endpoints: [Target: [Target]] = [:]
  var nodeOf: [IPAddress: NodeIndex] = [:]
  var oneWay = Duration.microseconds(100)
  /// Given to every flow instead of a decision.
  var verdict: Verdict?
  /// Clients that are kept with an endpoint; nil where the Service asks for no affinity.
  var affinity: [IPAddress: Target]?

  func decide(
    _ flow: Flow, enteringAt node: NodeIndex, at now: Instant, random: inout RandomStream
  ) -> FlowDecision {
    let target = Target(address: flow.destination, port: flow.destinationPort)
    var decision = FlowDecision(
      verdict: .delivered, endpoint: target.address, endpointPort: target.port,
      endpointNode: node, isMasqueraded: false, sourceSeen: flow.source)
    if let candidates = endpoints[target] {
      guard !candidates.isEmpty else {
        decision.verdict = .rejected
        return decision
      }
      let kept = affinity?[flow.source]
      let choice = kept ?? candidates[random.index(below: candidates.count)]
      decision.hasAffinity = affinity != nil
      decision.endpoint = choice.address
      decision.endpointPort = choice.port
      decision.endpointNode = nodeOf[choice.address] ?? node
    } else if nodeOf[target.address] == nil {
      decision.verdict = .unreachable
    }
    if let verdict { decision.verdict = verdict }
    return decision
  }

  mutating func remember(
    _ decision: FlowDecision, of flow: Flow, enteringAt node: NodeIndex, at now: Instant
  ) {
    affinity?[flow.source] = Target(address: decision.endpoint, port: decision.endpointPort)
  }

  func latency(from source: NodeIndex?, to destination: NodeIndex) -> Duration {
    source == destination ? oneWay / 4 : oneWay
  }
}
