import ClusterModel
import SimulationCore
import Testing

@testable import ControlPlane

@Suite struct `Topology hints` {
  private func endpoints(_ zones: [String?]) -> [Endpoint] {
    zones.enumerated().map { index, zone in
      var endpoint = Endpoint(address: IPAddress(v4: UInt32(index)))
      endpoint.isReady = true
      endpoint.zone = zone
      return endpoint
    }
  }

  private func shares(_ cores: [(zone: String, cores: Int)]) -> ZoneShares {
    var store = ObjectStore()
    for (index, entry) in cores.enumerated() {
      var node = Node(metadata: ObjectMeta(name: "n\(index)"))
      node.metadata.labels["topology.kubernetes.io/zone"] = entry.zone
      node.allocatable["cpu"] = Quantity("\(entry.cores)")
      node.conditions = [Condition(type: "Ready", status: .true)]
      store.insert(node, at: .zero)
    }
    return ZoneShares(store)
  }

  private func counts(_ zones: [String?], _ cores: [(zone: String, cores: Int)]) -> [String: Int] {
    var hints = TopologyHints(written: [endpoints(zones)], unchanged: [])
    return (try? hints.allocate(shares(cores))) ?? [:]
  }

  @Test func `stay in their zones when these want as many`() {
    #expect(counts(["a", "a", "b", "b"], [("a", 4), ("b", 4)]) == ["a": 2, "b": 2])
  }

  @Test func `move from zones that have more than their share`() {
    let zones = Array(repeating: "a" as String?, count: 6) + ["b", "c"]
    #expect(counts(zones, [("a", 2), ("b", 3), ("c", 3)]) == ["a": 2, "b": 3, "c": 3])
  }

  @Test(
    arguments: [
      (["a", "b"], ["a", "b", "c"], "Insufficient number of endpoints (2 endpoints, 3 zones)"),
      (["a", "b"], ["a"], "Nodes only ready in one zone"),
      (
        ["a", nil, "b", "b"], ["a", "b"],
        "One or more endpoints do not have a zone specified"
      ),
      (
        ["a", "b", "b"], ["a", "b"],
        "Unable to allocate minimum required endpoints to each zone without exceeding overload "
          + "threshold (3 endpoints, 2 zones)"
      ),
    ] as [([String?], [String], String)])
  func `are refused`(zones: [String?], nodes: [String], message: String) {
    var hints = TopologyHints(written: [endpoints(zones)], unchanged: [])
    #expect {
      _ = try hints.allocate(shares(nodes.map { ($0, 4) }))
    } throws: { ($0 as? TopologyHints.Refusal)?.message == message }
  }

  @Test func `come and go with the annotation, and say so`() throws {
    var rig = ClusterRig(zones: ["a", "b"], perZone: 2)
    var service = ClusterRig.service("web")
    service.metadata.annotations["service.kubernetes.io/topology-mode"] = "Auto"
    try rig.create(.service(service))
    try rig.create(.deployment(ClusterRig.deployment("web", replicas: 8)))
    rig.run(for: .seconds(30))
    let hinted = rig.slices("web").flatMap(\.endpoints).map(\.zoneHints)
    #expect(hinted.allSatisfy { $0.count == 1 })
    #expect(hinted.count { $0 == ["a"] } == 4)
    #expect(rig.events("TopologyAwareHintsEnabled").last?.hasSuffix("addressType: IPv4") == true)
    var plain = try #require(rig.store.services["default", "web"])
    plain.metadata.annotations = Labels()
    let changed = plain
    _ = try rig.plane.request { (api, time) throws(APIError) in
      try api.replace(.service(changed), at: time)
    }
    rig.run(for: .seconds(5))
    #expect(rig.slices("web").flatMap(\.endpoints).allSatisfy { $0.zoneHints.isEmpty })
    #expect(
      rig.events("TopologyAwareHintsDisabled").last
        == "Topology Aware Hints configuration was disabled, addressType: IPv4")
  }
}

@Suite struct `Legacy Endpoints` {
  @Test func `hold at most a thousand addresses, the ready ones first`() throws {
    var store = ObjectStore()
    var service = ClusterRig.service("web")
    service.ipFamilies = [.ipv4]
    store.insert(service, at: .zero)
    for index in 0..<12 {
      var slice = EndpointSlice(
        metadata: ObjectMeta(
          name: "web-\(index)", namespace: "default", labels: SliceUpdate.labels(of: service)))
      slice.ports = [EndpointSlice.Port(name: "", port: 8080)]
      slice.endpoints = (0..<100).map { place in
        var endpoint = Endpoint(address: IPAddress(v4: UInt32(index * 256 + place)))
        endpoint.isReady = place % 2 == 0
        endpoint.isTerminating = false
        return endpoint
      }
      store.insert(slice, at: .zero)
    }
    let object = try #require(store.endpoints(namespace: "default", name: "web"))
    let subset = try #require(object.body["subsets"]?.array?.first)
    #expect(subset["addresses"]?.array?.count == 600)
    #expect(subset["notReadyAddresses"]?.array?.count == 400)
    #expect(object.metadata.annotations["endpoints.kubernetes.io/over-capacity"] == "truncated")
  }

  @Test func `are left over and mirrored when the selector goes`() throws {
    var rig = ClusterRig()
    try rig.create(.service(ClusterRig.service("web")))
    try rig.create(.deployment(ClusterRig.deployment("web", replicas: 2)))
    rig.run(for: .seconds(20))
    var service = try #require(rig.store.services["default", "web"])
    service.selector = nil
    let changed = service
    _ = try rig.plane.request { (api, time) throws(APIError) in
      try api.replace(.service(changed), at: time)
    }
    rig.run(for: .seconds(5))
    let managers = rig.slices("web").compactMap {
      $0.metadata.labels[EndpointSlice.managedByLabel]
    }.sorted()
    #expect(
      managers == ["endpointslice-controller.k8s.io", "endpointslicemirroring-controller.k8s.io"])
    #expect(rig.slices("web").map(\.endpoints.count) == [2, 2])
  }
}

@Suite struct `A cloud` {
  private func rig(_ body: (inout Service) -> Void = { _ in }) throws -> ClusterRig {
    var rig = ClusterRig(hasCloud: true)
    var service = ClusterRig.service("web")
    service.type = .loadBalancer
    body(&service)
    try rig.create(.service(service))
    rig.run(for: .seconds(10))
    return rig
  }

  private func addresses(_ rig: ClusterRig) -> [String] {
    rig.store.services["default", "web"]?.loadBalancerIngress.compactMap { $0.ip?.description }
      ?? []
  }

  @Test func `gives a load balancer its address after some seconds`() throws {
    var rig = ClusterRig(hasCloud: true)
    var service = ClusterRig.service("web")
    service.type = .loadBalancer
    try rig.create(.service(service))
    rig.run(for: .seconds(1))
    #expect(addresses(rig).isEmpty)
    rig.run(for: .seconds(8))
    #expect(addresses(rig) == ["203.0.113.1"])
    #expect(rig.events("EnsuringLoadBalancer") == ["Ensuring load balancer"])
    #expect(rig.events("EnsuredLoadBalancer") == ["Ensured load balancer"])
  }

  @Test func `leaves Services of another class alone`() throws {
    let rig = try rig { $0.loadBalancerClass = "example.com/lb" }
    #expect(addresses(rig).isEmpty)
    #expect(rig.store.services["default", "web"]?.metadata.finalizers == [])
  }

  @Test func `gives the address that is asked for, if it can`() throws {
    let given = try rig { $0.loadBalancerIP = "203.0.113.77" }
    #expect(addresses(given) == ["203.0.113.77"])
    let refused = try rig { $0.loadBalancerIP = "198.51.100.1" }
    #expect(addresses(refused).isEmpty)
    #expect(refused.events("SyncLoadBalancerFailed").count == 1)
  }

  @Test func `lets a deleted Service go when it has cleaned up`() throws {
    var rig = try rig()
    try rig.plane.request { (api, time) throws(APIError) in
      try api.delete(.services, namespace: "default", name: "web", at: time)
    }
    #expect(rig.store.services["default", "web"]?.metadata.isTerminating == true)
    rig.run(for: .seconds(5))
    #expect(rig.store.services["default", "web"] == nil)
    #expect(rig.events("DeletedLoadBalancer").count == 1)
  }

  @Test func `takes the address back when the type changes`() throws {
    var rig = try rig()
    var service = try #require(rig.store.services["default", "web"])
    service.type = .clusterIP
    let changed = service
    _ = try rig.plane.request { (api, time) throws(APIError) in
      try api.replace(.service(changed), at: time)
    }
    rig.run(for: .seconds(5))
    #expect(addresses(rig).isEmpty)
    #expect(rig.store.services["default", "web"]?.metadata.finalizers == [])
  }

  @Test func `hears of nodes that come and go`() throws {
    var rig = try rig()
    rig.plane.join(NodeGroup(), in: [CIDR(IPAddress(v4: 0xC0A8_0000), prefixLength: 16)])
    rig.run(for: .seconds(30))
    #expect(rig.events("UpdatedLoadBalancer") == ["Updated load balancer with new hosts"])
  }
}

@Suite struct `Nodes that join` {
  @Test func `become ready when their network is`() throws {
    var rig = ClusterRig()
    rig.plane.join(NodeGroup(zone: "z"), in: [CIDR(IPAddress(v4: 0xC0A8_0000), prefixLength: 16)])
    func node() -> Node? { rig.store.nodes["", "node-4"] }
    #expect(node()?.isReady == false)
    #expect(node()?.taints.map(\.text) == ["node.kubernetes.io/not-ready:NoSchedule"])
    rig.run(for: .seconds(30))
    #expect(node()?.isReady == true)
    #expect(node()?.taints == [])
    #expect(node()?.podCIDRs.map(\.description) == ["10.244.4.0/24"])
    let pods = rig.store.pods(onNode: "node-4").compactMap { rig.store.pods[$0] }
    #expect(pods.count == 2)
    #expect(pods.allSatisfy { $0.isReady })
  }

  @Test func `leave with their pods, which come back elsewhere`() throws {
    var rig = ClusterRig()
    try rig.create(.deployment(ClusterRig.deployment("web", replicas: 6)))
    rig.run(for: .seconds(20))
    let last = try #require(rig.plane.workers.last)
    rig.plane.leave(last)
    rig.run(for: .seconds(120))
    let pods = rig.store.pods.list(namespace: "default")
    #expect(pods.count == 6)
    #expect(pods.allSatisfy { $0.isReady && rig.store.nodes["", $0.nodeName] != nil })
  }

  @Test func `say when no block of addresses is left`() throws {
    var rig = ClusterRig(podSubnet: "10.244.0.0/22")
    rig.plane.join(NodeGroup(), in: [CIDR(IPAddress(v4: 0xC0A8_0000), prefixLength: 16)])
    rig.run(for: .seconds(2))
    #expect(
      rig.events("CIDRNotAvailable").first == "Node node-4 status is now: CIDRNotAvailable")
    #expect(rig.store.nodes["", "node-4"]?.isReady == false)
  }
}
