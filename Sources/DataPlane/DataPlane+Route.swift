import ClusterModel
import SimulationCore

/// What a node's service rules do with a packet.
extension DataPlane {
  /// The node's rules for `flow`, from its service rules as they stand there now.
  func route(_ flow: Flow, at node: Int32, _ now: Instant) -> Route {
    let revision = nodeFacts[Int(node)].programmed
    let key = ServiceAddressKey(flow.destination, flow.destinationPort, flow.transport)
    if let entry = serviceAddresses.find(key, at: revision) {
      let route = route(flow, to: entry, at: node, revision, now)
      return leavesUnrefused(flow, route, at: node)
        ? Route(cause: .noRule, port: route.port, kind: route.kind) : route
    }
    let accepts = acceptsNodePorts(flow, at: node)
    if accepts || traits.mode == .iptables && isLocal(flow.destination, at: node) {
      let key = ServiceAddressKey(
        nodePort: flow.destinationPort, flow.transport, flow.destination.family)
      if let entry = serviceAddresses.find(key, at: revision) {
        if accepts { return route(flow, to: entry, at: node, revision, now) }
        if let refused = refusal(of: entry, at: node, revision) { return refused }
      }
    }
    return unmatched(flow, revision)
  }

  /// In iptables mode the refusals for addresses outside stand in INPUT and FORWARD only: what a
  /// node sends there itself just leaves (pkg/proxy/iptables/proxier.go iptablesJumpChains).
  @inline(__always)
  private func leavesUnrefused(_ flow: Flow, _ route: Route, at node: Int32) -> Bool {
    guard route.cause == .noEndpoints || route.cause == .noLocalEndpoints,
      traits.mode == .iptables, route.kind == .externalIP || route.kind == .loadBalancer
    else { return false }
    return isLocal(flow.source, at: node) && !isLocal(flow.destination, at: node)
  }

  /// In iptables mode a NodePort that nobody serves is refused on every address of the node, also on
  /// those that have no NodePorts otherwise.
  private func refusal(of entry: ServiceAddressMatch, at node: Int32, _ revision: UInt32) -> Route?
  {
    var route = Route(cause: .noEndpoints, port: entry.port, kind: entry.kind)
    guard let version = ports.version(of: entry.port, at: revision) else { return nil }
    route.version = version
    if !version.hasEndpoints { return route }
    route.cause = .noLocalEndpoints
    let isRefused =
      version.policy.contains(.externalLocal) && ports.localChoice(version, node: node).count == 0
    return isRefused ? route : nil
  }

  /// Whether a source address is one of the node's own, so that the packet starts there.
  func isLocal(_ source: IPAddress, at node: Int32) -> Bool {
    if source.isLoopback { return true }
    let id = addresses.find(source)
    return id >= 0 && addresses[id].podNode < 0 && addresses[id].hostNode == node
  }

  /// Whether the flow's source is a pod or a node.
  func isInCluster(_ source: IPAddress) -> Bool {
    if source.isLoopback { return true }
    let id = addresses.find(source)
    return id >= 0 && addresses[id].owner >= 0
  }

  /// Whether the destination is an address of the node on which NodePorts answer.
  private func acceptsNodePorts(_ flow: Flow, at node: Int32) -> Bool {
    let destination = flow.destination
    if destination.isLoopback {
      return destination.family == .ipv4
        && (traits.hasLoopbackNodePorts || traits.balancesAtSocket)
    }
    if traits.balancesAtSocket, isInCluster(flow.source) {
      // A socket knows every node's NodePorts (bpf/bpf_sock.c sock4_wildcard_lookup).
      let id = addresses.find(destination)
      return id >= 0 && addresses[id].podNode < 0 && addresses[id].hostNode >= 0
    }
    guard isLocal(destination, at: node) else { return false }
    if traits.hasNodePortAddresses {
      return configuration.nodePortAddresses.contains { $0.contains(destination) }
    }
    return !traits.hasPrimaryNodePortsOnly
      || destination == nodeFacts[Int(node)].primary(destination.family)
  }

  /// For an address on which no rule matches the port.
  private func unmatched(_ flow: Flow, _ revision: UInt32) -> Route {
    let key = ServiceAddressKey(anyPortOf: flow.destination)
    if let entry = wholeAddresses.find(key, at: revision) {
      let isRejected = entry.kind == .clusterIP && traits.rejectsUnusedPorts
      return Route(cause: isRejected ? .unusedPort : .noRule, port: entry.port, kind: entry.kind)
    }
    guard traits.isInServiceSubnet(flow.destination) else { return Route(cause: .direct) }
    let id = addresses.find(flow.destination)
    if id >= 0, addresses[id].owner >= 0 { return Route(cause: .direct) }
    return Route(cause: traits.dropsFreeServiceAddresses ? .freeAddress : .noRule)
  }

  @inline(__always)
  private func route(
    _ flow: Flow, to entry: ServiceAddressMatch, at node: Int32, _ revision: UInt32, _ now: Instant
  ) -> Route {
    var route = Route(cause: .service, port: entry.port, kind: entry.kind)
    guard let version = ports.version(of: entry.port, at: revision) else {
      route.cause = .noEndpoints
      return route
    }
    route.version = version
    guard version.hasEndpoints else {
      route.cause = .noEndpoints
      return route
    }
    if entry.kind == .loadBalancer, version.sourceRanges >= 0,
      !isInSourceRanges(flow, version.sourceRanges, at: node)
    {
      route.cause = .sourceRange
      return route
    }
    if entry.kind == .clusterIP {
      routeInternally(flow, &route, at: node)
    } else {
      routeExternally(flow, &route, at: node)
    }
    if route.choice.count == 0 {
      route.cause = .noLocalEndpoints
    } else if version.affinitySeconds > 0 {
      follow(flow, &route, at: node, now)
    }
    return route
  }

  @inline(__always)
  private func routeInternally(_ flow: Flow, _ route: inout Route, at node: Int32) {
    route.choice = choice(
      route.version, isLocal: route.version.policy.contains(.internalLocal), at: node)
    guard !traits.balancesAtSocket else { return markUnlessSocket(flow, &route) }
    route.isMarked = isMarkedInternally(flow)
  }

  /// Whether KUBE-SVC marks a packet to the cluster IP.
  @inline(__always)
  func isMarkedInternally(_ flow: Flow) -> Bool {
    traits.masqueradeAll
      || traits.canTellPods(flow.source.family) && !traits.isPod(flow.source)
  }

  /// The chain KUBE-EXT of a service port (pkg/proxy/iptables/proxier.go), in every mode.
  private func routeExternally(_ flow: Flow, _ route: inout Route, at node: Int32) {
    let isLocalPolicy = route.version.policy.contains(.externalLocal)
    if traits.balancesAtSocket {
      let isInside = isInCluster(flow.source)
      route.isShortCircuit = isLocalPolicy && isInside
      route.choice = choice(route.version, isLocal: isLocalPolicy && !isInside, at: node)
      if !isLocalPolicy { markUnlessSocket(flow, &route) }
      return
    }
    guard isLocalPolicy else {
      route.choice = choice(route.version, isLocal: false, at: node)
      route.isMarked = true
      return
    }
    if traits.localFallsBack {
      route.choice = choice(route.version, isLocal: true, at: node)
      return
    }
    let isPod = traits.isPod(flow.source)
    let isOwn = !isPod && isLocal(flow.source, at: node)
    route.isShortCircuit = isPod || isOwn
    route.isMarked = isOwn
    route.choice = choice(route.version, isLocal: !route.isShortCircuit, at: node)
  }

  /// Only traffic from outside is rewritten on the wire, and only if it has to travel on.
  private func markUnlessSocket(_ flow: Flow, _ route: inout Route) {
    guard !isInCluster(flow.source) else { return }
    route.isRepliedDirectly = traits.repliesDirectly(flow.transport)
    route.isMarkedIfRemote = !route.isRepliedDirectly
  }

  @inline(__always)
  private func choice(_ version: PortVersion, isLocal: Bool, at node: Int32) -> EndpointChoice {
    if isLocal {
      let local = ports.localChoice(version, node: node)
      if local.count > 0 || !traits.localFallsBack { return local }
    }
    return ports.clusterChoice(version, node: node, zone: nodeFacts[Int(node)].zone)
  }

  /// KUBE-FW: the ranges, and the node itself where a range holds it.
  private func isInSourceRanges(_ flow: Flow, _ ranges: Int32, at node: Int32) -> Bool {
    if traits.balancesAtSocket, isInCluster(flow.source) { return true }
    for range in sourceRanges[Int(ranges)] {
      if range.contains(flow.source) { return true }
      // A node's own packets to a load balancer's address may carry that address as source.
      if flow.source == flow.destination,
        range.contains(nodeFacts[Int(node)].primary(flow.source.family))
      {
        return true
      }
    }
    return false
  }

  /// Narrows the choice to the endpoint the client was sent to before, if it is still there.
  private func follow(_ flow: Flow, _ route: inout Route, at node: Int32, _ now: Instant) {
    route.isSticky = true
    guard
      let head = affinities.head(
        of: AffinityKey(node: node, port: route.port, source: flow.source))
    else { return }
    for offset in 0..<route.choice.count {
      let position = ports.position(route.choice, offset)
      let target = ports.targets[position]
      if affinities.contains(head, target.address, target.port, at: now) {
        route.choice = EndpointChoice(start: position, count: 1)
        route.isFollowing = true
        return
      }
    }
  }
}
