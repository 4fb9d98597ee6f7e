import ClusterModel
import SimulationCore

/// Services and Ingresses come, change and go.
extension Traffic {
  /// A Service was created or changed, or (nil) deleted.
  public mutating func serviceChanged(
    namespace: String, name: String, to service: Service?, at now: Instant
  ) {
    self.now = now
    let index = index(ofService: ObjectName(namespace: namespace, name: name))
    let old = services[Int(index)].service
    guard old != service else { return }
    services[Int(index)].service = service
    services[Int(index)].route = Route(service)
    if let service { services[Int(index)].lastKnown = service }
    watchMembers(of: index)

    for edge in services[Int(index)].edges {
      edges[Int(edge)].transport = services[Int(index)].transport(of: edges[Int(edge)].port)
    }
    for behaviour in services[Int(index)].callers { resolveCalls(of: behaviour) }
    if old?.selector != service?.selector {
      for behaviour in spaces[services[Int(index)].space].behaviours {
        resolveCalls(of: behaviour)
      }
    }
    expose(index)
    routeIngresses(to: index)
  }

  /// The Service works for the first time: its clients begin. What happens to it later does not
  /// stop them.
  public mutating func serviceLaunched(namespace: String, name: String, at now: Instant) {
    self.now = now
    let index = index(ofService: ObjectName(namespace: namespace, name: name))
    guard !services[Int(index)].isLaunched else { return }
    services[Int(index)].isLaunched = true
    for edge in services[Int(index)].edges { refreshRate(of: edge) }
  }

  private mutating func watchMembers(of service: ServiceIndex) {
    let space = services[Int(service)].space
    services[Int(service)].members = nil
    spaces[space].watched.removeAll { $0 == service }
    if services[Int(service)].route.needsMembers { spaces[space].watched.append(service) }
  }

  /// Gives the Service an outside client where its type lets one in.
  private mutating func expose(_ service: ServiceIndex) {
    let exposed = services[Int(service)].service?.exposedPort
    let port = exposed.flatMap { UInt16(exactly: $0.port) }
    if let exposed, let port {
      let edge = edge(from: none, to: service, port: port)
      edges[Int(edge)].nodePort = UInt16(exactly: exposed.nodePort) ?? 0
    }
    for edge in services[Int(service)].edges where edges[Int(edge)].client == none {
      // Nobody calls an Ingress controller for its own sake.
      edges[Int(edge)].isExposed =
        edges[Int(edge)].port == port && !services[Int(service)].isIngressEntry
      refreshRate(of: edge)
    }
  }

  /// An Ingress routes to these Services from now on; none when it was deleted.
  /// - Parameter entry: the Service in front of the controller's pods; nil for a controller on its
  ///   node's own network.
  public mutating func ingressChanged(
    namespace: String, name: String, to backends: [IngressBackend],
    through entry: (namespace: String, name: String)? = nil, at now: Instant
  ) {
    self.now = now
    var service: ServiceIndex = none
    if let entry {
      service = index(ofService: ObjectName(namespace: entry.namespace, name: entry.name))
      if !services[Int(service)].isIngressEntry {
        services[Int(service)].isIngressEntry = true
        expose(service)
      }
    }
    let name = ObjectName(namespace: namespace, name: name)
    let place = ingresses.firstIndex { $0.name == name } ?? ingresses.count
    if place == ingresses.count { ingresses.append(IngressEntry(name: name)) }
    ingresses[place].backends = backends
    ingresses[place].entry = service
    route(place)
    if backends.isEmpty { ingresses.remove(at: place) }
  }

  private mutating func routeIngresses(to service: ServiceIndex) {
    let name = services[Int(service)].name
    for place in ingresses.indices
    where ingresses[place].name.namespace == name.namespace
      && ingresses[place].backends.contains(where: { $0.service == name.name })
    {
      route(place)
    }
  }

  /// Finds the edges of an Ingress anew.
  private mutating func route(_ place: Int) {
    let old = ingresses[place].edges
    for edge in old { edges[Int(edge)].ingresses -= 1 }
    var new: [EdgeIndex] = []
    for backend in ingresses[place].backends {
      let name = ObjectName(namespace: ingresses[place].name.namespace, name: backend.service)
      guard let service = serviceIndex[name],
        let port = services[Int(service)].service?.port(backend.port)
      else { continue }
      let edge = edge(from: none, to: service, port: port)
      if !new.contains(edge) { new.append(edge) }
    }
    for edge in new {
      edges[Int(edge)].ingresses += 1
      edges[Int(edge)].ingressEntry = ingresses[place].entry
    }
    ingresses[place].edges = new
    for edge in old + new { refreshRate(of: edge) }
  }
}

/// An Ingress, as far as it brings requests.
struct IngressEntry: Sendable {
  var name: ObjectName
  var backends: [IngressBackend] = []
  /// The Service in front of the controller's pods, or `none`.
  var entry: ServiceIndex = none
  var edges: [EdgeIndex] = []
}

extension Service {
  /// The port that clients outside use: the first that is open to them.
  fileprivate var exposedPort: ServicePort? {
    guard type == .nodePort || type == .loadBalancer else { return nil }
    let isOpen = Route(self).balancer != nil
    return ports.first { $0.transport == .tcp && (isOpen || $0.nodePort != 0) }
  }

  /// The number of a port that an Ingress names.
  fileprivate func port(_ port: IntOrString) -> UInt16? {
    let found = ports.first {
      switch port {
      case .integer(let number): $0.port == number
      case .string(let name): $0.name == name
      }
    }
    return found.flatMap { UInt16(exactly: $0.port) }
  }
}
