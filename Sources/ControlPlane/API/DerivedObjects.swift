import ClusterModel

/// Objects that the API server keeps about Services, which follow from these and are made when
/// somebody looks: IPAddress, ServiceCIDR and Endpoints.
enum DerivedObjects {
  static let addresses = APIResource.of(apiVersion: "networking.k8s.io/v1", kind: "IPAddress")
  static let ranges = APIResource.of(apiVersion: "networking.k8s.io/v1", kind: "ServiceCIDR")

  /// Whether objects of this kind are made when they are looked at.
  static func isDerived(_ resource: APIResource) -> Bool {
    switch resource.kind {
    case "Endpoints": resource.group.isEmpty
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
    let written = kept[resource.qualifiedPlural]?.list() ?? []
    var derived: [KeptObject] = []
    switch resource.kind {
    case "Endpoints": return endpointsList(namespace: namespace)
    case "IPAddress":
      services.forEach { _, service in
        for address in service.clusterIPs {
          derived.append(DerivedObjects.address(address, of: service))
        }
      }
    default:
      if let range = DerivedObjects.defaultRange(self, serviceSubnets) { derived.append(range) }
    }
    let names = Set(written.map(\.metadata.name))
    return (written + derived.filter { !names.contains($0.metadata.name) })
      .sorted { $0.metadata.name < $1.metadata.name }
  }

  func derived(_ resource: APIResource, namespace: String, name: String) -> KeptObject? {
    switch resource.kind {
    case "Endpoints": return endpoints(namespace: namespace, name: name)
    case "IPAddress":
      if let written = kept[resource.qualifiedPlural]?["", name] { return written }
      return derivedList(resource, namespace: nil).first { $0.metadata.name == name }
    default:
      if let written = kept[resource.qualifiedPlural]?["", name] { return written }
      let range = DerivedObjects.defaultRange(self, serviceSubnets)
      return range?.metadata.name == name ? range : nil
    }
  }
}
