import ClusterModel
import DataPlane
import SimulationCore
import Traffic

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
  var verdict: FlowDecision.Verdict?

  func decide(
    _ flow: Flow, enteringAt node: NodeIndex, random: inout RandomStream
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
      let choice = candidates[random.index(below: candidates.count)]
      decision.endpoint = choice.address
      decision.endpointPort = choice.port
      decision.endpointNode = nodeOf[choice.address] ?? node
    } else if nodeOf[target.address] == nil {
      decision.verdict = .unreachable
    }
    if let verdict { decision.verdict = verdict }
    return decision
  }

  func latency(from source: NodeIndex?, to destination: NodeIndex) -> Duration {
    source == destination ? oneWay / 4 : oneWay
  }
}
