import ClusterModel
import SimulationCore
import Testing

@testable import ControlPlane

@Suite struct `A node whose kubelet stops` {
  /// A settled cluster with pods on every node, just before the failure.
  private static func settled(seed: UInt64, replicas: Int = 6) throws -> ClusterRig {
    var rig = ClusterRig(seed: seed)
    try rig.create(.service(ClusterRig.service("web")))
    try rig.create(.deployment(ClusterRig.deployment("web", replicas: replicas)))
    rig.run(for: .seconds(100 + Int64(seed % 17)))
    return rig
  }

  private static func node(_ rig: ClusterRig) throws -> Node {
    try #require(rig.store.nodes["", "node-1"])
  }

  private static func endpoints(_ rig: ClusterRig) -> [Endpoint] {
    rig.slices("web").flatMap(\.endpoints).filter { $0.nodeName == "node-1" }
  }

  @Test(arguments: 1...12)
  func `is noticed 40 to 55 s later, and its pods go 300 s after that`(seed: UInt64) throws {
    var rig = try Self.settled(seed: seed)
    let failure = rig.plane.now
    try rig.plane.fail("node-1", .kubeletStopped)
    let here = rig.store.pods(onNode: "node-1").compactMap { rig.store.pods[$0] }
      .filter { $0.metadata.namespace == "default" }
    #expect(!here.isEmpty)

    let isNoticed = rig.run { $0.nodes["", "node-1"]?.isReady == false }
    #expect(isNoticed)
    let noticed = rig.plane.now - failure
    #expect(noticed >= .seconds(40) && noticed <= .seconds(55), "\(noticed)")
    let ready = try #require(try Self.node(rig).conditions[type: "Ready"])
    #expect(ready.status == .unknown)
    #expect(ready.reason == "NodeStatusUnknown")
    #expect(ready.message == "Kubelet stopped posting node status.")
    #expect(rig.events("NodeNotReady").contains("Node node-1 status is now: NodeNotReady"))

    // Endpoints and taints follow at once; the pods still look well.
    rig.run(for: .seconds(3))
    #expect(!Self.endpoints(rig).isEmpty)
    #expect(Self.endpoints(rig).allSatisfy { $0.isReady == false && $0.isServing == false })
    #expect(Self.endpoints(rig).allSatisfy { $0.isTerminating == false })
    #expect(rig.events("NodeNotReady").contains("Node is not ready"))
    let taints = try Self.node(rig).taints.map(\.text)
    #expect(
      taints == [
        "node.kubernetes.io/unreachable:NoSchedule", "node.kubernetes.io/unreachable:NoExecute",
      ])
    for pod in here {
      let now = try #require(rig.store.pods["default", pod.metadata.name])
      #expect(now.status.phase == .running)
      #expect(now.status.containerStatuses.allSatisfy { $0.isReady })
      #expect(!now.metadata.isTerminating)
    }

    let areGone = rig.run { store in
      here.allSatisfy { store.pods["default", $0.metadata.name]?.metadata.isTerminating == true }
    }
    #expect(areGone)
    let deleted = rig.plane.now - failure
    #expect(deleted >= noticed + .seconds(299) && deleted <= noticed + .seconds(302), "\(deleted)")
    let disruption = rig.store.pods["default", here[0].metadata.name]?
      .status.conditions[type: "DisruptionTarget"]
    #expect(disruption?.reason == "DeletionByTaintManager")
    #expect(
      rig.events("TaintManagerEviction")
        .contains("Marking for deletion Pod default/\(here[0].metadata.name)"))

    // Replacements run elsewhere, and the old ones hang.
    rig.run(for: .seconds(60))
    #expect(rig.store.deployments["default", "web"]?.status.readyReplicas == 6)
    #expect(here.allSatisfy { rig.store.pods["default", $0.metadata.name] != nil })
    #expect(Self.endpoints(rig).allSatisfy { $0.isTerminating == true && $0.isServing == false })
  }

  @Test func `that returns in time keeps its pods`() throws {
    var rig = try Self.settled(seed: 3)
    let names = rig.store.pods.list(namespace: "default").map(\.metadata.name)
    try rig.plane.fail("node-1", .kubeletStopped)
    rig.run(for: .seconds(120))
    try rig.plane.heal("node-1")
    #expect(rig.plane.faults.first?.isHealing == true)
    rig.run(for: .seconds(5))
    let node = try Self.node(rig)
    #expect(node.isReady)
    #expect(node.taints.isEmpty)
    #expect(rig.plane.faults.isEmpty)
    #expect(rig.events("NodeReady") == ["Node node-1 status is now: NodeReady"])
    #expect(rig.events("TaintManagerEviction").contains { $0.hasPrefix("Cancelling deletion") })
    #expect(Self.endpoints(rig).allSatisfy { $0.isReady == true })
    rig.run(for: .seconds(600))
    #expect(rig.store.pods.list(namespace: "default").map(\.metadata.name) == names)
  }

  @Test func `that returns late lets the hanging pods go`() throws {
    var rig = try Self.settled(seed: 4)
    try rig.plane.fail("node-1", .kubeletStopped)
    rig.run(for: .seconds(500))
    let hanging = rig.store.pods.list(namespace: "default").filter(\.metadata.isTerminating)
    #expect(!hanging.isEmpty)
    try rig.plane.heal("node-1")
    rig.run(for: .seconds(10))
    #expect(rig.store.pods.list(namespace: "default").count == 6)
    #expect(rig.store.pods.list(namespace: "default").allSatisfy { $0.isReady })
  }

  @Test func `starts no pods and stops none`() throws {
    var rig = try Self.settled(seed: 5)
    try rig.plane.fail("node-1", .kubeletStopped)
    let victim = try #require(
      rig.store.pods(onNode: "node-1").compactMap { rig.store.pods[$0] }
        .first { $0.metadata.namespace == "default" })
    _ = rig.plane.takeSignals()
    try rig.plane.request { (api, time) throws(APIError) in
      try api.delete(.pods, namespace: "default", name: victim.metadata.name, at: time)
    }
    rig.run(for: .seconds(35))
    #expect(rig.store.pods["default", victim.metadata.name]?.metadata.isTerminating == true)
    #expect(!rig.plane.takeSignals().contains { $0.name.name == victim.metadata.name })
    let newcomers = rig.store.pods(onNode: "node-1").compactMap { rig.store.pods[$0] }
      .filter { $0.status.phase == .pending }
    #expect(newcomers.allSatisfy { $0.status.podIP == nil })
    try rig.plane.heal("node-1")
    rig.run(for: .seconds(10))
    #expect(rig.store.pods["default", victim.metadata.name] == nil)
  }

  @Test func `that is deleted loses its pods after the quarantine`() throws {
    var rig = try Self.settled(seed: 6)
    try rig.plane.fail("node-1", .kubeletStopped)
    rig.run(for: .seconds(3))
    try rig.plane.request { (api, time) throws(APIError) in
      try api.delete(.nodes, namespace: "", name: "node-1", at: time)
    }
    let deletion = rig.plane.now
    let areGone = rig.run { $0.pods(onNode: "node-1").isEmpty }
    #expect(areGone)
    let took = rig.plane.now - deletion
    #expect(took >= .seconds(40) && took <= .seconds(62), "\(took)")
    rig.run(for: .seconds(30))
    #expect(rig.store.deployments["default", "web"]?.status.readyReplicas == 6)
  }
}

@Suite struct `A node that crashes` {
  @Test func `takes processes and network along at once`() throws {
    var rig = ClusterRig(seed: 2)
    try rig.create(.deployment(ClusterRig.deployment("web", replicas: 6)))
    rig.run(for: .seconds(60))
    let here = rig.store.pods(onNode: "node-1").compactMap { rig.store.pods[$0] }
    _ = rig.plane.takeSignals()
    try rig.plane.fail("node-1", .crashed)
    let signals = rig.plane.takeSignals()
    for pod in here {
      let own = signals.filter { $0.name == NamespacedName(pod.metadata) }.map(\.kind)
      #expect(own == [.stopped, .detached])
    }
    #expect(rig.store.nodes["", "node-1"]?.isReady == true)
  }

  @Test func `starts its pods anew when it is back`() throws {
    var rig = ClusterRig(seed: 2)
    try rig.create(.deployment(ClusterRig.deployment("web", replicas: 6)))
    rig.run(for: .seconds(60))
    try rig.plane.fail("node-1", .crashed)
    rig.run(for: .seconds(90))
    try rig.plane.heal("node-1")
    rig.run(for: .seconds(20))
    let here = rig.store.pods(onNode: "node-1").compactMap { rig.store.pods[$0] }
    #expect(here.count > 3)
    #expect(here.allSatisfy { $0.isReady && $0.status.containerStatuses[0].restartCount == 1 })
    guard case .terminated(let end) = here[0].status.containerStatuses[0].lastState else {
      Issue.record("no last state")
      return
    }
    #expect(end.exitCode == 255 && end.reason == "Unknown")
    #expect(rig.events("Rebooted").count == 1)
  }
}

@Suite struct `Zones of failing nodes` {
  /// How long after the first node of so many each further one may be tainted.
  private static func turns(_ failing: Int, of count: Int) -> [Int64?] {
    var queues = ZoneQueues()
    let ids = (0..<count).map { ObjectID(slot: Int32($0), reuse: 0) }
    for (index, id) in ids.enumerated() { queues.note(id, zone: "a", isReady: index >= failing) }
    return ids.prefix(failing).map { id in
      var now = Instant.zero
      for _ in 0..<10 {
        switch queues.ask(id, at: now) {
        case .now: return now.nanoseconds / 1_000_000_000
        case .later(let delay): now += delay
        case .never: return nil
        }
      }
      return nil
    }
  }

  @Test func `evict at the pace of their state`() {
    #expect(Self.turns(3, of: 10) == [0, 10, 20])
    #expect(Self.turns(2, of: 3) == [0, 10])
    // Most of a small zone is silent: nothing is moved.
    #expect(Self.turns(3, of: 5) == [nil, nil, nil])
    // Of a large one, slowly: the limiter changes while it has its token.
    #expect(Self.turns(33, of: 60).prefix(3) == [0, 100, 200])
    // All of it: the usual pace.
    #expect(Self.turns(3, of: 3) == [0, 10, 20])
  }

  @Test func `evict nobody when every node is silent`() throws {
    var rig = ClusterRig(nodes: 2)
    try rig.create(.deployment(ClusterRig.deployment("web", replicas: 4)))
    rig.run(for: .seconds(60))
    for name in ["control-plane", "node-1", "node-2"] { try rig.plane.fail(name, .kubeletStopped) }
    rig.run(for: .seconds(900))
    #expect(rig.store.nodes.list().allSatisfy { !$0.isReady })
    #expect(rig.store.nodes.list().flatMap(\.taints).allSatisfy { $0.effect == .noSchedule })
    #expect(rig.store.pods.list().allSatisfy { !$0.metadata.isTerminating })
  }
}
