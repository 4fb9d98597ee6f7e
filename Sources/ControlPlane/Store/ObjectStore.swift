import ClusterModel
import SimulationCore

/// The objects of the cluster with their resource versions, and the log that watches read.
///
/// What the API server and etcd are together: every write gets the next revision and becomes a
/// change. It checks nothing; `APIServer` does.
public struct ObjectStore: Sendable {
  public private(set) var namespaces = ObjectTable<Namespace>()
  public private(set) var nodes = ObjectTable<Node>()
  public private(set) var pods = ObjectTable<Pod>()
  public private(set) var replicaSets = ObjectTable<ReplicaSet>()
  public private(set) var deployments = ObjectTable<Deployment>()
  public private(set) var services = ObjectTable<Service>()
  public private(set) var endpointSlices = ObjectTable<EndpointSlice>()
  /// Behind a reference, as the indexes are: each sync of a controller copies the store.
  private var sharedEvents = CopyOnWrite(EventTable())
  public private(set) var events: EventTable {
    _read { yield sharedEvents.value }
    _modify { yield &sharedEvents.value }
  }
  public private(set) var kept: [String: ObjectTable<KeptObject>] = [:]

  /// The revision of the newest write.
  public private(set) var revision: UInt64 = 0
  public internal(set) var log = ChangeLog()
  /// Which kubelets are heard of.
  public internal(set) var leases: NodeLeases

  /// The Service ranges that the API server was started with.
  public internal(set) var serviceSubnets: [CIDR] = []

  /// When it is looked at, for what follows from the time, and the wall clock at time zero.
  public internal(set) var now = Instant.zero
  public internal(set) var startTime = Timestamp(seconds: 0)

  private struct Indexes: Sendable {
    var pods = PodIndex()
    var sharing = StatusSharing()
    var replicaSetsByOwner: [UID: [ObjectID]] = [:]
    var owned = OwnedObjects()
    var slicesByService: [NamespacedName: [ObjectID]] = [:]
  }

  private var indexes = CopyOnWrite(Indexes())

  public init(seed: UInt64 = 0) { leases = NodeLeases(seed: seed) }

  /// The pods that the controller with this uid owns.
  public func pods(ownedBy uid: UID) -> OwnedPods { indexes.value.pods.byOwner[uid] ?? OwnedPods() }
  /// The pods bound to a node, in the order in which they were bound.
  public func pods(onNode name: String) -> [ObjectID] { indexes.value.pods.byNode[name] ?? [] }
  /// The pods of a namespace, in no order that means anything but always in the same.
  public func pods(inNamespace name: String) -> [ObjectID] {
    indexes.value.pods.byNamespace[name] ?? []
  }
  /// Another number: some pod has come, gone or got other labels.
  var podGeneration: Int { indexes.value.pods.generation }
  /// `UID.none` owns those that nothing controls.
  public func replicaSets(ownedBy uid: UID) -> [ObjectID] {
    indexes.value.replicaSetsByOwner[uid] ?? []
  }
  /// The slices whose label names this Service, managed or hand-made.
  public func slices(of service: NamespacedName) -> [ObjectID] {
    indexes.value.slicesByService[service] ?? []
  }

  /// The kept objects that one owns, in the order of admission.
  public func kept(ownedBy uid: UID) -> [KeptObject] {
    (indexes.value.owned.kept[uid] ?? []).compactMap { kept[$0.resource]?[$0.id] }
  }
  func endpointSlices(ownedBy uid: UID) -> [ObjectID] { indexes.value.owned.slices[uid] ?? [] }

  /// The kept kinds that have objects, by qualified plural name.
  public var keptResources: [APIResource] {
    kept.keys.sorted().compactMap { kept[$0]?.list().first?.resource }
  }

  // MARK: Writing

  private mutating func stamp(_ metadata: inout ObjectMeta) {
    revision += 1
    metadata.resourceVersion = revision
  }

  private mutating func record(
    _ operation: Change.Operation, _ kind: ResourceKind, _ id: ObjectID, _ aspects: Change.Aspects,
    at time: Instant, podOwners: Change.PodOwners = .none, previousLabels: Labels? = nil,
    tombstone: ObjectMeta? = nil, nodeName: String = "", resource: String = ""
  ) {
    let heading = Change.Heading(
      kind: kind, operation: operation, aspects: aspects, podOwners: podOwners)
    log.append(
      Change(
        revision: revision, time: time, heading, id: id,
        previousLabels: previousLabels, tombstone: tombstone, nodeName: nodeName,
        resource: resource))
  }

  @discardableResult
  mutating func insert(_ pod: consuming Pod, at time: Instant) -> ObjectID {
    stamp(&pod.metadata)
    let id = pods.insert(pod)
    let standing = PodIndex.Standing(pod)
    indexes.value.pods.added(id, pod, standing)
    record(.created, .pod, id, .all, at: time, podOwners: standing.ownerKind)
    return id
  }

  @discardableResult
  mutating func insert(_ replicaSet: consuming ReplicaSet, at time: Instant) -> ObjectID {
    stamp(&replicaSet.metadata)
    let id = replicaSets.insert(replicaSet)
    indexes.value.replicaSetsByOwner[replicaSet.metadata.controllerUID ?? .none, default: []]
      .append(id)
    record(.created, .replicaSet, id, .all, at: time)
    return id
  }

  @discardableResult
  mutating func insert(_ slice: consuming EndpointSlice, at time: Instant) -> ObjectID {
    stamp(&slice.metadata)
    let id = endpointSlices.insert(slice)
    if let key = Self.serviceKey(slice) {
      indexes.value.slicesByService[key, default: []].append(id)
    }
    indexes.value.owned.move(slice: id, from: [], to: slice.metadata.ownerReferences)
    record(.created, .endpointSlice, id, .all, at: time)
    return id
  }

  @discardableResult
  mutating func insert(_ namespace: consuming Namespace, at time: Instant) -> ObjectID {
    stamp(&namespace.metadata)
    let id = namespaces.insert(namespace)
    record(.created, .namespace, id, .all, at: time)
    return id
  }

  @discardableResult
  mutating func insert(_ node: consuming Node, at time: Instant) -> ObjectID {
    stamp(&node.metadata)
    let id = nodes.insert(node)
    record(.created, .node, id, .all, at: time)
    return id
  }

  @discardableResult
  mutating func insert(_ deployment: consuming Deployment, at time: Instant) -> ObjectID {
    stamp(&deployment.metadata)
    let id = deployments.insert(deployment)
    record(.created, .deployment, id, .all, at: time)
    return id
  }

  @discardableResult
  mutating func insert(_ service: consuming Service, at time: Instant) -> ObjectID {
    stamp(&service.metadata)
    let id = services.insert(service)
    record(.created, .service, id, .all, at: time)
    return id
  }

  @discardableResult
  mutating func insert(_ event: consuming Event, at time: Instant) -> ObjectID {
    stamp(&event.metadata)
    let id = events.insert(event)
    record(.created, .event, id, .all, at: time)
    return id
  }

  @discardableResult
  mutating func insert(_ object: consuming KeptObject, at time: Instant) -> ObjectID {
    stamp(&object.metadata)
    let id = kept[object.resource.qualifiedPlural, default: ObjectTable()].insert(object)
    indexes.value.owned.move(
      OwnedObjects.Kept(resource: object.resource.qualifiedPlural, id: id), from: [],
      to: object.metadata.ownerReferences)
    record(.created, .kept, id, .all, at: time, resource: object.resource.qualifiedPlural)
    return id
  }

  mutating func updatePod(
    _ id: ObjectID, _ aspects: Change.Aspects, at time: Instant, _ body: (inout Pod) -> Void
  ) {
    revision += 1
    let newRevision = revision
    let moved = pods.modify(id) { pod in
      let old = PodIndex.Standing(pod)
      let labels = aspects.contains(.metadata) ? pod.metadata.labels : nil
      body(&pod)
      if aspects.contains(.endpoint), pod.isReady { indexes.value.sharing.share(&pod) }
      pod.metadata.resourceVersion = newRevision
      let previous = labels == pod.metadata.labels ? nil : labels
      return (old, PodIndex.Standing(pod), previous)
    }
    guard let (old, new, previousLabels) = moved else { return }
    indexes.value.pods.moved(id, from: old, to: new)
    if previousLabels != nil { indexes.value.pods.relabelled() }
    let counts = old.owner == new.owner && old.countsAs(new)
    record(
      .updated, .pod, id, counts ? aspects : aspects.union(.standing), at: time,
      podOwners: old.ownerKind.union(new.ownerKind), previousLabels: previousLabels)
  }

  mutating func updateReplicaSet(
    _ id: ObjectID, _ aspects: Change.Aspects, at time: Instant,
    _ body: (inout ReplicaSet) -> Void
  ) {
    let newRevision = revision + 1
    let owners = replicaSets.modify(id) { object in
      let old = object.metadata.controllerUID ?? .none
      body(&object)
      object.metadata.resourceVersion = newRevision
      return (old, object.metadata.controllerUID ?? .none)
    }
    guard let (old, new) = owners else { return }
    revision = newRevision
    if old != new {
      indexes.value.replicaSetsByOwner[old]?.removeAll { $0 == id }
      indexes.value.replicaSetsByOwner[new, default: []].append(id)
    }
    record(.updated, .replicaSet, id, aspects, at: time)
  }

  mutating func updateSlice(
    _ id: ObjectID, at time: Instant, _ body: (inout EndpointSlice) -> Void
  ) {
    let newRevision = revision + 1
    let keys = endpointSlices.modify(id) { slice in
      let old = Self.serviceKey(slice)
      body(&slice)
      slice.metadata.resourceVersion = newRevision
      return (old, Self.serviceKey(slice))
    }
    guard let (old, new) = keys else { return }
    revision = newRevision
    if old != new {
      if let old { indexes.value.slicesByService[old]?.removeAll { $0 == id } }
      if let new { indexes.value.slicesByService[new, default: []].append(id) }
    }
    record(.updated, .endpointSlice, id, .all, at: time)
  }

  mutating func updateNode(
    _ id: ObjectID, _ aspects: Change.Aspects, at time: Instant, _ body: (inout Node) -> Void
  ) {
    let newRevision = revision + 1
    let done: Void? = nodes.modify(id) { node in
      body(&node)
      node.metadata.resourceVersion = newRevision
    }
    guard done != nil else { return }
    revision = newRevision
    record(.updated, .node, id, aspects, at: time)
  }

  mutating func updateNamespace(
    _ id: ObjectID, _ aspects: Change.Aspects, at time: Instant,
    _ body: (inout Namespace) -> Void
  ) {
    let newRevision = revision + 1
    let done: Void? = namespaces.modify(id) { namespace in
      body(&namespace)
      namespace.metadata.resourceVersion = newRevision
    }
    guard done != nil else { return }
    revision = newRevision
    record(.updated, .namespace, id, aspects, at: time)
  }

  mutating func updateDeployment(
    _ id: ObjectID, _ aspects: Change.Aspects, at time: Instant,
    _ body: (inout Deployment) -> Void
  ) {
    let newRevision = revision + 1
    let done: Void? = deployments.modify(id) { deployment in
      body(&deployment)
      deployment.metadata.resourceVersion = newRevision
    }
    guard done != nil else { return }
    revision = newRevision
    record(.updated, .deployment, id, aspects, at: time)
  }

  mutating func updateService(
    _ id: ObjectID, _ aspects: Change.Aspects, at time: Instant, _ body: (inout Service) -> Void
  ) {
    let newRevision = revision + 1
    let done: Void? = services.modify(id) { service in
      body(&service)
      service.metadata.resourceVersion = newRevision
    }
    guard done != nil else { return }
    revision = newRevision
    record(.updated, .service, id, aspects, at: time)
  }

  /// A new event of a component.
  mutating func insert(_ record: EventRecord, stamp: Int64, at time: Instant) -> ObjectID {
    revision += 1
    let id = events.insert(record, stamp: stamp, version: revision)
    self.record(.created, .event, id, .all, at: time)
    return id
  }

  /// An event that is said again.
  mutating func repeatEvent(
    _ id: ObjectID, _ content: EventMessage, times: Int, stamp: Int64, at time: Instant
  ) {
    revision += 1
    events.repeat(id, content, times: times, stamp: stamp, version: revision)
    record(.updated, .event, id, .all, at: time)
  }

  /// Forgets the events that were last written before `time`. Nobody waits to hear of that.
  mutating func expireEvents(before time: Timestamp) {
    revision += UInt64(events.expire(before: time))
  }

  mutating func updateEvent(_ id: ObjectID, at time: Instant, _ body: (inout Event) -> Void) {
    let newRevision = revision + 1
    let done: Void? = events.modify(id) { event in
      body(&event)
      event.metadata.resourceVersion = newRevision
    }
    guard done != nil else { return }
    revision = newRevision
    record(.updated, .event, id, .all, at: time)
  }

  mutating func updateKept(
    _ resource: APIResource, _ id: ObjectID, at time: Instant, _ body: (inout KeptObject) -> Void
  ) {
    let newRevision = revision + 1
    let owners = kept[resource.qualifiedPlural]?.modify(id) { object in
      let old = object.metadata.ownerReferences
      body(&object)
      object.metadata.resourceVersion = newRevision
      return (old, object.metadata.ownerReferences)
    }
    guard let (old, new) = owners else { return }
    revision = newRevision
    indexes.value.owned.move(
      OwnedObjects.Kept(resource: resource.qualifiedPlural, id: id), from: old, to: new)
    record(.updated, .kept, id, .all, at: time, resource: resource.qualifiedPlural)
  }

  /// Takes an object out for good.
  mutating func remove(_ kind: ResourceKind, _ id: ObjectID, at time: Instant) {
    let tombstone: ObjectMeta?
    var nodeName = ""
    var podOwners = Change.PodOwners.none
    switch kind {
    case .namespace: tombstone = namespaces.remove(id)?.metadata
    case .node: tombstone = nodes.remove(id)?.metadata
    case .deployment: tombstone = deployments.remove(id)?.metadata
    case .service: tombstone = services.remove(id)?.metadata
    case .event: tombstone = events.remove(id)?.metadata
    case .pod:
      let pod = pods.remove(id)
      if let pod {
        let standing = PodIndex.Standing(pod)
        indexes.value.pods.removed(id, pod, standing)
        podOwners = standing.ownerKind
      }
      nodeName = pod?.nodeName ?? ""
      tombstone = pod?.metadata
    case .replicaSet:
      tombstone = replicaSets.remove(id)?.metadata
      indexes.value.replicaSetsByOwner[tombstone?.controllerUID ?? .none]?.removeAll { $0 == id }
    case .endpointSlice:
      let slice = endpointSlices.remove(id)
      if let key = slice.flatMap(Self.serviceKey) {
        indexes.value.slicesByService[key]?.removeAll { $0 == id }
        if indexes.value.slicesByService[key]?.isEmpty == true {
          indexes.value.slicesByService[key] = nil
        }
      }
      tombstone = slice?.metadata
      indexes.value.owned.move(slice: id, from: slice?.metadata.ownerReferences ?? [], to: [])
    case .kept: tombstone = nil
    }
    guard let tombstone else { return }
    revision += 1
    record(
      .deleted, kind, id, .all, at: time, podOwners: podOwners, previousLabels: tombstone.labels,
      tombstone: tombstone, nodeName: nodeName)
  }

  mutating func removeKept(_ resource: APIResource, _ id: ObjectID, at time: Instant) {
    guard let object = kept[resource.qualifiedPlural]?.remove(id) else { return }
    indexes.value.owned.move(
      OwnedObjects.Kept(resource: resource.qualifiedPlural, id: id),
      from: object.metadata.ownerReferences, to: [])
    if kept[resource.qualifiedPlural]?.count == 0 { kept[resource.qualifiedPlural] = nil }
    revision += 1
    record(
      .deleted, .kept, id, .all, at: time, tombstone: object.metadata,
      resource: resource.qualifiedPlural)
  }

  /// Gives a loaded object the resource version it came with; new ones count on from the highest.
  mutating func keepVersion(_ version: UInt64, of resource: APIResource, _ id: ObjectID) {
    revision = max(revision, version)
    switch resource.living {
    case .namespace: namespaces.modify(id) { $0.metadata.resourceVersion = version }
    case .node: nodes.modify(id) { $0.metadata.resourceVersion = version }
    case .pod: pods.modify(id) { $0.metadata.resourceVersion = version }
    case .replicaSet: replicaSets.modify(id) { $0.metadata.resourceVersion = version }
    case .deployment: deployments.modify(id) { $0.metadata.resourceVersion = version }
    case .service: services.modify(id) { $0.metadata.resourceVersion = version }
    case .endpointSlice: endpointSlices.modify(id) { $0.metadata.resourceVersion = version }
    case .event: events.modify(id) { $0.metadata.resourceVersion = version }
    case .kept:
      kept[resource.qualifiedPlural]?.modify(id) { $0.metadata.resourceVersion = version }
    }
  }

  private static func serviceKey(_ slice: borrowing EndpointSlice) -> NamespacedName? {
    slice.serviceName.map { NamespacedName(namespace: slice.metadata.namespace, name: $0) }
  }
}
