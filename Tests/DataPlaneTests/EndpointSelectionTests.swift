import ClusterModel
import SimulationCore
import Testing

@testable import DataPlane

/// Which endpoints a node may choose (pkg/proxy/topology.go), by conditions, policies and hints.
@Suite struct EndpointSelectionTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    var endpoints: [Endpoint]
    var policy = Service.TrafficPolicy.cluster
    var expected: [Int: String]
    var testDescription: String { name }
  }

  static let rows = [
    Row(
      name: "ready ones only",
      endpoints: [
        endpoint("10.244.1.5"), endpoint("10.244.2.5", ready: false, serving: false),
        endpoint("10.244.2.6", ready: false, terminating: true),
      ], expected: [1: "10.244.1.5:8080", 2: "10.244.1.5:8080"]),
    Row(
      name: "serving and terminating when none is ready",
      endpoints: [
        endpoint("10.244.1.5", ready: false, terminating: true),
        endpoint("10.244.2.5", ready: false, serving: false, terminating: true),
        endpoint("10.244.2.6", ready: false),
      ], expected: [1: "10.244.1.5:8080", 2: "10.244.1.5:8080"]),
    Row(
      name: "sorted as text",
      endpoints: [endpoint("10.244.1.2"), endpoint("10.244.1.10"), endpoint("10.244.1.100")],
      expected: [1: "10.244.1.100:8080 10.244.1.10:8080 10.244.1.2:8080"]),
    Row(
      name: "Local: the node's own",
      endpoints: [endpoint("10.244.1.5"), endpoint("10.244.2.5"), endpoint("10.244.2.6")],
      policy: .local,
      expected: [1: "10.244.1.5:8080", 2: "10.244.2.5:8080 10.244.2.6:8080", 3: ""]),
    Row(
      name: "Local: the node's own terminating ones when none of its own is ready",
      endpoints: [
        endpoint("10.244.1.5"), endpoint("10.244.2.5", ready: false, terminating: true),
        endpoint("10.244.1.6", ready: false, terminating: true),
      ], policy: .local, expected: [1: "10.244.1.5:8080", 2: "10.244.2.5:8080", 3: ""]),
    Row(
      name: "zone hints",
      endpoints: [
        endpoint("10.244.1.5", zones: ["a"]), endpoint("10.244.2.5", zones: ["b"]),
        endpoint("10.244.2.6", zones: ["a", "b"]),
      ],
      expected: [
        1: "10.244.1.5:8080 10.244.2.6:8080", 2: "10.244.2.5:8080 10.244.2.6:8080",
        3: "10.244.1.5:8080 10.244.2.5:8080 10.244.2.6:8080",
      ]),
    Row(
      name: "hints are ignored unless every ready endpoint has one",
      endpoints: [endpoint("10.244.1.5", zones: ["a"]), endpoint("10.244.2.5")],
      expected: [1: "10.244.1.5:8080 10.244.2.5:8080"]),
    Row(
      name: "endpoints that are not ready need no hint",
      endpoints: [
        endpoint("10.244.1.5", zones: ["a"]), endpoint("10.244.2.5", zones: ["b"]),
        endpoint("10.244.3.5", ready: false, serving: false),
      ], expected: [1: "10.244.1.5:8080", 2: "10.244.2.5:8080"]),
    Row(
      name: "a node's hint beats a zone's",
      endpoints: [
        endpoint("10.244.1.5", zones: ["a"], nodes: ["node-1"]),
        endpoint("10.244.2.5", zones: ["a"], nodes: ["node-2"]),
      ], expected: [1: "10.244.1.5:8080", 2: "10.244.2.5:8080"]),
    Row(
      name: "hints do not apply to Local",
      endpoints: [endpoint("10.244.1.5", zones: ["b"]), endpoint("10.244.2.5", zones: ["b"])],
      policy: .local, expected: [1: "10.244.1.5:8080"]),
    Row(
      name: "an address that is there twice counts once, alive if one says so",
      endpoints: [
        endpoint("10.244.1.5", ready: false, terminating: true), endpoint("10.244.1.5"),
        endpoint("10.244.1.6"), endpoint("10.244.1.6"),
      ], expected: [1: "10.244.1.5:8080 10.244.1.6:8080"]),
  ]

  @Test(arguments: rows)
  func `a node chooses among the right endpoints`(row: Row) {
    var cluster = TestCluster()
    cluster.addNode(1, zone: "a")
    cluster.addNode(2, zone: "b")
    cluster.set(TestCluster.web { $0.internalTrafficPolicy = row.policy })
    cluster.setEndpoints(row.endpoints)
    cluster.settle()
    for node in 1...3 {
      guard let expected = row.expected[node] else { continue }
      #expect(cluster.candidates("10.244.\(node).9", "10.96.0.100", 80, at: node) == expected)
    }
  }

  @Test func `addresses order as their texts do`() {
    var random = RandomStream(seed: 7, component: "order")
    let addresses = AddressTable()
    func check(_ left: IPAddress, _ right: IPAddress, _ ports: (UInt16, UInt16)) {
      var table = addresses
      func entry(_ address: IPAddress, _ port: UInt16) -> EndpointEntry {
        EndpointEntry(
          address: table.intern(address), node: -1, hints: 0, port: port, category: .ready,
          isTerminating: false)
      }
      let (one, other) = (entry(left, ports.0), entry(right, ports.1))
      let texts = (
        PacketTrace.Packet.text(left, ports.0), PacketTrace.Packet.text(right, ports.1)
      )
      #expect(
        EndpointMerge.isBefore(one, other, table)
          == texts.0.utf8.lexicographicallyPrecedes(texts.1.utf8), "\(texts)")
    }
    for _ in 0..<2000 {
      // Few distinct digits, so that beginnings agree often.
      func v4() -> IPAddress {
        IPAddress(
          v4: (0..<4).reduce(0) { sum, _ in
            sum << 8 | UInt32([1, 2, 10, 12, 100, 255][random.index(below: 6)])
          })
      }
      func v6() -> IPAddress {
        IPAddress(v6High: 0xfd00 << 48, low: random.next() & random.next() & random.next())
      }
      let ports = (UInt16(random.below(2) * 8000 + 80), UInt16(random.below(2) * 800 + 80))
      check(v4(), v4(), ports)
      check(v6(), v6(), ports)
    }
  }
}
