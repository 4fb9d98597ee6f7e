import ClusterModel
import ControlPlane
import DataPlane
import Simulation

/// A Local traffic policy, and no endpoint on the node.
struct LocalPolicyCause: FlowCause {
  func find(in flow: FlowCase) -> Finding? {
    guard let service = flow.service, let trace = flow.trace, flow.verdict == "dropped",
      trace.policy == nil, trace.reason.contains("is Local and this node has no local endpoints")
    else { return nil }
    let name = "\(service.metadata.namespace)/\(service.metadata.name)"
    let isInternal = trace.reason.hasPrefix("internal")
    let field = isInternal ? "internalTrafficPolicy" : "externalTrafficPolicy"
    var nodes: [String] = []
    for id in flow.world.store.slices(of: NamespacedName(service.metadata)) {
      for endpoint in flow.world.store.endpointSlices[id]?.endpoints ?? []
      where endpoint.isReadyOrUnset {
        if let node = endpoint.nodeName, !nodes.contains(node) { nodes.append(node) }
      }
    }
    nodes.sort()
    var proposals = [
      [
        "kubectl patch service \(service.metadata.name)\(flow.option(service.metadata.namespace)) "
          + "-p '{\"spec\":{\"\(field)\":\"Cluster\"}}'"
      ]
    ]
    if !isInternal, let port = flow.servicePort?.nodePort, port != 0, let node = nodes.first {
      proposals.append(["trace \(flow.question.from) node/\(node):\(port)"])
    }
    return Finding(
      "\(field) of Service \(name) is Local, and node \(flow.deciding) has none of its endpoints",
      [nodes.isEmpty ? "no node has one" : "nodes with one: \(nodes.joined(separator: ", "))"],
      try: proposals)
  }
}

/// The client is not in the Service's ranges.
struct SourceRangeCause: FlowCause {
  func find(in flow: FlowCase) -> Finding? {
    guard let service = flow.service, let trace = flow.trace, flow.verdict == "dropped",
      trace.reason.contains("loadBalancerSourceRanges"),
      let source = trace.hops.first?.packet.source
    else { return nil }
    let ranges = service.loadBalancerSourceRanges
    let own = "\(source)/\(source.family.width)"
    let list = (ranges + [own]).map { "\"\($0)\"" }.joined(separator: ",")
    return Finding(
      "\(source) is in none of the loadBalancerSourceRanges of Service "
        + "\(service.metadata.namespace)/\(service.metadata.name)",
      ["they are \(ranges.joined(separator: ", "))"],
      try: [
        [
          "kubectl patch service \(service.metadata.name)"
            + "\(flow.option(service.metadata.namespace)) --type merge "
            + "-p '{\"spec\":{\"loadBalancerSourceRanges\":[\(list)]}}'"
        ]
      ])
  }
}

/// The node decides by rules that are out of date.
struct ProxyBehindCause: FlowCause {
  func find(in flow: FlowCase) -> Finding? {
    let world = flow.world
    guard let node = world.dataPlane.nodeIndex(named: flow.deciding) else { return nil }
    let status = world.dataPlane.proxyStatus(of: node, at: world.now)
    guard !status.isInSync else { return nil }
    var settled = world.dataPlane
    settled.settle(at: world.now)
    guard let report = try? flow.question.query(in: world).answer(in: world, through: settled),
      report.verdict == "delivered"
    else { return nil }
    let changes = status.newestRevision - status.programmedRevision
    let lag = SpanText.of(status.lag)
    return Finding(
      "the proxy of node \(flow.deciding) has not programmed the newest \(changes) change"
        + "\(changes == 1 ? "" : "s")" + (status.isRunning ? " yet" : ": it is not running"),
      [
        "the oldest of them has waited for \(lag); with up-to-date rules: \(report.reason)"
      ], try: [["advance 3s"], ["heal node/\(flow.deciding)", "advance 3s"], ["heal all"]])
  }
}

/// A node in the way is off the network.
struct NodeDownCause: FlowCause {
  func find(in flow: FlowCase) -> Finding? {
    guard let trace = flow.trace, flow.verdict == "unreachable" || flow.verdict == "dropped",
      trace.policy == nil, let address = trace.endpoint ?? trace.hops.last?.packet.destination
    else { return nil }
    let pod = flow.world.store.pods.list().first { $0.status.podIPs.contains(address) }
    let node =
      pod.flatMap { flow.world.store.nodes["", $0.nodeName] }
      ?? flow.world.store.nodes.list().first { node in
        node.addresses.contains { $0.address == "\(address)" }
      }
    guard let node, flow.world.dataPlane.nodeIndex(named: node.metadata.name) == nil else {
      return nil
    }
    let name = node.metadata.name
    return Finding(
      "node \(name) is off the network"
        + (pod.map { ", and pod \($0.metadata.name) with it" } ?? ""),
      ["its Ready condition is \(node.isReady ? "still True" : "not True")"],
      try: [["heal node/\(name)"]])
  }
}
