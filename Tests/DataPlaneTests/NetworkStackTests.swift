import ClusterModel
import Testing

@testable import DataPlane

/// What `ip` shows on nodes and in pods, CNI by CNI.
@Suite struct NetworkStackTests {
  private func cluster(_ cni: CNI, _ change: (inout NetworkConfiguration) -> Void = { _ in })
    -> TestCluster
  {
    var cluster = TestCluster(cni: cni, nodes: 2, configure: change)
    cluster.addPod("web", "10.244.1.5")
    cluster.addPod("db", "10.244.2.70")
    cluster.settle()
    return cluster
  }

  private static let link = Wire(.calico).hostDevice(namespace: "default", pod: "web")

  static let routes: [(CNI, String)] = [
    (
      .flannel,
      """
      default via 192.168.0.1 dev eth0
      10.244.1.0/24 dev cni0 proto kernel scope link src 10.244.1.1
      10.244.2.0/24 via 10.244.2.0 dev flannel.1 onlink
      192.168.0.0/24 dev eth0 proto kernel scope link src 192.168.0.1
      """
    ),
    (
      .flannelHostGateway,
      """
      default via 192.168.0.1 dev eth0
      10.244.1.0/24 dev cni0 proto kernel scope link src 10.244.1.1
      10.244.2.0/24 via 192.168.0.2 dev eth0
      192.168.0.0/24 dev eth0 proto kernel scope link src 192.168.0.1
      """
    ),
    (
      .calico,
      """
      default via 192.168.0.1 dev eth0
      blackhole 10.244.1.0/26 proto bird
      10.244.1.5 dev \(link) scope link
      10.244.2.0/26 via 192.168.0.2 dev tunl0 proto bird onlink
      10.244.2.64/26 via 192.168.0.2 dev tunl0 proto bird onlink
      192.168.0.0/24 dev eth0 proto kernel scope link src 192.168.0.1
      """
    ),
    (
      .calicoVXLAN,
      """
      default via 192.168.0.1 dev eth0
      blackhole 10.244.1.0/26 proto 80
      10.244.1.5 dev \(link) scope link
      10.244.2.0/26 via 10.244.2.0 dev vxlan.calico onlink
      10.244.2.64/26 via 10.244.2.0 dev vxlan.calico onlink
      192.168.0.0/24 dev eth0 proto kernel scope link src 192.168.0.1
      """
    ),
    (
      .calicoBGP,
      """
      default via 192.168.0.1 dev eth0
      blackhole 10.244.1.0/26 proto bird
      10.244.1.5 dev \(link) scope link
      10.244.2.0/26 via 192.168.0.2 dev eth0 proto bird
      10.244.2.64/26 via 192.168.0.2 dev eth0 proto bird
      192.168.0.0/24 dev eth0 proto kernel scope link src 192.168.0.1
      """
    ),
    (
      .cilium,
      """
      default via 192.168.0.1 dev eth0
      10.244.1.0/24 via 10.244.1.1 dev cilium_host proto kernel src 10.244.1.1
      10.244.1.1 dev cilium_host proto kernel scope link
      10.244.2.0/24 via 10.244.1.1 dev cilium_host proto kernel src 10.244.1.1 mtu 1450
      192.168.0.0/24 dev eth0 proto kernel scope link src 192.168.0.1
      """
    ),
    (
      .ciliumNative,
      """
      default via 192.168.0.1 dev eth0
      10.244.1.0/24 via 10.244.1.1 dev cilium_host proto kernel src 10.244.1.1
      10.244.1.1 dev cilium_host proto kernel scope link
      10.244.2.0/24 via 192.168.0.2 dev eth0 proto kernel
      192.168.0.0/24 dev eth0 proto kernel scope link src 192.168.0.1
      """
    ),
  ]

  @Test(arguments: routes)
  func `a node has its CNI's routes`(cni: CNI, expected: String) throws {
    let cluster = cluster(cni)
    let stack = try #require(cluster.plane.networkStack(of: cluster.node(1)))
    #expect(stack.routes.map(\.text).joined(separator: "\n") == expected)
    // What a trace says is one of them.
    for address in ["10.244.2.70", "10.244.1.5", "192.168.0.2", "192.0.2.1"] {
      let route = cluster.plane.nodeRoute(of: 0, to: ip(address))
      #expect(stack.routes.contains(route), "\(address) \(route.text)")
    }
  }

  static let devices: [(CNI, [String])] = [
    (.flannel, ["flannel.1 1450", "cni0 1450"]), (.flannelHostGateway, ["cni0 1500"]),
    (.calico, ["tunl0 1480"]), (.calicoVXLAN, ["vxlan.calico 1450"]), (.calicoBGP, []),
    (.cilium, ["cilium_net 1500", "cilium_host 1500", "cilium_vxlan 1500"]),
    (.ciliumNative, ["cilium_net 1500", "cilium_host 1500"]),
  ]

  @Test(arguments: devices)
  func `a node has its CNI's devices`(cni: CNI, expected: [String]) throws {
    let cluster = cluster(cni)
    let stack = try #require(cluster.plane.networkStack(of: cluster.node(1)))
    let names = stack.devices.map { "\($0.name) \($0.mtu)" }
    #expect(Array(names.prefix(2)) == ["lo 65536", "eth0 1500"])
    #expect(Array(names.dropFirst(2).dropLast()) == expected)
    let pod = try #require(cluster.plane.networkStack(ofPod: "web", in: "default"))
    #expect(pod.devices.map(\.name) == ["lo", "eth0"])
    let link = try #require(stack.devices.last)
    #expect(pod.devices[1].kind == .veth(peer: link.index, peerName: nil, namespace: 0))
    #expect(pod.devices[1].mtu == link.mtu)
  }

  @Test func `Calico names its links by the SHA-1 of the pod`() {
    #expect(Self.link == RuleNames.calicoInterface(namespace: "default", pod: "web"))
    #expect(Self.link.utf8.count == 15)
  }

  @Test func `flannel enters a neighbour and a forwarding entry for every other node`() throws {
    let cluster = cluster(.flannel)
    let stack = try #require(cluster.plane.networkStack(of: cluster.node(1)))
    let remote = cluster.plane.hardware(of: 1, "flannel.1")
    #expect(
      stack.neighbours.map(\.text).contains("10.244.2.0 dev flannel.1 lladdr \(remote) PERMANENT"))
    #expect(
      stack.forwarding.map(\.text)
        .contains("\(remote) dev flannel.1 dst 192.168.0.2 self permanent"))
  }

  @Test func `CrossSubnet wraps for other networks only`() {
    for isFar in [false, true] {
      var cluster = cluster(.calicoVXLAN) {
        $0.encapsulatesAcrossSubnetsOnly = true
        if isFar { $0.nodeSubnets = [cidr("192.168.0.0/31"), cidr("192.168.0.2/31")] }
      }
      cluster.settle()
      let trace = cluster.plane.trace(
        TraceRequest(
          from: .pod(namespace: "default", name: "web"), to: ip("10.244.2.70"), port: 8080),
        at: .zero)
      #expect(trace.verdict == .delivered)
      #expect(trace.hops.contains { $0.outer != nil } == isFar)
      #expect(
        cluster.plane.nodeRoute(of: 0, to: ip("10.244.2.70")).device
          == (isFar ? "vxlan.calico" : "eth0"))
    }
  }
}
