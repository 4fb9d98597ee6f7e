import ClusterModel
import SimulationCore

/// The fate of packets: service rules, choice of an endpoint, delivery.
extension DataPlane {
  /// The fate of a flow that starts on, or from outside first reaches, `node`.
  public func decide(
    _ flow: Flow, enteringAt node: NodeIndex, at now: Instant = .zero, random: inout RandomStream
  ) -> FlowDecision {
    guard nodeFacts.indices.contains(Int(node.value)) else { return Self.nowhere(flow) }
    if let port = plainPort(flow, at: Int(node.value)) {
      return decidePlainly(flow, port, at: Int(node.value), now, random: &random)
    }
    return decideFully(flow, at: node, now, random: &random)
  }

  /// With all there is to ask.
  func decideFully(
    _ flow: Flow, at node: NodeIndex, _ now: Instant, random: inout RandomStream
  ) -> FlowDecision {
    let route = route(flow, at: node.value, now)
    guard route.cause == .service else {
      let decision = finish(flow, route, at: node.value, now)
      guard let relay = relay(flow, route, decision, at: node.value, now) else { return decision }
      return decide(relay, after: decision, now, random: &random)
    }
    let offset = offset(in: route, of: flow, at: node.value, random: &random)
    return finish(flow, route, at: node.value, now, choosing: offset)
  }

  /// Remembers the choice for the client, where the service asks for session affinity.
  public mutating func remember(
    _ decision: FlowDecision, of flow: Flow, enteringAt node: NodeIndex, at now: Instant
  ) {
    guard decision.hasAffinity, decision.servicePort >= 0,
      Int(decision.servicePort) < ports.count
    else { return }
    let address = addresses.find(decision.endpoint)
    guard address >= 0 else { return }
    let seconds = Int64(ports.newest[Int(decision.servicePort)].affinitySeconds)
    let entry = AffinityTable.Entry(
      key: AffinityKey(node: node.value, port: decision.servicePort, source: flow.source),
      address: address, endpointPort: decision.endpointPort, expires: now + .seconds(seconds))
    affinities.set(entry, isOnlyOne: !traits.throwsDice, at: now)
  }

  /// The exact set `decide` chooses from; empty when the packet reaches no endpoint of a service.
  public func candidates(
    of flow: Flow, enteringAt node: NodeIndex, at now: Instant = .zero
  ) -> [Candidate] {
    guard nodeFacts.indices.contains(Int(node.value)) else { return [] }
    if let relay = relay(flow, at: node.value, now) {
      return candidates(of: relay.flow, enteringAt: NodeIndex(relay.node), at: now)
    }
    return candidates(of: route(flow, at: node.value, now), flow)
  }

  func candidates(of route: Route, _ flow: Flow) -> [Candidate] {
    guard route.cause == .service else { return [] }
    let shares = shares(of: route, flow)
    return (0..<route.choice.count).compactMap { offset in
      let share = shares.map { $0.counts[offset] } ?? 1
      guard share > 0 else { return nil }
      let entry = ports.endpoint(route.choice, offset)
      return Candidate(
        address: addresses[entry.address].address, port: entry.port, node: NodeIndex(entry.node),
        numerator: share, denominator: shares?.total ?? route.choice.count)
    }
  }

  /// How often each endpoint is chosen over all ports of the client; nil where all are equal.
  private func shares(of route: Route, _ flow: Flow) -> (counts: [Int], total: Int)? {
    let count = route.choice.count
    guard !traits.throwsDice, count > 1 else { return nil }
    if traits.mode == .ebpf {
      if isInCluster(flow.source) { return nil }
      return (maglev(of: route).shares(count: count), MaglevTable.size)
    }
    switch traits.scheduler.kind {
    case .source, .target:
      // The addresses alone decide.
      var counts = [Int](repeating: 0, count: count)
      counts[scheduled(route, flow, at: 0) ?? 0] = 1
      return (counts, 1)
    case .cyclic, .leastConnection, .shortestDelay, .neverQueue, .flow: return nil
    }
  }

  static func nowhere(_ flow: Flow) -> FlowDecision {
    FlowDecision(
      verdict: .unreachable, endpoint: flow.destination, endpointPort: flow.destinationPort,
      sourceSeen: flow.source)
  }

  /// What becomes of the packet once the rules have said `route` and the choice is made.
  @inline(__always)
  func finish(
    _ flow: Flow, _ route: Route, at node: Int32, _ now: Instant, choosing offset: Int = 0
  ) -> FlowDecision {
    switch route.cause {
    case .service:
      return deliver(
        flow, route, toEndpoint: ports.targets[ports.position(route.choice, offset)], at: node, now)
    case .direct: return deliverDirectly(flow, at: node, now)
    case .noEndpoints, .unusedPort: return refuse(flow, route, .rejected)
    case .noLocalEndpoints, .sourceRange, .freeAddress: return refuse(flow, route, .dropped)
    case .noRule: return refuse(flow, route, .unreachable)
    }
  }

  /// To an endpoint of a service.
  @inline(__always)
  func deliver(
    _ flow: Flow, _ route: Route, toEndpoint endpoint: EndpointTarget, at node: Int32,
    _ now: Instant
  ) -> FlowDecision {
    let target = addresses.targets[Int(endpoint.address)]
    let address = addresses.address(endpoint.address, target)
    return deliver(flow, route, to: target, address, port: endpoint.port, at: node, now)
  }

  private func refuse(_ flow: Flow, _ route: Route, _ verdict: Verdict) -> FlowDecision {
    FlowDecision(
      verdict: verdict, endpoint: flow.destination, endpointPort: flow.destinationPort,
      sourceSeen: flow.source, servicePort: route.port)
  }

  private func deliverDirectly(_ flow: Flow, at node: Int32, _ now: Instant) -> FlowDecision {
    if !hostPorts.isEmpty, let target = hostPortTarget(of: flow, at: node) {
      return deliver(flow, toHostPort: target, at: node, now)
    }
    var record = AddressRecord(address: flow.destination)
    let id = addresses.find(flow.destination)
    if id >= 0 { record = addresses[id] }
    if flow.destination.isLoopback { record.hostNode = node }
    return deliver(
      flow, Route(cause: .direct), to: AddressTarget(record), flow.destination,
      port: flow.destinationPort, at: node, now)
  }

  /// To the pod behind a port of the node.
  private func deliver(
    _ flow: Flow, toHostPort target: (address: IPAddress, port: UInt16, isMasqueraded: Bool),
    at node: Int32, _ now: Instant
  ) -> FlowDecision {
    let pod = AddressTarget(addresses[addresses.find(target.address)])
    var decision = deliver(
      flow, Route(cause: .direct), to: pod, target.address, port: target.port, at: node, now)
    if target.isMasqueraded, decision.verdict != .dropped {
      decision.isMasqueraded = true
      decision.sourceSeen = nodeFacts[Int(node)]
        .source(towards: pod, flow.source.family, at: node)
    }
    return decision
  }

  /// Policies, routing, masquerading and the socket at the end.
  @inline(__always)
  func deliver(
    _ flow: Flow, _ route: Route, to target: AddressTarget, _ address: IPAddress, port: UInt16,
    at node: Int32, _ now: Instant
  ) -> FlowDecision {
    var decision = FlowDecision(
      verdict: .delivered, endpoint: address, endpointPort: port,
      endpointNode: target.owner >= 0 ? NodeIndex(target.owner) : .none, sourceSeen: flow.source,
      servicePort: route.port, hasAffinity: route.isSticky)
    if !isPolicyFree, deniesEgress(flow, to: address, port, at: now) {
      decision.verdict = .dropped
      decision.denial = .egress
      return decision
    }
    if target.owner < 0, isNowhere(flow, route, target, address) {
      decision.verdict = .unreachable
      return decision
    }
    if masquerades(flow, route, to: target, address, at: node) {
      decision.isMasqueraded = true
      decision.sourceSeen = nodeFacts[Int(node)]
        .source(towards: target, flow.source.family, at: node)
    }
    if !isPolicyFree, target.isPod {
      // On the node itself, policies see the packet before it is masqueraded.
      let seen = target.owner == node ? flow.source : decision.sourceSeen
      if deniesIngress(flow, to: address, port, from: seen, at: now) {
        decision.verdict = .dropped
        decision.denial = .ingress
        return decision
      }
    }
    if !listens(target, address, port, flow.transport, isTargeted: route.cause == .service) {
      decision.verdict = .rejected
    }
    return decision
  }

  /// Whether an address that no pod and no node has is not even outside.
  private func isNowhere(
    _ flow: Flow, _ route: Route, _ target: AddressTarget, _ address: IPAddress
  ) -> Bool {
    target.flags.contains(.isAbandoned) || traits.isInPodSubnet(address)
      || route.cause == .direct && !isInCluster(flow.source)
  }

  @inline(__always)
  private func masquerades(
    _ flow: Flow, _ route: Route, to target: AddressTarget, _ address: IPAddress, at node: Int32
  ) -> Bool {
    guard isRewritten(flow, route, to: target, address, at: node) else { return false }
    // A packet for the node itself never comes through POSTROUTING, unless it started there.
    let isToOwnHost = target.isHost && target.owner == node
    return !isToOwnHost || isLocal(flow.source, at: node)
  }

  /// Whether a rule of POSTROUTING would rewrite the source.
  @inline(__always)
  private func isRewritten(
    _ flow: Flow, _ route: Route, to target: AddressTarget, _ address: IPAddress, at node: Int32
  ) -> Bool {
    if route.cause == .service {
      if route.isMarked { return true }
      if route.isMarkedIfRemote { return target.owner != node }
      if route.isRepliedDirectly { return false }
      // Hairpin: a pod that reaches itself must not answer itself directly.
      if !traits.balancesAtSocket, address == flow.source { return true }
    }
    // What starts on the node already carries an address that can be answered.
    return traits.cniMasquerades(
      flow.source, to: address, at: nodeFacts[Int(node)], isToNode: target.isHost)
      && (route.cause == .service && !traits.balancesAtSocket || !isLocal(flow.source, at: node))
  }

  /// Whether something answers on a port; outside, something always does.
  @inline(__always)
  private func listens(
    _ target: AddressTarget, _ address: IPAddress, _ port: UInt16, _ transport: TransportProtocol,
    isTargeted: Bool
  ) -> Bool {
    if target.owner < 0 { return true }
    let code = PortSetTable.code(transport, port)
    if target.isPod, target.portSet >= 0 { return portSets.contains(code, in: target.portSet) }
    // A pod that declares no port listens where some Service expects it to; so does a node.
    if isTargeted { return true }
    let listener = Self.listener(addresses.find(address), code)
    if targetedPorts.contains(listener) { return true }
    return target.isHost
      && (hostListeners[listener] ?? 0 > 0 || Self.isNodeService(port, transport)
        || transport == .tcp && healthCheck(on: NodeIndex(target.owner), port: port) != nil)
  }

  /// The kubelet, kube-proxy's health server, and SSH.
  private static func isNodeService(_ port: UInt16, _ transport: TransportProtocol) -> Bool {
    transport == .tcp && (port == 10250 || port == 10256 || port == 22)
  }
}
