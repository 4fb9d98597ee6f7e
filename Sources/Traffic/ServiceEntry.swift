import ClusterModel

/// A Service that exists, existed, or that some text names.
struct ServiceEntry: Sendable {
  var name: ObjectName
  var space: Int
  /// Nil while it does not exist.
  var service: Service?
  /// As it was when it last existed.
  var lastKnown: Service?
  /// Clients have been told that it is there.
  var isLaunched = false
  /// It leads to the pods of an Ingress controller.
  var isIngressEntry = false
  /// What requests need of `service`.
  var route = Route()
  /// Behaviours that name it.
  var callers: [BehaviourIndex] = []
  var edges: [EdgeIndex] = []
  /// Those that had requests and whose pods are still there.
  var endpoints: [EndpointIndex] = []
  var meter: MeterIndex = none
  var latencies = LatencyWindow<FineHistogram>()
  var history = RateHistory()
  /// Running pods behind the selector; kept where requests need them, nil when out of date.
  var members: [PodIndex]?
}

/// Where the requests to a Service go: the trivial part of it, for the way of every request.
struct Route: Sendable {
  var exists = false
  /// The DNS answers with the pods' addresses.
  var isHeadless = false
  /// The load balancer knows which nodes have pods of the Service.
  var isLocal = false
  /// The cluster IPs, one per family.
  var primary: IPAddress?
  var secondary: IPAddress?
  /// The load balancer's address where nodes accept packets for it.
  var balancer: IPAddress?

  var needsMembers: Bool { isHeadless || isLocal }

  init(_ service: Service? = nil) {
    guard let service else { return }
    exists = true
    isHeadless = service.isHeadless
    primary = service.clusterIPs.first
    secondary = service.clusterIPs.dropFirst().first
    guard service.type == .loadBalancer else { return }
    isLocal = service.externalTrafficPolicy == .local
    balancer = service.loadBalancerIngress.first { $0.ip != nil && $0.ipMode != "Proxy" }?.ip
  }

  /// The cluster IP of `family`, else the primary one.
  func virtualAddress(_ family: IPAddress.Family) -> IPAddress? {
    if let secondary, secondary.family == family { return secondary }
    return primary
  }
}

extension ServiceEntry {
  /// The port that a text means which names `port`, or none; nil when the Service has never
  /// existed or is a mere alias.
  func port(_ port: UInt16?) -> UInt16? {
    guard let known = lastKnown, known.type != .externalName else { return nil }
    if let port { return port }
    let first = known.ports.first { $0.transport == .tcp } ?? known.ports.first
    return first.flatMap { UInt16(exactly: $0.port) }
  }

  func transport(of port: UInt16) -> TransportProtocol {
    let matching = (lastKnown?.ports ?? []).filter { $0.port == Int(port) }
    return (matching.first { $0.transport == .tcp } ?? matching.first)?.transport ?? .tcp
  }
}
