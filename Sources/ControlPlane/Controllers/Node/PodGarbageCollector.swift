import ClusterModel
import SimulationCore

/// Removes the pods of nodes that are no longer there (pkg/controller/podgc).
struct PodGarbageCollector: Controller {
  let name = "pod-garbage-collector"
  let watches = ResourceKinds.of(.node)
  /// How often it looks.
  static let period = Duration.seconds(20)
  /// How long a node must have been missing.
  static let quarantine = Duration.seconds(40)

  private struct Missing: Sendable {
    var name: String
    var seen: Instant
  }

  private var missing: [ObjectID: Missing] = [:]

  init() {}

  mutating func observe(_ change: Change, in store: ObjectStore, _ keys: inout [WorkKey]) {
    guard change.kind == .node, change.operation == .deleted, let node = change.tombstone else {
      return
    }
    let period = Self.period.nanoseconds
    let past = change.time.nanoseconds % period
    missing[change.id] = Missing(
      name: node.name, seen: Instant(nanoseconds: change.time.nanoseconds + period - past))
    keys.append(WorkKey(.node, change.id))
  }

  mutating func reconcile(_ key: WorkKey, _ context: inout ReconcileContext) -> Reconciliation {
    guard let node = missing[key.id] else { return .nothing }
    var result = Reconciliation()
    let due = node.seen + Self.quarantine
    if context.now < due {
      result.requeueAfter = due - context.now
      return result
    }
    missing[key.id] = nil
    // A node of that name may have joined again.
    guard context.store.nodes["", node.name] == nil else { return result }
    var condition = Condition(
      type: "DisruptionTarget", status: .true, reason: "DeletionByPodGC",
      message: "PodGC: node no longer exists", lastTransitionTime: context.timestamp)
    for id in context.store.pods(onNode: node.name) {
      if let pod = context.store.pods[id], !pod.isTerminal {
        condition.observedGeneration = pod.observableGeneration
        result.writes.append(Write(.podCondition(id, condition)))
      }
      result.writes.append(Write(.removePod(id)))
    }
    return result
  }
}
