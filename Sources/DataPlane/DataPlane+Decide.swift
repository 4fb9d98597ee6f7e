import ClusterModel
import SimulationCore

/// The fate of packets: service rules, choice of an endpoint, delivery.
extension DataPlane {
  /// The fate of a flow that starts on, or from outside first reaches, `node`.
  public func decide(
    _ flow: Flow, enteringAt node: NodeIndex, at now: Instant = .zero, random: inout RandomStream
  ) -> FlowDecision {
    guard nodeFacts.indices.contains(Int(node.value)) else { return Self.nowhere(flow) }
    let route = route(flow, at: node.value, now)
    guard route.cause == .service else { return finish(flow, route, at: node.value) }
    let offset = route.choice.count > 1 ? random.index(below: route.choice.count) : 0
    return finish(flow, route, at: node.value, choosing: offset)
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
    affinities.set(entry, at: now)
  }

  /// The exact set `decide` chooses from; empty when the packet reaches no endpoint of a service.
  public func candidates(
    of flow: Flow, enteringAt node: NodeIndex, at now: Instant = .zero
  ) -> [Candidate] {
    guard nodeFacts.indices.contains(Int(node.value)) else { return [] }
    return candidates(of: route(flow, at: node.value, now))
  }

  func candidates(of route: Route) -> [Candidate] {
    guard route.cause == .service else { return [] }
    return (0..<route.choice.count).map { offset in
      let entry = ports.endpoint(route.choice, offset)
      return Candidate(
        address: addresses[entry.address].address, port: entry.port, node: NodeIndex(entry.node),
        numerator: 1, denominator: route.choice.count)
    }
  }

  static func nowhere(_ flow: Flow) -> FlowDecision {
    FlowDecision(
      verdict: .unreachable, endpoint: flow.destination, endpointPort: flow.destinationPort,
      sourceSeen: flow.source)
  }

  /// What becomes of the packet once the rules have said `route` and the choice is made.
  func finish(
    _ flow: Flow, _ route: Route, at node: Int32, choosing offset: Int = 0
  ) -> FlowDecision {
    switch route.cause {
    case .service:
      let entry = ports.endpoint(route.choice, offset)
      return deliver(flow, route, to: addresses[entry.address], port: entry.port, at: node)
    case .direct: return deliverDirectly(flow, at: node)
    case .noEndpoints, .unusedPort: return refuse(flow, route, .rejected)
    case .noLocalEndpoints, .sourceRange, .freeAddress: return refuse(flow, route, .dropped)
    case .noRule: return refuse(flow, route, .unreachable)
    }
  }

  private func refuse(_ flow: Flow, _ route: Route, _ verdict: Verdict) -> FlowDecision {
    FlowDecision(
      verdict: verdict, endpoint: flow.destination, endpointPort: flow.destinationPort,
      sourceSeen: flow.source, servicePort: route.port)
  }

  private func deliverDirectly(_ flow: Flow, at node: Int32) -> FlowDecision {
    let route = Route(cause: .direct)
    if flow.destination.isLoopback {
      var own = AddressRecord(address: flow.destination)
      own.hostNode = node
      return deliver(flow, route, to: own, port: flow.destinationPort, at: node)
    }
    let id = addresses.find(flow.destination)
    let record = id >= 0 ? addresses[id] : AddressRecord(address: flow.destination)
    return deliver(flow, route, to: record, port: flow.destinationPort, at: node)
  }

  /// Routing, masquerading and the socket at the end.
  private func deliver(
    _ flow: Flow, _ route: Route, to record: AddressRecord, port: UInt16, at node: Int32
  ) -> FlowDecision {
    let owner = record.owner
    var decision = FlowDecision(
      verdict: .delivered, endpoint: record.address, endpointPort: port,
      endpointNode: owner >= 0 ? NodeIndex(owner) : .none, sourceSeen: flow.source,
      servicePort: route.port,
      hasAffinity: route.isSticky)
    if owner < 0,
      record.isAbandoned || traits.isInPodSubnet(record.address)
        || route.cause == .direct && !isInCluster(flow.source)
    {
      decision.verdict = .unreachable
      return decision
    }
    if masquerades(flow, route, to: record, at: node) {
      decision.isMasqueraded = true
      decision.sourceSeen = nodeFacts[Int(node)].primary(flow.source.family)
    }
    let isService = route.cause == .service
    if record.podNode >= 0 {
      if !podListens(record, port, flow.transport, isTargeted: isService) {
        decision.verdict = .rejected
      }
    } else if owner >= 0, !isService, !hostListens(record, port, flow.transport) {
      decision.verdict = .rejected
    }
    return decision
  }

  private func masquerades(
    _ flow: Flow, _ route: Route, to record: AddressRecord, at node: Int32
  ) -> Bool {
    let isToHost = record.podNode < 0 && record.hostNode >= 0
    let startsHere = isLocal(flow.source, at: node)
    // A packet for the node itself never comes through POSTROUTING, unless it started there.
    if isToHost, record.hostNode == node, !startsHere { return false }
    if route.cause == .service {
      if route.isMarked { return true }
      if route.isMarkedIfRemote {
        return record.owner != node
      }
      // Hairpin: a pod that reaches itself must not answer itself directly.
      if !traits.balancesAtSocket, record.address == flow.source { return true }
    }
    if startsHere { return false }
    return traits.cniMasquerades(
      flow.source, to: record.address, at: nodeFacts[Int(node)], isToNode: isToHost)
  }

  private func podListens(
    _ record: AddressRecord, _ port: UInt16, _ transport: TransportProtocol, isTargeted: Bool
  ) -> Bool {
    let code = PortSetTable.code(transport, port)
    if record.portSet >= 0 { return portSets.contains(code, in: record.portSet) }
    // A pod that declares no port listens where some Service expects it to.
    return isTargeted
      || targetedPorts.contains(Self.listener(addresses.find(record.address), code))
  }

  /// The kubelet, kube-proxy's health server, hostNetwork pods, and what endpoints name.
  private func hostListens(
    _ record: AddressRecord, _ port: UInt16, _ transport: TransportProtocol
  ) -> Bool {
    if transport == .tcp, port == 10250 || port == 10256 || port == 22 { return true }
    let id = addresses.find(record.address)
    if id < 0 { return false }
    let listener = Self.listener(id, PortSetTable.code(transport, port))
    return (hostListeners[listener] ?? 0) > 0 || targetedPorts.contains(listener)
  }
}
