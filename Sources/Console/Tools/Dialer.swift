import ClusterModel
import DataPlane
import Simulation
import SimulationCore

/// Opens connections for the programs of a pod.
struct Dialer {
  let place: ToolPlace

  enum Outcome {
    case connected(Peer)
    case refused
    /// Nothing came back.
    case timedOut
    case unresolved(isServerSilent: Bool)
  }

  struct Peer {
    /// Whom the client believes to talk to.
    var address: IPAddress
    /// What the client sends from.
    var source: IPAddress?
    /// The name of the pod or node that answers, or the address where there is none.
    var name: String
    /// Who really answers: a pod behind a Service, for instance.
    var endpoint: IPAddress?
    var endpointPort: UInt16 = 0
    /// There and back once.
    var roundTrip: Duration
    /// Of kube-proxy's health check server, where that answers.
    var healthCheck: HealthCheckAnswer?
  }

  /// The addresses of `host`, as a program finds them.
  func resolve(_ host: String) -> (address: IPAddress?, isServerSilent: Bool) {
    if let address = IPAddress(host) { return (address, false) }
    if host == "localhost" { return (IPAddress(v4: 0x7F00_0001), false) }
    let resolver = Resolver(for: place.source, in: place.world)
    for type in [DNSType.a, .aaaa] {
      let lookups = resolver.lookUp(host, type)
      for _ in lookups { ask(resolver) }
      place.effects.resolve(lookups, by: resolver)
      if let address = lookups.last?.answer.addresses.first { return (address, false) }
      if lookups.last?.answer.code == .timeout { return (nil, true) }
    }
    return (nil, false)
  }

  /// A question goes to the name server, and the answer comes back.
  private func ask(_ resolver: Resolver) {
    guard case .pod = place.source, let server = IPAddress(resolver.serverAddress) else { return }
    place.effects.dial(
      TraceRequest(
        from: place.source, to: server, port: 53, transport: .udp,
        sourcePort: place.world.dataPlane.dialPort(ahead: place.effects.dialCount)))
  }

  func dial(
    _ host: String, _ port: UInt16, _ transport: TransportProtocol = .tcp
  ) -> (address: IPAddress?, outcome: Outcome) {
    let found = resolve(host)
    guard let address = found.address else {
      return (nil, .unresolved(isServerSilent: found.isServerSilent))
    }
    let request = TraceRequest(
      from: place.source, to: target(address), port: port, transport: transport,
      sourcePort: place.world.dataPlane.dialPort(ahead: place.effects.dialCount))
    place.effects.dial(request)
    let trace = place.world.dataPlane.trace(request, at: place.world.now)
    guard trace.problem == nil else { return (address, .timedOut) }
    switch trace.verdict {
    case .delivered: return (address, .connected(peer(address, trace)))
    case .rejected: return (address, .refused)
    case .dropped, .unreachable: return (address, .timedOut)
    }
  }

  /// A pod's 127.0.0.1 is the pod itself, not its node.
  func target(_ address: IPAddress) -> IPAddress {
    guard address.isLoopback, case .pod(let namespace, let name) = place.source,
      let pod = place.world.store.pods[namespace, name],
      let own = pod.status.podIPs.first(where: { $0.family == address.family })
    else { return address }
    return own
  }

  func peer(_ address: IPAddress, _ trace: PacketTrace) -> Peer {
    let world = place.world
    let end = trace.endpoint ?? address
    let here = world.dataPlane.nodeIndex(named: place.nodeName)
    let node = world.store.nodes.list().first { $0.internalIP(end.family) == end }
    let pod = world.store.pods.list().first {
      $0.status.podIPs.contains(end) && !$0.isTerminal && !$0.spec.value.hostNetwork
    }
    let nodeName = pod?.nodeName ?? node?.metadata.name
    let latency = world.dataPlane.latency(
      from: nodeName.flatMap { world.dataPlane.nodeIndex(named: $0) }, to: here ?? .none)
    let host = node.flatMap { world.dataPlane.nodeIndex(named: $0.metadata.name) }
    return Peer(
      address: address, source: trace.hops.first?.packet.source,
      name: pod?.metadata.name ?? node?.metadata.name ?? "\(end)", endpoint: trace.endpoint,
      endpointPort: trace.endpointPort, roundTrip: latency + latency,
      healthCheck: (end.isLoopback ? here : host).flatMap {
        world.dataPlane.healthCheck(on: $0, port: trace.endpointPort)
      })
  }
}
