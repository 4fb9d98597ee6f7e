import ClusterModel

/// One pod of the system, as kubeadm and a CNI's manifest set it up.
struct SystemPod {
  enum Owner {
    /// A static pod of its node, mirrored into the API.
    case node
    case daemonSet(String)
    case replicaSet(String)
  }

  var name: String
  var namespace = "kube-system"
  var owner: Owner
  var labels: Labels
  var container: Container
  var usesHostNetwork = true
  var priorityClass = "system-node-critical"
}

/// Which system pods stand on a node (cmd/kubeadm/app/phases; the CNIs' manifests).
enum SystemPods {
  static let version = "v1.36.1"

  static func onControlPlane(_ node: String) -> [SystemPod] {
    let components: [(name: String, image: String, cpu: String, port: Int)] = [
      ("etcd", "registry.k8s.io/etcd:3.6.8-0", "100m", 2379),
      ("kube-apiserver", "registry.k8s.io/kube-apiserver:\(version)", "250m", 6443),
      (
        "kube-controller-manager", "registry.k8s.io/kube-controller-manager:\(version)", "200m",
        10257
      ),
      ("kube-scheduler", "registry.k8s.io/kube-scheduler:\(version)", "100m", 10259),
    ]
    return components.map { component in
      SystemPod(
        name: "\(component.name)-\(node)", owner: .node,
        labels: ["component": component.name, "tier": "control-plane"],
        container: container(
          component.name, component.image, cpu: component.cpu, port: component.port))
    }
  }

  static func proxy(suffix: String) -> SystemPod {
    SystemPod(
      name: "kube-proxy-\(suffix)", owner: .daemonSet("kube-proxy"),
      labels: ["k8s-app": "kube-proxy", "pod-template-generation": "1"],
      container: container(
        "kube-proxy", "registry.k8s.io/kube-proxy:\(version)", cpu: nil, port: nil))
  }

  static func dns(replicaSet: String, hash: String, suffix: String) -> SystemPod {
    var container = container(
      "coredns", "registry.k8s.io/coredns/coredns:v1.14.2", cpu: "100m", port: nil)
    container.ports = [
      ContainerPort(name: "dns", containerPort: 53, transport: .udp),
      ContainerPort(name: "dns-tcp", containerPort: 53),
      ContainerPort(name: "metrics", containerPort: 9153),
    ]
    container.readinessProbe = Probe(
      handler: .httpGet, action: ["path": "/ready", "port": 8181, "scheme": "HTTP"])
    return SystemPod(
      name: "\(replicaSet)-\(suffix)", owner: .replicaSet(replicaSet),
      labels: ["k8s-app": "kube-dns", "pod-template-hash": hash], container: container,
      usesHostNetwork: false, priorityClass: "system-cluster-critical")
  }

  /// The DaemonSet of a CNI: its namespace, name, labels and image.
  static func network(_ cni: String) -> (
    namespace: String, name: String, label: String, image: String
  ) {
    if cni.hasPrefix("calico") {
      return ("kube-system", "calico-node", "calico-node", "quay.io/calico/node:v3.31.4")
    }
    if cni.hasPrefix("cilium") {
      return ("kube-system", "cilium", "cilium", "quay.io/cilium/cilium:v1.19.1")
    }
    return ("kube-flannel", "kube-flannel-ds", "flannel", "ghcr.io/flannel-io/flannel:v0.28.1")
  }

  /// The name of the CNI's plugin, as the runtime calls it.
  static func plugin(_ cni: String) -> String {
    if cni.hasPrefix("calico") { return "calico" }
    return cni.hasPrefix("cilium") ? "cilium-cni" : "flannel"
  }

  static func networkPod(_ cni: String, suffix: String) -> SystemPod {
    let network = network(cni)
    let key = cni.hasPrefix("flannel") || cni.isEmpty ? "app" : "k8s-app"
    let name =
      cni.hasPrefix("calico")
      ? "calico-node" : cni.hasPrefix("cilium") ? "cilium-agent" : "kube-flannel"
    return SystemPod(
      name: "\(network.name)-\(suffix)", namespace: network.namespace,
      owner: .daemonSet(network.name),
      labels: Labels([(key, network.label), ("pod-template-generation", "1")]),
      container: container(name, network.image, cpu: "100m", port: nil))
  }

  private static func container(_ name: String, _ image: String, cpu: String?, port: Int?)
    -> Container
  {
    var container = Container(name: name, image: image)
    if let cpu, let quantity = Quantity(cpu) {
      container.requests = ResourceList([.init(name: "cpu", quantity: quantity)])
    }
    if let port { container.ports = [ContainerPort(containerPort: port)] }
    return container
  }
}
