import ClusterModel
import SimulationCore

/// The way of a request: out to an endpoint, through its pod's queue, and its calls to others.
extension Traffic {
  /// Calls deeper than this are not made: a ring of workloads that call each other ends.
  static let deepest: UInt8 = 8
  /// Calls that one user request may cause in all.
  static let widest: UInt16 = 256

  mutating func arrive<Network: FlowNetwork>(on edge: EdgeIndex, network: borrowing Network) {
    scheduleArrival(on: edge, at: now)
    var pod = none
    if edges[Int(edge)].client != none {
      let count = edges[Int(edge)].pods.count
      guard count > 0 else { return }
      let choice = edges[Int(edge)].arrivals.index(below: count)
      pod = edges[Int(edge)].pods[choice]
    }
    let request = allocate(on: edge, from: pod, parent: none)
    send(request, network: network)
  }

  private mutating func allocate(
    on edge: EdgeIndex, from pod: PodIndex, parent: RequestIndex
  ) -> RequestIndex {
    let request = requests.allocate()
    requests[request].phase = .connecting
    requests[request].edge = edge
    requests[request].depth = parent == none ? 0 : requests[parent].depth + 1
    requests[request].budget = parent == none ? Self.widest : requests[parent].budget - 1
    requests[request].started = now
    requests[request].clientPod = pod
    requests[request].parent = parent
    if pod != none { pods[Int(pod)].involved += 1 }
    countStart(request)
    awaitTimeout(request)
    return request
  }

  /// Puts the first packet on its way, where the network lets it.
  private mutating func send<Network: FlowNetwork>(
    _ request: RequestIndex, network: borrowing Network
  ) {
    let pod = requests[request].clientPod
    guard let way = way(of: requests[request].edge, from: pod) else {
      requests[request].phase = .answering
      requests[request].outcome = .unresolved
      schedule(.answer, request, at: now)
      return
    }
    let decision = network.decide(way.flow, enteringAt: way.node, random: &choices)
    let client: NodeIndex? = pod == none ? nil : pods[Int(pod)].node
    switch decision.verdict {
    case .delivered:
      var oneWay = network.latency(from: client, to: way.node)
      if client == nil, decision.endpointNode != way.node {
        oneWay = oneWay + network.latency(from: way.node, to: decision.endpointNode)
      } else if client != nil {
        oneWay = network.latency(from: client, to: decision.endpointNode)
      }
      requests[request].oneWay = oneWay
      requests[request].endpointAddress = decision.endpoint
      requests[request].endpointPort = decision.endpointPort
      attachEndpoint(request)
      schedule(.reach, request, at: now + oneWay)
    case .rejected:
      // The proxy's node answers with an ICMP error.
      requests[request].phase = .answering
      requests[request].outcome = .refused
      schedule(.answer, request, at: now + network.latency(from: client, to: way.node) * 2)
    case .dropped, .unreachable:
      requests[request].phase = .lost
    }
  }

  /// The first packet is at the endpoint's address.
  mutating func reach(_ request: RequestIndex) {
    let address = requests[request].endpointAddress
    let port = requests[request].endpointPort
    var pod = none
    let endpoint = requests[request].endpoint
    if endpoint != none, !endpoints[Int(endpoint)].isRetired {
      pod = endpoints[Int(endpoint)].pod
    } else {
      pod = listener(on: address, port)
    }
    if pod == none, !isPresent(address) {
      requests[request].phase = .lost
    } else if pod == none || pods[Int(pod)].state != .running
      || !behaviours[Int(pods[Int(pod)].behaviour)].listens(on: port)
    {
      requests[request].phase = .answering
      requests[request].outcome = .refused
      schedule(.answer, request, at: now + requests[request].oneWay)
    } else {
      accept(request, by: pod)
    }
  }

  private mutating func accept(_ request: RequestIndex, by pod: PodIndex) {
    let index = Int(pod)
    let concurrency = behaviours[Int(pods[index].behaviour)].description.profile.concurrency
    if pods[index].busy < concurrency {
      requests[request].server = pod
      pods[index].involved += 1
      serve(request)
    } else if pods[index].queued < Profile.backlog {
      requests[request].server = pod
      pods[index].involved += 1
      requests[request].phase = .queued
      if pods[index].newestQueued == none {
        pods[index].oldestQueued = request
      } else {
        requests[pods[index].newestQueued].next = request
      }
      pods[index].newestQueued = request
      pods[index].queued += 1
    } else {
      // The kernel drops the connection attempt when the backlog is full.
      requests[request].phase = .lost
    }
  }

  /// A worker takes the request up.
  private mutating func serve(_ request: RequestIndex) {
    let pod = Int(requests[request].server)
    pods[pod].busy += 1
    requests[request].phase = .serving
    // TCP's handshake: the request itself comes one round trip after the first packet.
    let isTCP = edges[Int(requests[request].edge)].transport == .tcp
    let ready = requests[request].started + requests[request].oneWay * (isTCP ? 3 : 1)
    let duration = serviceTime(of: pods[pod].behaviour)
    schedule(.served, request, at: max(now, ready) + duration)
  }

  private mutating func serviceTime(of behaviour: BehaviourIndex) -> Duration {
    let median = behaviours[Int(behaviour)].description.profile.serviceTime
    let milliSigma = behaviours[Int(behaviour)].description.profile.milliSigma
    return work.logNormal(median: median, sigma: Double(milliSigma) / 1_000)
  }

  /// Makes the request's next call, or answers it.
  mutating func proceed<Network: FlowNetwork>(
    _ request: RequestIndex, network: borrowing Network
  ) {
    if requests[request].isAbandoned {
      leaveServer(request)
      requests.release(request)
      return
    }
    requests[request].phase = .calling
    if requests[request].hasFailed {
      answer(request, .error)
    } else if let edge = nextCall(of: request) {
      let child = allocate(on: edge, from: requests[request].server, parent: request)
      requests[request].child = child
      send(child, network: network)
    } else {
      let server = pods[Int(requests[request].server)].behaviour
      let share = behaviours[Int(server)].description.profile.milliPercentErrors
      let isError = share > 0 && work.chance(UInt64(share), in: 100_000)
      answer(request, isError ? .error : .success)
    }
  }

  private mutating func nextCall(of request: RequestIndex) -> EdgeIndex? {
    guard requests[request].depth < Self.deepest, requests[request].budget > 0 else { return nil }
    let behaviour = Int(pods[Int(requests[request].server)].behaviour)
    while true {
      let cursor = Int(requests[request].cursor)
      if requests[request].repetitions > 0 {
        requests[request].repetitions -= 1
        // The first `cursor` calls have been begun; a changed behaviour may have fewer.
        guard cursor <= behaviours[behaviour].calls.count else { return nil }
        return behaviours[behaviour].calls[cursor - 1].edge
      }
      guard cursor < behaviours[behaviour].calls.count else { return nil }
      let call = behaviours[behaviour].calls[cursor]
      requests[request].cursor += 1
      if !isServing(edges[Int(call.edge)].service, above: request) {
        requests[request].repetitions = repetitions(of: call)
      }
    }
  }

  private mutating func repetitions(of call: Call) -> UInt16 {
    let whole = call.milliCalls / 1_000
    let rest = UInt64(call.milliCalls % 1_000)
    return UInt16(clamping: whole + (rest > 0 && work.chance(rest, in: 1_000) ? 1 : 0))
  }

  /// Whether the request or one that caused it went to this Service: a ring of calls.
  private func isServing(_ service: ServiceIndex, above request: RequestIndex) -> Bool {
    var ancestor = request
    while ancestor != none {
      if edges[Int(requests[ancestor].edge)].service == service { return true }
      ancestor = requests[ancestor].parent
    }
    return false
  }

  /// The pod sends its answer and takes up the next request.
  private mutating func answer(_ request: RequestIndex, _ outcome: Outcome) {
    leaveServer(request)
    requests[request].phase = .answering
    requests[request].outcome = outcome
    schedule(.answer, request, at: now + requests[request].oneWay)
  }

  /// Gives the request's worker to the next in the queue.
  mutating func leaveServer(_ request: RequestIndex) {
    let pod = Int(requests[request].server)
    requests[request].server = none
    pods[pod].involved -= 1
    pods[pod].busy -= 1
    let next = pods[pod].oldestQueued
    guard next != none else { return }
    pods[pod].oldestQueued = requests[next].next
    if pods[pod].oldestQueued == none { pods[pod].newestQueued = none }
    requests[next].next = none
    pods[pod].queued -= 1
    serve(next)
  }

  mutating func schedule(_ kind: TrafficEvent.Kind, _ request: RequestIndex, at time: Instant) {
    let generation = requests[request].generation
    queue.schedule(TrafficEvent(kind: kind, index: request, generation: generation), at: time)
  }
}
