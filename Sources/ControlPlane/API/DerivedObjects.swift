import ClusterModel

/// Objects that follow from others and are made when somebody looks: of Services the IPAddress,
/// ServiceCIDR and Endpoints, of Nodes the Lease, of namespaces the cluster's certificate, and of the
/// cluster itself the two priorities of the system.
enum DerivedObjects {
  static let addresses = APIResource.of(apiVersion: "networking.k8s.io/v1", kind: "IPAddress")
  static let ranges = APIResource.of(apiVersion: "networking.k8s.io/v1", kind: "ServiceCIDR")

  /// Whether objects of this kind are made when they are looked at.
  static func isDerived(_ resource: APIResource) -> Bool {
    switch resource.kind {
    case "ComponentStatus", "ConfigMap", "Endpoints": resource.group.isEmpty
    case "Lease": resource.group == "coordination.k8s.io"
    case "PriorityClass": resource.group == "scheduling.k8s.io"
    case "IPAddress", "ServiceCIDR": resource.group == "networking.k8s.io"
    default: false
    }
  }

  /// pkg/registry/core/service/ipallocator/ipallocator.go: one object for each cluster IP.
  static func address(_ address: IPAddress, of service: Service) -> KeptObject {
    let own = service.metadata
    var metadata = ObjectMeta(
      name: "\(address)",
      labels: [
        "ipaddress.kubernetes.io/ip-family": address.family.name,
        "ipaddress.kubernetes.io/managed-by": "ipallocator.k8s.io",
      ])
    metadata.uid = UID(
      randomHigh: own.uid.high ^ address.high ^ 0x1B_0001, randomLow: own.uid.low ^ address.low)
    metadata.creationTimestamp = own.creationTimestamp
    metadata.generation = 1
    metadata.resourceVersion = own.resourceVersion
    let parent: Value = [
      "name": .string(own.name), "namespace": .string(own.namespace), "resource": "services",
    ]
    return KeptObject(
      resource: addresses, metadata: metadata, body: ["spec": ["parentRef": parent]])
  }

  /// The ServiceCIDR of the ranges that the API server was started with
  /// (pkg/controlplane/controller/defaultservicecidr).
  static func defaultRange(_ store: ObjectStore, _ subnets: [CIDR]) -> KeptObject? {
    guard let service = store.services["default", "kubernetes"], !subnets.isEmpty else {
      return nil
    }
    var metadata = ObjectMeta(name: "kubernetes")
    metadata.uid = UID(
      randomHigh: service.metadata.uid.high ^ 0x5C_0001, randomLow: service.metadata.uid.low)
    metadata.creationTimestamp = service.metadata.creationTimestamp
    metadata.resourceVersion = service.metadata.resourceVersion
    metadata.finalizers = ["networking.k8s.io/service-cidr-finalizer"]
    var condition: Fields = [
      "message": "Kubernetes default Service CIDR is ready", "reason": "", "status": "True",
      "type": "Ready",
    ]
    condition["lastTransitionTime"] = metadata.creationTimestamp.map { .string("\($0)") }
    return KeptObject(
      resource: ranges, metadata: metadata,
      body: [
        "spec": ["cidrs": .array(subnets.map { .string("\($0)") })],
        "status": ["conditions": [.object(condition)]],
      ])
  }
}

extension ObjectStore {
  /// The objects of a derived kind, with those that somebody wrote, in the API's order.
  func derivedList(_ resource: APIResource, namespace: String?) -> [KeptObject] {
    if resource.kind == "Endpoints" { return endpointsList(namespace: namespace) }
    let written = kept[resource.qualifiedPlural]?.list(namespace: namespace) ?? []
    let names = Set(written.map { NamespacedName($0.metadata) })
    let derived = madeUp(resource, namespace: namespace)
      .filter { !names.contains(NamespacedName($0.metadata)) }
    return (written + derived).sorted {
      ($0.metadata.namespace, $0.metadata.name) < ($1.metadata.namespace, $1.metadata.name)
    }
  }

  private func madeUp(_ resource: APIResource, namespace: String?) -> [KeptObject] {
    switch resource.kind {
    case "ComponentStatus": return ComponentHealth.components
    case "ConfigMap":
      let spaces = namespace.map { namespaces["", $0].map { [$0] } ?? [] } ?? namespaces.list()
      return spaces.compactMap(RootCertificate.configMap)
    case "Lease": return derivedLeases(namespace: namespace)
    case "PriorityClass": return DerivedPriorities.classes(self)
    case "IPAddress":
      var derived: [KeptObject] = []
      services.forEach { _, service in
        for address in service.clusterIPs {
          derived.append(DerivedObjects.address(address, of: service))
        }
      }
      return derived
    default: return DerivedObjects.defaultRange(self, serviceSubnets).map { [$0] } ?? []
    }
  }

  func derived(_ resource: APIResource, namespace: String, name: String) -> KeptObject? {
    if resource.kind == "Endpoints" { return endpoints(namespace: namespace, name: name) }
    if let written = kept[resource.qualifiedPlural]?[namespace, name] { return written }
    if resource.kind == "ConfigMap" {
      return name == RootCertificate.name
        ? namespaces["", namespace].flatMap(RootCertificate.configMap) : nil
    }
    let scope = resource.isNamespaced ? namespace : nil
    return madeUp(resource, namespace: scope).first { $0.metadata.name == name }
  }
}
