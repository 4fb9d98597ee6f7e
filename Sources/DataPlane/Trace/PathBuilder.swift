import ClusterModel

/// Lays out the hops of a traced packet.
struct PathBuilder {
  let plane: DataPlane
  let source: TracePlace
  let wire: Wire
  let policies: PolicyFinding
  private(set) var hops: [PacketTrace.Hop] = []
  private var packet: PacketTrace.Packet
  private var outer: PacketTrace.Encapsulation?

  init(
    _ plane: DataPlane, _ flow: Flow, from source: TracePlace,
    _ policies: PolicyFinding = PolicyFinding()
  ) {
    self.plane = plane
    self.policies = policies
    self.source = source
    wire = Wire(plane.configuration.cni)
    packet = PacketTrace.Packet(
      source: flow.source, sourcePort: flow.sourcePort, destination: flow.destination,
      destinationPort: flow.destinationPort, transport: flow.transport, ttl: 64)
  }

  mutating func build(_ route: Route, _ decision: FlowDecision, _ context: RuleContext) {
    leaveSource(decision)
    for step in plane.configuration.proxyMode.steps(context) {
      add(source.node, entryDevice, step.point, step.rule, step.note)
      if step.isDNAT {
        packet.destination = decision.endpoint
        packet.destinationPort = decision.endpointPort
      }
    }
    switch route.cause {
    case .noRule:
      add(
        source.node, "eth0", "ROUTING", "",
        "No rule rewrites the address, and no route leads there.")
    case .noEndpoints, .noLocalEndpoints, .sourceRange, .unusedPort, .freeAddress: break
    case .service, .direct: travel(route, decision, context)
    }
  }

  private mutating func add(
    _ node: Int32, _ device: String, _ point: String, _ rule: String, _ note: String
  ) {
    hops.append(
      PacketTrace.Hop(
        node: node >= 0 ? plane.nodeName(NodeIndex(node)) : "", device: device, point: point,
        rule: rule, packet: packet, outer: outer, note: note))
  }

  private var entryDevice: String {
    switch source.kind {
    case .pod: wire.podDevice(namespace: source.namespace, pod: source.pod)
    case .host: source.address.isLoopback ? "lo" : "eth0"
    case .outside: "eth0"
    }
  }

  private mutating func leaveSource(_ decision: FlowDecision) {
    let range = podRange(of: source.node, packet.source.family)
    switch source.kind {
    case .pod:
      let isNeighbour =
        wire.isBridged && range?.contains(packet.destination) ?? false
      let route =
        isNeighbour
        ? range.map { "\($0) dev eth0 scope link src \(packet.source)" } ?? ""
        : wire.podRoute(gateway: range?.network.advanced(by: 1))
      add(source.node, "eth0", "pod \(source.namespace)/\(source.pod)", route, "The pod sends it.")
    case .host: add(source.node, entryDevice, "LOCAL", "", "A process of the node sends it.")
    case .outside:
      add(-1, "", "CLIENT", "", "A client outside the cluster sends it.")
      add(source.node, "eth0", "INGRESS", "", "The packet enters the cluster here.")
    }
  }

  private mutating func travel(
    _ route: Route, _ decision: FlowDecision, _ context: RuleContext
  ) {
    let target = plane.place(of: packet.destination)
    meetPolicies(.egress, of: source, decision)
    if decision.denial == .egress { return }
    if decision.verdict == .unreachable {
      add(source.node, "", "ROUTING", "", "No pod has this address: nobody answers for it.")
      return
    }
    let isOwnHost =
      packet.destination.isLoopback || target.kind == .host && target.node == source.node
    if isOwnHost {
      masquerade(route, decision)
      return arrive(target, at: source.node, decision)
    }
    if target.kind == .pod, target.node == source.node, isSwitched(route) {
      add(
        source.node, "cni0", "BRIDGE", "",
        "Both pods are on this node's bridge: switched, not routed.")
      return arrive(target, at: target.node, decision)
    }
    forward(to: target, route, decision)
    arrive(target, at: target.node, decision)
  }

  private func isSwitched(_ route: Route) -> Bool {
    wire.isBridged && source.kind == .pod && route.cause == .direct
  }

  /// The way through the node's forwarding, and over the wire to another node.
  private mutating func forward(
    to target: TracePlace, _ route: Route, _ decision: FlowDecision
  ) {
    if source.kind != .host { packet.ttl -= 1 }
    let isRemote = target.node != source.node
    let device = egressDevice(to: target, isRemote: isRemote)
    add(
      source.node, device, "ROUTING", routeText(to: target, isRemote: isRemote, device),
      routeNote(target))
    masquerade(route, decision)
    guard isRemote else { return }
    if target.kind == .pod {
      cross(to: target)
    } else {
      add(source.node, "eth0", "EGRESS", "", "Out on the node network.")
    }
  }

  private func egressDevice(to target: TracePlace, isRemote: Bool) -> String {
    guard target.kind == .pod else { return "eth0" }
    return isRemote
      ? wire.tunnelDevice : wire.podDevice(namespace: target.namespace, pod: target.pod)
  }

  private func routeText(to target: TracePlace, isRemote: Bool, _ device: String) -> String {
    let family = packet.destination.family
    guard target.kind == .pod else { return "" }
    let range = podRange(of: target.node, family)
    guard isRemote else {
      return wire.localRoute(to: packet.destination, range: range, device: device)
    }
    let remote = plane.nodeFacts[Int(target.node)].primary(family)
    return range.map { wire.remoteRoute(range: $0, remote: remote) } ?? ""
  }

  private func routeNote(_ target: TracePlace) -> String {
    switch target.kind {
    case .pod: "The route to the pods of \(plane.nodeName(NodeIndex(target.node)))."
    case .host: "The destination is another node."
    case .outside: "The default route: out of the cluster."
    }
  }

  private mutating func masquerade(_ route: Route, _ decision: FlowDecision) {
    guard decision.isMasqueraded else { return }
    let isByProxy =
      route.cause == .service
      && (route.isMarked || route.isMarkedIfRemote || packet.destination == packet.source)
    let rule: String
    switch (isByProxy, plane.configuration.proxyMode) {
    case (false, _):
      rule = wire.masqueradeRule(
        clusterCIDR: packet.source.family == .ipv4
          ? plane.traits.podSubnetV4 : plane.traits.podSubnetV6)
    case (true, .iptables), (true, .ipvs):
      rule =
        "-A KUBE-POSTROUTING -m comment --comment "
        + "\"kubernetes service traffic requiring SNAT\" -j MASQUERADE --random-fully"
    case (true, .nftables):
      rule =
        "meta mark & 0x00004000 != 0x00000000 meta mark set meta mark ^ 0x00004000 "
        + "masquerade fully-random"
    case (true, .ebpf): rule = "SNAT to the node's address"
    }
    let note = "The source becomes \(decision.sourceSeen): replies return to this node."
    add(source.node, "", "POSTROUTING", rule, note)
    packet.source = decision.sourceSeen
  }

  /// From node to node, in a tunnel or plain.
  private mutating func cross(to target: TracePlace) {
    let family = packet.destination.family
    let (near, far) = (
      plane.nodeFacts[Int(source.node)].primary(family),
      plane.nodeFacts[Int(target.node)].primary(family)
    )
    outer = wire.encapsulation(from: near, to: far)
    let tunnel =
      outer.map(Self.tunnelNote) ?? "No tunnel: the node network carries the pod's packet."
    add(source.node, outer == nil ? "eth0" : wire.tunnelDevice, "EGRESS", "", tunnel)
    add(
      target.node, "eth0", "INGRESS", "",
      outer == nil ? "Arrived." : "The outer packet has arrived.")
    outer = nil
    packet.ttl -= 1
    let device = wire.podDevice(namespace: target.namespace, pod: target.pod)
    let range = podRange(of: target.node, family)
    add(
      target.node, wire.tunnelDevice, "ROUTING",
      wire.localRoute(to: packet.destination, range: range, device: device),
      "Unwrapped, and routed to the pod's link.")
  }

  private static func tunnelNote(_ outer: PacketTrace.Encapsulation) -> String {
    var text = "Wrapped: \(outer.kind)"
    if let identifier = outer.identifier { text += " \(identifier)" }
    if let port = outer.destinationPort { text += ", UDP port \(port)" }
    return text + "."
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
    add(
      place.node, text.device, text.point, text.rule(allowedBy: allowing, packet.transport),
      allowing.map {
        "NetworkPolicy \($0.text) allows it (\(direction.section) rule \(($0.rule ?? 0) + 1))."
      } ?? "Dropped: isolated by NetworkPolicy \(names), and no rule allows it.")
  }

  private mutating func arrive(
    _ target: TracePlace, at node: Int32, _ decision: FlowDecision
  ) {
    meetPolicies(.ingress, of: target, decision)
    if decision.denial != nil { return }
    let point =
      switch target.kind {
      case .pod: "pod \(target.namespace)/\(target.pod)"
      case .host: "LOCAL"
      case .outside: packet.destination.isLoopback ? "LOCAL" : "OUTSIDE"
      }
    let note =
      decision.verdict == .delivered
      ? "Delivered." : "Nothing listens on this port: refused with a reset or an ICMP error."
    let device = packet.destination.isLoopback ? "lo" : target.kind == .outside ? "" : "eth0"
    add(node, device, point, "", note)
  }

  private func podRange(of node: Int32, _ family: IPAddress.Family) -> CIDR? {
    guard node >= 0 else { return nil }
    let facts = plane.nodeFacts[Int(node)]
    return family == .ipv4 ? facts.podCIDRv4 : facts.podCIDRv6
  }
}
