import ClusterModel
import Testing

@testable import DataPlane

/// Direct server return (Cilium's kubeproxy-free.rst).
@Suite struct `The endpoint's node answers the client itself` {
  private func trace(
    _ mode: ClusterTopology.LoadBalancerMode, _ transport: TransportProtocol = .tcp
  ) -> PacketTrace {
    var cluster = TestCluster(mode: .ebpf, cni: .ciliumNative) { $0.loadBalancerMode = mode }
    cluster.addPod("web", "10.244.2.5", ports: [])
    cluster.set(TestCluster.exposed(.cluster) { $0.ports[0].transport = transport })
    cluster.setSlices([[endpoint("10.244.2.5")]], transport: transport)
    cluster.settle()
    return cluster.plane.trace(
      TraceRequest(
        from: .address(ip("198.51.100.10")), to: ip("203.0.113.10"), port: 80,
        transport: transport, entryNode: "node-1", sourcePort: 40_000),
      at: .zero)
  }

  @Test(arguments: [
    (ClusterTopology.LoadBalancerMode.snat, TransportProtocol.tcp, false), (.dsr, .tcp, true),
    (.dsr, .udp, true), (.hybrid, .tcp, true), (.hybrid, .udp, false),
  ])
  func `or sends it back the way it came`(
    mode: ClusterTopology.LoadBalancerMode, transport: TransportProtocol, isDirect: Bool
  ) {
    let trace = trace(mode, transport)
    #expect(trace.verdict == .delivered)
    #expect(trace.isMasqueraded == !isDirect)
    #expect((trace.sourceSeen == ip("198.51.100.10")) == isDirect)
    #expect(trace.hops.contains { $0.rule == "DSR option: 203.0.113.10:80" } == isDirect)
    #expect(trace.reply.contains { $0.node == "node-1" } == !isDirect)
    #expect(trace.reply.last?.packet.sourceText == "203.0.113.10:80")
  }
}
