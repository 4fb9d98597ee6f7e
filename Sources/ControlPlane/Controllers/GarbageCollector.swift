import ClusterModel
import SimulationCore

/// Deletes what a deleted object owned (pkg/controller/garbagecollector, background propagation).
struct GarbageCollector: Controller {
  let name = "garbage-collector-controller"
  let workers = 20

  /// Deleted owners whose dependents are still to go.
  private var orphans: [WorkKey: ObjectMeta] = [:]

  init() {}

  mutating func observe(_ change: Change, in store: ObjectStore, _ keys: inout [WorkKey]) {
    guard change.operation == .deleted, let metadata = change.tombstone else { return }
    let key = WorkKey(change.kind, change.id)
    switch change.kind {
    case .deployment, .replicaSet, .service, .kept, .node:
      orphans[key] = metadata
      keys.append(key)
    default: break
    }
  }

  mutating func reconcile(_ key: WorkKey, _ context: inout ReconcileContext) -> Reconciliation {
    guard let owner = orphans.removeValue(forKey: key) else { return .nothing }
    let store = context.store
    var result = Reconciliation()
    for id in store.replicaSets(ownedBy: owner.uid) {
      if let replicaSet = store.replicaSets[id] {
        result.writes.append(Write(.delete(.replicaSet(replicaSet))))
      }
    }
    for id in store.pods(ownedBy: owner.uid).ids
    where store.pods[id].map({ !$0.metadata.isTerminating }) ?? false {
      result.writes.append(Write(.deletePod(id)))
    }
    if key.kind == .service {
      for id in store.slices(of: NamespacedName(owner)) {
        if let slice = store.endpointSlices[id],
          slice.metadata.controllerReference?.uid == owner.uid
        {
          result.writes.append(Write(.delete(.endpointSlice(slice))))
        }
      }
    }
    return result
  }
}
