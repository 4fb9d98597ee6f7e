import ClusterModel
import SimulationCore

/// Connections that have been decided once and keep their way.
extension DataPlane {
  /// The decision that a live connection of this flow follows; nil when the packet begins one.
  ///
  /// A TCP client never sends a second first packet while its connection lives; of UDP every
  /// datagram looks like a first one.
  public func tracked(
    _ flow: Flow, enteringAt node: NodeIndex, at now: Instant
  ) -> FlowDecision? {
    guard flow.transport == .udp, conntrack.count > 0 else { return nil }
    if nodeFacts.indices.contains(Int(node.value)), let relay = relay(flow, at: node.value, now) {
      var decision = tracked(relay.flow, enteringAt: NodeIndex(relay.node), at: now)
      decision?.isRelayed = true
      return decision
    }
    guard let probe = probe(flow, at: node),
      let index = conntrack.find(probe, at: now)
    else { return nil }
    let entry = conntrack.entries[Int(index)]
    let end = addresses[entry.endpoint]
    var decision = deliver(
      flow, Route(cause: .direct), to: AddressTarget(end), end.address,
      port: entry.endpointPort, at: node.value, now)
    decision.servicePort = entry.servicePort
    decision.isMasqueraded = entry.replyTo != entry.source
    decision.sourceSeen = addresses[entry.replyTo].address
    return decision
  }

  /// Remembers a delivered flow in the tables of the nodes that it passes.
  ///
  /// - Returns: nil where a node's table is full, so that it dropped the packet.
  public mutating func track(
    _ decision: FlowDecision, of flow: Flow, enteringAt node: NodeIndex, at now: Instant
  ) -> TrackedConnection? {
    guard nodeFacts.indices.contains(Int(node.value)) else { return TrackedConnection.none }
    if decision.isRelayed, let relay = relay(flow, at: node.value, now) {
      // The node that knows the service keeps the connection.
      var last = decision
      last.isRelayed = false
      return track(last, of: relay.flow, enteringAt: NodeIndex(relay.node), at: now)
    }
    if decision.hasAffinity { remember(decision, of: flow, enteringAt: node, at: now) }
    if traits.mode == .ebpf { keepMaglev(for: flow, at: node.value, now) }
    let entry = entry(decision, flow, at: node.value)
    if let old = conntrack.find(entry, at: now), flow.transport == .udp {
      let id = TrackedConnection(
        index: old, generation: conntrack.entries[Int(old)].generation)
      conntrack.move(id, to: conntrack.entries[Int(old)].state, at: now)
      return id
    }
    for node in [entry.node, entry.endpointNode] where node >= 0 && isConntrackFull(on: node) {
      conntrack.expire(at: now)
      if isConntrackFull(on: node) {
        conntrackDrops += 1
        return nil
      }
    }
    count(decision, flow, entry)
    return conntrack.add(entry, at: now)
  }

  /// The next thing happens to a connection.
  public mutating func connection(
    _ id: TrackedConnection, _ step: ConnectionStep, at now: Instant
  ) {
    guard let entry = conntrack[id] else { return }
    conntrack.move(id, to: step.state(entry.transport), at: now)
  }

  /// Connections in a node's table.
  public func conntrackCount(on node: NodeIndex, at now: Instant) -> Int {
    conntrackIndices(on: node, at: now).count
  }

  /// `nf_conntrack_max` of a node: 32,768 a core and at least 131,072, as kube-proxy sets it
  /// (pkg/proxy/apis/config/v1alpha1/defaults.go).
  public func conntrackMaximum(on node: NodeIndex) -> Int {
    guard nodes.indices.contains(Int(node.value)) else { return 0 }
    return max(131_072, 32_768 * nodes[Int(node.value)].cores)
  }

  private func isConntrackFull(on node: Int32) -> Bool {
    let count = conntrack.count(on: node)
    return count >= 131_072 && count >= conntrackMaximum(on: NodeIndex(node))
  }

  func conntrackIndices(on node: NodeIndex, at now: Instant) -> [Int32] {
    conntrack.indices(in: ConntrackState.allCases).filter { index in
      let entry = conntrack.entries[Int(index)]
      return (entry.node == node.value || entry.endpointNode == node.value) && entry.deadline > now
    }
  }

  private func probe(_ flow: Flow, at node: NodeIndex) -> ConntrackEntry? {
    let (source, destination) = (addresses.find(flow.source), addresses.find(flow.destination))
    guard source >= 0, destination >= 0 else { return nil }
    return ConntrackEntry(
      source: source, destination: destination, endpoint: -1, replyTo: -1,
      sourcePort: flow.sourcePort, destinationPort: flow.destinationPort, endpointPort: 0,
      replyPort: 0, node: node.value, endpointNode: -1, servicePort: -1,
      transport: flow.transport, state: .initial(flow.transport))
  }

  private mutating func entry(
    _ decision: FlowDecision, _ flow: Flow, at node: Int32
  ) -> ConntrackEntry {
    // In-cluster clients of a socket load balancer never send to the virtual address.
    let isRewritten = !(traits.balancesAtSocket && isInCluster(flow.source))
    let destination = isRewritten ? flow.destination : decision.endpoint
    let source = addresses.intern(flow.source)
    let other = decision.endpointNode.value
    return ConntrackEntry(
      source: source, destination: addresses.intern(destination),
      endpoint: addresses.intern(decision.endpoint),
      replyTo: decision.isMasqueraded ? addresses.intern(decision.sourceSeen) : source,
      sourcePort: flow.sourcePort,
      destinationPort: isRewritten ? flow.destinationPort : decision.endpointPort,
      endpointPort: decision.endpointPort,
      replyPort: decision.isMasqueraded ? masqueradePort(flow) : flow.sourcePort, node: node,
      endpointNode: other == node ? -1 : other, servicePort: decision.servicePort,
      transport: flow.transport, state: .initial(flow.transport))
  }

  /// `--random-fully`: any unprivileged port. A function of the flow, so that no stream is needed.
  private func masqueradePort(_ flow: Flow) -> UInt16 {
    var mixed = seed ^ flow.source.low ^ UInt64(flow.sourcePort) << 32
    mixed ^= UInt64(flow.destinationPort) << 48 ^ flow.destination.low << 16
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return UInt16(1024 + (mixed ^ mixed >> 31) % 64_512)
  }

  // MARK: Cleaning up

  /// Deletes the UDP entries of a node that lead to endpoints which do not serve any more
  /// (pkg/proxy/conntrack/cleanup.go). TCP's are left alone.
  mutating func cleanUpDatagrams(on node: Int32) {
    let revision = nodeFacts[Int(node)].programmed
    for index in conntrack.indices(in: [.datagram, .answeredDatagram]) {
      let entry = conntrack.entries[Int(index)]
      guard entry.node == node, let port = servicePort(of: entry, at: revision),
        let version = ports.version(of: port, at: revision), version.hasEndpoints
      else { continue }
      let serving = Int(version.readyCount + version.terminatingCount)
      let start = Int(version.start)
      let isServed = ports.targets[start..<(start + serving)].contains {
        $0.address == entry.endpoint && $0.port == entry.endpointPort
      }
      if !isServed { conntrack.remove(index) }
    }
  }

  /// The service port that the entry was sent to, on whichever address.
  private func servicePort(of entry: ConntrackEntry, at revision: UInt32) -> Int32? {
    let destination = addresses[entry.destination].address
    let key = ServiceAddressKey(destination, entry.destinationPort, entry.transport)
    if let found = serviceAddresses.find(key, at: revision) { return found.port }
    let nodePort = ServiceAddressKey(
      nodePort: entry.destinationPort, entry.transport, destination.family)
    return serviceAddresses.find(nodePort, at: revision)?.port
  }
}
