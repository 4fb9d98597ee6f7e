import ClusterModel
import ControlPlane
import DataPlane
import Simulation

/// A `trace` command, with its names resolved.
struct TraceQuery {
  private let source: TraceRequest.Source
  private let target: TraceTarget
  private let transport: TransportProtocol
  private let entryNode: String?
  private let sourcePort: UInt16?

  init(_ call: Call, in world: World) throws(CommandFailure) {
    source = try TraceTarget.source(call.arguments[0], namespace: call.namespace, in: world)
    target = try TraceTarget.parse(call.arguments[1], namespace: call.namespace, in: world)
    let name = call.values.text("protocol") ?? "tcp"
    guard let transport = TransportProtocol(name: name.uppercased()) else {
      throw call.wrongUsage("--protocol is tcp, udp or sctp, not \(name.goQuoted)")
    }
    self.transport = transport
    entryNode = call.values.text("at").map { $0.afterPrefix("node/") ?? $0 }
    sourcePort = call.values.number("source-port").flatMap { UInt16(exactly: $0) }
  }

  func answer(in world: World) throws(CommandFailure) -> TraceReport {
    switch target {
    case .address(let address, let port): return try trace(to: address, port, [], world)
    case .pod(let name, let port):
      guard let pod = world.store.pods[name.namespace, name.name] else {
        throw CommandFailure(ObjectQuery.notFound(.pods, name.name))
      }
      guard let address = pod.status.podIP else {
        throw CommandFailure("error: pod \(name) has no address yet")
      }
      return try trace(to: address, port, [], world)
    case .node(let name, let port):
      guard let node = world.store.nodes["", name] else {
        throw CommandFailure(ObjectQuery.notFound(.nodes, name))
      }
      guard let address = node.internalIP() ?? node.internalIP(.ipv6) else {
        throw CommandFailure("error: node \(name) has no InternalIP")
      }
      return try trace(to: address, port, [], world)
    case .service(let name, let port): return try trace(toService: name, port, world)
    case .name(let name, let port): return try trace(toName: name, port, world)
    }
  }

  private func trace(
    to address: IPAddress, _ port: UInt16, _ queries: [NameQuery], _ world: World
  ) throws(CommandFailure) -> TraceReport {
    let request = TraceRequest(
      from: source, to: address, port: port, transport: transport, entryNode: entryNode,
      sourcePort: sourcePort)
    let trace = world.dataPlane.trace(request, at: world.now)
    if let problem = trace.problem { throw CommandFailure("error: \(problem.message)") }
    return TraceReport(trace: trace, queries: queries, world: world)
  }

  private func trace(toService name: NamespacedName, _ port: String?, _ world: World)
    throws(CommandFailure) -> TraceReport
  {
    guard let service = world.store.services[name.namespace, name.name] else {
      throw CommandFailure(ObjectQuery.notFound(.services, name.name))
    }
    if service.type == .externalName || service.isHeadless {
      // Such a Service is nothing but a name.
      let full = "\(name.name).\(name.namespace).svc.cluster.local."
      return try trace(toName: full, port ?? firstPort(of: service), world)
    }
    guard let address = service.clusterIP else {
      throw CommandFailure("error: service \(name) has no cluster IP")
    }
    let number = try self.port(port ?? firstPort(of: service), of: service)
    return try trace(to: address, number, [], world)
  }

  private func firstPort(of service: Service) -> String {
    let port = service.ports.first { $0.transport == transport } ?? service.ports.first
    return port.map { "\($0.port)" } ?? "80"
  }

  /// A number, or the name of one of the Service's ports.
  private func port(_ text: String, of service: Service?) throws(CommandFailure) -> UInt16 {
    if let number = UInt16(text), number > 0 { return number }
    if let named = service?.ports.first(where: { $0.name == text && !text.isEmpty }),
      let number = UInt16(exactly: named.port)
    {
      return number
    }
    throw CommandFailure("error: \(text.goQuoted) is no port: 1 to 65535, or a port's name")
  }

  private func trace(toName name: String, _ port: String, _ world: World) throws(CommandFailure)
    -> TraceReport
  {
    let queries = NameLookup(from: source, in: world).queries(for: name)
    guard let last = queries.last, let address = last.answers.first else {
      return TraceReport(unresolved: name, queries: queries)
    }
    let number = try self.port(port, of: nil)
    return try trace(to: address, number, queries, world)
  }
}
