import ClusterModel
import SimulationCore
import Testing

@testable import DataPlane

/// Connections that nodes remember.
@Suite struct ConntrackTests {
  private func cluster(
    _ mode: ProxyMode = .iptables, transport: TransportProtocol = .tcp,
    configure: (inout NetworkConfiguration) -> Void = { _ in }
  ) -> TestCluster {
    var cluster = TestCluster(mode: mode, configure: configure)
    for node in 1...3 { cluster.addPod("web-\(node)", "10.244.\(node).5", ports: []) }
    cluster.addPod("client", "10.244.1.9")
    cluster.set(TestCluster.web { $0.ports[0].transport = transport })
    cluster.setEndpoints([endpoint("10.244.2.5")], transport: transport)
    cluster.settle()
    return cluster
  }

  private func flow(_ transport: TransportProtocol = .tcp, port: UInt16 = 40_000) -> Flow {
    Flow(
      source: ip("10.244.1.9"), sourcePort: port, destination: ip("10.96.0.100"),
      destinationPort: 80, transport: transport)
  }

  private func open(
    _ cluster: inout TestCluster, _ flow: Flow, at node: Int = 1, seed: UInt64 = 1
  ) -> TrackedConnection {
    var random = RandomStream(seed: seed, component: "test")
    let index = cluster.node(node)
    let decision =
      cluster.plane.tracked(flow, enteringAt: index, at: cluster.now)
      ?? cluster.plane.decide(flow, enteringAt: index, at: cluster.now, random: &random)
    return cluster.plane.track(decision, of: flow, enteringAt: index, at: cluster.now) ?? .none
  }

  private func lines(
    _ cluster: TestCluster, _ node: Int, _ filter: ConntrackFilter = ConntrackFilter()
  ) -> [String] {
    cluster.plane.conntrackLines(on: cluster.node(node), at: cluster.now, filter)
  }

  @Test func `a connection goes through its states, as the tool prints them`() {
    var cluster = cluster()
    let id = open(&cluster, flow())
    let tuples =
      "src=10.244.1.9 dst=10.96.0.100 sport=40000 dport=80 "
    let reply = "src=10.244.2.5 dst=10.244.1.9 sport=8080 dport=40000 "
    #expect(
      lines(cluster, 1) == [
        "tcp      6 120 SYN_SENT \(tuples)[UNREPLIED] \(reply)mark=0 use=1"
      ])
    cluster.plane.connection(id, .answered, at: cluster.now)
    #expect(
      lines(cluster, 1) == ["tcp      6 86400 ESTABLISHED \(tuples)\(reply)[ASSURED] mark=0 use=1"])
    cluster.now = .zero + .seconds(5)
    cluster.plane.connection(id, .closed, at: cluster.now)
    cluster.now = .zero + .seconds(15)
    #expect(
      lines(cluster, 1) == ["tcp      6 110 TIME_WAIT \(tuples)\(reply)[ASSURED] mark=0 use=1"])
    // The endpoint's node sees it as it arrives there.
    #expect(lines(cluster, 2).count == 1)
    #expect(lines(cluster, 2)[0].contains("src=10.244.1.9 dst=10.244.2.5 sport=40000 dport=8080"))
    #expect(lines(cluster, 3).isEmpty)
    cluster.now = .zero + .seconds(125)
    #expect(lines(cluster, 1).isEmpty)
    #expect(cluster.plane.conntrackCount(on: cluster.node(1), at: cluster.now) == 0)
  }

  @Test func `filters choose as the tool's options do`() {
    var cluster = cluster()
    _ = open(&cluster, flow())
    var filter = ConntrackFilter()
    filter.transport = .udp
    #expect(lines(cluster, 1, filter).isEmpty)
    filter.transport = .tcp
    filter.destination = cidr("10.96.0.0/16")
    filter.isDestinationRewritten = true
    #expect(lines(cluster, 1, filter).count == 1)
    filter.isSourceRewritten = true
    #expect(lines(cluster, 1, filter).isEmpty)
  }

  @Test func `masquerading shows in what the reply is sent to`() {
    var cluster = cluster()
    var flow = flow()
    flow.source = ip("198.51.100.10")
    _ = open(&cluster, flow)
    let line = lines(cluster, 1)[0]
    #expect(line.contains("src=10.244.2.5 dst=10.244.1.0 sport=8080 dport="))
    #expect(!line.contains("dport=40000"))
  }

  @Test func `UDP follows its entry until the entry is cleaned up`() {
    var cluster = cluster(transport: .udp)
    let id = open(&cluster, flow(.udp))
    cluster.plane.connection(id, .answered, at: cluster.now)
    #expect(lines(cluster, 1)[0].hasPrefix("udp      17 30 src="))
    #expect(!lines(cluster, 1)[0].contains("["))
    // Until the node has synced, the datagrams go on to the old endpoint.
    cluster.now = .zero + .seconds(1)
    cluster.setEndpoints([endpoint("10.244.3.5")], transport: .udp)
    let tracked = cluster.plane.tracked(flow(.udp), enteringAt: cluster.node(1), at: cluster.now)
    #expect(tracked?.endpoint == ip("10.244.2.5"))
    cluster.runUntilQuiet()
    #expect(cluster.plane.tracked(flow(.udp), enteringAt: cluster.node(1), at: cluster.now) == nil)
    #expect(lines(cluster, 1).isEmpty)
  }

  @Test func `a sync that leaves no endpoint cleans nothing up, and TCP is never touched`() {
    var datagrams = cluster(transport: .udp)
    _ = open(&datagrams, flow(.udp))
    datagrams.setEndpoints([], transport: .udp)
    datagrams.runUntilQuiet()
    #expect(lines(datagrams, 1).count == 1)
    var streams = cluster()
    let id = open(&streams, flow())
    streams.plane.connection(id, .answered, at: streams.now)
    streams.setEndpoints([endpoint("10.244.3.5")])
    streams.runUntilQuiet()
    #expect(lines(streams, 1).count == 1)
  }

  @Test func `a full table drops what is new and makes room as entries expire`() {
    var cluster = cluster()
    let most = cluster.plane.conntrackMaximum(on: cluster.node(1))
    #expect(most == 131_072)
    var random = RandomStream(seed: 1, component: "test")
    let decision = cluster.plane.decide(
      flow(), enteringAt: cluster.node(1), at: cluster.now, random: &random)
    var refused: [Int] = []
    for number in 0...most {
      var flow = flow(port: UInt16(number % 60_000 + 1))
      flow.destinationPort = UInt16(number / 60_000 + 1)
      let id = cluster.plane.track(
        decision, of: flow, enteringAt: cluster.node(1), at: cluster.now)
      if id == nil { refused.append(number) }
    }
    #expect(refused == [most])
    #expect(cluster.plane.conntrackDrops == 1)
    cluster.now = .zero + .seconds(121)
    #expect(
      cluster.plane.track(decision, of: flow(), enteringAt: cluster.node(1), at: cluster.now) != nil
    )
    #expect(cluster.plane.conntrackCount(on: cluster.node(1), at: cluster.now) == 1)
  }

  /// Against a table that is a list.
  @Test(arguments: 0..<200 as Range<UInt64>)
  func `finds and forgets what a slow table does`(seed: UInt64) {
    var random = RandomStream(seed: seed, component: "conntrack")
    var table = ConntrackTable(countsLoads: seed % 2 == 0)
    var slow: [(entry: ConntrackEntry, id: TrackedConnection, deadline: Instant)] = []
    var now = Instant.zero
    for _ in 0..<300 {
      now = now + .milliseconds(Int64(random.below(4000)))
      slow.removeAll { $0.deadline <= now }
      let number = Int32(random.below(12))
      let entry = ConntrackEntry(
        source: number, destination: 1, endpoint: 2, replyTo: number,
        sourcePort: UInt16(random.below(8)), destinationPort: 80, endpointPort: 8080, replyPort: 1,
        node: Int32(random.below(2)), endpointNode: -1, servicePort: 0, transport: .udp,
        state: .datagram)
      switch random.below(4) {
      case 0, 1:
        slow.removeAll { $0.entry.isSameFlow(as: entry) }
        slow.append((entry, table.add(entry, at: now), now + ConntrackState.datagram.timeout))
      case 2 where !slow.isEmpty:
        let place = random.index(below: slow.count)
        table.move(slow[place].id, to: .close, at: now)
        slow[place].deadline = now + ConntrackState.close.timeout
      default:
        table.expire(at: now)
        #expect(table.count == slow.count, "seed \(seed)")
      }
      let isKnown = slow.contains { $0.entry.isSameFlow(as: entry) }
      #expect((table.find(entry, at: now) != nil) == isKnown, "seed \(seed)")
    }
    #expect(MemoryLayout<ConntrackEntry>.stride <= 72)
  }
}

/// How IPVS and Maglev choose.
@Suite struct SchedulerTests {
  private func cluster(_ scheduler: String) -> TestCluster {
    var cluster = TestCluster(mode: .ipvs) { $0.ipvsScheduler = scheduler }
    for node in 1...3 { cluster.addPod("web-\(node)", "10.244.\(node).5") }
    cluster.set(TestCluster.web())
    cluster.setEndpoints((1...3).map { endpoint("10.244.\($0).5") })
    cluster.settle()
    return cluster
  }

  /// Opens connections one after the other; returns the endpoints' nodes and the connections.
  private func open(_ cluster: inout TestCluster, _ count: Int, source: String = "10.244.1.9")
    -> [(node: Int, id: TrackedConnection)]
  {
    var random = RandomStream(seed: 1, component: "test")
    return (0..<count).map { number in
      let flow = Flow(
        source: ip(source), sourcePort: UInt16(40_000 + number), destination: ip("10.96.0.100"),
        destinationPort: 80)
      let decision = cluster.plane.decide(
        flow, enteringAt: cluster.node(1), at: cluster.now, random: &random)
      let id = cluster.plane.track(
        decision, of: flow, enteringAt: cluster.node(1), at: cluster.now)
      return (Int(decision.endpoint.v4 >> 8 & 255), id ?? .none)
    }
  }

  @Test(arguments: ["rr", "wrr"]) func `round robin goes in a circle`(name: String) {
    var cluster = cluster(name)
    #expect(open(&cluster, 6).map(\.node) == [1, 2, 3, 1, 2, 3])
  }

  @Test(arguments: ["lc", "wlc", "lblc", "lblcr", "sed", "nq"])
  func `the least busy one gets the next`(name: String) {
    var cluster = cluster(name)
    let first = open(&cluster, 3)
    #expect(first.map(\.node) == [1, 2, 3])
    // Two connections end; an ended one counts little, or nothing.
    for place in [1, 2] { cluster.plane.connection(first[place].id, .closed, at: cluster.now) }
    var random = RandomStream(seed: 1, component: "test")
    let flow = Flow(
      source: ip("10.244.1.9"), sourcePort: 50_000, destination: ip("10.96.0.100"),
      destinationPort: 80)
    let next = cluster.plane.decide(
      flow, enteringAt: cluster.node(1), at: cluster.now, random: &random)
    #expect(next.endpoint == ip("10.244.2.5"))
  }

  @Test(arguments: ["sh", "dh"]) func `a hash of an address always gives the same`(name: String) {
    var cluster = cluster(name)
    #expect(Set(open(&cluster, 20).map(\.node)).count == 1)
    let candidates = cluster.plane.candidates(
      of: cluster.flow("10.244.1.9", "10.96.0.100", 80), enteringAt: cluster.node(1))
    #expect(candidates.count == 1)
    let all = (0..<200).map { number in
      var cluster = cluster
      return open(&cluster, 1, source: "198.51.100.\(number)")[0].node
    }
    #expect(Set(all) == (name == "sh" ? [1, 2, 3] : [all[0]]))
  }

  @Test func `ipvsadm shows connections, and a removed destination with weight 0`() {
    var cluster = cluster("rr")
    let connections = open(&cluster, 4)
    cluster.plane.connection(connections[0].id, .answered, at: cluster.now)
    cluster.plane.connection(connections[1].id, .closed, at: cluster.now)
    cluster.setEndpoints([endpoint("10.244.1.5"), endpoint("10.244.3.5")])
    cluster.runUntilQuiet()
    let server = """
      TCP  10.96.0.100:80 rr
        -> 10.244.1.5:8080              Masq    1      2          0         
        -> 10.244.2.5:8080              Masq    0      0          1         
        -> 10.244.3.5:8080              Masq    1      1          0         

      """
    #expect(cluster.plane.ipvsList(on: cluster.node(1)).hasSuffix(server))
  }

  @Test func `Maglev shares equally, and loses little with a backend`() {
    let backends = (1...5).map { "10.0.0.\($0):80" }
    let table = MaglevTable(backends: backends, transport: .tcp)
    let shares = table.shares(count: 5)
    #expect(shares.reduce(0, +) == 16_381)
    #expect(shares.allSatisfy { abs($0 - 3276) <= 1 })
    let smaller = MaglevTable(backends: Array(backends.dropLast()), transport: .tcp)
    var moved = 0
    for hash in 0..<UInt32(16_381) where table.owner(of: hash) < 4 {
      if table.owner(of: hash) != smaller.owner(of: hash) { moved += 1 }
    }
    #expect(moved < 16_381 / 20)
  }

  // The reference implementation's own checks.
  @Test func `the hashes are the published ones`() {
    #expect(
      Murmur3.hash128(Array("hello".utf8), seed: 0) == (
        0xcbd8_a7b3_41bd_9b02, 0x5b1e_906a_48ae_1d19
      ))
    #expect(Murmur3.hash128([], seed: 0) == (0, 0))
  }

  @Test func `outside clients of eBPF keep their endpoint by their address and port`() {
    var cluster = TestCluster(mode: .ebpf)
    for node in 1...3 { cluster.addPod("web-\(node)", "10.244.\(node).5") }
    cluster.set(TestCluster.exposed(.cluster))
    cluster.setEndpoints((1...3).map { endpoint("10.244.\($0).5") })
    cluster.settle()
    let flow = cluster.flow("198.51.100.7", "203.0.113.10", 80)
    let candidates = cluster.plane.candidates(of: flow, enteringAt: cluster.node(1))
    #expect(candidates.map(\.numerator).reduce(0, +) == 16_381)
    #expect(candidates.allSatisfy { abs($0.probability - 1.0 / 3) < 0.001 })
    let ends = (0..<20 as Range<UInt64>).map { seed in
      var random = RandomStream(seed: seed, component: "test")
      return cluster.plane.decide(flow, enteringAt: cluster.node(1), random: &random).endpoint
    }
    #expect(Set(ends).count == 1)
  }
}

/// How far nodes are behind.
@Suite struct ProxyLagTests {
  @Test func `a stopped proxy is behind by the Services that have changed`() {
    var cluster = TestCluster()
    cluster.set(TestCluster.web())
    cluster.settle()
    #expect(cluster.plane.lag(of: cluster.node(1), at: cluster.now).isInSync)
    cluster.plane.stopProxy(on: cluster.node(1))
    cluster.setEndpoints([endpoint("10.244.2.5")])
    cluster.set(TestCluster.web { $0.metadata.name = "other" })
    cluster.setEndpoints([endpoint("10.244.2.6")])
    cluster.advance(to: .zero + .seconds(4))
    let lag = cluster.plane.lag(of: cluster.node(1), at: cluster.now)
    #expect(lag.pendingServices == ["default/other", "default/web"])
    #expect(lag.pendingChanges == 3)
    #expect(lag.lag == .seconds(4))
    #expect(!lag.isRunning)
    #expect(cluster.plane.lag(of: cluster.node(2), at: cluster.now).isInSync)
    let plane = cluster.plane
    #expect(!plane.isInSync(namespace: "default", service: "web", on: cluster.node(1)))
    #expect(plane.isInSync(namespace: "default", service: "web", on: cluster.node(2)))
    #expect(plane.isInSync(namespace: "default", service: "none", on: cluster.node(1)))
  }

  @Test func `the health check server counts ready local endpoints while kube-proxy runs`() {
    var cluster = TestCluster()
    cluster.set(TestCluster.exposed(.local) { $0.healthCheckNodePort = 31_000 })
    cluster.setEndpoints([
      endpoint("10.244.1.5"), endpoint("10.244.1.6"),
      endpoint("10.244.1.7", ready: false, terminating: true), endpoint("10.244.2.5"),
    ])
    cluster.settle()
    func answer(_ node: Int) -> HealthCheckAnswer? {
      cluster.plane.healthCheck(on: cluster.node(node), port: 31_000)
    }
    #expect(answer(1)?.localEndpoints == 2)
    #expect(answer(1)?.status == 200)
    #expect(answer(3)?.status == 503)
    #expect(cluster.decide("198.51.100.1", "192.168.0.3", 31_000, at: 3).verdict == .delivered)
    cluster.plane.stopProxy(on: cluster.node(1))
    #expect(answer(1) == nil)
    #expect(cluster.decide("198.51.100.1", "192.168.0.1", 31_000, at: 1).verdict == .rejected)
  }
}
