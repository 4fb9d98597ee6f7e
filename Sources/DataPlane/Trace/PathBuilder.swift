import ClusterModel

/// Lays out the hops of a traced packet on its way there.
struct PathBuilder {
  let plane: DataPlane
  let source: TracePlace
  let policies: PolicyFinding
  private(set) var path: PathRecorder
  private var wire: Wire { path.wire }
  private var isForHostPort = false

  init(
    _ plane: DataPlane, _ flow: Flow, _ request: TraceRequest, from source: TracePlace,
    _ policies: PolicyFinding = PolicyFinding()
  ) {
    self.plane = plane
    self.policies = policies
    self.source = source
    path = PathRecorder(
      plane,
      PacketTrace.Packet(
        source: flow.source, sourcePort: flow.sourcePort, destination: flow.destination,
        destinationPort: flow.destinationPort, transport: flow.transport, ttl: 64,
        isEcho: request.isEcho))
    path.size = request.size
    path.doesNotFragment = request.doesNotFragment
  }

  mutating func build(_ route: Route, _ decision: FlowDecision, _ context: RuleContext) {
    guard leaveSource() else { return }
    path.isMarked = route.isMarked
    let isAtSocket = plane.traits.balancesAtSocket && source.kind != .outside
    for step in plane.configuration.proxyMode.steps(context) {
      path.add(source.node, stepDevice(step.point), step.point, step.rule, step.note)
      if step.isDNAT {
        path.edit {
          $0.destination = decision.endpoint
          $0.destinationPort = decision.endpointPort
          // A socket takes its own address last, from the route to the endpoint.
          if isAtSocket { $0.source = decision.sourceSeen }
        }
      }
    }
    if route.cause == .direct { leadOn(decision) }
    switch route.cause {
    case .noRule:
      let way = plane.nodeRoute(of: source.node, to: path.packet.destination)
      path.add(
        source.node, way.device.isEmpty ? "-" : way.device, "ROUTING", way.text,
        "No rule rewrites the address: it leaves the node, and nobody out there has it.")
      if source.kind != .host { path.edit { $0.ttl -= 1 } }
    case .noEndpoints, .noLocalEndpoints, .sourceRange, .unusedPort, .freeAddress: break
    case .service, .direct: travel(route, decision, context)
    }
  }

  private var entryDevice: String {
    switch source.kind {
    case .pod: wire.podDevice(namespace: source.namespace, pod: source.pod)
    case .host: source.address.isLoopback ? "lo" : "eth0"
    case .outside: "eth0"
    }
  }

  /// Where the services' rules meet the packet: a socket has no device.
  private func stepDevice(_ point: String) -> String {
    guard point == "connect4" || point == "connect6" else { return entryDevice }
    return source.kind == .pod ? "eth0" : entryDevice
  }

  private mutating func leaveSource() -> Bool {
    let packet = path.packet
    switch source.kind {
    case .pod:
      let route = plane.podRoute(from: packet.source, at: source.node, to: packet.destination)
      path.add(
        source.node, "eth0", "pod \(source.namespace)/\(source.pod)", route.text,
        "The pod sends it.")
      let mtu = min(
        plane.cni.podMTU(link: plane.configuration.linkMTU), route.mtu ?? .max)
      return path.fits(mtu, source.node, "eth0")
    case .host:
      path.add(source.node, entryDevice, "LOCAL", "", "A process of the node sends it.")
    case .outside:
      path.add(-1, "", "CLIENT", "", "A client outside the cluster sends it.")
      path.add(source.node, "eth0", "INGRESS", "", "The packet enters the cluster here.")
    }
    return true
  }

  /// The packet is for a port of the node that leads to a pod.
  private mutating func leadOn(_ decision: FlowDecision) {
    let packet = path.packet
    let flow = Flow(
      source: packet.source, sourcePort: packet.sourcePort, destination: packet.destination,
      destinationPort: packet.destinationPort, transport: packet.transport)
    guard !packet.isEcho, decision.isForHostPort(of: flow) else { return }
    let pod = plane.place(of: decision.endpoint)
    let point = source.kind == .host ? "OUTPUT" : "PREROUTING"
    for rule in plane.hostPortRules(of: flow, at: source.node, decision) {
      path.add(
        source.node, entryDevice, point, rule,
        "The port of the node is the hostPort of pod \(pod.namespace)/\(pod.pod).")
    }
    isForHostPort = true
    path.edit {
      $0.destination = decision.endpoint
      $0.destinationPort = decision.endpointPort
    }
  }

  private mutating func travel(
    _ route: Route, _ decision: FlowDecision, _ context: RuleContext
  ) {
    let destination = path.packet.destination
    let target = plane.place(of: destination)
    meetPolicies(.egress, of: source, decision)
    if decision.denial == .egress { return }
    if decision.verdict == .unreachable {
      let way = plane.nodeRoute(of: source.node, to: destination)
      path.add(
        source.node, way.device, "ROUTING", way.text,
        "No pod has this address: nobody answers for it.")
      return
    }
    let isOwnHost = destination.isLoopback || target.kind == .host && target.node == source.node
    if isOwnHost {
      masquerade(route, decision, "lo")
      return arrive(target, at: source.node, decision)
    }
    if source.kind == .pod, destination == path.packet.source, !decision.isMasqueraded {
      path.add(
        source.node, "lo", "pod \(source.namespace)/\(source.pod)", "",
        "Its own address: the packet does not leave the pod.")
      return
    }
    if target.kind == .pod, target.node == source.node, wire.isBridged, source.kind == .pod,
      route.cause == .direct, !isForHostPort
    {
      path.add(
        source.node, "cni0", "BRIDGE", "",
        "Both pods are on this node's bridge: switched, not routed.")
      return arrive(target, at: target.node, decision)
    }
    let isForwarded = source.kind != .host
    let (device, isWhole) = path.route(
      at: source.node, to: target, isForwarded: isForwarded, routeNote(target))
    guard isWhole else { return }
    if isForwarded { path.forward(at: source.node, device) }
    masquerade(route, decision, device)
    guard target.node != source.node else { return arrive(target, at: target.node, decision) }
    if target.kind == .outside {
      path.add(source.node, "eth0", "EGRESS", "", "Out on the node network.")
    } else {
      if route.isRepliedDirectly { carryService(context) }
      path.cross(from: source.node, to: target.node)
      if target.kind == .pod, !path.enter(target) { return }
    }
    arrive(target, at: target.node, decision)
  }

  /// Direct server return: the endpoint's node has to know whom the client asked
  /// (bpf/lib/nodeport.h dsr_set_opt4).
  private mutating func carryService(_ context: RuleContext) {
    let service = PacketTrace.Packet.text(context.flow.destination, context.flow.destinationPort)
    path.add(
      source.node, "eth0", "tc egress", "DSR option: \(service)",
      "The source stays; the address that the client asked travels in an IP option, so that the "
        + "endpoint's node can answer the client itself.")
  }

  private func routeNote(_ target: TracePlace) -> String {
    switch target.kind {
    case .pod: "The route to the pods of \(plane.nodeName(NodeIndex(target.node)))."
    case .host: "The destination is another node."
    case .outside: "The default route: out of the cluster."
    }
  }

  private mutating func masquerade(
    _ route: Route, _ decision: FlowDecision, _ device: String
  ) {
    let packet = path.packet
    let family = packet.source.family
    let cluster = family == .ipv4 ? plane.traits.podSubnetV4 : plane.traits.podSubnetV6
    guard decision.isMasqueraded else {
      guard path.passesNetfilter, device != "lo" else { return }
      let rule = wire.keepRule(
        source: packet.source, destination: packet.destination, cluster: cluster,
        own: plane.podRange(of: source.node, family))
      return path.add(
        source.node, device, "POSTROUTING", rule ?? "", "The source stays as it is.")
    }
    let isByProxy =
      route.cause == .service
      && (route.isMarked || route.isMarkedIfRemote || packet.destination == packet.source)
    let rule: String
    switch (isByProxy, plane.configuration.proxyMode) {
    case (false, _) where isForHostPort: rule = HostPortChains.masquerade
    case (false, _): rule = wire.masqueradeRule(clusterCIDR: cluster)
    case (true, .iptables), (true, .ipvs):
      rule =
        "-A KUBE-POSTROUTING -m comment --comment "
        + "\"kubernetes service traffic requiring SNAT\" -j MASQUERADE --random-fully"
    case (true, .nftables):
      rule =
        "meta mark & 0x00004000 != 0x00000000 meta mark set meta mark ^ 0x00004000 "
        + "masquerade fully-random"
    case (true, .ebpf): rule = "SNAT to \(decision.sourceSeen)"
    }
    path.add(
      source.node, device, path.passesNetfilter ? "POSTROUTING" : "tc egress", rule,
      "The source becomes \(decision.sourceSeen): replies return to this node.")
    path.edit { $0.source = decision.sourceSeen }
  }

  /// The policies that isolate the pod at `place`.
  private mutating func meetPolicies(
    _ direction: NetworkPolicy.Direction, of place: TracePlace, _ decision: FlowDecision
  ) {
    let opinions = policies.opinions(direction)
    guard place.kind == .pod, !opinions.isEmpty else { return }
    let text = PolicyText(
      wire: wire, direction: direction, namespace: place.namespace, pod: place.pod)
    let allowing = opinions.first { $0.rule != nil }
    let names = opinions.map(\.text).joined(separator: ", ")
    path.add(
      place.node, text.device, text.point,
      text.rule(allowedBy: allowing, path.packet.transport),
      allowing.map {
        "NetworkPolicy \($0.text) allows it (\(direction.section) rule \(($0.rule ?? 0) + 1))."
      } ?? "Dropped: isolated by NetworkPolicy \(names), and no rule allows it.")
  }

  private mutating func arrive(
    _ target: TracePlace, at node: Int32, _ decision: FlowDecision
  ) {
    meetPolicies(.ingress, of: target, decision)
    if decision.denial != nil { return }
    let isLoopback = path.packet.destination.isLoopback
    let point =
      switch target.kind {
      case .pod: "pod \(target.namespace)/\(target.pod)"
      case .host: "LOCAL"
      case .outside: isLoopback ? "LOCAL" : "OUTSIDE"
      }
    let refused =
      path.packet.transport == .tcp
      ? "Nothing listens on this port: refused with a reset."
      : "Nothing listens on this port: refused with ICMP port unreachable."
    let device = isLoopback ? "lo" : target.kind == .outside ? "" : "eth0"
    path.add(
      node, device, point, "",
      decision.verdict == .delivered
        ? path.packet.isEcho ? "Delivered: the kernel answers." : "Delivered." : refused)
  }
}
