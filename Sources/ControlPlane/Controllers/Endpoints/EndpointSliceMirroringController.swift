import ClusterModel
import SimulationCore

/// Copies hand-made Endpoints of Services without a selector into slices
/// (pkg/controller/endpointslicemirroring).
struct EndpointSliceMirroringController: Controller {
  let name = "endpoint-slice-mirroring-controller"
  let retryDelay = Duration.seconds(1)

  static let managedBy = "endpointslicemirroring-controller.k8s.io"
  static let skipLabel = "endpointslice.kubernetes.io/skip-mirror"
  /// Addresses that are mirrored of one subset.
  static let capacity = 1000

  init() {}

  mutating func observe(_ change: Change, in store: ObjectStore, _ keys: inout [WorkKey]) {
    switch change.kind {
    case .service: keys.append(WorkKey(.service, change.id))
    case .kept where change.resource == "endpoints":
      let metadata = change.tombstone ?? store.kept["endpoints"]?[change.id]?.metadata
      guard let metadata,
        let service = store.services.id(namespace: metadata.namespace, name: metadata.name)
      else { return }
      keys.append(WorkKey(.service, service))
    default: break
    }
  }

  mutating func reconcile(_ key: WorkKey, _ context: inout ReconcileContext) -> Reconciliation {
    guard let service = context.store.services[key.id] else { return .nothing }
    if context.observed < context.lastWrite { return .failure }
    let name = NamespacedName(service.metadata)
    let held = context.store.slices(of: name).compactMap { context.store.endpointSlices[$0] }
      .filter { $0.metadata.labels[EndpointSlice.managedByLabel] == Self.managedBy }
    let endpoints = context.store.kept["endpoints"]?[name.namespace, name.name]
    guard service.selector == nil, let endpoints, Self.isMirrored(endpoints) else {
      var result = Reconciliation()
      result.writes = held.map { Write(.delete(.endpointSlice($0))) }
      return result
    }
    return mirror(endpoints, held, &context)
  }

  private static func isMirrored(_ endpoints: KeptObject) -> Bool {
    let metadata = endpoints.metadata
    return metadata.labels[skipLabel] != "true"
      && metadata.annotations["control-plane.alpha.kubernetes.io/leader"] == nil
  }

  private func mirror(
    _ endpoints: KeptObject, _ held: [EndpointSlice], _ context: inout ReconcileContext
  ) -> Reconciliation {
    var result = Reconciliation()
    var unused = held
    for wanted in slices(of: endpoints) {
      let same = unused.firstIndex {
        $0.addressType == wanted.addressType && $0.ports == wanted.ports
      }
      let index = same ?? unused.firstIndex { $0.addressType == wanted.addressType }
      guard let index else {
        var slice = wanted
        slice.metadata.name = context.names.name(from: slice.metadata.generateName)
        result.writes.append(Write(.create(.endpointSlice(slice))))
        continue
      }
      var slice = unused.remove(at: index)
      let old = slice
      slice.ports = wanted.ports
      slice.endpoints = wanted.endpoints
      slice.metadata.labels = wanted.metadata.labels
      slice.metadata.annotations = wanted.metadata.annotations
      if slice != old { result.writes.append(Write(.replace(.endpointSlice(slice)))) }
    }
    result.writes += unused.map { Write(.delete(.endpointSlice($0))) }
    return result
  }

  /// One slice for each subset and family.
  private func slices(of endpoints: KeptObject) -> [EndpointSlice] {
    var slices: [EndpointSlice] = []
    for subset in endpoints.body["subsets"]?.array ?? [] {
      var byFamily: [IPAddress.Family: [Endpoint]] = [:]
      var count = 0
      for (list, isReady) in [("addresses", true), ("notReadyAddresses", false)] {
        for address in subset[list]?.array ?? [] where count < Self.capacity {
          guard let endpoint = Self.endpoint(address, isReady: isReady) else { continue }
          byFamily[endpoint.address.family, default: []].append(endpoint)
          count += 1
        }
      }
      for family in [IPAddress.Family.ipv4, .ipv6] {
        guard let own = byFamily[family] else { continue }
        var slice = EndpointSlice(metadata: metadata(endpoints), addressType: family.name)
        slice.ports = (subset["ports"]?.array ?? []).map(Self.port)
        slice.endpoints = own
        slices.append(slice)
      }
    }
    return slices
  }

  private func metadata(_ endpoints: KeptObject) -> ObjectMeta {
    let own = endpoints.metadata
    var metadata = ObjectMeta(name: "", namespace: own.namespace, labels: own.labels)
    metadata.generateName = "\(own.name)-"
    metadata.labels[EndpointSlice.serviceNameLabel] = own.name
    metadata.labels[EndpointSlice.managedByLabel] = Self.managedBy
    metadata.annotations = own.annotations
    for key in [
      "kubectl.kubernetes.io/last-applied-configuration", EndpointsView.overCapacity,
      SliceUpdate.triggerAnnotation,
    ] {
      metadata.annotations[key] = nil
    }
    metadata.ownerReferences = [
      OwnerReference(apiVersion: "v1", kind: "Endpoints", name: own.name, uid: own.uid)
    ]
    return metadata
  }

  private static func endpoint(_ address: Value, isReady: Bool) -> Endpoint? {
    guard let ip = address["ip"]?.string.flatMap({ IPAddress($0) }) else { return nil }
    var endpoint = Endpoint(address: ip)
    endpoint.isReady = isReady
    endpoint.nodeName = address["nodeName"]?.string
    endpoint.hostname = address["hostname"]?.string
    if let target = address["targetRef"] {
      endpoint.targetRef = ObjectReference(
        kind: target["kind"]?.string ?? "", namespace: target["namespace"]?.string ?? "",
        name: target["name"]?.string ?? "", uid: target["uid"]?.string.map { UID($0) } ?? .none)
    }
    return endpoint
  }

  private static func port(_ value: Value) -> EndpointSlice.Port {
    EndpointSlice.Port(
      name: value["name"]?.string ?? "",
      transport: value["protocol"]?.string.flatMap { TransportProtocol(name: $0) } ?? .tcp,
      port: value["port"]?.integer.map { Int($0) }, appProtocol: value["appProtocol"]?.string)
  }
}
