import ClusterModel
import SimulationCore

extension APIServer {
  /// Defaults a Service and gives it its addresses and ports.
  mutating func admit(_ service: inout Service, replacing old: Service?) throws(APIError) {
    if let old { ServiceDefaults.keepAddresses(of: old, in: &service) }
    ServiceDefaults.set(&service)
    // Allocation is all or nothing: a refusal gives back what it took.
    let before = (serviceAddresses, nodePorts)
    do {
      try allocateAddresses(&service, replacing: old)
      try allocateNodePorts(&service, replacing: old)
    } catch {
      (serviceAddresses, nodePorts) = before
      throw error
    }
    if old == nil { service.loadBalancerIngress = [] }
  }

  private mutating func allocateNodePorts(_ service: inout Service, replacing old: Service?)
    throws(APIError)
  {
    let wantsPorts =
      service.type == .nodePort
      || (service.type == .loadBalancer && service.allocateLoadBalancerNodePorts != false)
    var held = Set(old?.ports.map(\.nodePort).filter { $0 != 0 } ?? [])
    if !wantsPorts, service.type == .clusterIP || service.type == .externalName {
      for index in service.ports.indices { service.ports[index].nodePort = 0 }
    }
    // Ports asked for by number come first, so that a dynamic choice cannot take them away.
    var taken: [Int: [TransportProtocol]] = [:]
    for (index, port) in service.ports.enumerated() where port.nodePort != 0 {
      try takeNodePort(port, at: index, of: service, held: held, taken: &taken)
    }
    if wantsPorts {
      for index in service.ports.indices where service.ports[index].nodePort == 0 {
        service.ports[index].nodePort = try anyNodePort(for: service.ports[index], taken: &taken)
      }
    }
    if let healthPort = old?.healthCheckNodePort, healthPort != 0 { held.insert(healthPort) }
    try allocateHealthCheckPort(&service, replacing: old)
    for port in held.sorted() where taken[port] == nil && port != service.healthCheckNodePort {
      nodePorts.release(port)
    }
  }

  private mutating func takeNodePort(
    _ port: ServicePort, at index: Int, of service: Service, held: Set<Int>,
    taken: inout [Int: [TransportProtocol]]
  ) throws(APIError) {
    let place = "spec.ports[\(index)].nodePort"
    func refuse(_ reason: String) -> APIError {
      .invalid(
        kind: "Service", name: service.metadata.name,
        causes: ["\(place): Invalid value: \(port.nodePort): \(reason)"])
    }
    let range = nodePorts.range
    if !range.contains(port.nodePort) {
      throw refuse(
        "provided port is not in the valid range. The range of valid ports is "
          + "\(range.lowerBound)-\(range.upperBound)")
    }
    let sharesNumber = taken[port.nodePort].map { !$0.contains(port.transport) } ?? false
    if !sharesNumber, !held.contains(port.nodePort), !nodePorts.take(port.nodePort) {
      throw refuse("provided port is already allocated")
    }
    taken[port.nodePort, default: []].append(port.transport)
  }

  private mutating func anyNodePort(
    for port: ServicePort, taken: inout [Int: [TransportProtocol]]
  ) throws(APIError) -> Int {
    guard let number = nodePorts.takeAny(&random) else {
      throw APIError(
        .internalError, "Internal error occurred: failed to allocate a nodePort: range is full")
    }
    taken[number, default: []].append(port.transport)
    return number
  }

  private mutating func allocateHealthCheckPort(_ service: inout Service, replacing old: Service?)
    throws(APIError)
  {
    let isNeeded = service.type == .loadBalancer && service.externalTrafficPolicy == .local
    guard isNeeded else {
      service.healthCheckNodePort = 0
      return
    }
    if let kept = old?.healthCheckNodePort, kept != 0 {
      service.healthCheckNodePort = kept
    } else if service.healthCheckNodePort == 0 {
      guard let port = nodePorts.takeAny(&random) else {
        throw APIError(
          .internalError,
          "Internal error occurred: failed to allocate a HealthCheck NodePort 0: range is full")
      }
      service.healthCheckNodePort = port
    } else if !nodePorts.range.contains(service.healthCheckNodePort)
      || !nodePorts.take(service.healthCheckNodePort)
    {
      let range = nodePorts.range
      let reason =
        range.contains(service.healthCheckNodePort)
        ? "provided port is already allocated"
        : "provided port is not in the valid range. The range of valid ports is "
          + "\(range.lowerBound)-\(range.upperBound)"
      throw APIError(
        .internalError,
        "Internal error occurred: failed to allocate requested HealthCheck NodePort "
          + "\(service.healthCheckNodePort): \(reason)")
    }
  }

  /// Gives back what a deleted Service held.
  mutating func releaseResources(of service: Service) {
    for address in service.clusterIPs { release(address) }
    for port in service.ports where port.nodePort != 0 { nodePorts.release(port.nodePort) }
    if service.healthCheckNodePort != 0 { nodePorts.release(service.healthCheckNodePort) }
  }

  /// Marks what a loaded Service holds as taken; addresses outside the ranges are left alone.
  mutating func occupyResources(of service: Service) {
    for address in service.clusterIPs {
      for index in serviceAddresses.indices { _ = serviceAddresses[index].take(address) }
    }
    for port in service.ports where port.nodePort != 0 { _ = nodePorts.take(port.nodePort) }
    if service.healthCheckNodePort != 0 { _ = nodePorts.take(service.healthCheckNodePort) }
  }

  /// A controller's change of finalizers or status. A Service that only waited for its finalizers
  /// goes with the last one.
  mutating func apply(_ update: ServiceUpdate, to id: ObjectID, at time: Instant) {
    store.updateService(id, [.status, .metadata], at: time) { update.apply(to: &$0) }
    guard let service = store.services[id], service.metadata.isTerminating,
      service.metadata.finalizers.isEmpty
    else { return }
    remove(.service(service), at: time)
  }

  mutating func replace(_ old: Service, with new: Service, at time: Instant) throws(APIError) {
    var new = new
    try admit(&new, replacing: old)
    new.loadBalancerIngress = new.type == .loadBalancer ? old.loadBalancerIngress : []
    new.otherStatus = old.otherStatus
    guard new != old,
      let id = store.services.id(namespace: old.metadata.namespace, name: old.metadata.name)
    else { return }
    if new.metadata.isTerminating, new.metadata.finalizers.isEmpty {
      remove(.service(old), at: time)
      return
    }
    // What the endpoints controller wrote is left over; nobody writes it any more.
    let leftOver =
      old.selector != nil && new.selector == nil
      ? EndpointsView(old, store)?.object(nil) : nil
    store.updateService(id, [.spec, .metadata], at: time) { $0 = new }
    if let leftOver,
      store.kept["endpoints"]?[leftOver.metadata.namespace, leftOver.metadata.name] == nil
    {
      store.insert(leftOver, at: time)
    }
  }
}
