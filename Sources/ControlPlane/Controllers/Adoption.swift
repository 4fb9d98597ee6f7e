import ClusterModel
import SimulationCore

/// Objects that a controller's selector matches but that nobody controls, and those that it
/// controls but no longer matches (pkg/controller/controller_ref_manager.go).
struct Adoption: Sendable {
  /// Pods that nobody controls.
  private var ownerless: Set<ObjectID> = []
  /// Owned pods whose labels have changed, by their owner's identity.
  private var changed: [UID: [ObjectID]] = [:]

  /// Takes note of a pod's change.
  ///
  /// - Returns: the labels by which workloads have to look at it now; nil for none.
  mutating func observe(_ change: Change, in store: ObjectStore) -> (namespace: String, Labels)? {
    guard change.kind == .pod,
      change.operation != .updated || change.aspects.contains(.metadata)
    else { return nil }
    if change.operation != .deleted, let metadata = store.pods[change.id]?.metadata {
      guard let owner = metadata.controllerUID else {
        ownerless.insert(change.id)
        return (metadata.namespace, metadata.labels)
      }
      if change.previousLabels != nil { changed[owner, default: []].append(change.id) }
    }
    if !ownerless.isEmpty { ownerless.remove(change.id) }
    return nil
  }

  /// The writes that let the owner take over what it matches and let go what it does not.
  mutating func writes(
    for owner: OwnerReference, in namespace: String, matching selector: LabelSelector,
    _ store: ObjectStore
  ) -> [Write] {
    var writes: [Write] = []
    for id in changed.removeValue(forKey: owner.uid) ?? [] {
      guard let pod = store.pods[id], pod.metadata.controllerReference?.uid == owner.uid,
        !selector.matches(pod.metadata.labels), !pod.metadata.isTerminating
      else { continue }
      writes.append(Write(.disown(.pod(pod), owner.uid)))
    }
    if ownerless.isEmpty || selector.isEmpty { return writes }
    for id in ownerless.sorted() {
      guard let pod = store.pods[id], pod.metadata.namespace == namespace, pod.isActive,
        pod.metadata.controllerReference == nil, selector.matches(pod.metadata.labels)
      else { continue }
      writes.append(Write(.adopt(.pod(pod), owner)))
    }
    return writes
  }
}
