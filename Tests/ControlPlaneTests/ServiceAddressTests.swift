import ClusterModel
import SimulationCore
import Testing

@testable import ControlPlane

@Suite struct `Service addresses` {
  private func server(_ ranges: [String] = ["10.96.0.0/24"]) throws -> APIServer {
    let settings = ControlPlaneSettings(
      podSubnets: [], serviceSubnets: ranges.compactMap { CIDR($0) })
    var server = APIServer(settings: settings, startTime: Timestamp(seconds: 0), seed: 1)
    try server.create(
      .namespace(Namespace(metadata: ObjectMeta(name: "default"))), at: .zero)
    return server
  }

  private static let dual = ["10.96.0.0/24", "fd00::/112"]

  private func create(
    _ server: inout APIServer, _ name: String = "web", _ body: (inout Service) -> Void = { _ in }
  ) throws -> Service {
    var service = Service(metadata: ObjectMeta(name: name, namespace: "default"))
    service.selector = ["app": name]
    service.ports = [ServicePort(port: 80)]
    body(&service)
    let answer = try server.create(.service(service), at: .zero)
    guard case .service(let created) = answer else { throw CancellationError() }
    return created
  }

  private func refusal(_ ranges: [String], _ body: (inout Service) -> Void) throws -> String {
    var server = try server(ranges)
    do {
      _ = try create(&server, "web", body)
      return ""
    } catch let error as APIError {
      return error.causes.first ?? error.message
    }
  }

  @Test func `may be asked for, once`() throws {
    var server = try server()
    let wish = IPAddress(v4: 0x0A60_0007)
    let first = try create(&server, "a") { $0.clusterIPs = [wish] }
    #expect(first.clusterIPs == [wish])
    #expect {
      _ = try create(&server, "b") { $0.clusterIPs = [wish] }
    } throws: { error in
      (error as? APIError)?.causes == [
        "spec.clusterIPs: Invalid value: [\"10.96.0.7\"]: failed to allocate IP 10.96.0.7: provided "
          + "IP is already allocated"
      ]
    }
    try server.delete(.services, namespace: "default", name: "a", at: .zero)
    let second = try create(&server, "b") { $0.clusterIPs = [wish] }
    #expect(second.clusterIPs == [wish])
  }

  @Test func `run out`() throws {
    var server = try server(["10.96.0.0/29"])
    for index in 0..<6 { _ = try create(&server, "s\(index)") }
    #expect {
      _ = try create(&server, "last")
    } throws: {
      ($0 as? APIError)?.message
        == "Internal error occurred: failed to allocate a serviceIP: range is full"
    }
  }

  @Test func `are of both families where that is wished for`() throws {
    var server = try server(Self.dual)
    let both = try create(&server) { $0.ipFamilyPolicy = "PreferDualStack" }
    #expect(both.ipFamilies == [.ipv4, .ipv6])
    #expect(both.clusterIPs.map(\.family) == [.ipv4, .ipv6])
    let one = try create(&server, "one")
    #expect(one.ipFamilies == [.ipv4])
    #expect(one.clusterIPs.count == 1)
    let sixth = try create(&server, "six") { $0.ipFamilies = [.ipv6] }
    #expect(sixth.clusterIPs.map(\.family) == [.ipv6])
    var plain = try self.server()
    let narrow = try create(&plain) { $0.ipFamilyPolicy = "PreferDualStack" }
    #expect(narrow.clusterIPs.count == 1)
  }

  @Test func `come and go with the policy`() throws {
    var server = try server(Self.dual)
    var service = try create(&server)
    let first = service.clusterIPs
    service.ipFamilyPolicy = "RequireDualStack"
    try server.replace(.service(service), at: .zero)
    let wide = try #require(server.store.services["default", "web"])
    #expect(wide.clusterIPs.count == 2)
    #expect(Array(wide.clusterIPs.prefix(1)) == first)
    service = wide
    service.ipFamilyPolicy = "SingleStack"
    try server.replace(.service(service), at: .zero)
    let narrow = try #require(server.store.services["default", "web"])
    #expect(narrow.clusterIPs == first)
    #expect(narrow.ipFamilies == [.ipv4])
    let again = try create(&server, "next") { $0.clusterIPs = [wide.clusterIPs[1]] }
    #expect(again.clusterIPs == [wide.clusterIPs[1]])
  }

  @Test func `are refused in the API server's words`() throws {
    let single = ["10.96.0.0/24"]
    let cases: [([String], (inout Service) -> Void, String)] = [
      (
        single, { $0.ipFamilyPolicy = "RequireDualStack" },
        "spec.ipFamilyPolicy: Invalid value: \"RequireDualStack\": this cluster is not configured "
          + "for dual-stack services"
      ),
      (
        single, { $0.ipFamilies = [.ipv6] },
        "spec.ipFamilies[0]: Invalid value: \"IPv6\": not configured on this cluster"
      ),
      (
        Self.dual, { $0.ipFamilies = [.ipv4, .ipv6] },
        "spec.ipFamilyPolicy: Invalid value: \"SingleStack\": must be RequireDualStack or "
          + "PreferDualStack when multiple ipFamilies are specified"
      ),
      (
        Self.dual,
        {
          $0.ipFamilies = [.ipv6]
          $0.clusterIPs = [IPAddress(v4: 0x0A60_0009)]
        },
        "spec.clusterIPs[0]: Invalid value: \"10.96.0.9\": expected an IPv6 value as indicated by "
          + "`ipFamilies[0]`"
      ),
      (
        single, { $0.clusterIPs = [IPAddress(v4: 0x0A61_0009)] },
        "spec.clusterIPs: Invalid value: [\"10.97.0.9\"]: failed to allocate IP 10.97.0.9: the "
          + "provided network does not match the current range"
      ),
      (
        single,
        {
          $0.type = .nodePort
          $0.ports[0].nodePort = 80
        },
        "spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The "
          + "range of valid ports is 30000-32767"
      ),
    ]
    for (ranges, change, message) in cases {
      let refused = try refusal(ranges, change)
      #expect(refused == message)
    }
  }

  @Test func `are objects, and more ranges may be added`() throws {
    var server = try server(["10.96.0.0/29"])
    let service = try create(&server, "kubernetes")
    #expect(
      server.store.list(DerivedObjects.addresses).map(\.metadata.name)
        == service.clusterIPs.map(\.description))
    #expect(server.store.list(DerivedObjects.ranges).map(\.metadata.name) == ["kubernetes"])
    for index in 0..<5 { _ = try create(&server, "s\(index)") }
    try server.create(
      .kept(
        KeptObject(
          resource: DerivedObjects.ranges, metadata: ObjectMeta(name: "more"),
          body: ["spec": ["cidrs": ["10.97.0.0/24"]]])), at: .zero)
    let late = try create(&server, "late")
    #expect(late.clusterIPs.allSatisfy { CIDR("10.97.0.0/24")?.contains($0) == true })
  }
}

@Suite struct `Priorities` {
  private func rig(_ policy: Value = "PreemptLowerPriority") throws -> ClusterRig {
    var rig = ClusterRig(nodes: 1)
    let resource = APIResource.of(apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass")
    try rig.create(
      .kept(
        KeptObject(
          resource: resource, metadata: ObjectMeta(name: "high"),
          body: ["value": 1000, "preemptionPolicy": policy])))
    for index in 0..<3 { try rig.create(.pod(pod("low-\(index)", cpu: 1200, nil))) }
    rig.run(for: .seconds(10))
    return rig
  }

  private func pod(_ name: String, cpu: Int64, _ priority: String?) -> Pod {
    var container = Container(name: "c", image: "i")
    container.requests["cpu"] = Quantity(milli: cpu)
    var spec = PodSpec(containers: [container])
    spec.priorityClassName = priority ?? ""
    return Pod(metadata: ObjectMeta(name: name, namespace: "default"), spec: Shared(spec))
  }

  @Test func `take room from pods of lower ones`() throws {
    var rig = try rig()
    try rig.create(.pod(pod("urgent", cpu: 1500, "high")))
    rig.run(for: .milliseconds(30))
    #expect(rig.store.pods["default", "urgent"]?.status.nominatedNodeName == "node-1")
    let going = rig.store.pods.list(namespace: "default").filter(\.metadata.isTerminating)
    #expect(going.count == 1)
    #expect(rig.events("Preempted").count == 1)
    #expect(
      rig.events("FailedScheduling").first
        == "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s).")
    rig.run(for: .seconds(60))
    #expect(rig.store.pods["default", "urgent"]?.isReady == true)
    #expect(rig.store.pods["default", "urgent"]?.status.nominatedNodeName == "")
  }

  @Test func `take nothing where they must not`() throws {
    var rig = try rig("Never")
    try rig.create(.pod(pod("urgent", cpu: 1500, "high")))
    rig.run(for: .seconds(60))
    #expect(rig.store.pods["default", "urgent"]?.isBound == false)
    #expect(rig.events("Preempted").isEmpty)
  }

  @Test func `must exist`() throws {
    var rig = ClusterRig(nodes: 1)
    #expect {
      try rig.create(.pod(pod("x", cpu: 1, "nope")))
    } throws: {
      ($0 as? APIError)?.message
        == "pods \"x\" is forbidden: no PriorityClass with name nope was found"
    }
  }

  @Test func `wait for gates to open`() throws {
    var rig = ClusterRig(nodes: 1)
    var gated = pod("gated", cpu: 100, nil)
    var spec = gated.spec.value
    spec.other["schedulingGates"] = [["name": "example.com/wait"]]
    gated.spec = Shared(spec)
    try rig.create(.pod(gated))
    rig.run(for: .seconds(5))
    let held = try #require(rig.store.pods["default", "gated"])
    #expect(held.status.conditions[type: "PodScheduled"]?.reason == "SchedulingGated")
    var open = held
    spec = held.spec.value
    spec.other["schedulingGates"] = nil
    open.spec = Shared(spec)
    let changed = open
    _ = try rig.plane.request { (api, time) throws(APIError) in
      try api.replace(.pod(changed), at: time)
    }
    rig.run(for: .seconds(20))
    #expect(rig.store.pods["default", "gated"]?.isReady == true)
  }
}
