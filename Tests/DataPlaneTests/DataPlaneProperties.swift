import ClusterModel
import SimulationCore
import Testing

@testable import DataPlane

/// What holds for every history of changes.
@Suite struct DataPlaneProperties {
  /// A random history; the seed that fails is in the message.
  private func history(_ seed: UInt64, _ visit: (inout TestCluster) -> Void) -> TestCluster {
    var random = RandomStream(seed: seed, component: "history")
    var cluster = TestCluster(mode: ProxyMode.allCases[random.index(below: 4)], seed: seed)
    cluster.settle()
    for _ in 0..<12 {
      let time = cluster.now + .milliseconds(Int64(random.below(700)))
      cluster.advance(to: time)
      switch random.below(6) {
      case 0:
        let policy: Service.TrafficPolicy = random.chance(1, in: 2) ? .local : .cluster
        cluster.set(TestCluster.exposed(policy))
      case 1: cluster.set(TestCluster.web { $0.internalTrafficPolicy = .local })
      case 2 where random.chance(1, in: 3):
        cluster.plane.serviceChanged(namespace: "default", name: "web", to: nil, at: cluster.now)
      default: cluster.setSlices(Self.slices(&random))
      }
      visit(&cluster)
    }
    return cluster
  }

  private static func slices(_ random: inout RandomStream) -> [[Endpoint]] {
    (0..<random.index(below: 4)).map { _ in
      (0..<random.index(below: 6)).map { _ in
        let (node, host) = (random.below(3) + 1, random.below(12) + 2)
        let isReady = random.chance(3, in: 4)
        return endpoint(
          "10.244.\(node).\(host)", ready: isReady, serving: random.chance(1, in: 2),
          terminating: !isReady && random.chance(1, in: 2))
      }
    }
  }

  static let targets: [(String, UInt16)] = [
    ("10.96.0.100", 80), ("203.0.113.10", 80), ("192.168.0.1", 30080),
  ]

  @Test(arguments: 0..<1000 as Range<UInt64>)
  func `proxies converge once changes stop`(seed: UInt64) {
    var cluster = history(seed) { _ in }
    cluster.runUntilQuiet()
    #expect(cluster.plane.inSyncCount == (3, 3), "seed \(seed)")
    let sets = (1...3).map { cluster.candidates("10.244.9.9", "10.96.0.100", 80, at: $0) }
    let isLocal = cluster.plane.ports.newest.contains { $0.policy.contains(.internalLocal) }
    if !isLocal { #expect(Set(sets).count == 1, "seed \(seed)") }
  }

  @Test(arguments: 0..<1000 as Range<UInt64>)
  func `every decision is one of the candidates, and their chances make one`(seed: UInt64) {
    var random = RandomStream(seed: seed, component: "packets")
    _ = history(seed) { cluster in
      for (address, port) in Self.targets {
        let flow = cluster.flow("198.51.100.10", address, port)
        let candidates = cluster.plane.candidates(of: flow, enteringAt: cluster.node(1))
        let decision = cluster.plane.decide(flow, enteringAt: cluster.node(1), random: &random)
        guard let first = candidates.first else {
          #expect(decision.verdict != .delivered || decision.servicePort < 0, "seed \(seed)")
          continue
        }
        #expect(candidates.map(\.numerator).reduce(0, +) == first.denominator, "seed \(seed)")
        #expect(
          candidates.contains {
            $0.address == decision.endpoint && $0.port == decision.endpointPort
          },
          "seed \(seed)")
      }
    }
  }

  @Test(arguments: 0..<500 as Range<UInt64>)
  func `versions made step by step equal those made at once`(seed: UInt64) {
    var random = RandomStream(seed: seed, component: "merge")
    var stepwise = TestCluster()
    stepwise.set(TestCluster.exposed(.local))
    var last: [[Endpoint]] = []
    for step in 0..<20 {
      last = Self.slices(&random)
      stepwise.setSlices(last)
      stepwise.settle()
      if step % 7 == 3 { stepwise.plane.prune() }
      var atOnce = TestCluster()
      atOnce.set(TestCluster.exposed(.local))
      atOnce.setSlices(last)
      atOnce.settle()
      for (address, port) in Self.targets {
        #expect(
          stepwise.candidates("198.51.100.10", address, port, at: 1)
            == atOnce.candidates("198.51.100.10", address, port, at: 1), "seed \(seed)")
      }
    }
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `pruning changes nothing that a node can see`(seed: UInt64) {
    _ = history(seed) { cluster in
      func seen(_ cluster: TestCluster) -> [String] {
        (1...3).flatMap { node in
          Self.targets.map { cluster.candidates("10.244.1.9", $0.0, $0.1, at: node) }
        }
      }
      let before = seen(cluster)
      cluster.plane.prune()
      #expect(seen(cluster) == before, "seed \(seed)")
    }
  }

  @Test(arguments: 0..<50 as Range<UInt64>)
  func `the same history gives the same digest`(seed: UInt64) {
    func digest() -> String {
      var hasher = StateHasher()
      history(seed) { _ in }.plane.digest(into: &hasher)
      return hasher.digest
    }
    #expect(digest() == digest())
  }
}
