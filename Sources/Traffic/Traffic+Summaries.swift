import ClusterModel
import SimulationCore

/// What there is to see, as of a moment.
extension Traffic {
  /// By client, then by Service and port. Edges of clients that are gone and quiet are left out.
  public func edges(at now: Instant) -> [EdgeSummary] {
    edges.filter(isListed).map { edge in
      let service = services[Int(edge.service)].name
      return EdgeSummary(
        client: client(of: edge), namespace: service.namespace, service: service.name,
        port: edge.port, milliRateTarget: milliRateTarget(of: edge),
        isStopped: isStopped || edge.isStopped,
        measured: measurement(edge.meter, edge.latencies, at: now))
    }.sorted {
      ($0.client, $0.namespace, $0.service, $0.port)
        < ($1.client, $1.namespace, $1.service, $1.port)
    }
  }

  /// Whether there is a client that may send or call on the edge, or a request is under way.
  func isListed(_ edge: Edge) -> Bool {
    if edge.meter != none, meters.inFlight(edge.meter) > 0 { return true }
    if edge.client == none { return edge.isExposed || edge.ingresses > 0 }
    return !edge.pods.isEmpty
  }

  private func client(of edge: Edge) -> TrafficClient {
    guard edge.client != none else { return .external }
    let name = workloads[Int(edge.client)].name
    return .workload(namespace: name.namespace, name: name.name)
  }

  /// Nil when the Service never had a request.
  /// - Complexity: some thirty microseconds for the percentiles: for a table that is refreshed a
  ///   few times a second, not with every frame.
  public func service(namespace: String, name: String, at now: Instant) -> ServiceSummary? {
    let name = ObjectName(namespace: namespace, name: name)
    guard let index = serviceIndex[name], services[Int(index)].meter != none else { return nil }
    let entry = services[Int(index)]
    return ServiceSummary(
      namespace: name.namespace, name: name.name,
      measured: measurement(entry.meter, entry.latencies, at: now),
      history: entry.history.values(at: now))
  }

  /// The endpoints that got requests for this Service and whose pods are still there, by address
  /// and port.
  public func endpoints(
    ofService name: String, namespace: String, at now: Instant
  ) -> [EndpointSummary] {
    guard let index = serviceIndex[ObjectName(namespace: namespace, name: name)] else { return [] }
    return services[Int(index)].endpoints.map { place in
      let endpoint = endpoints[Int(place)]
      let pod = podNames[Int(endpoint.pod)]
      return EndpointSummary(
        address: endpoint.address, port: endpoint.port, pod: pod.name, namespace: pod.namespace,
        service: name, measured: measurement(endpoint.meter, endpoint.latencies, at: now))
    }.sorted { ($0.address, $0.port) < ($1.address, $1.port) }
  }

  /// Every request, calls between workloads included; without percentiles.
  public func allRequests(at now: Instant) -> Measurement {
    meters.measurement(allMeter, at: now)
  }

  /// Requests that no other request caused: what users see.
  public func userRequests(at now: Instant) -> Measurement {
    measurement(userMeter, userLatencies, at: now)
  }

  /// The newest first.
  public func requestLog(last count: Int) -> [FinishedRequest] {
    log.newest(count).map { entry in
      let edge = edges[Int(entry.edge)]
      let service = services[Int(edge.service)].name
      let pod = Int(entry.clientPod)
      let isThere = pod >= 0 && pods[pod].generation == entry.clientGeneration
      let hasEndpoint = entry.endpointPort != 0
      return FinishedRequest(
        finishedAt: entry.finishedAt, client: client(of: edge),
        clientPod: isThere ? podNames[pod].name : "", namespace: service.namespace,
        service: service.name, port: edge.port,
        endpoint: hasEndpoint ? entry.endpointAddress : nil, endpointPort: entry.endpointPort,
        outcome: entry.outcome, latency: entry.latency)
    }
  }

  private func measurement<Half: LatencyHistogram>(
    _ meter: MeterIndex, _ latencies: LatencyWindow<Half>, at now: Instant
  ) -> Measurement {
    guard meter != none else { return Measurement() }
    var result = meters.measurement(meter, at: now)
    if let percentiles = latencies.percentiles(at: now) {
      (result.p50, result.p99) = (percentiles.p50, percentiles.p99)
    }
    return result
  }
}
