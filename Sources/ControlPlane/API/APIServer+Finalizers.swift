import ClusterModel
import SimulationCore

/// What becomes of the objects that a deleted one owns.
public enum DeletionPropagation: Hashable, Sendable {
  /// They go after it.
  case background
  /// It waits for them.
  case foreground
  /// They stay, and belong to nobody.
  case orphan
}

/// The finalizers of the garbage collector.
enum Finalizer {
  static let foreground = "foregroundDeletion"
  static let orphan = "orphan"
}

extension ObjectMeta {
  /// When the deletion was asked for: its timestamp is so much later as there is grace.
  var deletionRequest: Timestamp? {
    deletionTimestamp.map {
      Timestamp(seconds: $0.seconds - Int64(deletionGracePeriodSeconds ?? 0))
    }
  }
}

/// Objects that are being deleted stay until the last of their finalizers is taken away.
extension APIServer {
  /// The kubelet, or whoever may delete without it, lets the pod go.
  mutating func finishDeletion(ofPod id: ObjectID, at time: Instant) {
    guard let metadata = store.pods[id]?.metadata else { return }
    if metadata.finalizers.isEmpty { return store.remove(.pod, id, at: time) }
    if metadata.isTerminating, metadata.deletionGracePeriodSeconds == 0 { return }
    let now = timestamp(at: time)
    store.updatePod(id, [.deletion, .endpoint, .status], at: time) { pod in
      pod.metadata.deletionTimestamp = pod.metadata.deletionRequest ?? now
      pod.metadata.deletionGracePeriodSeconds = 0
      // Nothing of it runs any more (pkg/kubelet/kubelet_pods.go getPhase).
      if pod.isBound, !pod.isTerminal {
        let hasFailed = pod.status.containerStatuses.contains { $0.termination?.exitCode != 0 }
        pod.status.phase = hasFailed ? .failed : .succeeded
      }
    }
  }

  /// Takes an object out that was only held by finalizers and no longer is.
  mutating func removeIfReleased(_ object: StoredObject, at time: Instant) {
    let metadata = object.metadata
    guard metadata.isTerminating, metadata.finalizers.isEmpty,
      metadata.deletionGracePeriodSeconds == 0
    else { return }
    if case .namespace = object { return }
    remove(object, at: time)
  }

  mutating func deleteIfSame(
    _ object: StoredObject, _ propagation: DeletionPropagation, at time: Instant
  ) {
    guard let held = present(object) else { return }
    if case .namespace = held { return remove(held, at: time) }
    let name = held.name
    try? delete(
      held.resource, namespace: name.namespace, name: name.name, propagation, at: time)
  }

  mutating func removeFinalizer(_ finalizer: String, of object: StoredObject, at time: Instant) {
    guard let held = present(object), held.metadata.finalizers.contains(finalizer) else { return }
    updateMetadata(of: held, .metadata, at: time) { $0.finalizers.removeAll { $0 == finalizer } }
    if let left = present(object) { removeIfReleased(left, at: time) }
  }

  mutating func adopt(_ object: StoredObject, by owner: OwnerReference, at time: Instant) {
    guard let held = present(object), held.metadata.controllerReference == nil,
      !held.metadata.isTerminating
    else { return }
    updateMetadata(of: held, .metadata, at: time) { $0.ownerReferences.append(owner) }
  }

  mutating func disown(_ object: StoredObject, from owner: UID, at time: Instant) {
    guard let held = present(object) else { return }
    updateMetadata(of: held, .metadata, at: time) {
      $0.ownerReferences.removeAll { $0.uid == owner }
    }
  }

  /// The object as it is now, unless another has taken its name.
  private func present(_ object: StoredObject) -> StoredObject? {
    let name = object.name
    let held = store.get(object.resource, namespace: name.namespace, name: name.name)
    return held?.metadata.uid == object.metadata.uid ? held : nil
  }

  mutating func updateMetadata(
    of object: StoredObject, _ aspects: Change.Aspects, at time: Instant,
    _ body: (inout ObjectMeta) -> Void
  ) {
    let (namespace, name) = (object.metadata.namespace, object.metadata.name)
    switch object {
    case .namespace:
      guard let id = store.namespaces.id(namespace: "", name: name) else { return }
      store.updateNamespace(id, aspects, at: time) { body(&$0.metadata) }
    case .node:
      guard let id = store.nodes.id(namespace: "", name: name) else { return }
      store.updateNode(id, aspects, at: time) { body(&$0.metadata) }
    case .pod:
      guard let id = store.pods.id(namespace: namespace, name: name) else { return }
      store.updatePod(id, aspects, at: time) { body(&$0.metadata) }
    case .replicaSet:
      guard let id = store.replicaSets.id(namespace: namespace, name: name) else { return }
      store.updateReplicaSet(id, aspects, at: time) { body(&$0.metadata) }
    case .deployment:
      guard let id = store.deployments.id(namespace: namespace, name: name) else { return }
      store.updateDeployment(id, aspects, at: time) { body(&$0.metadata) }
    case .service:
      guard let id = store.services.id(namespace: namespace, name: name) else { return }
      store.updateService(id, aspects, at: time) { body(&$0.metadata) }
    case .endpointSlice:
      guard let id = store.endpointSlices.id(namespace: namespace, name: name) else { return }
      store.updateSlice(id, at: time) { body(&$0.metadata) }
    case .event: break
    case .kept(let kept):
      guard
        let id = store.kept[kept.resource.qualifiedPlural]?.id(namespace: namespace, name: name)
      else { return }
      store.updateKept(kept.resource, id, at: time) { body(&$0.metadata) }
    }
  }
}
