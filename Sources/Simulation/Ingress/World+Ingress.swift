import ClusterModel
import ControlPlane
import DataPlane
import SimulationCore

/// What an ingress controller's pod makes of a request.
public struct IngressAnswer: Sendable {
  /// 200, 404 (no rule), 502 (the endpoint refuses), 503 (no endpoint), 504 (it does not answer).
  public var status: Int
  /// The rule that matched; nil where none did.
  public var match: IngressRouter.Match?
  /// The way from the controller's pod to the endpoint; nil when it had none to go to.
  public var trace: PacketTrace?

  /// The words behind the number (RFC 9110, as nginx has them).
  public var reason: String {
    switch status {
    case 200: "OK"
    case 404: "Not Found"
    case 502: "Bad Gateway"
    case 503: "Service Temporarily Unavailable"
    default: "Gateway Time-out"
    }
  }
}

/// Ingress controllers as pods in the path of a request.
///
/// Like the common ones, ours sends a request to an endpoint itself, not to the cluster IP: the
/// service proxy has no part in the second leg, and policies see the controller's pod as its source.
extension World {
  /// The ready ingress controller's pod at an address that answers there on `port`; nil for every
  /// other address.
  public func ingressController(at address: IPAddress, _ port: UInt16) -> Pod? {
    let pod = store.pods.list().first { pod in
      pod.status.podIPs.contains(address) && pod.isActive
        && IngressImplementation.of(pod.spec.value) != nil
    }
    guard let pod else { return nil }
    // Beside its clients' ports it has some for its health and its numbers.
    let serves = pod.spec.value.containers.flatMap(\.ports).contains {
      $0.containerPort == Int(port) && ["http", "https", "web", "websecure"].contains($0.name)
    }
    return serves ? pod : nil
  }

  /// The rules that a controller's pod goes by.
  public func ingressRouter(of controller: Pod) -> IngressRouter {
    guard let implementation = IngressImplementation.of(controller.spec.value) else {
      return IngressRouter([])
    }
    return IngressRouter(
      store.ingresses(of: implementation).map { object in
        IngressRouter.Source(
          namespace: object.metadata.namespace, name: object.metadata.name,
          created: object.metadata.creationTimestamp, ingress: Ingress(body: object.body))
      })
  }

  /// What `controller` answers to a request. The same request at the same time has the same answer.
  public func ingressAnswer(
    of controller: Pod, host: String, path: String
  ) -> IngressAnswer {
    guard let match = ingressRouter(of: controller).match(host: host, path: path) else {
      return IngressAnswer(status: 404)
    }
    var answer = IngressAnswer(status: 503, match: match)
    let family = controller.status.podIP?.family ?? .ipv4
    let endpoints = ingressEndpoints(of: match, family)
    guard !endpoints.isEmpty else { return answer }
    var random = RandomStream(
      seed: seed, component: "ingress \(host) \(path) \(now.nanoseconds)")
    let (address, port) = endpoints[random.index(below: endpoints.count)]
    let request = TraceRequest(
      from: .pod(namespace: controller.metadata.namespace, name: controller.metadata.name),
      to: address, port: port)
    let trace = dataPlane.trace(request, at: now)
    answer.trace = trace
    switch trace.verdict {
    case .delivered: answer.status = 200
    case .rejected: answer.status = 502
    case .dropped, .unreachable: answer.status = 504
    }
    return answer
  }

  /// The ready endpoints behind a rule, by address.
  func ingressEndpoints(
    of match: IngressRouter.Match, _ family: IPAddress.Family
  ) -> [(address: IPAddress, port: UInt16)] {
    guard case .service(let name, let wanted) = match.backend,
      let service = store.services[match.namespace, name],
      let servicePort = service.servicePort(wanted)
    else { return [] }
    var found: [(address: IPAddress, port: UInt16)] = []
    for id in store.slices(of: NamespacedName(namespace: match.namespace, name: name)) {
      guard let slice = store.endpointSlices[id],
        let port = slice.ports.first(where: { ($0.name ?? "") == servicePort.name })?.port,
        let number = UInt16(exactly: port)
      else { continue }
      for endpoint in slice.endpoints
      where endpoint.isReadyOrUnset && endpoint.address.family == family
        && !found.contains(where: { $0.address == endpoint.address && $0.port == number })
      {
        found.append((endpoint.address, number))
      }
    }
    return found.sorted { ($0.address, $0.port) < ($1.address, $1.port) }
  }
}
