import ClusterModel
import Manifests

/// What a dump tells of the networks of the cluster that it comes from.
///
/// What says it outright counts first: the `ServiceCIDR` objects, kubeadm's configuration, the
/// arguments of the control plane's pods. Else the addresses that the objects have tell.
struct DumpedNetwork {
  private(set) var serviceSubnets: [CIDR] = []
  private(set) var podSubnets: [CIDR] = []
  /// Of the ConfigMap that kubeadm and kind mount into kube-proxy.
  private(set) var kubeProxy: KubeProxyConfiguration?
  private let manifests: [Manifest]

  init(_ manifests: [Manifest]) {
    self.manifests = manifests
    kubeProxy = proxyConfiguration
    let kubeadm = document("kubeadm-config", "ClusterConfiguration")?["networking"]
    let (apiServer, manager) = (
      arguments(of: "kube-apiserver"), arguments(of: "kube-controller-manager")
    )
    serviceSubnets = Self.first([
      dumpedServiceCIDRs, Self.ranges(kubeadm?["serviceSubnet"]?.string),
      Self.ranges(apiServer["--service-cluster-ip-range"]),
      Self.ranges(manager["--service-cluster-ip-range"]), inferredServiceSubnets,
    ])
    podSubnets = Self.first([
      Self.ranges(kubeadm?["podSubnet"]?.string), Self.ranges(manager["--cluster-cidr"]),
      kubeProxy?.clusterCIDRs ?? [], inferredPodSubnets,
    ])
  }

  private static func first(_ candidates: [[CIDR]]) -> [CIDR] {
    candidates.first { !$0.isEmpty } ?? []
  }

  /// Ranges between commas; nothing where one of them is none.
  private static func ranges(_ text: String?) -> [CIDR] {
    let parts = (text ?? "").split(separator: ",").map { $0.filter { $0 != " " } }
    let ranges = parts.compactMap { CIDR($0) }
    return ranges.count == parts.count ? ranges : []
  }

  // MARK: What says it outright

  /// In the order of their names, the cluster's first one before the others.
  private var dumpedServiceCIDRs: [CIDR] {
    let objects = manifests.filter {
      $0.resource.group == "networking.k8s.io" && $0.resource.kind == "ServiceCIDR"
    }
    let sorted = objects.sorted { left, right in
      let names = [left, right].map { $0.metadata?.name ?? "" }
      return names[0] == "kubernetes" || names[1] != "kubernetes" && names[0] < names[1]
    }
    return sorted.flatMap { object in
      (object.value["spec"]?["cidrs"]?.array ?? []).compactMap { $0.string.flatMap { CIDR($0) } }
    }
  }

  /// A YAML document in a ConfigMap of kube-system.
  private func document(_ name: String, _ key: String) -> Value? {
    guard let text = configMap(name)?[key]?.string else { return nil }
    return PlacedValue.read(Array(text.utf8), file: name).0?.value
  }

  private func configMap(_ name: String) -> Value? {
    manifests.first { manifest in
      manifest.resource.kind == "ConfigMap" && manifest.metadata?.name == name
        && manifest.metadata?.namespace == "kube-system"
    }?.value["data"]
  }

  private var proxyConfiguration: KubeProxyConfiguration? {
    guard let text = configMap("kube-proxy")?["config.conf"]?.string else { return nil }
    for manifest in ManifestReader.read(Array(text.utf8), file: "kube-proxy").manifests {
      if case .proxyConfiguration(let found) = manifest.content { return found }
    }
    return nil
  }

  /// The options of a static pod, such as `--cluster-cidr=10.244.0.0/16`.
  private func arguments(of component: String) -> [String: String] {
    var found: [String: String] = [:]
    for manifest in manifests {
      guard case .pod(let pod) = manifest.content, pod.metadata.namespace == "kube-system",
        pod.metadata.labels["component"] == component,
        let container = manifest.value["spec"]?["containers"]?.array?.first
      else { continue }
      let words =
        (container["command"]?.array ?? []) + (container["args"]?.array ?? [])
      for word in words.compactMap(\.string) {
        let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
        if parts.count == 2 { found[parts[0]] = parts[1] }
      }
      return found
    }
    return found
  }

  // MARK: What the addresses tell

  private var inferredServiceSubnets: [CIDR] {
    var first: [IPAddress] = []
    var others: [IPAddress] = []
    for manifest in manifests {
      guard case .service(let service) = manifest.content else { continue }
      let name = service.metadata.namespace + "/" + service.metadata.name
      switch name {
      case "default/kubernetes": first += service.clusterIPs
      // Its place is fixed: it says nothing.
      case "kube-system/kube-dns": break
      default: others += service.clusterIPs
      }
    }
    return first.compactMap { address in
      SubnetInference.services(
        from: address, others.filter { $0.family == address.family }, isKind: isKind)
    }
  }

  private var inferredPodSubnets: [CIDR] {
    let ranges = nodes.flatMap(\.podCIDRs)
    return [IPAddress.Family.ipv4, .ipv6].compactMap { family in
      SubnetInference.pods(ranges.filter { $0.family == family })
    }
  }

  private var nodes: [Node] {
    manifests.compactMap { if case .node(let node) = $0.content { node } else { nil } }
  }

  /// kind gives its Services a /16.
  private var isKind: Bool { nodes.contains { $0.providerID.hasPrefix("kind://") } }
}
