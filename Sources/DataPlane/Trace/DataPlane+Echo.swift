import ClusterModel

/// ICMP echo requests, which no service rule matches by its port.
extension DataPlane {
  /// What the rules of `node` make of an echo request.
  func echoRoute(_ flow: Flow, at node: Int32) -> Route {
    let revision = nodeFacts[Int(node)].programmed
    let key = ServiceAddressKey(anyPortOf: flow.destination)
    guard let entry = wholeAddresses.find(key, at: revision) else {
      guard traits.isInServiceSubnet(flow.destination) else { return Route(cause: .direct) }
      return Route(cause: traits.dropsFreeServiceAddresses ? .freeAddress : .noRule)
    }
    switch configuration.proxyMode {
    case .iptables, .ebpf: return Route(cause: .noRule, port: entry.port, kind: entry.kind)
    // Every node has the address on kube-ipvs0.
    case .ipvs: return Route(cause: .direct, port: entry.port, kind: entry.kind)
    // The chain cluster-ips-check rejects whatever is left.
    case .nftables:
      let isRejected = entry.kind == .clusterIP
      return Route(
        cause: isRejected ? .unusedPort : .noRule, port: entry.port, kind: entry.kind)
    }
  }

  /// A host answers an echo request whatever listens on it.
  func answerEcho(_ decision: inout FlowDecision, _ flow: Flow) {
    if decision.verdict == .rejected, decision.endpoint == flow.destination,
      decision.servicePort < 0
    {
      decision.verdict = .delivered
    }
    let key = ServiceAddressKey(anyPortOf: flow.destination)
    if configuration.proxyMode == .ipvs, wholeAddresses.find(key, at: .max) != nil {
      decision.verdict = .delivered
      decision.isMasqueraded = false
      decision.sourceSeen = flow.source
    }
    decision.endpointPort = 0
  }

  func echoReason(
    _ flow: Flow, _ route: Route, _ decision: FlowDecision, _ reason: String
  ) -> String {
    guard route.port >= 0, let port = servicePort(route.port) else {
      return reason
    }
    let service = "Service \(port.namespace)/\(port.service)"
    switch route.cause {
    case .direct: return "The node has \(service)'s address on kube-ipvs0 and answers itself."
    case .unusedPort:
      return "\(flow.destination) is the cluster IP of \(service): what is not for one of its "
        + "ports is rejected."
    default:
      return "\(flow.destination) belongs to \(service): no rule matches an echo request, and "
        + "no host has the address."
    }
  }
}
