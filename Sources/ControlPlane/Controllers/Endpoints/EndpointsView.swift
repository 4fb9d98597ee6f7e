import ClusterModel

/// The legacy Endpoints object of a Service with a selector, as the endpoints controller writes it
/// (pkg/controller/endpoint/endpoints_controller.go).
///
/// Its contents follow from the Service's slices, so it is made when somebody looks instead of
/// being written a second time for every change of a pod.
struct EndpointsView {
  /// Addresses in one object at most.
  static let capacity = 1000
  static let managedByLabel = "endpoints.kubernetes.io/managed-by"
  static let overCapacity = "endpoints.kubernetes.io/over-capacity"
  static let resource = APIResource.of(apiVersion: "v1", kind: "Endpoints")

  private struct Subset {
    var ports: [EndpointSlice.Port]
    var ready: [Endpoint] = []
    var notReady: [Endpoint] = []
  }

  private let service: Service
  private let slices: [EndpointSlice]

  /// Nil when the controller writes no Endpoints for the Service.
  init?(_ service: Service, _ store: ObjectStore) {
    guard service.selector != nil, service.type != .externalName else { return nil }
    self.service = service
    let family = (service.ipFamilies.first ?? .ipv4).name
    slices = store.slices(of: NamespacedName(service.metadata))
      .compactMap { store.endpointSlices[$0] }
      .filter { $0.isManagedByController && $0.addressType == family }
  }

  /// The object; `kept` is one that was loaded, whose identity goes on.
  func object(_ kept: KeptObject?) -> KeptObject {
    var subsets = subsets()
    let isTruncated = Self.truncate(&subsets)
    var metadata =
      kept?.metadata
      ?? ObjectMeta(name: service.metadata.name, namespace: service.metadata.namespace)
    let own = service.metadata
    if kept == nil {
      metadata.uid = UID(randomHigh: own.uid.high ^ 0x5E_0001, randomLow: own.uid.low)
      metadata.creationTimestamp = own.creationTimestamp
    }
    metadata.resourceVersion = slices.map(\.metadata.resourceVersion).max() ?? own.resourceVersion
    metadata.labels = own.labels
    metadata.labels[Self.managedByLabel] = "endpoint-controller"
    metadata.labels[EndpointSlice.headlessLabel] = service.isHeadless ? "" : nil
    let triggers = slices.compactMap { $0.metadata.annotations[SliceUpdate.triggerAnnotation] }
    metadata.annotations[SliceUpdate.triggerAnnotation] = triggers.max()
    metadata.annotations[Self.overCapacity] = isTruncated ? "truncated" : nil
    let body: Fields =
      subsets.isEmpty ? [:] : ["subsets": .array(subsets.map(Self.value))]
    return KeptObject(resource: Self.resource, metadata: metadata, body: body)
  }

  /// Addresses that share a set of ports, as RepackSubsets puts them together
  /// (pkg/api/v1/endpoints/util.go).
  private func subsets() -> [Subset] {
    var byPort: [(port: EndpointSlice.Port?, ready: [Endpoint], notReady: [Endpoint])] = []
    for slice in slices {
      let ports: [EndpointSlice.Port?] = slice.ports.isEmpty ? [nil] : slice.ports.map { $0 }
      if slice.ports.isEmpty, !service.ports.isEmpty { continue }
      for port in ports {
        let place: Int
        if let known = byPort.firstIndex(where: { $0.port == port }) {
          place = known
        } else {
          place = byPort.count
          byPort.append((port, [], []))
        }
        for endpoint in slice.endpoints {
          if endpoint.isReady == true {
            byPort[place].ready.append(endpoint)
          } else if endpoint.isTerminating != true {
            byPort[place].notReady.append(endpoint)
          }
        }
      }
    }
    var subsets: [Subset] = []
    for entry in byPort where !entry.ready.isEmpty || !entry.notReady.isEmpty {
      let ready = entry.ready.sorted { $0.address < $1.address }
      let notReady = entry.notReady.sorted { $0.address < $1.address }
      if let port = entry.port,
        let same = subsets.firstIndex(where: {
          $0.ready.map(\.address) == ready.map(\.address)
            && $0.notReady.map(\.address) == notReady.map(\.address)
        })
      {
        subsets[same].ports.append(port)
      } else {
        subsets.append(
          Subset(ports: entry.port.map { [$0] } ?? [], ready: ready, notReady: notReady))
      }
    }
    for index in subsets.indices { subsets[index].ports.sort() }
    return subsets
  }

  /// Leaves out what is too much: ready addresses are kept first, each subset gives in proportion.
  private static func truncate(_ subsets: inout [Subset]) -> Bool {
    let ready = subsets.map(\.ready.count).reduce(0, +)
    let notReady = subsets.map(\.notReady.count).reduce(0, +)
    if ready + notReady <= capacity { return false }
    let cutsReady = ready > capacity
    let room = cutsReady ? capacity : capacity - ready
    let total = cutsReady ? ready : notReady
    var left = room
    for index in subsets.indices {
      let own = cutsReady ? subsets[index].ready.count : subsets[index].notReady.count
      let share = min(left, (own * room + total - 1) / total)
      if cutsReady {
        subsets[index].ready = Array(subsets[index].ready.prefix(share))
        subsets[index].notReady = []
      } else {
        subsets[index].notReady = Array(subsets[index].notReady.prefix(share))
      }
      left -= share
    }
    return true
  }

  private static func value(_ subset: Subset) -> Value {
    var fields = Fields()
    if !subset.ready.isEmpty { fields["addresses"] = .array(subset.ready.map(value)) }
    if !subset.notReady.isEmpty { fields["notReadyAddresses"] = .array(subset.notReady.map(value)) }
    if !subset.ports.isEmpty { fields["ports"] = .array(subset.ports.map(value)) }
    return .object(fields)
  }

  private static func value(_ endpoint: Endpoint) -> Value {
    var fields: Fields = ["ip": .string("\(endpoint.address)")]
    fields["hostname"] = endpoint.hostname.map { .string($0) }
    fields["nodeName"] = endpoint.nodeName.map { .string($0) }
    if let target = endpoint.targetRef {
      fields["targetRef"] = [
        "kind": .string(target.kind), "name": .string(target.name),
        "namespace": .string(target.namespace), "uid": .string("\(target.uid)"),
      ]
    }
    return .object(fields)
  }

  private static func value(_ port: EndpointSlice.Port) -> Value {
    var fields: Fields = ["protocol": .string(port.transport.name)]
    if let name = port.name, !name.isEmpty { fields["name"] = .string(name) }
    if let number = port.port { fields["port"] = .integer(Int64(number)) }
    if let application = port.appProtocol { fields["appProtocol"] = .string(application) }
    return .object(fields)
  }
}

extension ObjectStore {
  /// The Endpoints of this name: of a Service with a selector as it stands in its slices, else as
  /// somebody wrote it.
  func endpoints(namespace: String, name: String) -> KeptObject? {
    let kept = kept["endpoints"]?[namespace, name]
    guard let service = services[namespace, name], let view = EndpointsView(service, self) else {
      return kept
    }
    let object = view.object(kept)
    // A loaded one that is still true is left as it is.
    if let kept, Self.addresses(kept) == Self.addresses(object) { return kept }
    return object
  }

  /// Every Endpoints object in the API's order.
  func endpointsList(namespace: String?) -> [KeptObject] {
    var names = (kept["endpoints"]?.list(namespace: namespace) ?? []).map {
      NamespacedName($0.metadata)
    }
    services.forEach { _, service in
      guard namespace.map({ $0 == service.metadata.namespace }) ?? true,
        service.selector != nil, service.type != .externalName
      else { return }
      names.append(NamespacedName(service.metadata))
    }
    var objects: [KeptObject] = []
    for name in names.sorted()
    where objects.last.map({ NamespacedName($0.metadata) != name }) ?? true {
      if let object = endpoints(namespace: name.namespace, name: name.name) {
        objects.append(object)
      }
    }
    return objects
  }

  private static func addresses(_ object: KeptObject) -> [String] {
    (object.body["subsets"]?.array ?? []).flatMap { subset in
      let ports = (subset["ports"]?.array ?? []).map { "\($0["port"]?.integer ?? 0)" }
      return ["addresses", "notReadyAddresses"].flatMap { kind in
        (subset[kind]?.array ?? []).map {
          "\(kind) \($0["ip"]?.string ?? "") \(ports.joined(separator: ","))"
        }
      }
    }.sorted()
  }
}
