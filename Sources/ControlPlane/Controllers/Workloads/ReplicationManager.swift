import ClusterModel
import SimulationCore

/// Keeps as many pods as each ReplicationController calls for (pkg/controller/replication).
struct ReplicationManager: Controller {
  static let component = "replication-controller"

  let name = "replicationcontroller-controller"
  let watches = ResourceKinds.of(.kept, .pod)
  let podOwners: Change.PodOwners = [.replicationController, .none]
  private var watch = KeptWatch("v1", "ReplicationController")

  init() {}

  mutating func observe(_ change: Change, in store: ObjectStore, _ keys: inout [WorkKey]) {
    watch.observe(change, in: store, &keys)
    watch.observeOrphan(change, in: store, &keys)
  }

  mutating func reconcile(_ key: WorkKey, _ context: inout ReconcileContext) -> Reconciliation {
    guard let set = KeptWorkload(key.id, watch.resource, context.store) else { return .nothing }
    var result = Reconciliation()
    if watch.isSettled(key, context) {
      result.writes = watch.adoptions(by: set, context.store)
      if result.writes.isEmpty {
        manage(set, &result, &context)
      } else {
        result.requeueAfter = .milliseconds(10)
      }
      watch.expect(result.writes, key, context)
    }
    if let write = set.statusUpdate(status(of: set, context)) { result.writes.append(write) }
    let minimum = set.number("minReadySeconds", default: 0)
    if minimum > 0, set.pods.contains(where: { $0.pod.isReady }) {
      result.requeueAfter = result.requeueAfter ?? .seconds(Int64(minimum))
    }
    return result
  }

  private func manage(
    _ set: KeptWorkload, _ result: inout Reconciliation, _ context: inout ReconcileContext
  ) {
    let active = set.pods.count { $0.pod.isActive }
    let missing = set.number("replicas", default: 1) - active
    if missing > 0 {
      let count = min(missing, ReplicaSetController.burstReplicas)
      result.writes = (0..<count).map { _ in create(set, &context) }
      result.slowStart = count
    } else if missing < 0 {
      let order = DeletionOrder(
        store: context.store, timestamp: context.timestamp, now: context.now)
      let victims = order.first(
        min(-missing, ReplicaSetController.burstReplicas), of: set.pods.map(\.id),
        relatedTo: [set.metadata.uid])
      result.writes = victims.map { delete($0, of: set, context) }
    }
  }

  private func create(_ set: KeptWorkload, _ context: inout ReconcileContext) -> Write {
    var pod = set.pod(set.template.spec, labels: Labels())
    pod.metadata.generateName = set.metadata.name + "-"
    pod.metadata.name = context.names.name(from: pod.metadata.generateName)
    return Write(
      .create(.pod(pod)),
      event: set.event(
        "SuccessfulCreate", "Created pod: \(pod.metadata.name)", from: Self.component))
  }

  private func delete(_ id: ObjectID, of set: KeptWorkload, _ context: ReconcileContext) -> Write {
    let name = context.store.pods[id]?.metadata.name ?? ""
    return Write(
      .deletePod(id),
      event: set.event("SuccessfulDelete", "Deleted pod: \(name)", from: Self.component))
  }

  private func status(of set: KeptWorkload, _ context: ReconcileContext) -> Fields {
    let active = set.pods.map(\.pod).filter(\.isActive)
    func number(_ count: Int) -> Value? { count == 0 ? nil : .integer(Int64(count)) }
    var status = set.status
    status["replicas"] = .integer(Int64(active.count))
    let labels = set.template.labels
    status["fullyLabeledReplicas"] = number(
      active.count { pod in labels.pairs.allSatisfy { pod.metadata.labels[$0.key] == $0.value } })
    status["readyReplicas"] = number(active.count(where: \.isReady))
    status["availableReplicas"] = number(
      active.count { set.isAvailable($0, at: context.timestamp) })
    status["observedGeneration"] = .integer(set.metadata.generation)
    return status
  }
}
