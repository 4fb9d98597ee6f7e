import ClusterModel
import SimulationCore
import Testing

@testable import ControlPlane

@Suite struct `Pods and their ReplicaSet` {
  private static func started() throws -> ClusterRig {
    var rig = ClusterRig()
    try rig.create(.deployment(ClusterRig.deployment("web", replicas: 3)))
    rig.run(for: .seconds(30))
    return rig
  }

  private static func relabel(_ name: String, _ value: String, _ rig: inout ClusterRig) throws {
    var pod = try #require(rig.store.pods["default", name])
    pod.metadata.labels["app"] = value
    let changed = pod
    try rig.plane.request { (api, time) throws(APIError) in
      _ = try api.replace(.pod(changed), at: time)
    }
    rig.run(for: .seconds(30))
  }

  @Test func `part when the labels no longer match, and come together again`() throws {
    var rig = try Self.started()
    let name = rig.ownPods[0].metadata.name
    try Self.relabel(name, "debug", &rig)
    #expect(rig.ownPods.count == 4)
    #expect(rig.store.pods["default", name]?.metadata.ownerReferences.isEmpty == true)
    try Self.relabel(name, "web", &rig)
    rig.run(for: .seconds(60))
    #expect(rig.ownPods.count == 3)
    #expect(rig.ownPods.allSatisfy { $0.metadata.controllerReference?.kind == "ReplicaSet" })
  }

  @Test func `left behind by a Deployment are taken over by the next`() throws {
    var rig = try Self.started()
    let before = rig.ownPods.map(\.metadata.uid)
    try rig.plane.request { (api, time) throws(APIError) in
      api.orphanDependents(of: .deployments, namespace: "default", name: "web", at: time)
      try api.delete(.deployments, namespace: "default", name: "web", at: time)
    }
    rig.run(for: .seconds(60))
    #expect(rig.ownPods.map(\.metadata.uid) == before)
    try rig.create(.deployment(ClusterRig.deployment("web", replicas: 3)))
    rig.run(for: .seconds(60))
    #expect(rig.ownPods.map(\.metadata.uid) == before)
    let owner = rig.store.replicaSets.list(namespace: "default").map {
      $0.metadata.controllerReference?.uid
    }
    #expect(owner == [rig.store.deployments["default", "web"]?.metadata.uid])
  }
}
