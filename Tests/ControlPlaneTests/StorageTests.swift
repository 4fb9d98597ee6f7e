import ClusterModel
import SimulationCore
import Testing

@testable import ControlPlane

@Suite struct `Claims of a StatefulSet` {
  private static let claims: Value = [
    [
      "metadata": ["name": "data"],
      "spec": [
        "accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": "1Gi"]],
      ],
    ]
  ]

  private static func rig(_ more: Fields = Fields()) throws -> ClusterRig {
    var spec: Fields = ["replicas": 2, "serviceName": "db", "volumeClaimTemplates": claims]
    for field in more.all { spec[field.name] = field.value }
    var rig = ClusterRig()
    try rig.create(Kept.make("StatefulSet", "db", Kept.template("db"), spec))
    rig.run(for: .seconds(60))
    return rig
  }

  private static func phases(_ rig: ClusterRig, _ kind: String) -> [String] {
    let resource = APIResource.of(apiVersion: "v1", kind: kind)
    return rig.store.list(resource).compactMap { object in
      guard case .kept(let kept) = object else { return nil }
      let name = kind == "PersistentVolume" ? "" : "\(kept.metadata.name) "
      return name + (kept.body["status"]?["phase"]?.string ?? "")
    }
  }

  private static func scale(_ rig: inout ClusterRig, to replicas: Int64) throws {
    try rig.changeKept("StatefulSet", "db") { set in
      var spec = set.body["spec"]?.fields ?? Fields()
      spec["replicas"] = .integer(replicas)
      set.body["spec"] = .object(spec)
    }
    rig.run(for: .seconds(60))
  }

  @Test func `are made before its pods, which mount them`() throws {
    let rig = try Self.rig()
    #expect(Self.phases(rig, "PersistentVolumeClaim") == ["data-db-0 Bound", "data-db-1 Bound"])
    #expect(Self.phases(rig, "PersistentVolume") == ["Bound", "Bound"])
    #expect(
      rig.events("SuccessfulCreate").filter { $0.contains("db-0") } == [
        "create Claim data-db-0 Pod db-0 in StatefulSet db success",
        "create Pod db-0 in StatefulSet db successful",
      ])
    let pod = try #require(rig.store.pods["default", "db-0"])
    #expect(Claims.uses(pod, "data-db-0") && pod.isReady)
  }

  @Test func `outlive pods that are scaled away`() throws {
    var rig = try Self.rig()
    try Self.scale(&rig, to: 1)
    #expect(rig.ownPods.count == 1)
    #expect(Self.phases(rig, "PersistentVolumeClaim") == ["data-db-0 Bound", "data-db-1 Bound"])
  }

  @Test func `go with them when the set says so`() throws {
    var rig = try Self.rig([
      "persistentVolumeClaimRetentionPolicy": ["whenDeleted": "Delete", "whenScaled": "Delete"]
    ])
    try Self.scale(&rig, to: 1)
    #expect(Self.phases(rig, "PersistentVolumeClaim") == ["data-db-0 Bound"])
    _ = try rig.plane.request { (api, time) throws(APIError) in
      try api.delete(
        .of(apiVersion: "apps/v1", kind: "StatefulSet"), namespace: "default", name: "db",
        at: time)
    }
    rig.run(for: .seconds(120))
    #expect(Self.phases(rig, "PersistentVolumeClaim").isEmpty)
    #expect(Self.phases(rig, "PersistentVolume").isEmpty)
  }

  @Test func `are protected as long as a pod uses them`() throws {
    var rig = try Self.rig()
    _ = try rig.plane.request { (api, time) throws(APIError) in
      try api.delete(Claims.claim, namespace: "default", name: "data-db-0", at: time)
    }
    rig.run(for: .seconds(30))
    let claim = rig.store.kept[Claims.claim.qualifiedPlural]?["default", "data-db-0"]
    #expect(claim?.metadata.isTerminating == true)
  }

  @Test func `of a class that does not exist wait for it`() throws {
    var rig = ClusterRig()
    try rig.createPlain(
      "PersistentVolumeClaim", "a",
      ["storageClassName": "fast", "resources": ["requests": ["storage": "1Gi"]]])
    rig.run(for: .seconds(5))
    #expect(Self.phases(rig, "PersistentVolumeClaim") == ["a Pending"])
    #expect(
      rig.events("ProvisioningFailed") == ["storageclass.storage.k8s.io \"fast\" not found"])
    try rig.create(
      .kept(
        KeptObject(
          resource: Claims.storageClass, metadata: ObjectMeta(name: "fast"),
          body: ["provisioner": "example.com/disk"])))
    rig.run(for: .seconds(5))
    #expect(Self.phases(rig, "PersistentVolumeClaim") == ["a Bound"])
  }
}
