import ClusterModel
import SimulationCore

/// A virtual server of IPVS on a node.
struct ScheduleKey: Hashable, Sendable {
  var node: Int32
  /// In `ServicePortTable`.
  var port: Int32
  /// The virtual server's address.
  var server: IPAddress
}

/// Where the cyclic schedulers stand.
struct ScheduleTable: Sendable {
  private var turns: [ScheduleKey: Int] = [:]

  func turn(_ key: ScheduleKey) -> Int { turns[key] ?? 0 }

  mutating func advance(_ key: ScheduleKey) { turns[key, default: 0] &+= 1 }
}

/// The schedulers of IPVS that kube-proxy accepts (net/netfilter/ipvs/ip_vs_*.c). All weights are
/// one, so that the weighted ones do what their plain forms do.
enum IPVSScheduler: String, Sendable, CaseIterable {
  case roundRobin = "rr"
  case weightedRoundRobin = "wrr"
  case leastConnection = "lc"
  case weightedLeastConnection = "wlc"
  case localityLeastConnection = "lblc"
  case localityLeastConnectionReplicated = "lblcr"
  case sourceHashing = "sh"
  case destinationHashing = "dh"
  case shortestExpectedDelay = "sed"
  case neverQueue = "nq"
  case maglevHashing = "mh"

  enum Kind: Sendable {
    case cyclic, leastConnection, shortestDelay, neverQueue, source, target, flow
  }

  var kind: Kind {
    switch self {
    case .roundRobin, .weightedRoundRobin: .cyclic
    // The locality ones keep a destination with its server; there is one destination a server.
    case .leastConnection, .weightedLeastConnection, .localityLeastConnection,
      .localityLeastConnectionReplicated:
      .leastConnection
    case .shortestExpectedDelay: .shortestDelay
    case .neverQueue: .neverQueue
    case .sourceHashing: .source
    case .destinationHashing: .target
    case .maglevHashing: .flow
    }
  }

  /// What follows the scheduler's name in `ipvsadm -Ln`: kube-proxy lets mh hash the port as well.
  var flags: String { self == .maglevHashing ? " (mh-port)" : "" }
}

/// Which of the endpoints of a route a new connection gets.
extension DataPlane {
  @inline(__always)
  func offset(
    in route: Route, of flow: Flow, at node: Int32, random: inout RandomStream
  ) -> Int {
    if route.choice.count <= 1 { return 0 }
    if traits.throwsDice { return random.index(below: route.choice.count) }
    return scheduled(route, flow, at: node) ?? random.index(below: route.choice.count)
  }

  /// The endpoint that is not left to chance; nil where it is.
  func scheduled(_ route: Route, _ flow: Flow, at node: Int32) -> Int? {
    if traits.mode == .ebpf {
      guard !isInCluster(flow.source) else { return nil }
      return maglev(of: route).owner(of: MaglevTable.hash(flow))
    }
    let count = route.choice.count
    switch traits.scheduler.kind {
    case .cyclic:
      let key = ScheduleKey(node: node, port: route.port, server: flow.destination)
      return schedules.turn(key) % count
    case .leastConnection: return least(route, flow, node) { $0.overhead }
    case .shortestDelay: return least(route, flow, node) { Int64($0.active) + 1 }
    case .neverQueue: return least(route, flow, node) { $0.active == 0 ? 0 : Int64($0.active) + 1 }
    case .source: return Self.bucket(flow.source) % count
    case .target: return Self.bucket(flow.destination) % count
    case .flow: return Self.bucket(flow.source, UInt32(flow.sourcePort)) % count
    }
  }

  /// The first of the destinations with the smallest `cost`.
  private func least(
    _ route: Route, _ flow: Flow, _ node: Int32, _ cost: (BackendLoads.Load) -> Int64
  ) -> Int? {
    let server = addresses.find(flow.destination)
    guard server >= 0, let loads = conntrack.loads else { return 0 }
    var best = (offset: 0, cost: Int64.max)
    for offset in 0..<route.choice.count {
      let target = ports.targets[ports.position(route.choice, offset)]
      let load = loads[
        BackendKey(
          node: node, server: server, serverPort: flow.destinationPort,
          transport: flow.transport, endpoint: target.address, endpointPort: target.port)]
      let cost = cost(load)
      if cost < best.cost { best = (offset, cost) }
    }
    return best.offset
  }

  /// One of 256 places (ip_vs_sh.c, ip_vs_dh.c: include/linux/hash.h hash_32).
  private static func bucket(_ address: IPAddress, _ more: UInt32 = 0) -> Int {
    let folded =
      address.family == .ipv4
      ? address.v4
      : UInt32(truncatingIfNeeded: address.high >> 32) ^ UInt32(truncatingIfNeeded: address.high)
        ^ UInt32(truncatingIfNeeded: address.low >> 32) ^ UInt32(truncatingIfNeeded: address.low)
    return Int((folded &+ more) &* 0x61C8_8647 >> 24)
  }
}
