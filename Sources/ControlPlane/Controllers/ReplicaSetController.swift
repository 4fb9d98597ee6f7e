import ClusterModel
import SimulationCore

/// Keeps as many pods as each ReplicaSet calls for (pkg/controller/replicaset).
struct ReplicaSetController: Controller {
  let name = "replicaset-controller"
  let watches = ResourceKinds.of(.replicaSet, .pod)
  let podAspects: Change.Aspects = [.standing, .metadata, .deletion]
  let podOwners: Change.PodOwners = [.replicaSet, .none]
  /// At most so many pods are created or deleted in one sync.
  static let burstReplicas = 500

  /// Up to where the watch log must have been read before pods are counted again: the
  /// expectations of upstream, as a place in the log.
  private var expectations: [ObjectID: Int] = [:]
  private var adoption = Adoption()

  init() {}

  mutating func observe(_ change: Change, in store: ObjectStore, _ keys: inout [WorkKey]) {
    switch change.kind {
    case .replicaSet where change.operation != .deleted:
      keys.append(WorkKey(.replicaSet, change.id))
    case .replicaSet: expectations[change.id] = nil
    case .pod:
      if let (namespace, labels) = adoption.observe(change, in: store) {
        for id in store.replicaSets.ids
        where store.replicaSets[id].map({
          $0.metadata.namespace == namespace && $0.selector.matches(labels)
        }) ?? false {
          keys.append(WorkKey(.replicaSet, id))
        }
      }
      guard change.isAboutPod(of: "ReplicaSet", in: store),
        let (namespace, owner) = change.podOwner(in: store),
        let id = store.replicaSets.id(namespace: namespace, name: owner.name)
      else { return }
      keys.append(WorkKey(.replicaSet, id))
    default: break
    }
  }

  mutating func reconcile(_ key: WorkKey, _ context: inout ReconcileContext) -> Reconciliation {
    guard let replicaSet = context.store.replicaSets[key.id] else { return .nothing }
    let pods = context.store.pods(ownedBy: replicaSet.metadata.uid)
    var result = Reconciliation()
    let isSettled = context.observed >= expectations[key.id] ?? 0
    if isSettled, !replicaSet.metadata.isTerminating {
      result.writes = adoption.writes(
        for: Self.reference(to: replicaSet), in: replicaSet.metadata.namespace,
        matching: replicaSet.selector, context.store)
      if result.writes.isEmpty {
        result.writes = Self.manage(replicaSet, pods, &context)
        if pods.active < replicaSet.replicas { result.slowStart = result.writes.count }
      } else {
        // It counts anew when it has heard of what it took over and let go.
        result.requeueAfter = .milliseconds(10)
      }
      // The writes will stand behind everything there is now.
      if !result.writes.isEmpty { expectations[key.id] = context.store.log.end }
    }
    let status = Self.status(of: replicaSet, pods, context)
    if status != replicaSet.status {
      result.writes.append(Write(.replicaSetStatus(key.id, status)))
    }
    if replicaSet.minReadySeconds > 0, status.readyReplicas == replicaSet.replicas,
      status.availableReplicas != replicaSet.replicas
    {
      result.requeueAfter =
        result.requeueAfter ?? .seconds(Int64(replicaSet.minReadySeconds))
    }
    return result
  }

  /// The pods to create or delete so that there are as many as `replicaSet` calls for.
  private static func manage(
    _ replicaSet: ReplicaSet, _ pods: OwnedPods, _ context: inout ReconcileContext
  ) -> [Write] {
    let missing = replicaSet.replicas - pods.active
    if missing > 0 {
      return create(min(missing, burstReplicas), for: replicaSet, &context)
    }
    if missing < 0 {
      return delete(min(-missing, burstReplicas), of: replicaSet, pods, context)
    }
    return []
  }

  private static func reference(to replicaSet: ReplicaSet) -> OwnerReference {
    OwnerReference(
      apiVersion: "apps/v1", kind: "ReplicaSet", name: replicaSet.metadata.name,
      uid: replicaSet.metadata.uid)
  }

  private static func create(
    _ count: Int, for replicaSet: ReplicaSet, _ context: inout ReconcileContext
  ) -> [Write] {
    let metadata = replicaSet.metadata
    let owner = reference(to: replicaSet)
    var template = ObjectMeta(
      name: "", namespace: metadata.namespace, labels: replicaSet.template.labels)
    template.annotations = replicaSet.template.annotations
    template.generateName = metadata.name + "-"
    template.ownerReferences = [owner]
    let reference = ObjectReference("ReplicaSet", metadata)
    return (0..<count).map { _ in
      var podMetadata = template
      podMetadata.name = context.names.name(from: template.generateName)
      let pod = Pod(metadata: podMetadata, spec: replicaSet.template.spec)
      return Write(
        .create(.pod(pod)),
        event: EventRecord(
          reference, "SuccessfulCreate", saying: .template(.podCreated, podMetadata.name),
          from: "replicaset-controller"))
    }
  }

  private static func delete(
    _ count: Int, of replicaSet: ReplicaSet, _ pods: OwnedPods, _ context: ReconcileContext
  ) -> [Write] {
    let victims = DeletionOrder(
      store: context.store, timestamp: context.timestamp, now: context.now
    )
    .first(count, of: pods.ids, relatedTo: replicaSet)
    let reference = ObjectReference("ReplicaSet", replicaSet.metadata)
    return victims.map { id in
      let name = context.store.pods[id]?.metadata.name ?? ""
      return Write(
        .deletePod(id),
        event: EventRecord(
          reference, "SuccessfulDelete", saying: .template(.podDeleted, name),
          from: "replicaset-controller"))
    }
  }

  /// pkg/controller/replicaset/replica_set_utils.go calculateStatus.
  static func status(
    of replicaSet: ReplicaSet, _ pods: OwnedPods, _ context: ReconcileContext
  ) -> ReplicaSetStatus {
    var status = replicaSet.status
    status.replicas = pods.active
    status.fullyLabeledReplicas = pods.active
    status.readyReplicas = pods.ready
    status.terminatingReplicas = pods.terminating
    status.availableReplicas =
      replicaSet.minReadySeconds == 0
      ? pods.ready : available(pods, after: replicaSet.minReadySeconds, context)
    status.observedGeneration = replicaSet.metadata.generation
    noteFailure(&status, of: replicaSet, context)
    return status
  }

  /// A pod that was refused is told of until the pods could be made.
  private static func noteFailure(
    _ status: inout ReplicaSetStatus, of replicaSet: ReplicaSet, _ context: ReconcileContext
  ) {
    if let refusal = context.refusal {
      if status.conditions[type: "ReplicaFailure"] == nil {
        status.conditions.append(
          Condition(
            type: "ReplicaFailure", status: .true, reason: "FailedCreate",
            message: refusal.message, lastTransitionTime: context.timestamp))
      }
    } else if !status.conditions.isEmpty, status.replicas >= replicaSet.replicas {
      status.conditions.removeAll { $0.type == "ReplicaFailure" }
    }
  }

  private static func available(
    _ pods: OwnedPods, after seconds: Int, _ context: ReconcileContext
  ) -> Int {
    pods.ids.count { id in
      guard let pod = context.store.pods[id], pod.isActive, pod.isReady,
        let since = pod.status.conditions[type: "Ready"]?.lastTransitionTime
      else { return false }
      return context.timestamp.seconds - since.seconds >= Int64(seconds)
    }
  }
}
