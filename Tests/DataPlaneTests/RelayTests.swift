import ClusterModel
import SimulationCore
import Testing

@testable import DataPlane

/// What is sent to another node's address.
@Suite struct `Another node's NodePort` {
  private func cluster(
    _ mode: ProxyMode, _ policy: Service.TrafficPolicy, _ cni: CNI = .flannel
  ) -> TestCluster {
    var cluster = TestCluster(mode: mode, cni: cni)
    for node in 1...3 { cluster.addPod("web-\(node)", "10.244.\(node).5") }
    cluster.addPod("client", "10.244.1.9")
    cluster.set(TestCluster.exposed(policy))
    cluster.setSlices([(1...2).map { endpoint("10.244.\($0).5") }])
    cluster.settle()
    return cluster
  }

  private func trace(_ cluster: TestCluster, _ destination: String) -> PacketTrace {
    cluster.plane.trace(
      TraceRequest(
        from: .pod(namespace: "default", name: "client"), to: ip(destination), port: 30080,
        sourcePort: 40_000), at: .zero)
  }

  @Test(arguments: ProxyMode.allCases)
  func `leads to every endpoint`(mode: ProxyMode) {
    let cluster = cluster(mode, .cluster)
    let trace = trace(cluster, "192.168.0.3")
    #expect(trace.verdict == .delivered)
    #expect(Set(trace.candidates.map(\.address)) == [ip("10.244.1.5"), ip("10.244.2.5")])
    #expect(trace.isMasqueraded == (mode != .ebpf))
    if mode == .iptables {
      #expect(trace.sourceSeen == ip("10.244.3.0"))
      #expect(
        trace.hops.contains {
          $0.node == "node-3" && $0.point == "PREROUTING" && $0.rule.contains("KUBE-NODEPORTS")
        })
      #expect(trace.reply.last?.packet.destinationText == "10.244.1.9:40000")
      #expect(trace.reply.last?.packet.sourceText == "192.168.0.3:30080")
    }
  }

  @Test(arguments: [ProxyMode.iptables, .nftables])
  func `of a Local Service is for that node's endpoints`(mode: ProxyMode) {
    let cluster = cluster(mode, .local)
    #expect(trace(cluster, "192.168.0.3").verdict == .dropped)
    let near = trace(cluster, "192.168.0.2")
    #expect(near.verdict == .delivered)
    #expect(near.endpoint == ip("10.244.2.5"))
    // Flannel has given the packet the address of the client's node, and nobody another one.
    #expect(near.sourceSeen == ip("192.168.0.1"))
  }

  @Test func `is tracked where it was decided`() {
    var cluster = cluster(.iptables, .cluster)
    var random = RandomStream(seed: 1, component: "test")
    let flow = cluster.flow("10.244.1.9", "192.168.0.3", 30080)
    let decision = cluster.plane.decide(flow, enteringAt: cluster.node(1), random: &random)
    #expect(decision.isRelayed && decision.verdict == .delivered)
    _ = cluster.plane.track(decision, of: flow, enteringAt: cluster.node(1), at: .zero)
    #expect(cluster.plane.conntrackCount(on: cluster.node(3), at: .zero) == 1)
  }

  @Test func `and its other ports are closed`() {
    let cluster = cluster(.iptables, .cluster)
    let trace = cluster.plane.trace(
      TraceRequest(
        from: .pod(namespace: "default", name: "client"), to: ip("192.168.0.3"), port: 99),
      at: .zero)
    #expect(trace.verdict == .rejected)
    #expect(trace.reason == "Nothing listens on port 99/TCP of node node-3.")
  }
}
