import ClusterModel

/// Lays out the way back: of the answer, of a reset, or of an ICMP error.
struct ReplyBuilder {
  let plane: DataPlane
  /// The packet that is answered, as its sender wrote it.
  let request: PacketTrace.Packet
  let client: TracePlace
  let decision: FlowDecision
  /// The service proxy has rewritten the destination on the wire.
  let isRewritten: Bool
  private var path: PathRecorder

  init(
    _ plane: DataPlane, _ request: PacketTrace.Packet, from client: TracePlace,
    _ decision: FlowDecision, isRewritten: Bool
  ) {
    self.plane = plane
    self.request = request
    self.client = client
    self.decision = decision
    self.isRewritten = isRewritten
    var answer = request
    (answer.source, answer.sourcePort) = (decision.endpoint, decision.endpointPort)
    (answer.destination, answer.destinationPort) = (decision.sourceSeen, request.sourcePort)
    answer.ttl = 64
    path = PathRecorder(plane, answer)
    path.isEstablished = true
  }

  /// What the endpoint, or its kernel, sends back.
  static func build(
    _ plane: DataPlane, _ request: PacketTrace.Packet, from client: TracePlace,
    _ decision: FlowDecision, isRewritten: Bool
  ) -> [PacketTrace.Hop] {
    var builder = ReplyBuilder(
      plane, request, from: client, decision, isRewritten: isRewritten)
    builder.travel()
    return builder.path.hops
  }

  /// An ICMP error of a node's kernel: a rule refuses, or the packet does not fit.
  static func error(
    _ plane: DataPlane, _ request: PacketTrace.Packet, from client: TracePlace, at node: Int32,
    _ device: String, _ text: String
  ) -> [PacketTrace.Hop] {
    var packet = request
    packet.isEcho = true
    packet.destination = request.source
    let family = request.source.family
    packet.source =
      client.kind == .pod
      ? plane.nodeFacts[Int(node)].source(
        towards: AddressTarget(AddressRecord(address: client.address, podNode: client.node)),
        family, at: node)
      : plane.nodeFacts[Int(node)].primary(family)
    packet.ttl = 64
    var path = PathRecorder(plane, packet)
    path.add(node, device, "LOCAL", "", "The node's kernel answers: \(text).")
    switch client.kind {
    case .pod:
      path.add(
        client.node, "eth0", "pod \(client.namespace)/\(client.pod)", "", "The pod is told.")
    case .host: path.add(node, "lo", "LOCAL", "", "The process is told.")
    case .outside:
      path.add(node, "eth0", "EGRESS", "", "Out of the cluster.")
      path.add(-1, "", "CLIENT", "", "The client is told.")
    }
    return path.hops
  }

  private mutating func travel() {
    let server = plane.place(of: decision.endpoint)
    let target = plane.place(of: path.packet.destination)
    answer(server)
    if client.kind == .pod, decision.endpoint == request.source, !decision.isMasqueraded {
      return reach()
    }
    let home = client.node
    let isBack = server.node == home || server.kind == .host && decision.endpoint.isLoopback
    let serverNode = server.node < 0 ? home : server.node
    if server.kind == .pod, isBack, path.wire.isBridged, target.kind == .pod {
      return switchBack(home)
    }
    var device = isBack && server.kind == .host ? "lo" : "eth0"
    if server.kind == .pod, isBack {
      device = path.wire.podDevice(namespace: server.namespace, pod: server.pod)
    }
    if server.kind == .outside {
      path.add(home, "eth0", "INGRESS", "", "Back at the node that it left.")
    } else if !isBack {
      guard target.node == home, target.kind != .outside else { return leave(from: serverNode) }
      let (out, _) = path.route(
        at: serverNode, to: target, isForwarded: server.kind == .pod, "The way back.")
      if server.kind == .pod { path.forward(at: serverNode, out) }
      if path.cross(from: serverNode, to: home) { device = plane.cni.tunnelDevice ?? device }
    }
    comeHome(home, through: device, isOwn: isBack && server.kind == .host)
  }

  private mutating func answer(_ server: TracePlace) {
    let isRefused = decision.verdict == .rejected
    let note =
      !isRefused
      ? "The answer."
      : request.transport == .tcp
        ? "The kernel of the pod or node answers with a reset."
        : "The kernel of the pod or node answers with ICMP port unreachable."
    switch server.kind {
    case .pod:
      let route = plane.podRoute(
        from: decision.endpoint, at: server.node, to: path.packet.destination)
      path.add(server.node, "eth0", "pod \(server.namespace)/\(server.pod)", route.text, note)
    case .host: path.add(server.node, "eth0", "LOCAL", "", note)
    case .outside:
      let isLoopback = decision.endpoint.isLoopback
      path.add(
        isLoopback ? client.node : -1, isLoopback ? "lo" : "", isLoopback ? "LOCAL" : "OUTSIDE",
        "", note)
    }
  }

  /// Between two pods of one bridge, where netfilter looks on.
  private mutating func switchBack(_ node: Int32) {
    path.add(
      node, "cni0", "BRIDGE", isRewritten ? connection : "",
      isRewritten
        ? "Switched, not routed; br_netfilter shows it to conntrack, which puts the Service's "
          + "address back." : "Switched, not routed.")
    if isRewritten { restoreSource() }
    reach()
  }

  /// On the node where the packet's addresses were rewritten.
  private mutating func comeHome(_ node: Int32, through device: String, isOwn: Bool) {
    if decision.isMasqueraded {
      let point = path.passesNetfilter ? "PREROUTING" : "tc ingress"
      path.add(
        node, device, point, connection,
        "conntrack knows the connection: the destination is the client again.")
      path.edit { [request] in $0.destination = request.source }
    }
    let target =
      client.kind == .pod ? plane.place(of: path.packet.destination) : client
    switch client.kind {
    case .pod:
      let (device, _) = path.route(
        at: node, to: target, isForwarded: !isOwn, "To the client's link.")
      path.forward(at: node, device)
      unrewrite(node, device)
    case .host: unrewrite(node, "lo")
    case .outside:
      let (device, _) = path.route(
        at: node, to: target, isForwarded: !isOwn, "Out of the cluster.")
      if !isOwn { path.forward(at: node, device) }
      unrewrite(node, device)
      path.add(node, "eth0", "EGRESS", "", "Out on the node network.")
    }
    reach()
  }

  /// From another node than the request's, straight to a client outside.
  private mutating func leave(from node: Int32) {
    let outside = TracePlace(kind: .outside, address: path.packet.destination, node: -1)
    let (device, _) = path.route(at: node, to: outside, isForwarded: true, "Out of the cluster.")
    path.forward(at: node, device)
    if isRewritten {
      path.add(
        node, device, "tc egress", connection,
        "Direct server return: the source is the address that came in the request's option.")
      restoreSource()
    }
    path.add(node, "eth0", "EGRESS", "", "Out on the node network.")
    reach()
  }

  private mutating func unrewrite(_ node: Int32, _ device: String) {
    guard isRewritten else { return }
    let point =
      client.kind == .host ? "INPUT" : path.passesNetfilter ? "POSTROUTING" : "tc egress"
    path.add(
      node, device, point, connection, "The source is the address that the client asked again.")
    restoreSource()
  }

  private mutating func restoreSource() {
    path.edit { [request] in
      $0.source = request.destination
      $0.sourcePort = request.destinationPort
    }
  }

  private mutating func reach() {
    let note =
      decision.verdict == .rejected ? "The client is refused." : "The client has its answer."
    switch client.kind {
    case .pod:
      path.add(client.node, "eth0", "pod \(client.namespace)/\(client.pod)", "", note)
    case .host: path.add(client.node, client.address.isLoopback ? "lo" : "eth0", "LOCAL", "", note)
    case .outside: path.add(-1, "", "CLIENT", "", note)
    }
  }

  /// The two directions of the connection, as `conntrack -L` prints them.
  private var connection: String {
    func direction(
      _ source: IPAddress, _ sourcePort: UInt16, _ destination: IPAddress, _ port: UInt16
    ) -> String {
      "src=\(source) dst=\(destination) sport=\(sourcePort) dport=\(port)"
    }
    return direction(
      request.source, request.sourcePort, request.destination, request.destinationPort) + " "
      + direction(
        decision.endpoint, decision.endpointPort, decision.sourceSeen, request.sourcePort)
  }
}
