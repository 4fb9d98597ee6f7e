import ClusterModel
import SimulationCore

extension APIServer {
  /// `DELETE`.
  ///
  /// A pod on a node gets its grace period and goes when its kubelet says so; what has finalizers
  /// waits for those who set them; everything else goes at once.
  ///
  /// - Throws: NotFound, or Forbidden for namespaces that a cluster cannot do without.
  public mutating func delete(
    _ resource: APIResource, namespace: String, name: String, gracePeriodSeconds: Int? = nil,
    _ propagation: DeletionPropagation = .background, at time: Instant
  ) throws(APIError) {
    guard let object = store.get(resource, namespace: namespace, name: name) else {
      throw .notFound(resource, name)
    }
    switch object {
    case .pod(let pod):
      if let id = store.pods.id(namespace: namespace, name: name) {
        deletePod(id, pod, gracePeriodSeconds: gracePeriodSeconds, at: time)
      }
    case .namespace(let namespace): try terminate(namespace, at: time)
    case .service(let service) where !service.metadata.finalizers.isEmpty:
      terminate(service, at: time)
    default: delete(object, propagation, at: time)
    }
  }

  /// Everything but pods and namespaces goes when nobody holds it by a finalizer.
  private mutating func delete(
    _ object: StoredObject, _ propagation: DeletionPropagation, at time: Instant
  ) {
    var finalizers = object.metadata.finalizers.filter {
      $0 != Finalizer.foreground && $0 != Finalizer.orphan
    }
    if propagation == .foreground { finalizers.append(Finalizer.foreground) }
    if finalizers.isEmpty { return remove(object, at: time) }
    let now = timestamp(at: time)
    updateMetadata(of: object, .deletion, at: time) { metadata in
      metadata.finalizers = finalizers
      if metadata.deletionTimestamp == nil {
        metadata.deletionTimestamp = now
        metadata.deletionGracePeriodSeconds = 0
        if metadata.generation > 0 { metadata.generation += 1 }
      }
    }
  }

  /// Takes the owner out of what it owns, so that the garbage collector leaves that alone.
  public mutating func orphanDependents(
    of resource: APIResource, namespace: String, name: String, at time: Instant
  ) {
    guard let uid = store.get(resource, namespace: namespace, name: name)?.metadata.uid else {
      return
    }
    for id in store.replicaSets(ownedBy: uid) {
      store.updateReplicaSet(id, .metadata, at: time) {
        $0.metadata.ownerReferences.removeAll { $0.uid == uid }
      }
    }
    for id in store.pods(ownedBy: uid).ids {
      store.updatePod(id, .metadata, at: time) {
        $0.metadata.ownerReferences.removeAll { $0.uid == uid }
      }
    }
    for object in store.kept(ownedBy: uid) { disown(.kept(object), from: uid, at: time) }
  }

  /// pkg/registry/core/pod/strategy.go CheckGracefulDelete.
  mutating func deletePod(
    _ id: ObjectID, _ pod: Pod, gracePeriodSeconds: Int?, at time: Instant
  ) {
    var grace = gracePeriodSeconds ?? pod.spec.value.terminationGracePeriodSeconds
    if grace < 0 { grace = 1 }
    if !pod.isBound || pod.isTerminal { grace = 0 }
    if grace == 0 {
      finishDeletion(ofPod: id, at: time)
      return
    }
    // A second delete can only shorten the period.
    if let held = pod.metadata.deletionGracePeriodSeconds, held <= grace { return }
    // Counted from when it was first asked for (registry/rest/delete.go BeforeDelete).
    let start = pod.metadata.deletionRequest ?? timestamp(at: time)
    let deadline = Timestamp(seconds: start.seconds + Int64(grace))
    store.updatePod(id, [.deletion, .endpoint], at: time) { pod in
      pod.metadata.deletionTimestamp = deadline
      pod.metadata.deletionGracePeriodSeconds = grace
      pod.metadata.generation += 1
    }
  }

  /// What has finalizers goes when those who set them have taken them away.
  private mutating func terminate(_ service: Service, at time: Instant) {
    guard !service.metadata.isTerminating,
      let id = store.services.id(
        namespace: service.metadata.namespace, name: service.metadata.name)
    else { return }
    let now = timestamp(at: time)
    store.updateService(id, [.deletion, .metadata], at: time) { stored in
      stored.metadata.deletionTimestamp = now
      stored.metadata.deletionGracePeriodSeconds = 0
    }
  }

  private mutating func terminate(_ namespace: Namespace, at time: Instant) throws(APIError) {
    let name = namespace.metadata.name
    if ["default", "kube-system", "kube-public", "kube-node-lease"].contains(name) {
      throw APIError(
        .forbidden, "namespaces \"\(name)\" is forbidden: this namespace may not be deleted")
    }
    guard !namespace.metadata.isTerminating,
      let id = store.namespaces.id(namespace: "", name: name)
    else { return }
    let now = timestamp(at: time)
    store.updateNamespace(id, [.deletion, .status], at: time) { stored in
      stored.metadata.deletionTimestamp = now
      stored.phase = .terminating
    }
  }

  /// Takes an object out of the store and gives back what it held.
  mutating func remove(_ object: StoredObject, at time: Instant) {
    let name = object.name
    switch object {
    case .service(let service):
      releaseResources(of: service)
      remove(.service, store.services.id(namespace: name.namespace, name: name.name), at: time)
      // Its Endpoints go with it, whoever wrote them (service/storage afterDelete).
      if let endpoints = store.kept["endpoints"]?[name.namespace, name.name] {
        remove(.kept(endpoints), at: time)
      }
    case .deployment:
      remove(
        .deployment, store.deployments.id(namespace: name.namespace, name: name.name), at: time)
    case .replicaSet:
      remove(
        .replicaSet, store.replicaSets.id(namespace: name.namespace, name: name.name), at: time)
    case .endpointSlice:
      remove(
        .endpointSlice, store.endpointSlices.id(namespace: name.namespace, name: name.name),
        at: time)
    case .node: remove(.node, store.nodes.id(namespace: "", name: name.name), at: time)
    case .event:
      remove(.event, store.events.id(namespace: name.namespace, name: name.name), at: time)
    case .pod: remove(.pod, store.pods.id(namespace: name.namespace, name: name.name), at: time)
    case .namespace:
      remove(.namespace, store.namespaces.id(namespace: "", name: name.name), at: time)
    case .kept(let kept):
      let table = store.kept[kept.resource.qualifiedPlural]
      if let id = table?.id(namespace: name.namespace, name: name.name) {
        store.removeKept(kept.resource, id, at: time)
        if kept.resource == DerivedObjects.ranges { followServiceCIDRs(at: time) }
      }
    }
  }

  private mutating func remove(_ kind: ResourceKind, _ id: ObjectID?, at time: Instant) {
    if let id { store.remove(kind, id, at: time) }
  }
}
