import ClusterModel
import Testing

@testable import DataPlane

/// Containers' host ports (plugins/meta/portmap).
@Suite struct HostPortTests {
  private func cluster(_ mode: ProxyMode = .iptables, _ cni: CNI = .flannel) -> TestCluster {
    var cluster = TestCluster(mode: mode, cni: cni)
    var container = Container(name: "main", image: "image")
    container.ports = [ContainerPort(containerPort: 8080, hostPort: 8088)]
    var pod = Pod(
      metadata: ObjectMeta(name: "web", namespace: "default"),
      spec: Shared(PodSpec(containers: [container])))
    pod.status.podIPs = [ip("10.244.1.5")]
    cluster.plane.attachPod(pod, on: cluster.node(1))
    cluster.addPod("near", "10.244.1.9")
    cluster.addPod("far", "10.244.2.9")
    cluster.settle()
    return cluster
  }

  private func trace(
    _ cluster: TestCluster, _ source: String, _ destination: String, at node: Int = 1
  )
    -> PacketTrace
  {
    cluster.plane.trace(
      TraceRequest(
        from: .address(ip(source)), to: ip(destination), port: 8088, entryNode: "node-\(node)",
        sourcePort: 40_000),
      at: .zero)
  }

  @Test(arguments: ProxyMode.allCases, CNI.allCases)
  func `a port of the node leads to the pod`(mode: ProxyMode, cni: CNI) {
    let trace = trace(cluster(mode, cni), "198.51.100.10", "192.168.0.1")
    #expect(trace.verdict == .delivered)
    #expect(trace.endpointText == "10.244.1.5:8080")
    #expect(trace.sourceSeen == ip("198.51.100.10"))
    #expect(trace.hops.contains { $0.rule.hasSuffix("-j DNAT --to-destination 10.244.1.5:8080") })
    #expect(trace.hops.last?.packet.destinationText == "10.244.1.5:8080")
    #expect(trace.reply.last?.packet.sourceText == "192.168.0.1:8088")
    #expect(
      self.trace(cluster(mode, cni), "198.51.100.10", "192.168.0.2", at: 2).verdict == .rejected)
  }

  @Test func `what could answer directly is masqueraded, and loopback`() {
    for source in ["10.244.1.9", "127.0.0.1"] {
      let trace = trace(cluster(), source, source == "127.0.0.1" ? source : "192.168.0.1")
      #expect(trace.verdict == .delivered)
      #expect(trace.sourceSeen == ip("10.244.1.1"), "\(source)")
      #expect(trace.hops.contains { $0.rule == HostPortText.masquerade })
      #expect(trace.reply.last?.packet.destinationText == "\(source):40000")
    }
  }

  @Test func `the port is free once the pod has gone`() {
    var cluster = cluster()
    cluster.plane.detachPod(namespace: "default", name: "web")
    #expect(trace(cluster, "198.51.100.10", "192.168.0.1").verdict == .rejected)
  }
}
