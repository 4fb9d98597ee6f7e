import ClusterModel
import SimulationCore
import Testing

@testable import DataPlane

/// The short way of plain packets, beside the whole way.
@Suite struct `Plain packets fare as all others` {
  private static let destinations: [(address: String, port: UInt16)] = [
    ("10.96.0.100", 80), ("10.96.0.100", 81), ("192.168.0.1", 30080), ("10.244.2.5", 8080),
  ]
  private static let sources = [
    "10.244.1.5", "10.244.1.9", "10.244.2.3", "192.168.0.1", "198.51.100.10",
  ]

  /// Pods come and go under endpoints that stay, and the other way round.
  private func history(_ seed: UInt64, _ visit: (inout TestCluster) -> Void) {
    var random = RandomStream(seed: seed, component: "plain")
    let (mode, cni) = (
      ProxyMode.allCases[random.index(below: 4)], CNI.allCases[random.index(below: 7)]
    )
    var cluster = TestCluster(mode: mode, cni: cni, seed: seed)
    cluster.set(TestCluster.exposed(.cluster))
    cluster.settle()
    for _ in 0..<12 {
      cluster.advance(to: cluster.now + .milliseconds(Int64(random.below(1500))))
      let (node, host) = (random.below(3) + 1, random.below(4) + 3)
      let name = "pod-\(node)-\(host)"
      switch random.below(6) {
      case 0, 1:
        cluster.addPod(
          name, "10.244.\(node).\(host)", ports: [[8080], [], [81]][random.index(below: 3)])
      case 2: cluster.plane.detachPod(namespace: "default", name: name)
      case 3: cluster.plane.prune()
      default:
        let endpoints = (0..<random.index(below: 6)).map { _ in
          endpoint("10.244.\(random.below(3) + 1).\(random.below(4) + 3)")
        }
        cluster.setSlices([endpoints])
      }
      visit(&cluster)
    }
  }

  @Test(arguments: 0..<300 as Range<UInt64>)
  func `with the same dice`(seed: UInt64) {
    var dice = RandomStream(seed: seed, component: "dice")
    history(seed) { cluster in
      for source in Self.sources {
        for (address, port) in Self.destinations {
          for node in 1...2 {
            let flow = cluster.flow(source, address, port)
            var again = dice
            let decision = cluster.plane.decide(
              flow, enteringAt: cluster.node(node), at: cluster.now, random: &dice)
            let whole = cluster.plane.decideFully(
              flow, at: cluster.node(node), cluster.now, random: &again)
            #expect(decision == whole, "seed \(seed): \(source) -> \(address):\(port)")
            #expect(dice == again, "seed \(seed)")
          }
        }
      }
    }
  }
}
