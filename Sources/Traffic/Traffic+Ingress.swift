import ClusterModel
import DataPlane
import SimulationCore

/// Requests from outside that an Ingress controller passes on.
///
/// They come in through the controller's own Service like any other request, to one of its pods;
/// that pod opens a connection of its own to an endpoint, of those that its node's proxy knows.
/// Simplified: the controller's pods have no queue, and take no time.
extension Traffic {
  func isThroughController(_ edge: EdgeIndex) -> Bool {
    !edges[Int(edge)].isExposed && edges[Int(edge)].ingresses > 0
      && edges[Int(edge)].ingressEntry != none
  }

  mutating func sendThroughController<Network: FlowNetwork>(
    _ request: RequestIndex, network: inout Network
  ) {
    let edge = requests[request].edge
    let entry = edges[Int(edge)].ingressEntry
    guard services[Int(entry)].route.exists, let outer = outerEdge(of: entry),
      let way = wayFromOutside(outer)
    else {
      requests[request].phase = .lost
      return
    }
    let arrival = network.latency(from: nil, to: way.node)
    let decision = network.decide(way.flow, enteringAt: way.node, at: now, random: &choices)
    switch decision.verdict {
    case .dropped, .unreachable: requests[request].phase = .lost
    case .rejected: answer(request, .refused, after: arrival * 2)
    case .delivered:
      let node = decision.endpointNode
      let pod = listener(on: decision.endpoint, decision.endpointPort)
      guard !node.isNone, pod != none, pods[Int(pod)].state == .running else {
        return answer(request, .refused, after: arrival * 2)
      }
      let inner = node == way.node ? Duration.zero : network.latency(from: way.node, to: node)
      passOn(request, from: pod, on: node, after: arrival + inner, network: &network)
    }
  }

  /// The second leg: from the controller's pod to an endpoint.
  private mutating func passOn<Network: FlowNetwork>(
    _ request: RequestIndex, from pod: PodIndex, on node: NodeIndex, after firstLeg: Duration,
    network: inout Network
  ) {
    let edge = requests[request].edge
    let source = pods[Int(pod)].address
    guard let (address, port) = target(of: edge, family: source.family) else {
      return answer(request, .error, after: firstLeg * 2)
    }
    var flow = Flow(
      source: source, sourcePort: sourcePort(of: pod), destination: address, destinationPort: port,
      transport: edges[Int(edge)].transport)
    var decision = network.decide(flow, enteringAt: node, at: now, random: &choices)
    if decision.verdict == .delivered, decision.endpoint != address {
      // The choice is made; the connection goes to the endpoint itself.
      (flow.destination, flow.destinationPort) = (decision.endpoint, decision.endpointPort)
      decision = network.decide(flow, enteringAt: node, at: now, random: &choices)
    }
    switch decision.verdict {
    case .dropped, .unreachable: requests[request].phase = .lost
    case .rejected: answer(request, .error, after: firstLeg * 2)
    case .delivered:
      guard !decision.endpointNode.isNone else {
        return answer(request, .error, after: firstLeg * 2)
      }
      requests[request].endpointAddress = decision.endpoint
      requests[request].endpointPort = decision.endpointPort
      let oneWay = firstLeg + network.latency(from: node, to: decision.endpointNode)
      requests[request].oneWay = oneWay
      attachEndpoint(request)
      schedule(.reach, request, at: now + oneWay)
    }
  }

  private mutating func answer(
    _ request: RequestIndex, _ outcome: Outcome, after delay: Duration
  ) {
    requests[request].phase = .answering
    requests[request].outcome = outcome
    schedule(.answer, request, at: now + delay)
  }

  /// The edge from outside to the controller's own Service.
  private func outerEdge(of entry: ServiceIndex) -> EdgeIndex? {
    services[Int(entry)].edges.first { edges[Int($0)].client == none }
  }
}
