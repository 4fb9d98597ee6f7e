import ClusterModel
import SimulationCore
import Testing

@testable import DataPlane

/// Nodes, pods and families.
@Suite struct KernelTests {
  @Test func `each family of a Service has endpoints of its own`() {
    var cluster = TestCluster(configure: {
      $0.podSubnets.append(cidr("fd00:244::/48"))
      $0.clusterCIDRForProxy = $0.podSubnets
      $0.serviceSubnets.append(cidr("fd00:96::/112"))
    })
    cluster.set(TestCluster.web { $0.clusterIPs.append(ip("fd00:96::64")) })
    var slice = EndpointSlice(
      metadata: ObjectMeta(name: "web-6", namespace: "default"), addressType: "IPv6")
    slice.ports = [.init(name: "http", port: 8080)]
    slice.endpoints = [endpoint("fd00:244:1::a"), endpoint("fd00:244:1::9")]
    cluster.plane.endpointsChanged(
      namespace: "default", service: "web", to: [slice], at: .zero)
    cluster.settle()
    #expect(
      cluster.candidates("fd00:244:2::5", "fd00:96::64", 80, at: 1)
        == "fd00:244:1::9:8080 fd00:244:1::a:8080")
    #expect(cluster.decide("10.244.1.9", "10.96.0.100", 80, at: 1).verdict == .rejected)
    #expect(cluster.decide("fd00:244:1::5", "fd00:96::99", 80, at: 1).verdict == .unreachable)
  }

  @Test func `a pod that declares no port listens where a Service expects it to`() {
    var cluster = TestCluster()
    cluster.addPod("web", "10.244.1.5", ports: [])
    #expect(cluster.decide("10.244.2.9", "10.244.1.5", 8080, at: 2).verdict == .rejected)
    cluster.setEndpoints([endpoint("10.244.1.5")])
    #expect(cluster.decide("10.244.2.9", "10.244.1.5", 8080, at: 2).verdict == .delivered)
    #expect(cluster.decide("10.244.2.9", "10.244.1.5", 8081, at: 2).verdict == .rejected)
  }

  @Test func `an address given to another pod stays with it when the first one goes`() {
    var cluster = TestCluster()
    cluster.addPod("old", "10.244.1.5")
    cluster.addPod("new", "10.244.1.5")
    cluster.plane.detachPod(namespace: "default", name: "old")
    #expect(cluster.decide("10.244.2.9", "10.244.1.5", 8080, at: 2).verdict == .delivered)
    cluster.plane.detachPod(namespace: "default", name: "new")
    #expect(cluster.decide("10.244.2.9", "10.244.1.5", 8080, at: 2).verdict == .unreachable)
  }

  @Test func `a hostNetwork pod answers on its node's addresses while it lives`() {
    var cluster = TestCluster()
    var container = Container(name: "main", image: "image")
    container.ports = [ContainerPort(containerPort: 9100)]
    var spec = PodSpec(containers: [container])
    spec.hostNetwork = true
    let pod = Pod(
      metadata: ObjectMeta(name: "exporter", namespace: "default"), spec: Shared(spec))
    let flow = ("10.244.1.9", "192.168.0.2", 9100 as UInt16)
    cluster.plane.attachPod(pod, on: cluster.node(2))
    #expect(cluster.decide(flow.0, flow.1, flow.2, at: 1).verdict == .delivered)
    cluster.plane.detachPod(namespace: "default", name: "exporter")
    #expect(cluster.decide(flow.0, flow.1, flow.2, at: 1).verdict == .rejected)
  }

  @Test func `a node that is gone answers no more`() {
    var cluster = TestCluster()
    #expect(cluster.decide("10.244.1.9", "192.168.0.2", 10250, at: 1).verdict == .delivered)
    cluster.plane.detachNode(named: "node-2")
    #expect(cluster.decide("10.244.1.9", "192.168.0.2", 10250, at: 1).verdict == .unreachable)
    #expect(cluster.plane.inSyncCount.total == 2)
    #expect(cluster.plane.nodeIndex(named: "node-2") == nil)
  }

  @Test func `a wire costs more the farther it goes`() {
    var cluster = TestCluster()
    cluster.addNode(1, zone: "a")
    cluster.addNode(2, zone: "a")
    cluster.addNode(3, zone: "b")
    let nodes = (1...3).map { cluster.node($0) }
    let latencies = [
      cluster.plane.latency(from: nodes[0], to: nodes[0]),
      cluster.plane.latency(from: nodes[0], to: nodes[1]),
      cluster.plane.latency(from: nodes[0], to: nodes[2]),
      cluster.plane.latency(from: nil, to: nodes[0]),
    ]
    #expect(latencies == latencies.sorted())
    #expect(Set(latencies).count == 4)
  }

  /// A packet's data holds no references, or the hot path would count them.
  @Test func `packets are plain bits`() {
    #expect(_isPOD(Flow.self))
    #expect(_isPOD(FlowDecision.self))
    #expect(_isPOD(Route.self))
    #expect(MemoryLayout<EndpointTarget>.stride == 8)
    #expect(MemoryLayout<AddressTarget>.stride == 16)
  }
}
