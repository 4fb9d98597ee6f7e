import ClusterModel
import SimulationCore

/// Deletes what a deleted object owned, and lets owners go that wait for what they own
/// (pkg/controller/garbagecollector).
struct GarbageCollector: Controller {
  let name = "garbage-collector-controller"
  let watches = ResourceKinds.of(.deployment, .replicaSet, .service, .kept, .node)
  let workers = 20
  /// How often it looks whether what an owner waits for is gone.
  private static let recheck = Duration.milliseconds(200)

  /// Deleted owners whose dependents are still to go. Kept objects of two kinds can have one key.
  private var orphans: [WorkKey: [ObjectMeta]] = [:]
  /// Owners that are being deleted and wait.
  private var waiting: [WorkKey: [OwnerReference]] = [:]
  /// The keys of those, by identity.
  private var keys: [UID: (key: WorkKey, namespace: String)] = [:]

  init() {}

  mutating func observe(_ change: Change, in store: ObjectStore, _ keys: inout [WorkKey]) {
    if change.kind == .event || change.kind == .namespace { return }
    let key = WorkKey(change.kind, change.id)
    if change.operation == .deleted {
      guard let metadata = change.tombstone else { return }
      for owner in metadata.ownerReferences {
        if let found = self.keys[owner.uid] { keys.append(found.key) }
      }
      forget(metadata.uid, key)
      if change.kind == .pod || change.kind == .endpointSlice { return }
      orphans[key, default: []].append(metadata)
      keys.append(key)
    } else if change.kind == .kept
      || (change.operation == .updated && change.aspects.contains(.deletion))
    {
      guard let object = store.object(of: change),
        object.metadata.isTerminating,
        object.metadata.finalizers.contains(Finalizer.foreground),
        self.keys[object.metadata.uid] == nil
      else { return }
      let metadata = object.metadata
      self.keys[metadata.uid] = (key, metadata.namespace)
      waiting[key, default: []].append(
        OwnerReference(
          apiVersion: object.resource.apiVersion, kind: object.resource.kind, name: metadata.name,
          uid: metadata.uid))
      keys.append(key)
    }
  }

  private mutating func forget(_ uid: UID, _ key: WorkKey) {
    guard keys.removeValue(forKey: uid) != nil else { return }
    waiting[key]?.removeAll { $0.uid == uid }
    if waiting[key]?.isEmpty == true { waiting[key] = nil }
  }

  mutating func reconcile(_ key: WorkKey, _ context: inout ReconcileContext) -> Reconciliation {
    var result = Reconciliation()
    for owner in orphans.removeValue(forKey: key) ?? [] {
      for dependent in context.store.dependents(of: owner.uid) {
        let others = dependent.metadata.ownerReferences.contains { reference in
          reference.uid != owner.uid
            && context.store.owner(reference, in: dependent.metadata.namespace) != nil
        }
        if others {
          result.writes.append(Write(.disown(dependent, owner.uid)))
        } else if !dependent.metadata.isTerminating {
          result.writes.append(Self.deletion(of: dependent, waits: false, context.store))
        }
      }
    }
    for owner in waiting[key] ?? [] {
      let namespace = keys[owner.uid]?.namespace ?? ""
      result.writes += Self.emptied(owner, namespace, context.store)
      // It hears of no pod: waiting for some is rare, and looking again is cheaper.
      result.requeueAfter = Self.recheck
    }
    return result
  }

  /// What an owner that waits for its dependents needs next.
  private static func emptied(
    _ owner: OwnerReference, _ namespace: String, _ store: ObjectStore
  ) -> [Write] {
    guard let object = store.owner(owner, in: namespace) else { return [] }
    let dependents = store.dependents(of: owner.uid)
    let blocks = dependents.contains { dependent in
      dependent.metadata.ownerReferences.contains {
        $0.uid == owner.uid && $0.blockOwnerDeletion == true
      }
    }
    if !blocks { return [Write(.removeFinalizer(object, Finalizer.foreground))] }
    return dependents.filter { !$0.metadata.isTerminating }
      .map { deletion(of: $0, waits: true, store) }
  }

  /// A dependent with dependents of its own waits for those too.
  private static func deletion(
    of object: StoredObject, waits: Bool, _ store: ObjectStore
  ) -> Write {
    if case .pod(let pod) = object,
      let id = store.pods.id(namespace: pod.metadata.namespace, name: pod.metadata.name)
    {
      return Write(.deletePod(id))
    }
    let isOwner = waits && !store.dependents(of: object.metadata.uid).isEmpty
    return Write(isOwner ? .deleteInForeground(object) : .delete(object))
  }
}

extension ObjectStore {
  /// The objects that belong to the one with this identity: ReplicaSets, pods, slices, then the
  /// kept ones, each in the order of admission.
  func dependents(of uid: UID) -> [StoredObject] {
    var found: [StoredObject] = replicaSets(ownedBy: uid).compactMap { id in
      replicaSets[id].map(StoredObject.replicaSet)
    }
    found += pods(ownedBy: uid).ids.compactMap { id in pods[id].map(StoredObject.pod) }
    found += endpointSlices(ownedBy: uid).compactMap { id in
      endpointSlices[id].map(StoredObject.endpointSlice)
    }
    found += kept(ownedBy: uid).map(StoredObject.kept)
    return found.filter { object in
      object.metadata.ownerReferences.contains { $0.uid == uid }
    }
  }

  /// The object that a reference is about; nil when it is gone or another has its name.
  func owner(_ reference: OwnerReference, in namespace: String) -> StoredObject? {
    let resource = APIResource.of(apiVersion: reference.apiVersion, kind: reference.kind)
    let held = get(
      resource, namespace: resource.isNamespaced ? namespace : "", name: reference.name)
    return held?.metadata.uid == reference.uid ? held : nil
  }

  /// The object that a change is about.
  func object(of change: Change) -> StoredObject? {
    switch change.kind {
    case .namespace: namespaces[change.id].map(StoredObject.namespace)
    case .node: nodes[change.id].map(StoredObject.node)
    case .pod: pods[change.id].map(StoredObject.pod)
    case .replicaSet: replicaSets[change.id].map(StoredObject.replicaSet)
    case .deployment: deployments[change.id].map(StoredObject.deployment)
    case .service: services[change.id].map(StoredObject.service)
    case .endpointSlice: endpointSlices[change.id].map(StoredObject.endpointSlice)
    case .event: events[change.id].map(StoredObject.event)
    case .kept: kept[change.resource]?[change.id].map(StoredObject.kept)
    }
  }
}
