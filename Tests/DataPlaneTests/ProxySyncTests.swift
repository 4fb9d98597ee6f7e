import ClusterModel
import SimulationCore
import Testing

@testable import DataPlane

/// Proxies learn of changes one by one, and later than they happen.
@Suite struct ProxySyncTests {
  private func started() -> TestCluster {
    var cluster = TestCluster()
    cluster.set(TestCluster.web())
    cluster.setEndpoints([endpoint("10.244.1.5")])
    cluster.settle()
    return cluster
  }

  @Test func `a node that is behind sends to the old endpoint`() {
    var cluster = started()
    cluster.now = .zero + .seconds(10)
    cluster.setEndpoints([endpoint("10.244.2.5")])
    #expect(cluster.plane.inSyncCount == (0, 3))
    #expect(cluster.candidates("10.244.1.9", "10.96.0.100", 80, at: 1) == "10.244.1.5:8080")
    var seen: Set<Int> = []
    while let next = cluster.plane.nextEventTime {
      cluster.advance(to: next)
      for node in 1...3 {
        let isNew = cluster.plane.proxyStatus(of: cluster.node(node), at: next).isInSync
        let expected = isNew ? "10.244.2.5:8080" : "10.244.1.5:8080"
        #expect(cluster.candidates("10.244.9.9", "10.96.0.100", 80, at: node) == expected)
      }
      seen.insert(cluster.plane.inSyncCount.inSync)
    }
    // They are not all done at once.
    #expect(seen.count > 2)
    #expect(cluster.plane.inSyncCount == (3, 3))
    #expect(cluster.now < .zero + .milliseconds(10_100))
  }

  @Test func `changes inside the window are merged into one sync at its end`() {
    var cluster = started()
    for step in 0..<10 as Range<Int64> {
      cluster.advance(to: .zero + .seconds(10) + .milliseconds(50 * step))
      cluster.setEndpoints([endpoint("10.244.2.\(10 + step)")])
    }
    cluster.runUntilQuiet()
    let status = cluster.plane.proxyStatus(of: cluster.node(1), at: cluster.now)
    #expect(status.syncsDone == 2)
    #expect(status.isInSync)
    #expect(cluster.now > .zero + .seconds(11))
    #expect(cluster.now < .zero + .milliseconds(11_200))
  }

  @Test func `lag is the age of the oldest change that is not in the rules`() {
    var cluster = started()
    cluster.now = .zero + .seconds(5)
    cluster.plane.stopProxy(on: cluster.node(1))
    cluster.setEndpoints([endpoint("10.244.2.5")])
    cluster.advance(to: .zero + .seconds(7))
    cluster.setEndpoints([endpoint("10.244.3.5")])
    cluster.advance(to: .zero + .seconds(9))
    let status = cluster.plane.proxyStatus(of: cluster.node(1), at: cluster.now)
    #expect(status.lag == .seconds(4))
    #expect(!status.isRunning)
    #expect(cluster.candidates("10.244.9.9", "10.96.0.100", 80, at: 1) == "10.244.1.5:8080")
    #expect(cluster.plane.inSyncCount == (2, 3))
  }

  @Test func `a proxy that starts again catches up`() {
    var cluster = started()
    cluster.plane.stopProxy(on: cluster.node(1))
    cluster.setEndpoints([endpoint("10.244.2.5")])
    cluster.runUntilQuiet()
    cluster.plane.startProxy(on: cluster.node(1), at: cluster.now)
    cluster.runUntilQuiet()
    #expect(cluster.plane.inSyncCount == (3, 3))
    #expect(cluster.candidates("10.244.9.9", "10.96.0.100", 80, at: 1) == "10.244.2.5:8080")
  }

  @Test func `a new node has no rules until its proxy has synced`() {
    var cluster = started()
    cluster.addNode(4)
    #expect(cluster.decide("10.244.4.9", "10.96.0.100", 80, at: 4).verdict == .unreachable)
    cluster.plane.startProxy(on: cluster.node(4), at: cluster.now)
    cluster.runUntilQuiet()
    #expect(cluster.candidates("10.244.4.9", "10.96.0.100", 80, at: 4) == "10.244.1.5:8080")
  }

  @Test func `a deleted Service lives on where the proxy has not heard`() {
    var cluster = started()
    cluster.now = .zero + .seconds(10)
    cluster.plane.serviceChanged(namespace: "default", name: "web", to: nil, at: cluster.now)
    #expect(cluster.candidates("10.244.1.9", "10.96.0.100", 80, at: 1) == "10.244.1.5:8080")
    cluster.runUntilQuiet()
    #expect(cluster.decide("10.244.1.9", "10.96.0.100", 80, at: 1).verdict == .unreachable)
  }

  @Test func `a change that no rule depends on wakes no proxy`() {
    var cluster = started()
    cluster.set(TestCluster.web { $0.metadata.annotations["note"] = "changed" })
    cluster.setEndpoints([endpoint("10.244.1.5")])
    #expect(cluster.plane.nextEventTime == nil)
  }

  @Test func `an endpoint whose pod is gone leads nowhere`() {
    var cluster = started()
    cluster.addPod("web-1", "10.244.1.5")
    #expect(cluster.decide("10.244.2.9", "10.96.0.100", 80, at: 2).verdict == .delivered)
    cluster.plane.detachPod(namespace: "default", name: "web-1")
    #expect(cluster.decide("10.244.2.9", "10.96.0.100", 80, at: 2).verdict == .unreachable)
  }
}

/// Scaling down while one node's proxy stands still.
@Suite struct HeldBackNodeTests {
  @Test func `only the node that is behind sends to pods that have gone`() {
    var cluster = TestCluster()
    for number in 2...6 { cluster.addPod("web-\(number)", "10.244.3.\(number)") }
    cluster.set(TestCluster.web())
    cluster.setEndpoints((2...6).map { endpoint("10.244.3.\($0)") })
    cluster.settle()
    cluster.plane.stopProxy(on: cluster.node(1))
    cluster.now = .zero + .seconds(10)
    cluster.setEndpoints((2...3).map { endpoint("10.244.3.\($0)") })
    for number in 4...6 { cluster.plane.detachPod(namespace: "default", name: "web-\(number)") }
    cluster.runUntilQuiet()
    var random = RandomStream(seed: 1, component: "load")
    var lost = [0, 0, 0]
    for turn in 0..<3000 {
      let node = turn % 3 + 1
      let flow = cluster.flow("10.244.\(node).9", "10.96.0.100", 80)
      let decision = cluster.plane.decide(
        flow, enteringAt: cluster.node(node), at: cluster.now, random: &random)
      if decision.verdict != .delivered { lost[node - 1] += 1 }
    }
    // Three of five endpoints have gone.
    #expect((540...660).contains(lost[0]))
    #expect(lost[1] == 0)
    #expect(lost[2] == 0)
  }
}
