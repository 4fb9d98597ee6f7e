import Foundation

/// The cluster of the kernel test, as manifests for Kubarium and as a script for the kernel.
///
/// Three nodes with flannel, pods at fixed addresses, and Services of every sort. The Services have
/// no selectors and their slices are hand-made, so that nothing changes by itself.
struct KernelCluster {
  struct Pod {
    var name: String
    var node: Int
    var address: String
  }

  struct ServiceSpec {
    var name: String
    var clusterIP: String
    var nodePort: Int
    var balancer: String
    var endpoints: [String]
    /// Lines of the spec.
    var options = ""
    var transport = "TCP"
    var port = 80
  }

  static let outside = "198.51.100.10"
  static let nodes = [1, 2, 3]
  static func address(ofNode node: Int) -> String { "192.168.0.1\(node)" }

  static let pods = [
    Pod(name: "client", node: 1, address: "10.244.1.9"),
    Pod(name: "web-1", node: 1, address: "10.244.1.5"),
    Pod(name: "web-2", node: 2, address: "10.244.2.5"),
    Pod(name: "web-3", node: 2, address: "10.244.2.16"),
    Pod(name: "web-4", node: 3, address: "10.244.3.5"),
  ]

  static let services = [
    ServiceSpec(
      name: "web", clusterIP: "10.96.0.101", nodePort: 30080, balancer: "203.0.113.10",
      endpoints: ["web-1", "web-2", "web-3", "web-4"], options: "  externalIPs: [203.0.113.40]\n"),
    ServiceSpec(
      name: "names", clusterIP: "10.96.0.102", nodePort: 30053, balancer: "203.0.113.11",
      endpoints: ["web-1", "web-2", "web-4"], transport: "UDP", port: 53),
    ServiceSpec(
      name: "near", clusterIP: "10.96.0.103", nodePort: 30081, balancer: "203.0.113.12",
      endpoints: ["web-1", "web-2", "web-3"], options: "  externalTrafficPolicy: Local\n"),
    ServiceSpec(
      name: "inner", clusterIP: "10.96.0.104", nodePort: 0, balancer: "",
      endpoints: ["web-2", "web-3"], options: "  internalTrafficPolicy: Local\n"),
    ServiceSpec(
      name: "empty", clusterIP: "10.96.0.105", nodePort: 30082, balancer: "203.0.113.13",
      endpoints: []),
    ServiceSpec(
      name: "sticky", clusterIP: "10.96.0.106", nodePort: 30083, balancer: "",
      endpoints: ["web-1", "web-2", "web-4"], options: "  sessionAffinity: ClientIP\n"),
    ServiceSpec(
      name: "closed", clusterIP: "10.96.0.107", nodePort: 30084, balancer: "203.0.113.14",
      endpoints: ["web-1", "web-2"], options: "  loadBalancerSourceRanges: [192.0.2.0/24]\n"),
    ServiceSpec(
      name: "open", clusterIP: "10.96.0.108", nodePort: 30085, balancer: "203.0.113.15",
      endpoints: ["web-1", "web-4"],
      options: "  loadBalancerSourceRanges: [192.0.2.0/24, 198.51.100.0/24]\n"),
    ServiceSpec(
      name: "self", clusterIP: "10.96.0.109", nodePort: 0, balancer: "", endpoints: ["web-1"]),
    ServiceSpec(
      name: "nobody", clusterIP: "10.96.0.110", nodePort: 30086, balancer: "", endpoints: [],
      transport: "UDP", port: 53),
  ]

  // MARK: For Kubarium

  var manifests: String {
    let documents =
      Self.nodes.map(Self.node) + Self.nodes.map(Self.flannel) + Self.pods.map(Self.pod)
      + Self.services.flatMap { [Self.service($0), Self.slice($0)] }
    return documents.joined(separator: "---\n")
  }

  private static func node(_ number: Int) -> String {
    """
    apiVersion: v1
    kind: Node
    metadata: {name: node-\(number), creationTimestamp: "2026-01-01T00:00:00Z"}
    spec: {podCIDR: 10.244.\(number).0/24, podCIDRs: [10.244.\(number).0/24]}
    status:
      addresses: [{type: InternalIP, address: \(address(ofNode: number))}]
      conditions: [{type: Ready, status: "True"}]

    """
  }

  private static func flannel(_ number: Int) -> String {
    """
    apiVersion: v1
    kind: Pod
    metadata: {name: kube-flannel-ds-\(number), namespace: kube-flannel, labels: {app: flannel}}
    spec: {nodeName: node-\(number), hostNetwork: true, containers: [{name: kube-flannel, image: f}]}
    status:
      phase: Running
      podIP: \(address(ofNode: number))
      podIPs: [{ip: \(address(ofNode: number))}]
      conditions: [{type: Ready, status: "True"}]

    """
  }

  private static func pod(_ pod: Pod) -> String {
    """
    apiVersion: v1
    kind: Pod
    metadata: {name: \(pod.name), namespace: default, creationTimestamp: "2026-01-01T00:00:00Z"}
    spec:
      nodeName: node-\(pod.node)
      containers:
      - name: probe
        image: probe
        ports: [{containerPort: 8080}, {containerPort: 8080, protocol: UDP}]
    status:
      phase: Running
      podIP: \(pod.address)
      podIPs: [{ip: \(pod.address)}]
      conditions: [{type: Ready, status: "True"}]

    """
  }

  private static func service(_ service: ServiceSpec) -> String {
    let type =
      service.balancer.isEmpty ? service.nodePort == 0 ? "ClusterIP" : "NodePort" : "LoadBalancer"
    let nodePort = service.nodePort == 0 ? "" : ", nodePort: \(service.nodePort)"
    let status =
      service.balancer.isEmpty
      ? "" : "status: {loadBalancer: {ingress: [{ip: \(service.balancer), ipMode: VIP}]}}\n"
    return """
      apiVersion: v1
      kind: Service
      metadata: {name: \(service.name), namespace: default, creationTimestamp: "2026-01-01T00:00:00Z"}
      spec:
        type: \(type)
        clusterIP: \(service.clusterIP)
        clusterIPs: [\(service.clusterIP)]
        ports: [{name: p, port: \(service.port), targetPort: 8080, protocol: \(service.transport)\(nodePort)}]
      \(service.options)\(status)
      """
  }

  private static func slice(_ service: ServiceSpec) -> String {
    let endpoints = service.endpoints.compactMap { name in pods.first { $0.name == name } }
    let list = endpoints.map { pod in
      "- {addresses: [\(pod.address)], nodeName: node-\(pod.node), "
        + "conditions: {ready: true, serving: true, terminating: false}}\n"
    }
    return """
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata:
        name: \(service.name)-hand
        namespace: default
        creationTimestamp: "2026-01-01T00:00:00Z"
        labels: {kubernetes.io/service-name: \(service.name)}
      addressType: IPv4
      ports: [{name: p, port: 8080, protocol: \(service.transport)}]
      endpoints:\(list.isEmpty ? " []" : "")
      \(list.joined())
      """
  }
}
