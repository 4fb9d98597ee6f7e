import ClusterModel
import DataPlane
import SimulationCore

/// The way of a request: out to an endpoint and through its pod's queue.
extension Traffic {
  /// Calls that one user request may cause in all.
  static let widest: UInt16 = 256

  mutating func arrive<Network: FlowNetwork>(on edge: EdgeIndex, network: inout Network) {
    scheduleArrival(on: edge, at: now)
    var pod = none
    if edges[Int(edge)].client != none {
      let count = edges[Int(edge)].pods.count
      guard count > 0 else { return }
      let choice = edges[Int(edge)].arrivals.index(below: count)
      pod = edges[Int(edge)].pods[choice]
    }
    let request = allocate(on: edge, from: pod, parent: none)
    send(request, network: &network)
  }

  mutating func allocate(
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
  mutating func send<Network: FlowNetwork>(
    _ request: RequestIndex, network: inout Network
  ) {
    let pod = requests[request].clientPod
    if pod == none, isThroughController(requests[request].edge) {
      return sendThroughController(request, network: &network)
    }
    guard let way = way(of: requests[request].edge, from: pod) else {
      requests[request].phase = .answering
      requests[request].outcome = .unresolved
      schedule(.answer, request, at: now)
      return
    }
    let decision =
      network.tracked(way.flow, enteringAt: way.node, at: now)
      ?? network.decide(way.flow, enteringAt: way.node, at: now, random: &choices)
    let client: NodeIndex? = pod == none ? nil : pods[Int(pod)].node
    switch decision.verdict {
    case .delivered:
      guard let id = network.track(decision, of: way.flow, enteringAt: way.node, at: now) else {
        requests[request].phase = .lost
        return
      }
      requests[request].connection = id
      requests[request].endpointAddress = decision.endpoint
      requests[request].endpointPort = decision.endpointPort
      if decision.endpointNode.isNone {
        leaveCluster(request, oneWay: network.latency(from: nil, to: way.node))
        return
      }
      var oneWay = network.latency(from: client ?? way.node, to: decision.endpointNode)
      if client == nil {
        let arrival = network.latency(from: nil, to: way.node)
        oneWay = decision.endpointNode == way.node ? arrival : arrival + oneWay
      }
      requests[request].oneWay = oneWay
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

  /// Nothing is known of servers outside: they answer in a usual service time.
  private mutating func leaveCluster(_ request: RequestIndex, oneWay: Duration) {
    let usual = Profile()
    let duration = work.logNormal(median: usual.serviceTime, sigma: usual.sigma)
    requests[request].phase = .answering
    requests[request].oneWay = oneWay
    schedule(.answer, request, at: now + oneWay * 4 + duration)
  }

  /// The first packet is at the endpoint's address.
  mutating func reach<Network: FlowNetwork>(_ request: RequestIndex, network: inout Network) {
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
      network.connection(requests[request].connection, .answered, at: now)
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
  mutating func serve(_ request: RequestIndex) {
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
    let sigma = behaviours[Int(behaviour)].description.profile.sigma
    return work.logNormal(median: median, sigma: sigma)
  }

  mutating func schedule(_ kind: TrafficEvent.Kind, _ request: RequestIndex, at time: Instant) {
    let generation = requests[request].generation
    queue.schedule(TrafficEvent(kind: kind, index: request, generation: generation), at: time)
  }
}
