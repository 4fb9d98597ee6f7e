import ClusterModel
import SimulationCore

/// The way of one packet, told hop by hop.
extension DataPlane {
  /// Follows the packet `request` describes. The same question at the same time has the same
  /// answer, the choice of the endpoint included.
  public func trace(_ request: TraceRequest, at now: Instant) -> PacketTrace {
    switch source(of: request) {
    case .failure(let problem): return PacketTrace(problem: problem)
    case .success(let source): return trace(request, from: source, now)
    }
  }

  private func trace(
    _ request: TraceRequest, from source: TracePlace, _ now: Instant
  ) -> PacketTrace {
    var random = traceStream(request, from: source)
    let flow = traceFlow(request, from: source, &random)
    return trace(request, flow, from: source, now, &random)
  }

  private func trace(
    _ request: TraceRequest, _ flow: Flow, from source: TracePlace, _ now: Instant,
    _ random: inout RandomStream
  ) -> PacketTrace {
    let route =
      request.isEcho ? echoRoute(flow, at: source.node) : route(flow, at: source.node, now)
    let place = offset(in: route, of: flow, at: source.node, random: &random)
    var decision = finish(flow, route, at: source.node, now, choosing: place)
    if request.isEcho { answerEcho(&decision, flow) }
    chooseSource(&decision, route, source)
    if !request.isEcho, let relay = relay(flow, route, decision, at: source.node, now) {
      decision.verdict = .delivered
      let first = trace(request, flow, route, decision, place, from: source, now)
      let next = TracePlace(kind: .outside, address: relay.flow.source, node: relay.node)
      var last = trace(request, relay.flow, from: next, now, &random)
      last.join(behind: first, at: nodeName(NodeIndex(relay.node)))
      return last
    }
    return trace(request, flow, route, decision, place, from: source, now)
  }

  /// Tells of a packet about which everything has been decided.
  private func trace(
    _ request: TraceRequest, _ flow: Flow, _ route: Route, _ decision: FlowDecision, _ place: Int,
    from source: TracePlace, _ now: Instant
  ) -> PacketTrace {
    var trace = PacketTrace(verdict: decision.verdict, reason: "")
    trace.candidates = candidates(of: route, flow)
    trace.isMasqueraded = decision.isMasqueraded
    trace.sourceSeen = decision.verdict == .delivered ? decision.sourceSeen : nil
    if route.cause == .service || decision.verdict == .delivered {
      trace.endpoint = decision.endpoint
      trace.endpointPort = decision.endpointPort
    }
    let context = context(flow, route, decision, place: place, trace.candidates, source)
    let policies = policyFinding(flow, decision, at: source.node, now)
    trace.policy = policies.deciding
    trace.reason =
      decision.denial == nil
      ? reason(flow, route, decision, context) + policies.sentence
        + staleness(of: route, at: source.node, now)
      : policyReason(flow, decision, policies, source: source)
    if request.isEcho, decision.denial == nil {
      trace.reason = echoReason(flow, route, decision, trace.reason)
    }
    var path = PathBuilder(self, flow, request, from: source, policies)
    path.build(route, decision, context)
    finish(&trace, path.path, flow, route, decision, source)
    return trace
  }

  /// A socket that a socket hook has pointed at an endpoint takes its address from the route there.
  private func chooseSource(
    _ decision: inout FlowDecision, _ route: Route, _ source: TracePlace
  ) {
    guard traits.balancesAtSocket, source.kind == .host, !source.address.isLoopback,
      route.cause == .service
    else { return }
    let id = addresses.find(decision.endpoint)
    guard id >= 0 else { return }
    decision.sourceSeen = nodeFacts[Int(source.node)]
      .source(towards: addresses.targets[Int(id)], source.address.family, at: source.node)
  }

  /// The hops, and the way back.
  private func finish(
    _ trace: inout PacketTrace, _ path: PathRecorder, _ flow: Flow, _ route: Route,
    _ decision: FlowDecision, _ source: TracePlace
  ) {
    trace.hops = path.hops
    guard let first = path.hops.first?.packet else { return }
    if let stuck = path.stuck {
      trace.verdict = .dropped
      (trace.sourceSeen, trace.endpoint, trace.tooBigFor) = (nil, nil, stuck.mtu)
      let isOwn = source.kind == .pod && path.hops.count == 1
      let name = nodeName(NodeIndex(stuck.node))
      trace.reason =
        "\(path.size ?? 0) bytes do not fit through \(stuck.device) "
        + (isOwn ? "of the pod" : "of node \(name)")
        + " (MTU \(stuck.mtu)) and may not be fragmented"
        + (isOwn ? ": the pod cannot send it." : ": ICMP fragmentation needed goes back.")
      if isOwn { return }
      trace.reply = ReplyBuilder.error(
        self, first, from: source, at: stuck.node, stuck.device,
        "ICMP fragmentation needed, mtu \(stuck.mtu)")
      return
    }
    switch (decision.verdict, route.cause) {
    case (.delivered, _), (.rejected, .service), (.rejected, .direct):
      trace.reply = ReplyBuilder.build(
        self, first, from: source, decision,
        isRewritten: (route.cause == .service || decision.isForHostPort(of: flow))
          && !(traits.balancesAtSocket && source.kind != .outside))
    case (.rejected, _):
      trace.reply = ReplyBuilder.error(
        self, first, from: source, at: source.node, path.hops.last?.device ?? "",
        "ICMP port unreachable")
    case (.dropped, _), (.unreachable, _): break
    }
  }

  private func context(
    _ flow: Flow, _ route: Route, _ decision: FlowDecision, place: Int, _ candidates: [Candidate],
    _ source: TracePlace
  ) -> RuleContext {
    let identity =
      route.port >= 0
      ? ports.identities[Int(route.port)]
      : PortIdentity(
        namespace: "", service: "", portName: "", transport: flow.transport,
        family: flow.destination.family)
    let isService = route.cause == .service
    let family = flow.source.family
    return RuleContext(
      flow: flow, route: route, identity: identity,
      hook: hook(of: source),
      endpoint: isService ? (decision.endpoint, decision.endpointPort, place) : nil,
      candidates: candidates,
      clusterCIDR: family == .ipv4 ? traits.clusterCIDRv4 : traits.clusterCIDRv6,
      masqueradeAll: traits.masqueradeAll,
      isLarge: ports.newestEndpointCount > 1000,
      sourceRange: route.version.sourceRanges >= 0
        ? sourceRanges[Int(route.version.sourceRanges)].first { $0.contains(flow.source) } : nil,
      isHairpin: isService && decision.endpoint == flow.source && !traits.balancesAtSocket,
      isFollowing: route.isFollowing,
      ipvsScheduler: configuration.ipvsScheduler)
  }

  private func hook(of source: TracePlace) -> String {
    if traits.balancesAtSocket { return source.kind == .outside ? "tc ingress" : "connect4" }
    return source.kind == .host ? "OUTPUT" : "PREROUTING"
  }

  /// One sentence that names what decided.
  private func reason(
    _ flow: Flow, _ route: Route, _ decision: FlowDecision, _ context: RuleContext
  ) -> String {
    let service = "Service \(context.name)"
    switch route.cause {
    case .noEndpoints: return "\(service) has no endpoints: connections are refused."
    case .noLocalEndpoints:
      let policy = route.kind == .clusterIP ? "internalTrafficPolicy" : "externalTrafficPolicy"
      return "\(policy) of \(service) is Local and this node has no local endpoints: "
        + "the packet is dropped."
    case .sourceRange:
      return "\(service) admits only its loadBalancerSourceRanges, and \(flow.source) is in none."
    case .unusedPort:
      return "\(flow.destination) is the cluster IP of \(service.withoutPort), which has no port "
        + "\(flow.destinationPort)/\(flow.transport.name): connections are refused."
    case .noRule where route.port >= 0:
      return "\(flow.destination) belongs to \(service.withoutPort), which has no port "
        + "\(flow.destinationPort)/\(flow.transport.name): no rule matches and no route leads there."
    case .noRule: return "No Service has the address \(flow.destination): it leads nowhere."
    case .freeAddress:
      return "No Service has the address \(flow.destination): the service network drops it."
    case .service, .direct: break
    }
    let target = place(of: decision.endpoint)
    let name = target.text(nodeName: nodeName(NodeIndex(target.node)))
    let port = decision.endpointPort
    let via = route.cause == .service ? "\(service) sends it to" : "The packet goes to"
    switch decision.verdict {
    case .delivered:
      let shown = target.kind == .outside ? "" : " (\(name))"
      // An echo request is for no port.
      let end =
        port == 0
        ? "\(decision.endpoint)" : PacketTrace.Packet.text(decision.endpoint, port)
      return "\(via) \(end)\(shown)."
    case .rejected:
      return "Nothing listens on port \(port)/\(flow.transport.name) of \(name)."
    case .dropped, .unreachable: return nowhere(decision)
    }
  }

  private func nowhere(_ decision: FlowDecision) -> String {
    let id = addresses.find(decision.endpoint)
    if traits.isInPodSubnet(decision.endpoint) || id >= 0 && addresses[id].isAbandoned {
      return "No pod or node has the address \(decision.endpoint): it leads nowhere."
    }
    return "\(decision.endpoint) is outside the cluster, and the packet came from there: "
      + "no node forwards it."
  }
}

extension PacketTrace {
  /// Puts the way to the node whose rules have decided before this one.
  fileprivate mutating func join(behind first: PacketTrace, at node: String) {
    isMasqueraded = isMasqueraded || first.isMasqueraded
    policy = policy ?? first.policy
    // There the packet neither ends nor begins.
    let way = first.hops.dropLast()
    let rest = hops.drop { $0.point == "CLIENT" || $0.point == "INGRESS" }
    hops = way + Self.travelled(rest, behind: way.last)
    guard !reply.isEmpty else { return }
    let back = reply.filter { $0.point != "CLIENT" }
    reply = back + Self.travelled(first.reply.drop { $0.node == node }, behind: back.last)
  }

  /// A packet that has been forwarded before begins with fewer hops to live.
  private static func travelled(_ hops: ArraySlice<Hop>, behind last: Hop?) -> [Hop] {
    guard let last, let first = hops.first else { return Array(hops) }
    let spent = first.packet.ttl - last.after.ttl
    return hops.map { hop in
      var hop = hop
      hop.packet.ttl -= spent
      hop.after.ttl -= spent
      return hop
    }
  }
}

extension String {
  /// `Service ns/name` of `Service ns/name:port`.
  fileprivate var withoutPort: String {
    guard let colon = lastIndex(of: ":") else { return self }
    return String(self[..<colon])
  }
}
