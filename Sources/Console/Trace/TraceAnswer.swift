import ClusterModel
import ControlPlane
import DataPlane
import Simulation

/// Answers a trace's question: names first, then the packet.
struct TraceAnswer {
  let query: TraceQuery
  let world: World
  let plane: DataPlane

  func report(_ target: TraceTarget) throws(CommandFailure) -> TraceReport {
    switch target {
    case .address(let address, let port): return try trace(to: address, port, [])
    case .pod(let name, let port): return try trace(toPod: name, port)
    case .node(let name, let port):
      guard let node = world.store.nodes["", name] else {
        throw CommandFailure(ObjectQuery.notFound(.nodes, name))
      }
      guard let address = node.internalIP() ?? node.internalIP(.ipv6) else {
        throw CommandFailure("error: node \(name) has no InternalIP")
      }
      return try trace(to: address, port, [])
    case .service(let name, let port): return try trace(toService: name, port)
    case .name(let name, let port): return try trace(toName: name, port)
    }
  }

  private func trace(toPod name: NamespacedName, _ port: UInt16) throws(CommandFailure)
    -> TraceReport
  {
    guard let pod = world.store.pods[name.namespace, name.name] else {
      throw CommandFailure(ObjectQuery.notFound(.pods, name.name))
    }
    guard let address = pod.status.podIP else { throw Self.withoutAddress(pod) }
    return try trace(to: address, port, [])
  }

  static func withoutAddress(_ pod: Pod) -> CommandFailure {
    let name = pod.metadata
    let wait =
      pod.isBound
      ? "its containers have not started; 'advance 5s' or 'kubectl wait --for=condition=Ready "
        + "pod/\(name.name) -n \(name.namespace)' lets time pass"
      : "no node has been found for it: 'why pod/\(name.name) -n \(name.namespace)' says why"
    return CommandFailure(
      "error: pod \(name.namespace)/\(name.name) has no address yet: \(wait)")
  }

  private func trace(
    to address: IPAddress, _ port: UInt16, _ queries: [NameQuery]
  ) throws(CommandFailure) -> TraceReport {
    let trace = plane.trace(query.request(to: address, port), at: world.now)
    if let problem = trace.problem { throw failure(problem) }
    return TraceReport(trace: trace, queries: queries)
  }

  private func failure(_ problem: PacketTrace.Problem) -> CommandFailure {
    switch problem {
    case .unknownPod(let namespace, let name), .podWithoutAddress(let namespace, let name):
      guard let pod = world.store.pods[namespace, name] else {
        return CommandFailure(ObjectQuery.notFound(.pods, name))
      }
      if pod.status.podIP == nil { return Self.withoutAddress(pod) }
      return pod.isTerminal
        ? CommandFailure(
          "error: pod \(namespace)/\(name) has ended (\(pod.status.phase.rawValue)) and sends "
            + "nothing; trace from a running pod")
        : CommandFailure("error: \(problem.message)")
    case .unknownNode(let name):
      guard world.store.nodes["", name] != nil else {
        return CommandFailure(ObjectQuery.notFound(.nodes, name))
      }
      return CommandFailure(
        "error: node \(name) is off the network: 'heal node/\(name)' brings it back")
    case .nodeWithoutAddress, .differentFamilies, .noNodes:
      return CommandFailure("error: \(problem.message)")
    }
  }

  private func trace(toService name: NamespacedName, _ port: String?) throws(CommandFailure)
    -> TraceReport
  {
    guard let service = world.store.services[name.namespace, name.name] else {
      throw CommandFailure(ObjectQuery.notFound(.services, name.name))
    }
    if service.type == .externalName || service.isHeadless {
      // Such a Service is nothing but a name.
      let full = "\(name.name).\(name.namespace).svc.cluster.local."
      return try trace(toName: full, try headlessPort(port, of: service))
    }
    guard let address = service.clusterIP else {
      throw CommandFailure("error: service \(name) has no cluster IP")
    }
    if query.isEcho { return try trace(to: address, 0, []) }
    let number = try self.port(port ?? firstPort(of: service), of: service)
    return try trace(to: address, number, [])
  }

  /// Without a virtual address it is the pods' own port that counts.
  private func headlessPort(_ text: String?, of service: Service) throws(CommandFailure)
    -> String
  {
    if let text, UInt16(text) != nil { return text }
    let name = NamespacedName(service.metadata)
    let named = service.ports.first { text == nil || $0.name == text }
    for id in world.store.slices(of: name) {
      let port = world.store.endpointSlices[id]?.ports
        .first { ($0.name ?? "") == named?.name ?? "" }
      if let number = port?.port { return "\(number)" }
    }
    return text ?? firstPort(of: service)
  }

  private func firstPort(of service: Service) -> String {
    let port = service.ports.first { $0.transport == query.transport } ?? service.ports.first
    return port.map { "\($0.port)" } ?? "80"
  }

  /// A number, or the name of one of the Service's ports.
  private func port(_ text: String, of service: Service?) throws(CommandFailure) -> UInt16 {
    if query.isEcho { return 0 }
    if let number = UInt16(text), number > 0 { return number }
    if let named = service?.ports.first(where: { $0.name == text && !text.isEmpty }),
      let number = UInt16(exactly: named.port)
    {
      return number
    }
    let known = (service?.ports ?? []).map { $0.name.isEmpty ? "\($0.port)" : $0.name }
    let hint = known.isEmpty ? "" : "; it has \(known.joined(separator: ", "))"
    throw CommandFailure(
      "error: \(text.goQuoted) is no port: 1 to 65535, or a port's name\(hint)")
  }

  private func trace(toName name: String, _ port: String) throws(CommandFailure) -> TraceReport {
    // Without an address nobody asks for a name.
    if case .pod(let namespace, let sender) = query.source,
      let pod = world.store.pods[namespace, sender], pod.status.podIP == nil
    {
      throw Self.withoutAddress(pod)
    }
    let queries = NameLookup(from: query.source, in: world).queries(for: name)
    guard let last = queries.last, let address = last.answers.first else {
      return TraceReport(unresolved: name, queries: queries)
    }
    return try trace(to: address, try self.port(port, of: nil), queries)
  }
}
