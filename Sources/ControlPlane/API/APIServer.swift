import ClusterModel
import SimulationCore

/// The API server: admits and defaults objects, and keeps them in the store.
///
/// Everything that writes goes through here, controllers and people alike. What is wrong with an
/// object by itself `Manifests` has found before a person's request comes here; what depends on
/// the cluster is refused here.
public struct APIServer: Sendable {
  public internal(set) var store: ObjectStore
  public let settings: ControlPlaneSettings
  /// The simulated wall clock at time zero.
  public let startTime: Timestamp
  var names: NameGenerator
  var random: RandomStream
  var serviceAddresses: [ServiceAddressAllocator]
  var nodePorts: NodePortAllocator
  /// Admitted pod specs by the spec they came from: pods of one template share one.
  var admittedSpecs = AdmittedSpecs()
  var prioritized = PrioritizedSpecs()
  var limited = LimitedSpecs()
  /// Why the last request of a controller was refused.
  var lastRefusal: APIError?
  /// Events are written; not of what happens before time zero.
  var keepsEvents = true
  /// Which events have been said, so that they are counted instead of repeated.
  var correlator = EventCorrelator()

  public init(settings: ControlPlaneSettings, startTime: Timestamp, seed: UInt64) {
    self.settings = settings
    self.startTime = startTime
    store = ObjectStore(seed: seed)
    store.serviceSubnets = settings.serviceSubnets
    store.startTime = startTime
    names = NameGenerator(seed: seed)
    random = RandomStream(seed: seed, component: "apiserver")
    serviceAddresses = settings.serviceSubnets.map(ServiceAddressAllocator.init(range:))
    nodePorts = NodePortAllocator(range: settings.nodePortRange)
  }

  /// The wall clock in the API's whole seconds.
  public func timestamp(at time: Instant) -> Timestamp {
    let nanoseconds = time.nanoseconds
    let seconds =
      nanoseconds >= 0 ? nanoseconds / 1_000_000_000 : (nanoseconds - 999_999_999) / 1_000_000_000
    return Timestamp(seconds: startTime.seconds + seconds)
  }

  // MARK: Requests

  /// `POST`.
  ///
  /// - Throws: AlreadyExists, NotFound (the namespace), Forbidden or Invalid; then nothing changed.
  @discardableResult
  public mutating func create(_ object: StoredObject, at time: Instant) throws(APIError)
    -> StoredObject
  {
    let (resource, name) = try add(object, at: time)
    return store.get(resource, namespace: name.namespace, name: name.name) ?? object
  }

  /// `create` for those who do not read the answer.
  mutating func add(_ object: StoredObject, at time: Instant) throws(APIError)
    -> (APIResource, NamespacedName)
  {
    var object = object
    if object.metadata.name.isEmpty, !object.metadata.generateName.isEmpty {
      object.metadata.name = names.name(from: object.metadata.generateName)
    }
    try checkPlace(of: object)
    stampNew(&object.metadata, of: object.resource, at: time)
    if case .kept(var kept) = object {
      Claims.admit(&kept, store)
      object = .kept(kept)
    }
    var charges: [QuotaCharge] = []
    if object.resource.living != .pod { charges = try quotaCharges(for: object) }
    switch object {
    case .pod(var pod):
      try admit(&pod)
      enter(try quotaCharges(for: .pod(pod)), at: time)
      store.insert(pod, at: time)
    case .replicaSet(var replicaSet):
      admit(&replicaSet, replacing: nil)
      store.insert(replicaSet, at: time)
    case .deployment(var deployment):
      admit(&deployment, replacing: nil)
      store.insert(deployment, at: time)
    case .service(var service):
      try admit(&service, replacing: nil)
      store.insert(service, at: time)
    case .endpointSlice(let slice): store.insert(slice, at: time)
    case .namespace(var namespace):
      admit(&namespace)
      store.insert(namespace, at: time)
    case .node(var node):
      admit(&node)
      store.insert(node, at: time)
    case .event(let event): store.insert(event, at: time)
    case .kept(var kept):
      try admit(&kept, replacing: nil)
      markReady(&kept, at: time)
      assignIngressClass(&kept)
      store.insert(kept, at: time)
      if kept.resource == DerivedObjects.ranges { followServiceCIDRs(at: time) }
    }
    enter(charges, at: time)
    return (object.resource, object.name)
  }

  /// `PUT`: the spec and the metadata anew; the status stays.
  ///
  /// - Throws: NotFound, Conflict, Invalid or Forbidden; then nothing changed.
  @discardableResult
  public mutating func replace(_ object: StoredObject, at time: Instant) throws(APIError)
    -> StoredObject
  {
    let (resource, name) = (object.resource, object.name)
    guard let old = store.get(resource, namespace: name.namespace, name: name.name) else {
      throw .notFound(resource, name.name)
    }
    var object = object
    try checkVersion(object, against: old)
    carryOver(&object.metadata, from: old.metadata)
    let charges = object == old ? [] : try changedCharges(for: object, replacing: old)
    switch (object, old) {
    case (.pod(let new), .pod(let old)): try replace(old, with: new, at: time)
    case (.replicaSet(let new), .replicaSet(let old)): replace(old, with: new, at: time)
    case (.deployment(let new), .deployment(let old)): replace(old, with: new, at: time)
    case (.service(let new), .service(let old)): try replace(old, with: new, at: time)
    case (.endpointSlice(let new), .endpointSlice(let old)):
      replace(old, with: new, at: time)
    case (.namespace(let new), .namespace(let old)): replace(old, with: new, at: time)
    case (.node(let new), .node(let old)): replace(old, with: new, at: time)
    case (.event(let new), .event):
      if let id = store.events.id(namespace: name.namespace, name: name.name), object != old {
        store.updateEvent(id, at: time) { $0 = new }
      }
    case (.kept(let new), .kept(let old)): try replace(old, with: new, at: time)
    default: throw APIError(.internalError, "the object changed its kind")
    }
    enter(charges, at: time)
    let answer = store.get(resource, namespace: name.namespace, name: name.name) ?? object
    removeIfReleased(answer, at: time)
    return answer
  }

  private func checkPlace(of object: StoredObject) throws(APIError) {
    let (resource, metadata) = (object.resource, object.metadata)
    if resource.isNamespaced {
      guard let id = store.namespaces.id(namespace: "", name: metadata.namespace) else {
        throw .notFound(.namespaces, metadata.namespace)
      }
      if store.namespaces[id]?.metadata.isTerminating == true {
        throw APIError(
          .forbidden,
          "\(resource.qualifiedPlural) \"\(metadata.name)\" is forbidden: unable to create new "
            + "content in namespace \(metadata.namespace) because it is being terminated")
      }
    }
    if store.contains(resource, namespace: metadata.namespace, name: metadata.name) {
      throw APIError(
        .alreadyExists, "\(resource.qualifiedPlural) \"\(metadata.name)\" already exists")
    }
  }

  /// Of the kinds whose changes may need more (services.go and persistent_volume_claims.go).
  private func changedCharges(for object: StoredObject, replacing old: StoredObject)
    throws(APIError) -> [QuotaCharge]
  {
    let isCounted =
      object.resource.living == .service || object.resource.plural == "persistentvolumeclaims"
    return isCounted ? try quotaCharges(for: object, replacing: old) : []
  }

  private mutating func stampNew(
    _ metadata: inout ObjectMeta, of resource: APIResource, at time: Instant
  ) {
    metadata.uid = names.uid()
    metadata.creationTimestamp = timestamp(at: time)
    metadata.deletionTimestamp = nil
    metadata.deletionGracePeriodSeconds = nil
    metadata.generation = resource.countsGenerations ? 1 : 0
  }

  private func checkVersion(_ new: StoredObject, against old: StoredObject) throws(APIError) {
    let version = new.metadata.resourceVersion
    guard version != 0, version != old.metadata.resourceVersion else { return }
    let resource = new.resource
    throw APIError(
      .conflict,
      "Operation cannot be fulfilled on \(resource.qualifiedPlural) \"\(new.metadata.name)\": the "
        + "object has been modified; please apply your changes to the latest version and try again")
  }

  /// The fields of the metadata that a request cannot change.
  private func carryOver(_ metadata: inout ObjectMeta, from old: ObjectMeta) {
    metadata.uid = old.uid
    metadata.creationTimestamp = old.creationTimestamp
    metadata.deletionTimestamp = old.deletionTimestamp
    metadata.deletionGracePeriodSeconds = old.deletionGracePeriodSeconds
    metadata.generation = old.generation
    metadata.generateName = old.generateName
    metadata.resourceVersion = old.resourceVersion
  }
}

extension APIResource {
  /// Kinds whose spec changes are counted in `metadata.generation`.
  var countsGenerations: Bool {
    switch living {
    case .deployment, .replicaSet, .endpointSlice, .pod: true
    case .kept:
      [
        "DaemonSet", "StatefulSet", "Job", "CronJob", "Ingress", "NetworkPolicy",
        "PodDisruptionBudget", "ReplicationController", "CustomResourceDefinition", "IngressClass",
      ].contains(kind) || isCustom
    default: false
    }
  }

  /// Whether the kind comes with a CustomResourceDefinition: it is nobody's that the API has.
  private var isCustom: Bool {
    group.contains(".") && !APIResource.wellKnown.contains { $0.group == group }
  }
}

extension APIError {
  public static func notFound(_ resource: APIResource, _ name: String) -> APIError {
    APIError(.notFound, "\(resource.qualifiedPlural) \"\(name)\" not found")
  }
}
