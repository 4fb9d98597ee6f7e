import ClusterModel
import SimulationCore
import Testing

@testable import ControlPlane

extension ClusterRig {
  mutating func createPlain(_ kind: String, _ name: String, _ spec: Fields) throws {
    try create(
      .kept(
        KeptObject(
          resource: .of(apiVersion: "v1", kind: kind),
          metadata: ObjectMeta(name: name, namespace: "default"), body: ["spec": .object(spec)])))
  }

  func refusal(of object: StoredObject) -> String? {
    var copy = self
    do {
      try copy.create(object)
      return nil
    } catch {
      return (error as? APIError)?.message
    }
  }

  func used(_ quota: String) -> String {
    let object = store.kept["resourcequotas"]?["default", quota]
    return ResourceAmounts(object?.body["status"]?["used"]?.fields).text
  }
}

@Suite struct `A ResourceQuota` {
  private static func pod(_ name: String, cpu: String? = nil) -> StoredObject {
    var container = Container(name: "c", image: "web:1")
    if let cpu { container.requests["cpu"] = Quantity(cpu) }
    return .pod(
      Pod(
        metadata: ObjectMeta(name: name, namespace: "default"),
        spec: Shared(PodSpec(containers: [container]))))
  }

  @Test func `refuses the pod that is too many, in the API server's words`() throws {
    var rig = ClusterRig()
    try rig.createPlain("ResourceQuota", "few", ["hard": ["pods": 1]])
    try rig.create(Self.pod("a"))
    #expect(
      rig.refusal(of: Self.pod("b"))
        == "pods \"b\" is forbidden: exceeded quota: few, requested: pods=1, used: pods=1, "
        + "limited: pods=1")
    #expect(rig.used("few") == "pods=1")
  }

  @Test func `on CPU wants every container to say how much`() throws {
    var rig = ClusterRig()
    try rig.createPlain("ResourceQuota", "cpu", ["hard": ["requests.cpu": "1", "limits.cpu": 2]])
    #expect(
      rig.refusal(of: Self.pod("a", cpu: "1"))
        == "pods \"a\" is forbidden: failed quota: cpu: must specify limits.cpu for: c")
  }

  @Test func `is given back what ends`() throws {
    var rig = ClusterRig()
    try rig.createPlain(
      "ResourceQuota", "all", ["hard": ["pods": 5, "requests.cpu": 2, "count/pods": 9]])
    try rig.create(Self.pod("a", cpu: "250m"))
    try rig.create(Self.pod("b", cpu: "250m"))
    rig.run(for: .seconds(30))
    #expect(rig.used("all") == "count/pods=2,pods=2,requests.cpu=500m")
    _ = try rig.plane.request { (api, time) throws(APIError) in
      try api.delete(.pods, namespace: "default", name: "a", at: time)
    }
    rig.run(for: .seconds(60))
    #expect(rig.used("all") == "count/pods=1,pods=1,requests.cpu=250m")
  }

  @Test func `counts the node ports that a Service asks for`() throws {
    var rig = ClusterRig()
    try rig.createPlain(
      "ResourceQuota", "ports", ["hard": ["services.nodeports": 1, "services": 5]])
    var service = ClusterRig.service("web")
    service.type = .nodePort
    try rig.create(.service(service))
    // `kubernetes` is in the same namespace.
    #expect(rig.used("ports") == "services=2,services.nodeports=1")
    service.metadata.name = "api"
    #expect(
      rig.refusal(of: .service(service))
        == "services \"api\" is forbidden: exceeded quota: ports, requested: "
        + "services.nodeports=1, used: services.nodeports=1, limited: services.nodeports=1")
  }

  @Test func `with a scope counts the pods in it alone`() throws {
    var rig = ClusterRig()
    try rig.createPlain(
      "ResourceQuota", "best", ["hard": ["pods": 1], "scopes": ["BestEffort"]])
    try rig.create(Self.pod("a", cpu: "1"))
    try rig.create(Self.pod("b"))
    #expect(rig.used("best") == "pods=1")
    #expect(rig.refusal(of: Self.pod("c", cpu: "1")) == nil)
    #expect(rig.refusal(of: Self.pod("c")) != nil)
  }

  @Test func `keeps a Deployment from its pods, which events and conditions tell`() throws {
    var rig = ClusterRig()
    try rig.createPlain("ResourceQuota", "few", ["hard": ["pods": 2]])
    try rig.create(.deployment(ClusterRig.deployment("web", replicas: 3)))
    rig.run(for: .seconds(30))
    #expect(rig.ownPods.count == 2)
    let failure = try #require(rig.events("FailedCreate").first)
    #expect(failure.hasPrefix("Error creating: pods \"web-"))
    #expect(
      failure.hasSuffix(
        "is forbidden: exceeded quota: few, requested: pods=1, used: pods=2, limited: pods=2"))
    let deployment = try #require(rig.store.deployments["default", "web"])
    #expect(deployment.status.conditions[type: "ReplicaFailure"]?.reason == "FailedCreate")
    try rig.scale("web", to: 2)
    rig.run(for: .seconds(30))
    let after = try #require(rig.store.deployments["default", "web"])
    #expect(after.status.conditions[type: "ReplicaFailure"] == nil)
  }
}

@Suite struct `A LimitRange` {
  private static func pod(_ cpu: String?) -> Pod {
    var container = Container(name: "c", image: "web:1")
    if let cpu { container.limits["cpu"] = Quantity(cpu) }
    return Pod(
      metadata: ObjectMeta(name: "a", namespace: "default"),
      spec: Shared(PodSpec(containers: [container])))
  }

  private static func rig(_ item: Fields) throws -> ClusterRig {
    var rig = ClusterRig()
    try rig.createPlain("LimitRange", "limits", ["limits": [.object(item)]])
    return rig
  }

  @Test func `fills in what containers leave open`() throws {
    var rig = try Self.rig([
      "type": "Container", "default": ["cpu": "500m"], "defaultRequest": ["cpu": "100m"],
    ])
    try rig.create(.pod(Self.pod(nil)))
    let pod = try #require(rig.store.pods["default", "a"])
    let container = try #require(pod.spec.value.containers.first)
    #expect(container.limits["cpu"]?.text == "500m" && container.requests["cpu"]?.text == "100m")
    #expect(
      pod.metadata.annotations["kubernetes.io/limit-ranger"]
        == "LimitRanger plugin set: cpu request for container c; cpu limit for container c")
  }

  @Test(
    arguments: [
      (["max": ["cpu": 1]], "2", "maximum cpu usage per Container is 1, but limit is 2"),
      (
        ["min": ["cpu": "200m"]], "100m",
        "minimum cpu usage per Container is 200m, but request is 100m"
      ),
      (
        ["max": ["memory": "1Gi"], "default": ["memory": "2Gi"]], "1",
        "maximum memory usage per Container is 1Gi, but limit is 2Gi"
      ),
    ] as [(Fields, String, String)])
  func `refuses what is beyond its bounds`(item: Fields, cpu: String, reason: String) throws {
    var item = item
    item["type"] = "Container"
    let rig = try Self.rig(item)
    #expect(rig.refusal(of: .pod(Self.pod(cpu))) == "pods \"a\" is forbidden: \(reason)")
  }
}
