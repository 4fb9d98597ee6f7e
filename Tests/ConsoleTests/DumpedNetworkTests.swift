import ClusterModel
import Manifests
import Testing

@testable import Console

/// The networks of a dumped cluster.
@Suite struct `A dump tells its networks` {
  private func network(_ text: String) -> DumpedNetwork {
    DumpedNetwork(ManifestReader.read(Array(text.utf8), file: "dump.yaml").manifests)
  }

  private func service(_ name: String, _ address: String) -> String {
    """
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: \(name), namespace: default}
    spec: {clusterIP: \(address), clusterIPs: [\(address)], ports: [{port: 443}]}

    """
  }

  @Test(arguments: [
    // Drawn from a /16: in a /12 they would not all be so near.
    (["10.96.0.1", "10.96.207.192", "10.96.15.230", "10.96.99.253"], "10.96.0.0/16"),
    (["10.96.0.1", "10.96.207.192", "10.105.15.230", "10.98.99.253"], "10.96.0.0/12"),
    // Too few, and such as somebody has chosen.
    (["10.96.0.1", "10.96.207.192", "10.96.15.230"], "10.96.0.0/12"),
    (["10.96.0.1", "10.96.0.101", "10.96.0.102", "10.96.0.103"], "10.96.0.0/12"),
    (["10.96.0.1"], "10.96.0.0/12"), (["10.43.0.1"], "10.43.0.0/16"),
    (["10.0.16.1", "10.0.30.4"], "10.0.16.0/20"), (["10.100.7.1"], "10.100.7.0/24"),
    (["fd00:10:96::1"], "fd00:10:96::/108"),
  ])
  func `by the addresses of its Services`(addresses: [String], range: String) {
    let names = ["kubernetes"] + (1..<9).map { "service-\($0)" }
    let text = zip(names, addresses).map(service).joined()
    #expect(network(text).serviceSubnets.map(\.description) == [range])
  }

  @Test func `without the first Service nothing is inferred`() {
    #expect(network(service("web", "10.96.3.4")).serviceSubnets == [])
  }

  @Test func `kind has a smaller range than kubeadm`() {
    let node = """
      apiVersion: v1
      kind: Node
      metadata: {name: kind-worker}
      spec: {podCIDR: 10.244.1.0/24, podCIDRs: [10.244.1.0/24], providerID: "kind://docker/kind/a"}

      """
    let network = network(node + service("kubernetes", "10.96.0.1"))
    #expect(network.serviceSubnets.map(\.description) == ["10.96.0.0/16"])
    #expect(network.podSubnets.map(\.description) == ["10.244.0.0/16"])
  }

  @Test func `what says it outright comes first`() {
    let arguments = """
      apiVersion: v1
      kind: Pod
      metadata: {name: kube-apiserver-a, namespace: kube-system, labels: {component: kube-apiserver}}
      spec:
        containers:
        - name: kube-apiserver
          image: a
          command: [kube-apiserver, --service-cluster-ip-range=10.50.0.0/16]

      """
    let kubernetes = service("kubernetes", "10.50.0.1")
    #expect(network(arguments + kubernetes).serviceSubnets.map(\.description) == ["10.50.0.0/16"])
    let kubeadm = """
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: kubeadm-config, namespace: kube-system}
      data:
        ClusterConfiguration: |
          apiVersion: kubeadm.k8s.io/v1beta3
          kind: ClusterConfiguration
          networking: {podSubnet: "10.60.0.0/16,fd00:60::/56", serviceSubnet: 10.50.0.0/18}

      """
    let both = network(arguments + kubeadm + kubernetes)
    #expect(both.serviceSubnets.map(\.description) == ["10.50.0.0/18"])
    #expect(both.podSubnets.map(\.description) == ["10.60.0.0/16", "fd00:60::/56"])
    let range = """
      ---
      apiVersion: networking.k8s.io/v1
      kind: ServiceCIDR
      metadata: {name: kubernetes}
      spec: {cidrs: [10.50.0.0/20]}

      """
    #expect(
      network(arguments + kubeadm + range).serviceSubnets.map(\.description) == ["10.50.0.0/20"])
  }

  @Test func `kube-proxy's ConfigMap is its configuration`() {
    let text = """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: kube-proxy, namespace: kube-system}
      data:
        config.conf: |-
          apiVersion: kubeproxy.config.k8s.io/v1alpha1
          kind: KubeProxyConfiguration
          clusterCIDR: 10.70.0.0/16
          mode: nftables
      """
    #expect(network(text).kubeProxy?.mode == .nftables)
    #expect(network(text).podSubnets.map(\.description) == ["10.70.0.0/16"])
  }

  @Test(arguments: [
    (["10.244.1.0/24", "10.244.9.0/24"], "10.244.0.0/16"),
    (["10.42.0.0/24"], "10.42.0.0/16"), (["10.128.0.0/24", "10.131.0.0/24"], "10.128.0.0/12"),
    (["fd00:10:244:1::/64"], "fd00:10:244::/56"),
  ])
  func `by the ranges of its nodes`(ranges: [String], range: String) {
    #expect(SubnetInference.pods(ranges.compactMap { CIDR($0) })?.description == range)
  }
}
