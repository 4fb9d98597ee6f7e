import ClusterModel
import SimulationCore
import Testing

@testable import ControlPlane

@Suite struct `A rollout` {
  /// A Deployment whose pods take five seconds to become ready.
  private static func started(
    replicas: Int, surge: IntOrString = .string("25%"), unavailable: IntOrString = .string("25%"),
    _ change: (inout Deployment) -> Void = { _ in }
  ) throws -> ClusterRig {
    var rig = ClusterRig()
    var deployment = ClusterRig.deployment("web", replicas: replicas)
    deployment.maxSurge = surge
    deployment.maxUnavailable = unavailable
    deployment.template.annotations = ["kubarium.dev/startup-time": "5s"]
    var spec = deployment.template.spec.value
    spec.containers[0].readinessProbe = Probe(handler: .httpGet, action: ["port": 8080])
    spec.containers[0].readinessProbe?.periodSeconds = 1
    deployment.template.spec = Shared(spec)
    change(&deployment)
    try rig.create(.deployment(deployment))
    rig.run(for: .seconds(60))
    return rig
  }

  private static func update(_ rig: inout ClusterRig, image: String = "web:2") throws {
    try rig.change("web") { deployment in
      var spec = deployment.template.spec.value
      spec.containers[0].image = image
      deployment.template.spec = Shared(spec)
    }
  }

  /// The sizes of the ReplicaSets, the oldest first.
  private static func sizes(_ store: ObjectStore) -> [Int] {
    store.replicaSets.list(namespace: "default").sorted(by: Rollout.isOlder).map(\.replicas)
  }

  @Test(
    arguments: [
      (10, IntOrString.string("25%"), IntOrString.string("25%"), 13, 8),
      (4, .integer(0), .integer(1), 4, 3), (3, .integer(1), .integer(0), 4, 3),
      (1, .string("25%"), .string("25%"), 2, 1), (7, .string("10%"), .string("10%"), 8, 7),
      (10, .string("0%"), .string("9%"), 10, 9),
    ])
  func `keeps within its fenceposts`(
    replicas: Int, surge: IntOrString, unavailable: IntOrString, most: Int, fewest: Int
  ) throws {
    var rig = try Self.started(replicas: replicas, surge: surge, unavailable: unavailable)
    try Self.update(&rig)
    var (highest, lowest) = (0, Int.max)
    let isDone = rig.run { store in
      let pods = store.pods.list(namespace: "default").filter(\.isActive)
      highest = max(highest, pods.count)
      lowest = min(lowest, pods.count(where: \.isReady))
      return Self.sizes(store) == [0, replicas] && pods.count == replicas
        && pods.allSatisfy(\.isReady)
    }
    #expect(isDone)
    #expect(highest == most)
    #expect(lowest == fewest)
  }

  @Test func `is scaled in proportion when it is under way`() throws {
    var rig = try Self.started(replicas: 10, surge: .string("30%"), unavailable: .string("20%"))
    try Self.update(&rig)
    let isThere = rig.run { Self.sizes($0) == [8, 5] }
    #expect(isThere)
    try rig.scale("web", to: 25)
    let isScaled = rig.run { Self.sizes($0) == [20, 13] }
    #expect(isScaled)
    let events = rig.events("ScalingReplicaSet").map { $0.split(separator: " ").suffix(4) }
      .map { $0.joined(separator: " ") }
    #expect(events.suffix(2).sorted() == ["from 5 to 13", "from 8 to 20"])
    let isDone = rig.run { Self.sizes($0) == [0, 25] }
    #expect(isDone)
  }

  @Test func `that makes no progress says so after its deadline`() throws {
    var rig = try Self.started(replicas: 2) { $0.progressDeadlineSeconds = 60 }
    try Self.update(&rig, image: "registry.invalid/web:2")
    let start = rig.plane.now
    let hasFailed = rig.run { store in
      store.deployments["default", "web"]?.status.conditions[type: "Progressing"]?.reason
        == "ProgressDeadlineExceeded"
    }
    #expect(hasFailed)
    #expect(rig.plane.now - start >= .seconds(60) && rig.plane.now - start < .seconds(66))
    let condition = rig.store.deployments["default", "web"]?.status.conditions[type: "Progressing"]
    #expect(condition?.status == .false)
    #expect(condition?.message.hasSuffix("has timed out progressing.") == true)
    try Self.update(&rig, image: "web:3")
    let isBack = rig.run { store in
      store.deployments["default", "web"]?.status.conditions[type: "Progressing"]?.reason
        == "NewReplicaSetAvailable"
    }
    #expect(isBack)
  }

  @Test func `leaves as many old ReplicaSets as the limit says`() throws {
    var rig = try Self.started(replicas: 1) { $0.revisionHistoryLimit = 2 }
    for number in 2...6 {
      try Self.update(&rig, image: "web:\(number)")
      rig.run(for: .seconds(60))
    }
    let revisions = rig.store.replicaSets.list(namespace: "default").compactMap {
      $0.metadata.annotations["deployment.kubernetes.io/revision"]
    }
    #expect(revisions.sorted() == ["4", "5", "6"])
  }

  @Test func `waits until pods have been ready for long enough`() throws {
    var rig = try Self.started(replicas: 2) { $0.minReadySeconds = 20 }
    try Self.update(&rig)
    let start = rig.plane.now
    let isDone = rig.run { Self.sizes($0) == [0, 2] }
    #expect(isDone)
    // One surging pod after the other, 5 s to be ready and 20 s to be available.
    #expect(rig.plane.now - start >= .seconds(50))
  }

  @Test func `rests while the Deployment is paused, but scaling goes on`() throws {
    var rig = try Self.started(replicas: 4)
    try rig.change("web") { $0.isPaused = true }
    rig.run(for: .seconds(2))
    try Self.update(&rig)
    rig.run(for: .seconds(60))
    #expect(Self.sizes(rig.store) == [4])
    let progressing = rig.store.deployments["default", "web"]?.status.conditions[
      type: "Progressing"]
    #expect(progressing?.reason == "DeploymentPaused")
    try rig.scale("web", to: 6)
    rig.run(for: .seconds(30))
    #expect(Self.sizes(rig.store) == [6])
    try rig.change("web") { $0.isPaused = false }
    let isDone = rig.run { Self.sizes($0) == [0, 6] }
    #expect(isDone)
  }

  @Test func `that recreates has no old pod beside a new one`() throws {
    var rig = try Self.started(replicas: 3) { $0.strategy = .recreate }
    try Self.update(&rig)
    var mixed = false
    let isDone = rig.run { store in
      let images = Set(
        store.pods.list(namespace: "default").filter { !$0.isTerminal }
          .map { $0.spec.value.containers[0].image })
      mixed = mixed || images.count > 1
      return Self.sizes(store) == [0, 3]
        && store.pods.list(namespace: "default").count(where: \.isReady) == 3
    }
    #expect(isDone && !mixed)
  }

  @Test func `gives a name that is taken another hash`() throws {
    var rig = try Self.started(replicas: 1)
    var template = try #require(rig.store.deployments["default", "web"]).template
    var spec = template.spec.value
    spec.containers[0].image = "web:2"
    template.spec = Shared(spec)
    let name = "web-\(TemplateHash.of(template, collisions: 0))"
    var taken = ReplicaSet(
      metadata: ObjectMeta(name: name, namespace: "default"),
      selector: LabelSelector(matchLabels: ["other": "one"]),
      template: PodTemplate(labels: ["other": "one"], spec: template.spec))
    taken.replicas = 0
    try rig.create(.replicaSet(taken))
    try Self.update(&rig)
    rig.run(for: .seconds(60))
    #expect(rig.store.deployments["default", "web"]?.status.collisionCount == 1)
    #expect(rig.store.deployments["default", "web"]?.status.updatedReplicas == 1)
  }
}
