import ClusterModel
import SimulationCore

/// Every request counts on its edge, its Service, its endpoint and in the whole.
extension Traffic {
  mutating func countStart(_ request: RequestIndex) {
    let edge = Int(requests[request].edge)
    let service = Int(edges[edge].service)
    if edges[edge].meter == none { edges[edge].meter = meters.add(at: now) }
    if services[service].meter == none { services[service].meter = meters.add(at: now) }
    meters.countStart(edges[edge].meter, at: now)
    meters.countStart(services[service].meter, at: now)
    meters.countStart(allMeter, at: now)
    if requests[request].depth == 0 { meters.countStart(userMeter, at: now) }
    services[service].history.count(at: now)
    totals.started += 1
  }

  mutating func countEnd(_ request: RequestIndex, _ outcome: Outcome) {
    let edge = Int(requests[request].edge)
    let service = Int(edges[edge].service)
    let endpoint = requests[request].endpoint
    let isUser = requests[request].depth == 0
    meters.countEnd(edges[edge].meter, outcome, at: now)
    meters.countEnd(services[service].meter, outcome, at: now)
    meters.countEnd(allMeter, outcome, at: now)
    if isUser { meters.countEnd(userMeter, outcome, at: now) }
    totals.count(outcome)

    // Requests that fail at once would make a broken Service look fast.
    let latency = now - requests[request].started
    if outcome == .success || outcome == .error || outcome == .timedOut {
      edges[edge].latencies.record(latency, at: now)
      services[service].latencies.record(latency, at: now)
      if isUser { userLatencies.record(latency, at: now) }
      if endpoint != none { endpoints[Int(endpoint)].latencies.record(latency, at: now) }
    }
    appendToLog(request, outcome, latency)
    if endpoint != none {
      meters.countEnd(endpoints[Int(endpoint)].meter, outcome, at: now)
      requests[request].endpoint = none
      if endpoints[Int(endpoint)].isRetired { releaseIfUnused(endpoint) }
    }
  }

  private mutating func appendToLog(
    _ request: RequestIndex, _ outcome: Outcome, _ latency: Duration
  ) {
    let pod = requests[request].clientPod
    log.append(
      RequestLog.Entry(
        finishedAt: now, latency: latency, edge: requests[request].edge, clientPod: pod,
        clientGeneration: pod == none ? 0 : pods[Int(pod)].generation,
        endpointAddress: requests[request].endpointAddress,
        endpointPort: requests[request].endpointPort, outcome: outcome))
  }

  // MARK: Endpoints

  /// Finds or makes the entry of the request's endpoint, when a pod is there.
  mutating func attachEndpoint(_ request: RequestIndex) {
    let address = requests[request].endpointAddress
    let port = requests[request].endpointPort
    let pod = listener(on: address, port)
    guard pod != none else { return }
    let service = edges[Int(requests[request].edge)].service
    var endpoint = pods[Int(pod)].firstEndpoint
    while endpoint != none,
      endpoints[Int(endpoint)].service != service || endpoints[Int(endpoint)].port != port
    {
      endpoint = endpoints[Int(endpoint)].next
    }
    if endpoint == none {
      endpoint = addEndpoint(
        EndpointEntry(
          pod: pod, service: service, address: address, port: port, meter: meters.add(at: now),
          next: pods[Int(pod)].firstEndpoint))
      pods[Int(pod)].firstEndpoint = endpoint
      services[Int(service)].endpoints.append(endpoint)
    }
    requests[request].endpoint = endpoint
    meters.countStart(endpoints[Int(endpoint)].meter, at: now)
  }

  private mutating func addEndpoint(_ entry: EndpointEntry) -> EndpointIndex {
    if let index = freeEndpoints.popLast() {
      endpoints[Int(index)] = entry
      return index
    }
    endpoints.append(entry)
    return EndpointIndex(endpoints.count - 1)
  }

  /// The pod is gone: its entries go with the last requests that count on them.
  mutating func retireEndpoints(of pod: PodIndex) {
    var endpoint = pods[Int(pod)].firstEndpoint
    pods[Int(pod)].firstEndpoint = none
    while endpoint != none {
      let next = endpoints[Int(endpoint)].next
      endpoints[Int(endpoint)].isRetired = true
      let service = Int(endpoints[Int(endpoint)].service)
      services[service].endpoints.removeAll { $0 == endpoint }
      releaseIfUnused(endpoint)
      endpoint = next
    }
  }

  private mutating func releaseIfUnused(_ endpoint: EndpointIndex) {
    guard meters.inFlight(endpoints[Int(endpoint)].meter) == 0 else { return }
    meters.remove(endpoints[Int(endpoint)].meter)
    freeEndpoints.append(endpoint)
  }

  // MARK: Addresses

  /// The pod on `address` that takes connections to `port`: of several (the host network's) the
  /// one that listens there. A pod that does not listen is returned when there is no other.
  func listener(on address: IPAddress, _ port: UInt16) -> PodIndex {
    var best = none
    var pod = podOnAddress[address] ?? none
    while pod != none {
      let listens = behaviours[Int(pods[Int(pod)].behaviour)].listens(on: port)
      if listens, pods[Int(pod)].state == .running { return pod }
      if best == none || listens { best = pod }
      pod = pods[Int(pod)].nextOnAddress
    }
    return best
  }

  /// Whether anything answers at the address, if only to refuse.
  func isPresent(_ address: IPAddress) -> Bool {
    podOnAddress[address] != nil || nodes.contains { $0.addresses.contains(address) }
  }
}
