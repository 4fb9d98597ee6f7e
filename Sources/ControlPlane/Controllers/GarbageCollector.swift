import ClusterModel
import SimulationCore

/// Deletes what a deleted object owned (pkg/controller/garbagecollector, background propagation).
struct GarbageCollector: Controller {
  let name = "garbage-collector-controller"
  let watches = ResourceKinds.of(.deployment, .replicaSet, .service, .kept, .node)
  let workers = 20

  /// Deleted owners whose dependents are still to go.
  private var orphans: [WorkKey: [ObjectMeta]] = [:]

  init() {}

  mutating func observe(_ change: Change, in store: ObjectStore, _ keys: inout [WorkKey]) {
    guard change.operation == .deleted, let metadata = change.tombstone else { return }
    let key = WorkKey(change.kind, change.id)
    switch change.kind {
    case .deployment, .replicaSet, .service, .kept, .node:
      // Kept objects of two kinds can have one id.
      orphans[key, default: []].append(metadata)
      keys.append(key)
    default: break
    }
  }

  mutating func reconcile(_ key: WorkKey, _ context: inout ReconcileContext) -> Reconciliation {
    var result = Reconciliation()
    for owner in orphans.removeValue(forKey: key) ?? [] {
      result.writes += Self.deletions(ownedBy: owner, key, context.store)
    }
    return result
  }

  private static func deletions(
    ownedBy owner: ObjectMeta, _ key: WorkKey, _ store: ObjectStore
  ) -> [Write] {
    var writes: [Write] = []
    for id in store.replicaSets(ownedBy: owner.uid) {
      if let replicaSet = store.replicaSets[id] {
        writes.append(Write(.delete(.replicaSet(replicaSet))))
      }
    }
    for id in store.pods(ownedBy: owner.uid).ids
    where store.pods[id].map({ !$0.metadata.isTerminating }) ?? false {
      writes.append(Write(.deletePod(id)))
    }
    if key.kind == .service {
      for id in store.slices(of: NamespacedName(owner)) {
        if let slice = store.endpointSlices[id],
          slice.metadata.controllerReference?.uid == owner.uid
        {
          writes.append(Write(.delete(.endpointSlice(slice))))
        }
      }
    }
    return writes
  }
}
