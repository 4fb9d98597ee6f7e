import ClusterModel
import SimulationCore
import Testing

@testable import ControlPlane

@Suite struct `A Deployment` {
  @Test(
    arguments: [
      (10, "25%", "25%", 3, 2), (4, "25%", "25%", 1, 1), (1, "25%", "25%", 1, 0),
      (3, "25%", "25%", 1, 0), (1, "0%", "0%", 0, 1), (10, "0%", "10%", 0, 1),
      (2, "50%", "100%", 1, 2), (0, "25%", "25%", 0, 0),
    ] as [(Int, String, String, Int, Int)])
  func `turns percentages into pods`(
    replicas: Int, surge: String, unavailable: String, expectedSurge: Int, expectedUnavailable: Int
  ) {
    var deployment = ClusterRig.deployment("web", replicas: replicas)
    deployment.maxSurge = .string(surge)
    deployment.maxUnavailable = .string(unavailable)
    #expect(deployment.fenceposts == (expectedSurge, expectedUnavailable))
  }

  @Test func `names its ReplicaSet after the template`() throws {
    var rig = ClusterRig()
    try rig.create(.deployment(ClusterRig.deployment("web", replicas: 2)))
    rig.run(for: .seconds(30))
    let replicaSet = try #require(rig.store.replicaSets.list(namespace: "default").first)
    let hash = try #require(replicaSet.metadata.labels["pod-template-hash"])
    #expect(replicaSet.metadata.name == "web-\(hash)")
    #expect(hash.allSatisfy { "456789bcdf".contains($0) })
    #expect(replicaSet.selector.matchLabels["pod-template-hash"] == hash)
    let pods = rig.store.pods.list(namespace: "default")
    #expect(pods.allSatisfy { $0.metadata.name.hasPrefix("web-\(hash)-") })
    #expect(pods.allSatisfy { $0.metadata.labels["pod-template-hash"] == hash })
    #expect(
      rig.store.deployments["default", "web"]?.metadata.annotations[
        "deployment.kubernetes.io/revision"] == "1")
  }

  @Test func `rolls ten pods out by surge and unavailability`() throws {
    var rig = ClusterRig()
    try rig.create(.deployment(ClusterRig.deployment("web", replicas: 10)))
    rig.run(for: .seconds(60))
    try rig.change("web") { deployment in
      var spec = deployment.template.spec.value
      spec.containers[0].image = "web:2"
      deployment.template.spec = Shared(spec)
    }
    var lowest = 10
    var highest = 0
    let isDone = rig.run { store in
      let pods = store.pods.list(namespace: "default").filter(\.isActive)
      highest = max(highest, pods.count)
      lowest = min(lowest, pods.count(where: \.isReady))
      let deployment = store.deployments["default", "web"]
      let status = deployment?.status
      return status?.observedGeneration == deployment?.metadata.generation
        && status?.conditions[type: "Progressing"]?.reason == "NewReplicaSetAvailable"
        && status?.updatedReplicas == 10 && status?.replicas == 10
    }
    #expect(isDone)
    #expect(highest == 13)
    #expect(lowest == 8)
    let sizes = rig.store.replicaSets.list(namespace: "default").map(\.replicas).sorted()
    #expect(sizes == [0, 10])
    let scaling = rig.events("ScalingReplicaSet")
    #expect(scaling.contains { $0.hasSuffix("from 0 to 3") })
    #expect(scaling.contains { $0.hasPrefix("Scaled down") && $0.hasSuffix("from 10 to 8") })
  }

  @Test func `scales in proportion in the middle of a rollout`() throws {
    var rig = ClusterRig()
    try rig.create(.deployment(ClusterRig.deployment("web", replicas: 10)))
    rig.run(for: .seconds(60))
    // New pods never become ready, so the rollout stands at old 8, new 5.
    try rig.change("web") { deployment in
      var spec = deployment.template.spec.value
      spec.containers[0].readinessProbe = Probe(handler: .httpGet, action: ["port": 8080])
      deployment.template.spec = Shared(spec)
      deployment.template.annotations["kubarium.dev/startup-time"] = "1h"
    }
    rig.run(for: .seconds(60))
    func sizes() -> [Int] {
      rig.store.replicaSets.list(namespace: "default").sorted(by: Rollout.isOlder).map(\.replicas)
    }
    #expect(sizes() == [8, 5])
    try rig.scale("web", to: 25)
    rig.run(for: .seconds(5))
    let scaling = rig.events("ScalingReplicaSet")
    #expect(scaling.contains { $0.hasSuffix("from 8 to 20") })
    #expect(scaling.contains { $0.hasSuffix("from 5 to 12") })
    #expect(sizes().reduce(0, +) == 32)
  }

  @Test func `going back takes up the old ReplicaSet with a new revision`() throws {
    var rig = ClusterRig()
    try rig.create(.deployment(ClusterRig.deployment("web", replicas: 2)))
    rig.run(for: .seconds(30))
    let first = try #require(rig.store.replicaSets.list(namespace: "default").first?.metadata.name)
    func setImage(_ image: String) throws {
      try rig.change("web") { deployment in
        var spec = deployment.template.spec.value
        spec.containers[0].image = image
        deployment.template.spec = Shared(spec)
      }
      rig.run(for: .seconds(60))
    }
    try setImage("web:2")
    try setImage("web:1")
    #expect(rig.store.replicaSets.count == 3)  // CoreDNS has one as well.
    let back = rig.store.replicaSets["default", first]
    #expect(back?.replicas == 2)
    #expect(back?.metadata.annotations["deployment.kubernetes.io/revision"] == "3")
    #expect(back?.metadata.annotations["deployment.kubernetes.io/revision-history"] == "1")
  }

  @Test func `that is deleted takes its ReplicaSet and pods along`() throws {
    var rig = ClusterRig()
    try rig.create(.deployment(ClusterRig.deployment("web", replicas: 3)))
    rig.run(for: .seconds(30))
    try rig.plane.request { (api, time) throws(APIError) in
      try api.delete(.deployments, namespace: "default", name: "web", at: time)
    }
    rig.run(for: .seconds(60))
    #expect(rig.store.pods.list(namespace: "default").isEmpty)
    #expect(rig.store.replicaSets.list(namespace: "default").isEmpty)
  }
}
