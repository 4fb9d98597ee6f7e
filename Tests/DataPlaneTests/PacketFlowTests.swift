import ClusterModel
import SimulationCore
import Testing

@testable import DataPlane

/// Packets by source and destination, in every mode: endpoints or verdict, and masquerading
/// (pkg/proxy/iptables/proxier_test.go has such tables).
@Suite struct PacketFlowTests {
  static let pod = "10.244.1.9"
  static let hostOf1 = "192.168.0.1"
  static let outside = "198.51.100.10"

  struct Row: Sendable, CustomTestStringConvertible {
    var source: String
    var destination: String
    var port: UInt16
    /// Endpoints by `N`, the node of 10.244.N.5, or a verdict.
    var expected: String
    var isMasqueraded: Bool
    var testDescription: String { "\(source) → \(destination):\(port)" }

    init(
      _ source: String, _ destination: String, _ port: UInt16, _ expected: String,
      masquerade: Bool = false
    ) {
      (self.source, self.destination, self.port) = (source, destination, port)
      self.expected = expected
      isMasqueraded = masquerade
    }
  }

  private func check(_ rows: [Row], _ mode: ProxyMode, _ service: Service, _ endpoints: [Endpoint])
  {
    var cluster = TestCluster(mode: mode)
    for node in 1...3 { cluster.addPod("web-\(node)", "10.244.\(node).5") }
    cluster.addPod("client", Self.pod)
    cluster.set(service)
    cluster.setEndpoints(endpoints)
    cluster.settle()
    for row in rows {
      let decision = cluster.decide(row.source, row.destination, row.port, at: 1)
      let candidates = cluster.plane.candidates(
        of: cluster.flow(row.source, row.destination, row.port), enteringAt: cluster.node(1))
      let nodes = candidates.map { "\($0.address.v4 >> 8 & 255)" }.joined(separator: " ")
      let result = decision.verdict == .delivered && !nodes.isEmpty ? nodes : decision.verdict.name
      #expect(result == row.expected, "\(mode) \(row.testDescription)")
      #expect(decision.isMasqueraded == row.isMasqueraded, "\(mode) \(row.testDescription)")
      let source = row.isMasqueraded ? Self.masqueraded(decision, mode) : row.source
      #expect("\(decision.sourceSeen)" == source, "\(mode) \(row.testDescription)")
    }
  }

  /// MASQUERADE takes the address of the device that the packet leaves through: the tunnel's to
  /// another node's pod, the bridge's to the node's own, else the node's.
  private static func masqueraded(_ decision: FlowDecision, _ mode: ProxyMode) -> String {
    guard decision.endpoint.description.hasPrefix("10.244."), mode != .ebpf else { return hostOf1 }
    return decision.endpoint.description.hasPrefix("10.244.1.") ? "10.244.1.1" : "10.244.1.0"
  }

  static let remote = [endpoint("10.244.2.5"), endpoint("10.244.3.5")]

  @Test func `cluster policy, iptables`() {
    let rows = [
      Row(Self.pod, "10.96.0.100", 80, "2 3"),
      Row(Self.hostOf1, "10.96.0.100", 80, "2 3", masquerade: true),
      Row(Self.outside, "10.96.0.100", 80, "2 3", masquerade: true),
      Row(Self.pod, "203.0.113.10", 80, "2 3", masquerade: true),
      Row(Self.outside, "203.0.113.20", 80, "2 3", masquerade: true),
      Row(Self.outside, "192.168.0.1", 30080, "2 3", masquerade: true),
      Row(Self.outside, "198.18.0.1", 30080, "2 3", masquerade: true),
      Row(Self.pod, "192.168.0.1", 30080, "2 3", masquerade: true),
      Row("127.0.0.1", "127.0.0.1", 30080, "2 3", masquerade: true),
      Row(Self.pod, "10.96.0.100", 81, "unreachable"),
      Row(Self.pod, "10.96.0.77", 80, "unreachable"),
      Row(Self.outside, "192.168.0.1", 30081, "rejected"),
      Row(Self.pod, "10.244.2.5", 8080, "delivered"),
      Row(Self.pod, "10.244.2.5", 8081, "rejected"),
      Row(Self.pod, "10.244.2.77", 8080, "unreachable"),
      Row(Self.outside, "203.0.113.77", 80, "unreachable"),
      Row(Self.pod, "8.8.8.8", 53, "delivered", masquerade: true),
      Row(Self.pod, "192.168.0.2", 10250, "delivered", masquerade: true),
      Row(Self.pod, "192.168.0.1", 10250, "delivered"),
    ]
    check(rows, .iptables, TestCluster.exposed(.cluster), Self.remote)
  }

  @Test func `local policy keeps outside clients' addresses and lets pods go everywhere`() {
    let rows = [
      Row(Self.outside, "203.0.113.10", 80, "1"),
      Row(Self.outside, "192.168.0.1", 30080, "1"),
      Row(Self.pod, "203.0.113.10", 80, "1 2"),
      Row(Self.hostOf1, "203.0.113.10", 80, "1 2", masquerade: true),
      Row(Self.pod, "10.96.0.100", 80, "1 2"),
    ]
    let endpoints = [endpoint("10.244.1.5"), endpoint("10.244.2.5")]
    check(rows, .iptables, TestCluster.exposed(.local), endpoints)
    check(rows, .nftables, TestCluster.exposed(.local), endpoints)
  }

  @Test func `local policy without a local endpoint drops outside traffic`() {
    let rows = [
      Row(Self.outside, "203.0.113.10", 80, "dropped"),
      Row(Self.outside, "203.0.113.20", 80, "dropped"),
      Row(Self.outside, "192.168.0.1", 30080, "dropped"),
      Row(Self.pod, "203.0.113.10", 80, "2 3"),
    ]
    check(rows, .iptables, TestCluster.exposed(.local), Self.remote)
    check(rows, .nftables, TestCluster.exposed(.local), Self.remote)
    // IPVS falls back to all endpoints unmarked, and flannel then masquerades what it forwards.
    check(
      [Row(Self.outside, "192.168.0.1", 30080, "2 3", masquerade: true)], .ipvs,
      TestCluster.exposed(.local), Self.remote)
  }

  @Test func `internal Local drops what only other nodes could serve`() {
    let service = TestCluster.web { $0.internalTrafficPolicy = .local }
    let row = [Row(Self.pod, "10.96.0.100", 80, "dropped")]
    check(row, .iptables, service, Self.remote)
    check(row, .nftables, service, Self.remote)
    check([Row(Self.pod, "10.96.0.100", 80, "2 3")], .ipvs, service, Self.remote)
  }

  @Test(arguments: ProxyMode.allCases)
  func `a Service without endpoints refuses`(mode: ProxyMode) {
    let rows = [
      Row(Self.pod, "10.96.0.100", 80, "rejected"),
      Row(Self.outside, "203.0.113.10", 80, "rejected"),
      Row(Self.outside, "192.168.0.1", 30080, "rejected"),
    ]
    check(rows, mode, TestCluster.exposed(.cluster), [])
    check(
      rows, mode, TestCluster.exposed(.local),
      [endpoint("10.244.1.5", ready: false, serving: false)])
  }

  @Test func `nftables differs from iptables where upstream says so`() {
    let rows = [
      Row(Self.pod, "10.96.0.100", 80, "2 3"),
      Row(Self.pod, "10.96.0.100", 81, "rejected"),
      Row(Self.pod, "10.96.0.77", 80, "dropped"),
      Row("127.0.0.1", "127.0.0.1", 30080, "rejected"),
      Row(Self.outside, "198.18.0.1", 30080, "rejected"),
      Row(Self.outside, "192.168.0.1", 30080, "2 3", masquerade: true),
    ]
    check(rows, .nftables, TestCluster.exposed(.cluster), Self.remote)
  }

  @Test func `eBPF rewrites nothing inside the cluster`() {
    let rows = [
      Row(Self.pod, "10.96.0.100", 80, "1 2"), Row(Self.hostOf1, "10.96.0.100", 80, "1 2"),
      Row(Self.pod, "192.168.0.1", 30080, "1 2"),
    ]
    let endpoints = [endpoint("10.244.1.5"), endpoint("10.244.2.5")]
    check(rows, .ebpf, TestCluster.exposed(.cluster), endpoints)
    check(
      [Row(Self.outside, "192.168.0.1", 30080, "2 3", masquerade: true)], .ebpf,
      TestCluster.exposed(.cluster), Self.remote)
    check(
      [Row(Self.outside, "192.168.0.1", 30080, "1")], .ebpf, TestCluster.exposed(.cluster),
      [endpoint("10.244.1.5")])
  }

  @Test(arguments: [ProxyMode.iptables, .nftables, .ipvs])
  func `a pod that reaches itself is masqueraded`(mode: ProxyMode) {
    check(
      [Row("10.244.1.5", "10.96.0.100", 80, "1", masquerade: true)], mode, TestCluster.web(),
      [endpoint("10.244.1.5")])
  }

  @Test func `source ranges hold for load balancer addresses and not for NodePorts`() {
    let service = TestCluster.exposed(.cluster) {
      $0.loadBalancerSourceRanges = [" 203.0.113.0/24 ", "fd00::/8"]
    }
    let rows = [
      Row(Self.outside, "203.0.113.10", 80, "dropped"),
      Row("203.0.113.99", "203.0.113.10", 80, "2 3", masquerade: true),
      Row(Self.outside, "203.0.113.20", 80, "2 3", masquerade: true),
      Row(Self.outside, "192.168.0.1", 30080, "2 3", masquerade: true),
    ]
    check(rows, .iptables, service, Self.remote)
    let everywhere = TestCluster.exposed(.cluster) {
      $0.loadBalancerSourceRanges = ["203.0.113.0/24", "0.0.0.0/0"]
    }
    check(
      [Row(Self.outside, "203.0.113.10", 80, "2 3", masquerade: true)], .iptables, everywhere,
      Self.remote)
  }

  @Test func `ingress addresses of a proxying load balancer make no rules`() {
    let service = TestCluster.exposed(.cluster) {
      $0.loadBalancerIngress = [.init(ip: IPAddress("203.0.113.10"), ipMode: "Proxy")]
    }
    var cluster = TestCluster()
    cluster.set(service)
    cluster.setEndpoints(Self.remote)
    cluster.settle()
    #expect(cluster.candidates(Self.pod, "203.0.113.10", 80, at: 1).isEmpty)
    #expect(cluster.candidates(Self.pod, "203.0.113.20", 80, at: 1) != "")
  }

  @Test func `headless, external and foreign Services are left alone`() {
    let services = [
      TestCluster.web { $0.isHeadless = true }, TestCluster.web { $0.type = .externalName },
      TestCluster.web { $0.metadata.labels["service.kubernetes.io/service-proxy-name"] = "other" },
    ]
    for service in services {
      var cluster = TestCluster()
      cluster.set(service)
      cluster.setEndpoints(Self.remote)
      cluster.settle()
      #expect(cluster.decide(Self.pod, "10.96.0.100", 80, at: 1).verdict == .unreachable)
    }
  }

  @Test func `affinity sends a client where it was before, until it expires`() {
    var cluster = TestCluster()
    for node in 1...3 { cluster.addPod("web-\(node)", "10.244.\(node).5") }
    cluster.set(TestCluster.web { $0.affinitySeconds = 60 })
    cluster.setEndpoints([endpoint("10.244.1.5"), endpoint("10.244.2.5"), endpoint("10.244.3.5")])
    cluster.settle()
    let flow = cluster.flow(Self.pod, "10.96.0.100", 80)
    let first = cluster.decide(Self.pod, "10.96.0.100", 80, at: 1)
    #expect(first.hasAffinity)
    cluster.plane.remember(first, of: flow, enteringAt: cluster.node(1), at: .zero)
    for seed in 1...50 as ClosedRange<UInt64> {
      let next = cluster.decide(Self.pod, "10.96.0.100", 80, at: 1, seed: seed)
      #expect(next.endpoint == first.endpoint)
    }
    #expect(cluster.candidates(Self.pod, "10.96.0.100", 80, at: 2).split(separator: " ").count == 3)
    cluster.advance(to: .zero + .seconds(60))
    #expect(cluster.candidates(Self.pod, "10.96.0.100", 80, at: 1).split(separator: " ").count == 3)
  }

  @Test func `no clusterCIDR means no masquerading of cluster IPs`() {
    var cluster = TestCluster(configure: { $0.clusterCIDRForProxy = [] })
    cluster.set(TestCluster.web())
    cluster.addPod("web", "10.244.1.5")
    cluster.setEndpoints([endpoint("10.244.1.5")])
    cluster.settle()
    #expect(cluster.decide(Self.hostOf1, "10.96.0.100", 80, at: 1).verdict == .delivered)
    #expect(!cluster.decide(Self.hostOf1, "10.96.0.100", 80, at: 1).isMasqueraded)
  }

  @Test func `masqueradeAll masquerades pods too`() {
    var cluster = TestCluster(configure: { $0.masqueradeAll = true })
    cluster.set(TestCluster.web())
    for node in 2...3 { cluster.addPod("web-\(node)", "10.244.\(node).5") }
    cluster.setEndpoints(Self.remote)
    cluster.settle()
    #expect(cluster.decide(Self.pod, "10.96.0.100", 80, at: 1).isMasqueraded)
  }
}
