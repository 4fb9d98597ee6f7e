import ClusterModel
import Testing

@testable import Manifests

private func topology(_ text: String) throws -> ClusterTopology {
  guard case .topology(let topology) = try object(text).content else {
    throw NotATopology()
  }
  return topology
}

private struct NotATopology: Error {}

@Test func `a kind cluster is read as it is`() throws {
  let read = try topology(
    """
    kind: Cluster
    apiVersion: kind.x-k8s.io/v1alpha4
    name: test
    featureGates: {Some: true}
    nodes:
    - role: control-plane
      image: kindest/node:v1.36.1
      extraPortMappings: [{containerPort: 80, hostPort: 80}]
    - role: worker
      labels: {tier: front}
    - role: worker
    networking:
      ipFamily: dual
      podSubnet: 10.10.0.0/16,fd00:10::/56
      serviceSubnet: 10.11.0.0/16
      kubeProxyMode: nftables
      disableDefaultCNI: true
    """)
  #expect(read.name == "test")
  #expect(read.nodeGroups.map(\.role) == [.controlPlane, .worker, .worker])
  #expect(read.nodeGroups[1].labels == ["tier": "front"])
  #expect(read.podSubnets.map(\.description) == ["10.10.0.0/16", "fd00:10::/56"])
  #expect(read.serviceSubnets.map(\.description) == ["10.11.0.0/16"])
  #expect(read.proxyMode == .nftables)
  #expect(read.ipFamily == .dual)
  #expect(read.disableDefaultCNI)
}

@Test func `our own cluster says more`() throws {
  let read = try topology(
    """
    apiVersion: kubarium.dev/v1alpha1
    kind: Cluster
    nodes:
    - {role: control-plane}
    - {role: worker, count: 200, zone: a, name: big, capacity: {cpu: 64, memory: 256Gi}}
    networking: {cni: calico-vxlan, nodeSubnet: 192.168.0.0/16}
    timings: {podStart: 2s, batch: 12}
    clientQPS: 50
    clientBurst: 100
    """)
  #expect(read.nodeCount == 201)
  #expect(read.nodeGroups[1].capacity.milliCPU == 64_000)
  #expect(read.nodeGroups[1].zone == "a")
  #expect(read.cni == .calicoVXLAN)
  #expect(read.nodeSubnet?.description == "192.168.0.0/16")
  #expect(read.timing("podStart") == .nanoseconds(2_000_000_000))
  #expect(read.timing("batch") == .number(12))
  #expect(read.clientQPS == 50)
}

@Test(arguments: [
  ("networking: {cni: flanel}", "did you mean \"flannel\"?"),
  ("networking: {kubeProxyMode: iptable}", "did you mean \"iptables\"?"),
  ("networking: {podSubnet: 10.0.0.0/33}", "\"10.0.0.0/33\" is no range of addresses"),
  (
    "networking: {podSubnet: 10.0.0.0/8, serviceSubnet: 10.96.0.0/12}",
    "serviceSubnet 10.96.0.0/12 overlaps podSubnet 10.0.0.0/8"
  ),
  ("networking: {podSubnet: fd00::/56}", "is IPv6 and ipFamily is ipv4"),
  ("networking: {podSubnet: '10.0.0.0/16,10.1.0.0/16'}", "two IPv4 ranges"),
  ("nodes: [{role: control-plane}, {role: worker, count: 5000}]", "5001 nodes; at most 5000"),
  ("nodes: [{role: control-plane}, {count: -1}]", "count -1 is not between 0 and 5000"),
  ("nodes: [{role: worker}]", "no control-plane node"),
  ("nodes: [{role: master}]", "unknown nodes[0].role \"master\""),
  ("timings: {podStart: soon}", "timing podStart must be a duration"),
  ("clientQPS: 0", "clientQPS must be above zero"),
])
func `a topology that cannot be is refused`(text: String, complaint: String) {
  let all = complaints("apiVersion: kubarium.dev/v1alpha1\nkind: Cluster\n\(text)\n")
  #expect(all.contains { $0.hasPrefix("test.yaml:3:") && $0.contains(complaint) }, "\(all)")
}

@Test func `kube-proxy's configuration is read with upstream's defaults`() throws {
  let manifest = try object(
    """
    apiVersion: kubeproxy.config.k8s.io/v1alpha1
    kind: KubeProxyConfiguration
    mode: ipvs
    clusterCIDR: 10.244.0.0/16
    nodePortAddresses: [127.0.0.0/8, 172.18.0.0/16]
    conntrack: {maxPerCore: null}
    iptables: {masqueradeAll: true, localhostNodePorts: false, minSyncPeriod: 0s}
    ipvs: {scheduler: lc, syncPeriod: 10s, strictARP: true}
    """)
  guard case .proxyConfiguration(let read) = manifest.content else {
    Issue.record("not a kube-proxy configuration")
    return
  }
  #expect(read.mode == .ipvs)
  #expect(read.clusterCIDRs.map(\.description) == ["10.244.0.0/16"])
  #expect(read.nodePortAddresses == ["127.0.0.0/8", "172.18.0.0/16"])
  #expect(!read.localhostNodePorts)
  #expect(read.iptables.syncPeriod == 30_000_000_000)
  #expect(read.iptables.minSyncPeriod == 1_000_000_000)
  #expect(read.ipvs.syncPeriod == 10_000_000_000)
  #expect(read.ipvsScheduler == "lc")
  #expect(read.settings(for: .ipvs).masqueradeAll)
}
