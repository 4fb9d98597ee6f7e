import ClusterModel
import SimulationCore
import Testing

@testable import ControlPlane

@Suite struct `A disruption budget` {
  private static func rig(_ spec: Fields, replicas: Int = 4) throws -> ClusterRig {
    var rig = ClusterRig()
    try rig.create(.deployment(ClusterRig.deployment("web", replicas: replicas)))
    var spec = spec
    spec["selector"] = ["matchLabels": ["app": "web"]]
    try rig.create(
      .kept(
        KeptObject(
          resource: DisruptionController.resource,
          metadata: ObjectMeta(name: "web", namespace: "default"),
          body: Fields([("spec", .object(spec))]))))
    rig.run(for: .seconds(60))
    return rig
  }

  private static func status(_ rig: ClusterRig) -> [String: Int64] {
    var numbers: [String: Int64] = [:]
    let object = rig.store.kept["poddisruptionbudgets.policy"]?["default", "web"]
    for field in object?.body["status"]?.fields?.all ?? [] {
      numbers[field.name] = field.value.integer
    }
    return numbers
  }

  private static func evict(_ rig: inout ClusterRig) -> APIError? {
    let ready = rig.store.pods.list(namespace: "default").first {
      $0.isReady && !$0.metadata.isTerminating
    }
    let name = ready?.metadata.name ?? ""
    do throws(APIError) {
      try rig.plane.request { (api, time) throws(APIError) in
        try api.evict(namespace: "default", name: name, at: time)
      }
      return nil
    } catch {
      return error
    }
  }

  @Test(
    arguments: [
      (["minAvailable": 3], 3, 1), (["minAvailable": "50%"], 2, 2), (["maxUnavailable": 1], 3, 1),
      (["maxUnavailable": "30%"], 2, 2), (["minAvailable": 9], 9, 0),
      (["maxUnavailable": "100%"], 0, 4),
    ] as [(Fields, Int64, Int64)])
  func `counts what may go`(spec: Fields, desired: Int64, allowed: Int64) throws {
    let status = Self.status(try Self.rig(spec))
    #expect(status["currentHealthy"] == 4 && status["expectedPods"] == 4)
    #expect(status["desiredHealthy"] == desired && status["disruptionsAllowed"] == allowed)
    #expect(status["observedGeneration"] == 1)
  }

  @Test func `refuses evictions beyond it until the replacement is ready`() throws {
    var rig = try Self.rig(["maxUnavailable": 1])
    #expect(Self.evict(&rig) == nil)
    let refusal = try #require(Self.evict(&rig))
    #expect(refusal.reason == .tooManyRequests)
    #expect(
      refusal.message == "Cannot evict pod as it would violate the pod's disruption budget.")
    #expect(
      refusal.causes == ["The disruption budget web needs 3 healthy pods and has 4 currently"])
    rig.run(for: .milliseconds(100))
    #expect(Self.status(rig)["currentHealthy"] == 3)
    #expect(Self.evict(&rig) != nil)
    rig.run(for: .seconds(60))
    #expect(Self.status(rig)["disruptionsAllowed"] == 1)
    #expect(Self.evict(&rig) == nil)
  }

  @Test func `does not hold back pods that are over, unbound or going`() throws {
    var rig = try Self.rig(["minAvailable": 4])
    try rig.plane.request { (api, time) throws(APIError) in
      let name = api.store.pods.list(namespace: "default")[0].metadata.name
      try api.delete(.pods, namespace: "default", name: name, at: time)
      try api.evict(namespace: "default", name: name, at: time)
    }
    #expect(Self.evict(&rig)?.reason == .tooManyRequests)
  }
}

@Suite struct `Deleting what owns others` {
  private static func delete(
    _ rig: inout ClusterRig, _ propagation: DeletionPropagation
  ) throws {
    try rig.plane.request { (api, time) throws(APIError) in
      try api.delete(.deployments, namespace: "default", name: "web", propagation, at: time)
    }
  }

  @Test func `in the foreground waits for everything below`() throws {
    var rig = ClusterRig()
    try rig.create(.deployment(ClusterRig.deployment("web", replicas: 3)))
    rig.run(for: .seconds(30))
    try Self.delete(&rig, .foreground)
    let held = try #require(rig.store.deployments["default", "web"])
    #expect(held.metadata.isTerminating)
    #expect(held.metadata.finalizers == ["foregroundDeletion"])
    var order: [String] = []
    let isDone = rig.run { store in
      let left =
        "\(store.deployments.list(namespace: "default").count)"
        + "\(store.replicaSets.list(namespace: "default").count)"
        + "\(min(1, store.pods.list(namespace: "default").count))"
      if order.last != left { order.append(left) }
      return left == "000"
    }
    #expect(isDone)
    #expect(order == ["111", "110", "100", "000"])
  }

  @Test func `in the background goes from the top down`() throws {
    var rig = ClusterRig()
    try rig.create(.deployment(ClusterRig.deployment("web", replicas: 3)))
    rig.run(for: .seconds(30))
    try Self.delete(&rig, .background)
    #expect(rig.store.deployments["default", "web"] == nil)
    rig.run(for: .seconds(60))
    #expect(rig.store.replicaSets.list(namespace: "default").isEmpty)
    #expect(rig.store.pods.list(namespace: "default").isEmpty)
  }

  @Test func `waits for finalizers that nobody but their owner takes away`() throws {
    var rig = ClusterRig()
    var deployment = ClusterRig.deployment("web", replicas: 1)
    deployment.metadata.finalizers = ["example.com/held"]
    try rig.create(.deployment(deployment))
    rig.run(for: .seconds(30))
    try Self.delete(&rig, .background)
    rig.run(for: .seconds(300))
    var held = try #require(rig.store.deployments["default", "web"])
    #expect(held.metadata.isTerminating && held.metadata.deletionGracePeriodSeconds == 0)
    held.metadata.finalizers = []
    let released = held
    try rig.plane.request { (api, time) throws(APIError) in
      _ = try api.replace(.deployment(released), at: time)
    }
    #expect(rig.store.deployments["default", "web"] == nil)
    rig.run(for: .seconds(60))
    #expect(rig.store.pods.list(namespace: "default").isEmpty)
  }

  @Test func `keeps a pod with a finalizer when its processes are gone`() throws {
    var rig = ClusterRig()
    var pod = Pod(
      metadata: ObjectMeta(name: "held", namespace: "default"),
      spec: Shared(PodSpec(containers: [Container(name: "a", image: "a:1")])))
    pod.metadata.finalizers = ["example.com/held"]
    try rig.create(.pod(pod))
    rig.run(for: .seconds(30))
    try rig.plane.request { (api, time) throws(APIError) in
      try api.delete(.pods, namespace: "default", name: "held", at: time)
    }
    rig.run(for: .seconds(60))
    var left = try #require(rig.store.pods["default", "held"])
    #expect(left.metadata.isTerminating && left.status.phase == .succeeded)
    left.metadata.finalizers = []
    let released = left
    try rig.plane.request { (api, time) throws(APIError) in
      _ = try api.replace(.pod(released), at: time)
    }
    #expect(rig.store.pods["default", "held"] == nil)
  }
}
