import ClusterModel
import SimulationCore
import Testing

@testable import DataPlane

@Suite struct TraceTests {
  private func cluster(
    _ mode: ProxyMode = .iptables, _ cni: CNI = .flannel, _ service: Service = TestCluster.web(),
    endpoints: [Endpoint] = [endpoint("10.244.2.5")]
  ) -> TestCluster {
    var cluster = TestCluster(mode: mode, cni: cni)
    for node in 1...3 { cluster.addPod("web-\(node)", "10.244.\(node).5") }
    cluster.addPod("client", "10.244.1.9")
    cluster.set(service)
    cluster.setEndpoints(endpoints)
    cluster.settle()
    return cluster
  }

  private func trace(
    _ cluster: TestCluster, _ source: TraceRequest.Source, _ destination: String, _ port: UInt16,
    at node: String? = nil
  ) -> PacketTrace {
    cluster.plane.trace(
      TraceRequest(
        from: source, to: ip(destination), port: port, entryNode: node, sourcePort: 40000),
      at: cluster.now)
  }

  private static func text(_ trace: PacketTrace) -> String { text(trace.hops) }

  private static func text(_ hops: [PacketTrace.Hop]) -> String {
    hops.map { hop in
      let outer = hop.outer.map { " in \($0.kind) \($0.source)>\($0.destination)" } ?? ""
      return "\(hop.node) \(hop.device) \(hop.point) \(hop.packet.sourceText)>"
        + "\(hop.packet.destinationText) ttl \(hop.packet.ttl)\(outer)"
    }.joined(separator: "\n")
  }

  static let client = TraceRequest.Source.pod(namespace: "default", name: "client")

  @Test func `a pod's packet crosses flannel's tunnel`() {
    let trace = trace(cluster(), Self.client, "10.96.0.100", 80)
    #expect(trace.verdict == .delivered)
    #expect(
      trace.reason == "Service default/web:http sends it to 10.244.2.5:8080 (pod default/web-2).")
    #expect(
      Self.text(trace) == """
        node-1 eth0 pod default/client 10.244.1.9:40000>10.96.0.100:80 ttl 64
        node-1 cni0 PREROUTING 10.244.1.9:40000>10.96.0.100:80 ttl 64
        node-1 cni0 PREROUTING 10.244.1.9:40000>10.96.0.100:80 ttl 64
        node-1 cni0 PREROUTING 10.244.1.9:40000>10.96.0.100:80 ttl 64
        node-1 flannel.1 ROUTING 10.244.1.9:40000>10.244.2.5:8080 ttl 64
        node-1 flannel.1 FORWARD 10.244.1.9:40000>10.244.2.5:8080 ttl 63
        node-1 flannel.1 POSTROUTING 10.244.1.9:40000>10.244.2.5:8080 ttl 63
        node-1 flannel.1 EGRESS 10.244.1.9:40000>10.244.2.5:8080 ttl 63 in VXLAN 192.168.0.1>192.168.0.2
        node-2 eth0 INGRESS 10.244.1.9:40000>10.244.2.5:8080 ttl 63 in VXLAN 192.168.0.1>192.168.0.2
        node-2 cni0 ROUTING 10.244.1.9:40000>10.244.2.5:8080 ttl 63
        node-2 cni0 FORWARD 10.244.1.9:40000>10.244.2.5:8080 ttl 62
        node-2 eth0 pod default/web-2 10.244.1.9:40000>10.244.2.5:8080 ttl 62
        """)
    let outer = trace.hops.compactMap(\.outer).first
    #expect(outer?.destinationPort == 8472)
    #expect(outer?.identifier == 1)
    #expect(
      Self.text(trace.reply) == """
        node-2 eth0 pod default/web-2 10.244.2.5:8080>10.244.1.9:40000 ttl 64
        node-2 flannel.1 ROUTING 10.244.2.5:8080>10.244.1.9:40000 ttl 64
        node-2 flannel.1 FORWARD 10.244.2.5:8080>10.244.1.9:40000 ttl 63
        node-2 flannel.1 EGRESS 10.244.2.5:8080>10.244.1.9:40000 ttl 63 in VXLAN 192.168.0.2>192.168.0.1
        node-1 eth0 INGRESS 10.244.2.5:8080>10.244.1.9:40000 ttl 63 in VXLAN 192.168.0.2>192.168.0.1
        node-1 cni0 ROUTING 10.244.2.5:8080>10.244.1.9:40000 ttl 63
        node-1 cni0 FORWARD 10.244.2.5:8080>10.244.1.9:40000 ttl 62
        node-1 cni0 POSTROUTING 10.244.2.5:8080>10.244.1.9:40000 ttl 62
        node-1 eth0 pod default/client 10.96.0.100:80>10.244.1.9:40000 ttl 62
        """)
  }

  @Test func `pods of one node meet on the bridge`() {
    let trace = trace(cluster(), Self.client, "10.244.1.5", 8080)
    #expect(
      Self.text(trace) == """
        node-1 eth0 pod default/client 10.244.1.9:40000>10.244.1.5:8080 ttl 64
        node-1 cni0 BRIDGE 10.244.1.9:40000>10.244.1.5:8080 ttl 64
        node-1 eth0 pod default/web-1 10.244.1.9:40000>10.244.1.5:8080 ttl 64
        """)
  }

  @Test func `an outside packet is masqueraded at the node it enters`() {
    let trace = trace(
      cluster(.iptables, .flannel, TestCluster.exposed(.cluster)), .external, "192.168.0.1", 30080)
    #expect(trace.isMasqueraded)
    // The address of flannel.1, through which the packet leaves.
    #expect(trace.sourceSeen == IPAddress("10.244.1.0"))
    #expect(trace.hops.contains { $0.point == "POSTROUTING" && $0.rule.contains("MASQUERADE") })
    #expect(trace.hops.last?.packet.sourceText == "10.244.1.0:40000")
    #expect(trace.hops.last?.node == "node-2")
  }

  /// As `iptables-save` printed them on a real node.
  @Test func `rules read as a real node prints them`() {
    var cluster = TestCluster(mode: .iptables)
    var service = Service(metadata: ObjectMeta(name: "frontend", namespace: "default"))
    service.clusterIPs = [ip("10.96.99.253")]
    service.ports = [ServicePort(name: "http", port: 80, targetPort: .integer(8080))]
    cluster.set(service)
    cluster.setEndpoints(
      [endpoint("10.244.0.6"), endpoint("10.244.1.2"), endpoint("10.244.2.3")], of: "frontend")
    cluster.addPod("client", "10.244.1.9")
    cluster.settle()
    var rules: Set<String> = []
    for port in 1...64 as ClosedRange<UInt16> {
      // Another destination port would be another service: the source varies the dice.
      let request = TraceRequest(
        from: .address(IPAddress(v4: 0x0AF4_0200 + UInt32(port))), to: ip("10.96.99.253"),
        port: 80, entryNode: "node-1")
      for hop in cluster.plane.trace(request, at: .zero).hops { rules.insert(hop.rule) }
    }
    let expected = """
      -A KUBE-SERVICES -d 10.96.99.253/32 -p tcp -m comment --comment "default/frontend:http cluster IP" -m tcp --dport 80 -j KUBE-SVC-UHJVR435UML62OOS
      -A KUBE-SVC-UHJVR435UML62OOS -m comment --comment "default/frontend:http -> 10.244.0.6:8080" -m statistic --mode random --probability 0.33333333349 -j KUBE-SEP-VWDM5VTCYPAFTHPI
      -A KUBE-SVC-UHJVR435UML62OOS -m comment --comment "default/frontend:http -> 10.244.1.2:8080" -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-VBPP24RRING5O4O7
      -A KUBE-SVC-UHJVR435UML62OOS -m comment --comment "default/frontend:http -> 10.244.2.3:8080" -j KUBE-SEP-KWHG7PDJ3GBQAYTV
      -A KUBE-SEP-VBPP24RRING5O4O7 -p tcp -m comment --comment "default/frontend:http" -m tcp -j DNAT --to-destination 10.244.1.2:8080
      """
    for rule in expected.split(separator: "\n") { #expect(rules.contains(String(rule))) }
  }

  @Test func `a node's packet to a cluster IP is marked`() {
    let trace = trace(cluster(), .node("node-1"), "10.96.0.100", 80)
    let chain = RuleNames.chainName(.cluster, "default/web:http", .tcp)
    let mark =
      "-A \(chain) ! -s 10.244.0.0/16 -d 10.96.0.100/32 -p tcp -m comment "
      + "--comment \"default/web:http cluster IP\" -m tcp --dport 80 -j KUBE-MARK-MASQ"
    #expect(trace.hops.map(\.rule).contains(mark))
    #expect(trace.hops[1].point == "OUTPUT")
    #expect(trace.isMasqueraded)
  }

  @Test func `a refusal names the filter rule`() {
    let trace = trace(cluster(endpoints: []), Self.client, "10.96.0.100", 80)
    #expect(trace.verdict == .rejected)
    #expect(
      trace.hops.last?.rule
        == "-A KUBE-SERVICES -d 10.96.0.100/32 -p tcp -m comment --comment \"default/web:http "
        + "has no endpoints\" -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable")
    #expect(trace.endpointText == nil)
  }

  @Test func `local policy without endpoints names its drop`() {
    let trace = trace(
      cluster(.iptables, .flannel, TestCluster.exposed(.local)), .external, "203.0.113.10", 80,
      at: "node-1")
    #expect(trace.verdict == .dropped)
    #expect(
      trace.hops.last?.rule
        == "-A KUBE-EXTERNAL-SERVICES -d 203.0.113.10/32 -p tcp -m comment --comment "
        + "\"default/web:http has no local endpoints\" -m tcp --dport 80 -j DROP")
  }

  @Test(arguments: ProxyMode.allCases, CNI.allCases)
  func `every mode and CNI tells a whole way`(mode: ProxyMode, cni: CNI) {
    let cluster = cluster(mode, cni, TestCluster.exposed(.cluster))
    let sources: [TraceRequest.Source] = [Self.client, .node("node-1"), .external]
    for source in sources {
      for (address, port) in [("10.96.0.100", 80), ("192.168.0.1", 30080), ("10.244.2.5", 8080)]
        as [(String, UInt16)]
      {
        let trace = trace(cluster, source, address, port, at: "node-1")
        #expect(trace.verdict == .delivered)
        #expect(trace.hops.last?.packet.destinationText == "10.244.2.5:8080")
        #expect(trace.hops.last?.packet.source == trace.sourceSeen)
        #expect(!trace.reason.isEmpty)
        // The answer comes from where the client asked, back to where it asked from.
        let (first, last) = (trace.hops[0].packet, trace.reply.last?.packet)
        let isAtSocket = mode == .ebpf && source != .external
        let asked = isAtSocket ? trace.hops.last?.packet.sourceText : first.sourceText
        #expect(last?.destinationText == asked)
        #expect(last?.sourceText == (isAtSocket ? "10.244.2.5:8080" : first.destinationText))
        for hops in [trace.hops, trace.reply] {
          for (hop, next) in zip(hops, hops.dropFirst()) { #expect(hop.after == next.packet) }
        }
      }
    }
    let hops = trace(cluster, Self.client, "10.96.0.100", 80).hops
    #expect(hops.contains { $0.outer != nil } == (cni.tunnel != nil))
  }

  @Test func `a node's packet to a pod has the address of its way out`() {
    let expected: [CNI: (near: String, far: String)] = [
      .flannel: ("10.244.1.1", "10.244.1.0"), .flannelHostGateway: ("10.244.1.1", "192.168.0.1"),
      .calico: ("192.168.0.1", "10.244.1.0"), .calicoVXLAN: ("192.168.0.1", "10.244.1.0"),
      .calicoBGP: ("192.168.0.1", "192.168.0.1"), .cilium: ("10.244.1.1", "10.244.1.1"),
      .ciliumNative: ("10.244.1.1", "192.168.0.1"),
    ]
    for cni in CNI.allCases {
      for mode in ProxyMode.allCases where mode != .ebpf {
        let far = cluster(mode, cni)
        #expect(
          trace(far, .node("node-1"), "10.244.2.5", 8080).sourceSeen?.description
            == expected[cni]?.far)
        #expect(
          trace(far, .node("node-1"), "10.244.1.5", 8080).sourceSeen?.description
            == expected[cni]?.near)
        #expect(
          trace(far, .node("node-1"), "10.96.0.100", 80).sourceSeen?.description
            == expected[cni]?.far)
        let near = cluster(mode, cni, endpoints: [endpoint("10.244.1.5")])
        #expect(
          trace(near, .node("node-1"), "10.96.0.100", 80).sourceSeen?.description
            == expected[cni]?.near)
      }
    }
  }

  @Test func `what does not fit is cut, or its sender is told`() {
    func trace(
      _ source: TraceRequest.Source, _ destination: String, _ size: Int, cut: Bool, _ cni: CNI
    ) -> PacketTrace {
      var request = TraceRequest(
        from: source, to: ip(destination), port: 8080, entryNode: "node-1", sourcePort: 40000)
      request.size = size
      request.doesNotFragment = !cut
      return cluster(.iptables, cni).plane.trace(request, at: .zero)
    }
    let limits: [CNI: Int] = [
      .flannel: 1450, .flannelHostGateway: 1500, .calico: 1480, .calicoVXLAN: 1450,
      .calicoBGP: 1500, .cilium: 1450, .ciliumNative: 1500,
    ]
    for cni in CNI.allCases {
      let limit = limits[cni] ?? 0
      #expect(trace(Self.client, "10.244.2.5", limit, cut: false, cni).verdict == .delivered)
      let big = trace(Self.client, "10.244.2.5", limit + 1, cut: false, cni)
      #expect(big.verdict == .dropped)
      #expect(big.tooBigFor == limit)
      #expect(big.hops.count == 1)
      #expect(trace(Self.client, "10.244.2.5", limit + 1, cut: true, cni).verdict == .delivered)
    }
    let outside = trace(.external, "10.244.2.5", 1500, cut: false, .flannel)
    #expect(outside.tooBigFor == 1450)
    #expect(outside.reply.last?.packet.destinationText == "198.51.100.10")
    #expect(outside.reply.first?.note.contains("mtu 1450") ?? false)
  }

  @Test(arguments: ProxyMode.allCases)
  func `pods and nodes answer a ping, services in IPVS mode alone`(mode: ProxyMode) {
    func ping(_ destination: String) -> PacketTrace {
      var request = TraceRequest(from: Self.client, to: ip(destination), port: 0)
      request.isEcho = true
      return cluster(mode).plane.trace(request, at: .zero)
    }
    #expect(ping("10.244.2.5").verdict == .delivered)
    #expect(ping("10.244.2.5").hops.last?.packet.destinationText == "10.244.2.5")
    #expect(ping("192.168.0.2").verdict == .delivered)
    #expect(ping("10.244.2.77").verdict == .unreachable)
    let expected: [ProxyMode: Verdict] = [
      .iptables: .unreachable, .ipvs: .delivered, .nftables: .rejected, .ebpf: .unreachable,
    ]
    #expect(ping("10.96.0.100").verdict == expected[mode])
  }

  @Test func `a pod reaches itself`() {
    let direct = trace(cluster(), Self.client, "10.244.1.9", 8080)
    #expect(direct.hops.map(\.device) == ["eth0", "lo"])
    #expect(direct.verdict == .delivered)
  }

  @Test func `a question without an answer says why`() {
    let cluster = cluster()
    #expect(
      trace(cluster, .pod(namespace: "default", name: "nobody"), "10.96.0.100", 80).problem
        == .unknownPod(namespace: "default", name: "nobody"))
    #expect(trace(cluster, .node("nowhere"), "10.96.0.100", 80).problem == .unknownNode("nowhere"))
    #expect(
      trace(cluster, .external, "10.96.0.100", 80, at: "nowhere").problem == .unknownNode("nowhere")
    )
    #expect(
      trace(cluster, .address(ip("fd00::1")), "10.96.0.100", 80).problem
        == .differentFamilies)
    let empty = DataPlane(configuration: NetworkConfiguration(), seed: 1)
    let request = TraceRequest(from: .external, to: ip("10.96.0.100"), port: 80)
    #expect(empty.trace(request, at: .zero).problem == .noNodes)
  }

  @Test func `the same question has the same answer`() {
    let endpoints = (1...3).map { endpoint("10.244.\($0).5") }
    let cluster = cluster(endpoints: endpoints)
    let first = trace(cluster, Self.client, "10.96.0.100", 80)
    #expect(trace(cluster, Self.client, "10.96.0.100", 80) == first)
    #expect(first.candidates.count == 3)
  }
}
