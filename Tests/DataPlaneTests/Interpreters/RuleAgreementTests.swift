import ClusterModel
import SimulationCore
import Testing

@testable import DataPlane

/// The rules in text do what the engine does: on random clusters, for random packets.
@Suite struct `The rules agree with the engine` {
  @Test(arguments: 0..<1000 as Range<UInt64>)
  func `in iptables mode`(seed: UInt64) { check(.iptables, seed) }

  @Test(arguments: 0..<1000 as Range<UInt64>)
  func `in nftables mode`(seed: UInt64) { check(.nftables, seed) }

  private func check(_ mode: ProxyMode, _ seed: UInt64) {
    var random = RandomStream(seed: seed, component: "agreement \(mode)")
    var cluster = RandomCluster(mode, &random)
    let node = Int(random.below(3)) + 1
    let index = cluster.base.node(node)
    let rules = Self.interpreter(mode, cluster.base, index)
    let others = IptablesInterpreter(
      mode == .nftables ? cluster.base.plane.iptablesSave(on: index) ?? "" : "")
    for _ in 0..<16 {
      let flow = cluster.flow(at: node, &random)
      var machine = RuleMachine(own: cluster.addresses(of: node))
      if random.chance(1, in: 3) { cluster.remember(flow, at: node, &random) }
      machine.known = cluster.memory[flow.source] ?? []
      let outcomes = rules.way(of: flow, machine)
      let route = cluster.base.plane.route(flow, at: index.value, cluster.base.now)
      let remark: Comment = "\(mode) seed \(seed): \(flow) at node \(node): \(route.cause)"
      #expect(Self.verdicts(outcomes) == Self.expected(route), remark)
      guard route.cause == .service || route.cause == .direct else { continue }
      Self.compare(outcomes, route, flow, cluster, index, machine, others, remark)
    }
  }

  private static func interpreter(
    _ mode: ProxyMode, _ cluster: TestCluster, _ node: NodeIndex
  ) -> any RuleInterpreter {
    mode == .nftables
      ? NftInterpreter(cluster.plane.nftRuleset(on: node), family: "ip")
      : IptablesInterpreter(cluster.plane.iptablesSave(on: node) ?? "")
  }

  private static func verdicts(_ outcomes: [RuleOutcome]) -> Set<String> {
    Set(
      outcomes.map { outcome in
        switch outcome.verdict {
        case .accept: outcome.packet.isDNATed ? "endpoint" : "as it is"
        case .drop: "drop"
        case .reject: "reject"
        }
      })
  }

  private static func expected(_ route: Route) -> Set<String> {
    switch route.cause {
    case .service: ["endpoint"]
    case .direct, .noRule: ["as it is"]
    case .noEndpoints, .unusedPort: ["reject"]
    case .noLocalEndpoints, .sourceRange, .freeAddress: ["drop"]
    }
  }

  /// Endpoints with their chances, and who is masqueraded.
  private static func compare(
    _ outcomes: [RuleOutcome], _ route: Route, _ flow: Flow, _ cluster: RandomCluster,
    _ node: NodeIndex, _ machine: RuleMachine, _ others: IptablesInterpreter, _ remark: Comment
  ) {
    let plane = cluster.base.plane
    var chances: [String: Double] = [:]
    for outcome in outcomes {
      chances["\(outcome.packet.destination):\(outcome.packet.port)", default: 0] +=
        outcome.probability
    }
    let candidates = plane.candidates(of: route, flow)
    if route.cause == .service {
      #expect(chances.count == candidates.count, remark)
      for candidate in candidates {
        let chance = chances["\(candidate.address):\(candidate.port)"] ?? 0
        #expect(abs(chance - candidate.probability) < 1e-7, remark)
      }
    }
    // What a node sends as it is already has the address of the device it leaves by.
    if route.cause == .direct, machine.isLocal(flow.source) { return }
    for offset in 0..<max(1, route.choice.count) {
      let decision = plane.finish(
        flow, route, at: node.value, cluster.base.now, choosing: offset)
      guard decision.verdict != .unreachable else { continue }
      let same = outcomes.filter {
        $0.packet.destination == decision.endpoint && $0.packet.port == decision.endpointPort
      }
      let isMasqueraded = same.contains { outcome in
        outcome.packet.isMasqueraded
          || isMasqueradedByOthers(outcome.packet, flow, others, machine)
      }
      #expect(isMasqueraded == decision.isMasqueraded, remark)
    }
  }

  private static func isMasqueradedByOthers(
    _ packet: RulePacket, _ flow: Flow, _ others: IptablesInterpreter, _ machine: RuleMachine
  ) -> Bool {
    let passes = machine.isLocal(flow.source) || !machine.isLocal(packet.destination)
    return passes
      && others.walk(.postrouting, packet, machine).contains { $0.packet.isMasqueraded }
  }
}

/// A cluster of three nodes with flannel and a few Services of any sort.
struct RandomCluster {
  var base: TestCluster
  private var services: [Service] = []
  /// The lists that each client is in.
  private(set) var memory: [IPAddress: Set<String>] = [:]
  private let pods: [String]

  init(_ mode: ProxyMode, _ random: inout RandomStream) {
    let options = (random.below(8), random.below(6), random.below(4), random.below(5))
    base = TestCluster(mode: mode, seed: random.next()) { configuration in
      configuration.masqueradeAll = options.0 == 0
      if options.1 == 0 { configuration.clusterCIDRForProxy = [] }
      configuration.localhostNodePorts = options.2 != 0
      switch options.3 {
      case 0: configuration.nodePortAddresses = [cidr("192.168.0.0/24")]
      case 1: configuration.nodePortAddresses = [cidr("0.0.0.0/0")]
      case 2: configuration.nodePortAddresses = [cidr("127.0.0.0/8"), cidr("198.18.0.0/16")]
      default: break
      }
    }
    pods = (1...3).flatMap { node in (2...4).map { "10.244.\(node).\($0 * 7)" } }
    for (number, address) in pods.enumerated() { base.addPod("pod-\(number)", address) }
    for number in 1...3 { base.addFlannel(number) }
    for number in 1...3 { addService(number, &random) }
    base.settle()
  }

  private mutating func addService(_ number: Int, _ random: inout RandomStream) {
    var service = TestCluster.web()
    service.metadata.name = "web-\(number)"
    service.clusterIPs = [ip("10.96.0.\(number)")]
    service.ports = [ServicePort(name: "http", port: 80, targetPort: .integer(8080))]
    if random.chance(1, in: 3) { service.affinitySeconds = 600 }
    if random.chance(1, in: 4) { service.internalTrafficPolicy = .local }
    if random.chance(1, in: 2) {
      service.type = random.chance(1, in: 2) ? .loadBalancer : .nodePort
      service.ports[0].nodePort = 30000 + number
      service.externalTrafficPolicy = random.chance(1, in: 2) ? .local : .cluster
      if random.chance(1, in: 2) { service.externalIPs = ["203.0.113.\(number)"] }
      if service.type == .loadBalancer {
        service.loadBalancerIngress = [.init(ip: ip("203.0.114.\(number)"))]
        let ranges = [[], ["198.51.100.0/24"], ["192.0.2.0/24", "192.168.0.0/24"], ["10.0.0.0/8"]]
        service.loadBalancerSourceRanges = ranges[random.index(below: ranges.count)]
      }
    }
    services.append(service)
    base.set(service)
    var endpoints: [Endpoint] = []
    for address in pods where random.chance(2, in: 5) {
      let kind = random.below(5)
      endpoints.append(
        endpoint(address, ready: kind < 3, serving: kind < 4, terminating: kind >= 3))
    }
    if random.chance(1, in: 6) { endpoints = [] }
    base.setEndpoints(endpoints, of: service.metadata.name)
  }

  func addresses(of node: Int) -> Set<IPAddress> {
    Set(
      ["192.168.0.\(node)", "198.18.0.\(node)", "10.244.\(node).0", "10.244.\(node).1"].map(ip))
  }

  /// A packet that node `node` may see first.
  func flow(at node: Int, _ random: inout RandomStream) -> Flow {
    let own = pods.filter { $0.hasPrefix("10.244.\(node).") }
    let sources = own + ["192.168.0.\(node)", "192.168.0.\(node % 3 + 1)", "198.51.100.10"]
    let source = sources[random.index(below: sources.count)]
    let service = services[random.index(below: services.count)]
    let nodePort = UInt16(service.ports[0].nodePort)
    var targets: [(String, UInt16)] = [
      (service.clusterIPs[0].description, 80), (service.clusterIPs[0].description, 81),
      ("10.96.0.200", 80), (pods[random.index(below: pods.count)], 8080), ("8.8.8.8", 53),
    ]
    targets += service.externalIPs.map { ($0, 80) }
    targets += service.loadBalancerIngress.compactMap(\.ip).map { ($0.description, 80) }
    if nodePort != 0 {
      targets += addresses(of: node).sorted().map { ($0.description, nodePort) }
      targets.append(("192.168.0.\(node % 3 + 1)", nodePort))
    }
    var (destination, port) = targets[random.index(below: targets.count)]
    var from = source
    if nodePort != 0, random.chance(1, in: 10) {
      (from, destination, port) = ("127.0.0.1", "127.0.0.1", nodePort)
    }
    return Flow(
      source: ip(from), sourcePort: 40_000, destination: ip(destination), destinationPort: port)
  }

  /// Sends `flow` once, and notes in which lists its source is then.
  mutating func remember(_ flow: Flow, at node: Int, _ random: inout RandomStream) {
    let index = base.node(node)
    let decision = base.plane.decide(flow, enteringAt: index, at: base.now, random: &random)
    guard decision.hasAffinity else { return }
    base.plane.remember(decision, of: flow, enteringAt: index, at: base.now)
    let identity = base.plane.ports.identities[Int(decision.servicePort)]
    let end = PacketTrace.Packet.text(decision.endpoint, decision.endpointPort)
    let names = [
      RuleNames.chainName(.endpoint, identity.text, identity.transport, endpoint: end),
      RuleNames.nftName(
        .affinity, identity, endpoint: (decision.endpoint, decision.endpointPort)),
    ]
    memory[flow.source, default: []].formUnion(names)
  }
}
