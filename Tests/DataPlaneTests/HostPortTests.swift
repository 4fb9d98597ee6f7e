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
    cluster.set(TestCluster.web())
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
    #expect(trace.hops.contains { $0.rule.hasSuffix("10.244.1.5:8080") && !$0.rule.isEmpty })
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
      #expect(trace.hops.contains { $0.rule == HostPortChains.masquerade })
      #expect(trace.reply.last?.packet.destinationText == "\(source):40000")
    }
  }

  @Test func `the port is free once the pod has gone`() {
    var cluster = cluster()
    cluster.plane.detachPod(namespace: "default", name: "web")
    #expect(trace(cluster, "198.51.100.10", "192.168.0.1").verdict == .rejected)
  }

  @Test func `iptables-save shows the chains of the plugin`() throws {
    let cluster = cluster()
    let text = try #require(
      cluster.plane.iptablesSave(on: cluster.node(1), table: "nat"))
    let lines = text.split(separator: "\n").map(String.init)
    let chain = try #require(lines.first { $0.hasPrefix(":CNI-DN-") }).dropFirst().prefix(28)
    #expect(
      lines.filter { $0.hasPrefix("-A CNI-") || $0.contains("-j CNI-") } == [
        "-A PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT",
        "-A OUTPUT -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT",
        "-A POSTROUTING -m comment --comment \"CNI portfwd requiring masquerade\" "
          + "-j CNI-HOSTPORT-MASQ",
        "-A \(chain) -s 10.244.1.0/24 -p tcp -m tcp --dport 8088 -j CNI-HOSTPORT-SETMARK",
        "-A \(chain) -s 127.0.0.1/32 -p tcp -m tcp --dport 8088 -j CNI-HOSTPORT-SETMARK",
        "-A \(chain) -p tcp -m tcp --dport 8088 -j DNAT --to-destination 10.244.1.5:8080",
        "-A CNI-HOSTPORT-DNAT -p tcp -m comment --comment \"dnat name: \\\"cbr0\\\" id: "
          + "\\\"\(RuntimeIdentifier.sandbox(ObjectMeta(name: "web")))\\\"\" -m multiport "
          + "--dports 8088 -j \(chain)",
        "-A CNI-HOSTPORT-MASQ -m mark --mark 0x2000/0x2000 -j MASQUERADE",
        "-A CNI-HOSTPORT-SETMARK -m comment --comment \"CNI portfwd masquerade mark\" -j MARK "
          + "--set-xmark 0x2000/0x2000",
      ])
  }

  /// plugins/meta/portmap/portmap_iptables_test.go.
  @Test func `a chain's name is that of the plugin`() {
    let sandbox =
      "icee6giejonei6sohng6ahngee7laquohquee9shiGo7fohferakah3Feiyoolu2pei7ciPhoh7shaoX6vai3vuf0ahfaeng8yohb9ceu0daez5hashee8ooYai5wa3y"
    #expect(HostPortChain.name("test", sandbox) == "CNI-DN-67e92b96e692a494b6b85")
  }

  @Test func `the common chains outlive the pods, and ports come by fifteens`() throws {
    var cluster = cluster()
    var container = Container(name: "main", image: "image")
    container.ports = (1...16).map { ContainerPort(containerPort: 8000 + $0, hostPort: 9000 + $0) }
    var pod = Pod(
      metadata: ObjectMeta(name: "many", namespace: "default"),
      spec: Shared(PodSpec(containers: [container])))
    pod.status.podIPs = [ip("10.244.1.6")]
    cluster.plane.attachPod(pod, on: cluster.node(1))
    var text = try #require(cluster.plane.iptablesSave(on: cluster.node(1)))
    #expect(text.split(separator: "\n").count { $0.contains(" -m multiport ") } == 3)
    for name in ["web", "many"] { cluster.plane.detachPod(namespace: "default", name: name) }
    text = try #require(cluster.plane.iptablesSave(on: cluster.node(1)))
    #expect(text.contains(":CNI-HOSTPORT-DNAT - [0:0]") && !text.contains("CNI-DN-"))
    let other = try #require(cluster.plane.iptablesSave(on: cluster.node(2)))
    #expect(!other.contains("CNI-"))
  }
}
