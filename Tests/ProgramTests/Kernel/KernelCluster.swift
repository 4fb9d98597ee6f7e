import Foundation

/// The cluster of the kernel test, as manifests for Kubarium and as a script for the kernel.
///
/// Three nodes with flannel and two address families, pods at fixed addresses, and Services of every
/// sort. The Services have no selectors and their slices are hand-made, so that nothing changes by
/// itself.
struct KernelCluster {
  struct Pod {
    var name: String
    var node: Int
    /// In the node's range.
    var host: Int

    func address(_ isIPv6: Bool) -> String {
      isIPv6 ? "fd00:10:244:\(node)::\(String(host, radix: 16))" : "10.244.\(node).\(host)"
    }
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

    var isIPv6: Bool { clusterIP.contains(":") }
  }

  static func outside(_ isIPv6: Bool) -> String { isIPv6 ? "2001:db8::10" : "198.51.100.10" }
  static let nodes = [1, 2, 3]
  static func address(ofNode node: Int, _ isIPv6: Bool) -> String {
    isIPv6 ? "fd00:192:168::1\(node)" : "192.168.0.1\(node)"
  }

  static let pods = [
    Pod(name: "client", node: 1, host: 9), Pod(name: "web-1", node: 1, host: 5),
    Pod(name: "web-2", node: 2, host: 5), Pod(name: "web-3", node: 2, host: 16),
    Pod(name: "web-4", node: 3, host: 5),
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
    ServiceSpec(
      name: "signals", clusterIP: "10.96.0.111", nodePort: 30087, balancer: "203.0.113.16",
      endpoints: ["web-1", "web-2", "web-4"], transport: "SCTP"),
    ServiceSpec(
      name: "web6", clusterIP: "fd00:10:96::101", nodePort: 30090, balancer: "2001:db8:203::10",
      endpoints: ["web-1", "web-2", "web-3", "web-4"],
      options: "  externalIPs: ['2001:db8:203::40']\n"),
    ServiceSpec(
      name: "names6", clusterIP: "fd00:10:96::102", nodePort: 30054, balancer: "",
      endpoints: ["web-1", "web-2"], transport: "UDP", port: 53),
    ServiceSpec(
      name: "near6", clusterIP: "fd00:10:96::103", nodePort: 30091, balancer: "2001:db8:203::12",
      endpoints: ["web-1", "web-2", "web-3"], options: "  externalTrafficPolicy: Local\n"),
    ServiceSpec(
      name: "inner6", clusterIP: "fd00:10:96::104", nodePort: 0, balancer: "",
      endpoints: ["web-2", "web-3"], options: "  internalTrafficPolicy: Local\n"),
    ServiceSpec(
      name: "empty6", clusterIP: "fd00:10:96::105", nodePort: 30092,
      balancer: "2001:db8:203::13", endpoints: []),
    ServiceSpec(
      name: "sticky6", clusterIP: "fd00:10:96::106", nodePort: 30093, balancer: "",
      endpoints: ["web-1", "web-4"], options: "  sessionAffinity: ClientIP\n"),
    ServiceSpec(
      name: "open6", clusterIP: "fd00:10:96::108", nodePort: 30095,
      balancer: "2001:db8:203::15", endpoints: ["web-1", "web-4"],
      options: "  loadBalancerSourceRanges: ['2001:db8::/64']\n"),
    ServiceSpec(
      name: "self6", clusterIP: "fd00:10:96::109", nodePort: 0, balancer: "",
      endpoints: ["web-1"]),
    ServiceSpec(
      name: "signals6", clusterIP: "fd00:10:96::111", nodePort: 30097, balancer: "",
      endpoints: ["web-2", "web-4"], transport: "SCTP"),
  ]

  // MARK: For Kubarium

  var manifests: String {
    let documents =
      [Self.networks] + Self.nodes.map(Self.node) + Self.nodes.map(Self.flannel)
      + Self.pods.map(Self.pod)
      + Self.services.flatMap { [Self.service($0), Self.slice($0)] }
    return documents.joined(separator: "---\n")
  }

  private static let networks = """
    apiVersion: kubarium.dev/v1alpha1
    kind: Cluster
    networking:
      ipFamily: dual
      podSubnet: "10.244.0.0/16,fd00:10:244::/56"
      serviceSubnet: "10.96.0.0/12,fd00:10:96::/112"

    """

  private static func node(_ number: Int) -> String {
    """
    apiVersion: v1
    kind: Node
    metadata: {name: node-\(number), creationTimestamp: "2026-01-01T00:00:00Z"}
    spec: {podCIDR: 10.244.\(number).0/24, podCIDRs: [10.244.\(number).0/24, 'fd00:10:244:\(number)::/64']}
    status:
      addresses:
      - {type: InternalIP, address: \(address(ofNode: number, false))}
      - {type: InternalIP, address: '\(address(ofNode: number, true))'}
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
      podIP: \(address(ofNode: number, false))
      podIPs: [{ip: \(address(ofNode: number, false))}]
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
        ports:
        - {containerPort: 8080}
        - {containerPort: 8080, protocol: UDP}
        - {containerPort: 8080, protocol: SCTP}
    status:
      phase: Running
      podIP: \(pod.address(false))
      podIPs: [{ip: \(pod.address(false))}, {ip: '\(pod.address(true))'}]
      conditions: [{type: Ready, status: "True"}]

    """
  }

  private static func service(_ service: ServiceSpec) -> String {
    let type =
      service.balancer.isEmpty ? service.nodePort == 0 ? "ClusterIP" : "NodePort" : "LoadBalancer"
    let nodePort = service.nodePort == 0 ? "" : ", nodePort: \(service.nodePort)"
    let status =
      service.balancer.isEmpty
      ? "" : "status: {loadBalancer: {ingress: [{ip: '\(service.balancer)', ipMode: VIP}]}}\n"
    return """
      apiVersion: v1
      kind: Service
      metadata: {name: \(service.name), namespace: default, creationTimestamp: "2026-01-01T00:00:00Z"}
      spec:
        type: \(type)
        clusterIP: '\(service.clusterIP)'
        clusterIPs: ['\(service.clusterIP)']
        ipFamilies: [\(service.isIPv6 ? "IPv6" : "IPv4")]
        ipFamilyPolicy: SingleStack
        ports: [{name: p, port: \(service.port), targetPort: 8080, protocol: \(service.transport)\(nodePort)}]
      \(service.options)\(status)
      """
  }

  private static func slice(_ service: ServiceSpec) -> String {
    let endpoints = service.endpoints.compactMap { name in pods.first { $0.name == name } }
    let list = endpoints.map { pod in
      "- {addresses: ['\(pod.address(service.isIPv6))'], nodeName: node-\(pod.node), "
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
      addressType: \(service.isIPv6 ? "IPv6" : "IPv4")
      ports: [{name: p, port: 8080, protocol: \(service.transport)}]
      endpoints:\(list.isEmpty ? " []" : "")
      \(list.joined())
      """
  }
}
