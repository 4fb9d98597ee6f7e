import ClusterModel
import SimulationCore

/// Removes the pods of nodes that are no longer there (pkg/controller/podgc).
struct PodGarbageCollector: Controller {
  let name = "pod-garbage-collector"
  let watches = ResourceKinds.of(.node, .pod)
  let podAspects: Change.Aspects = []
  /// How often it looks.
  static let period = Duration.seconds(20)
  /// How long a node must have been missing.
  static let quarantine = Duration.seconds(40)

  private struct Missing: Sendable {
    var name: String
    var seen: Instant
  }

  /// Nodes that were deleted.
  private var missing: [ObjectID: Missing] = [:]
  /// Pods that were bound to a node that was not there.
  private var strays: [ObjectID: Missing] = [:]

  init() {}

  mutating func observe(_ change: Change, in store: ObjectStore, _ keys: inout [WorkKey]) {
    switch (change.kind, change.operation) {
    case (.node, .deleted):
      guard let node = change.tombstone else { return }
      missing[change.id] = Missing(name: node.name, seen: Self.look(after: change.time))
      keys.append(WorkKey(.node, change.id))
    case (.pod, .created):
      // Written by hand for a node that there has never been.
      guard let pod = store.pods[change.id], pod.isBound,
        store.nodes.id(namespace: "", name: pod.nodeName) == nil
      else { return }
      strays[change.id] = Missing(name: pod.nodeName, seen: Self.look(after: change.time))
      keys.append(WorkKey(.pod, change.id))
    default: break
    }
  }

  private static func look(after time: Instant) -> Instant {
    let past = time.nanoseconds % period.nanoseconds
    return Instant(nanoseconds: time.nanoseconds + period.nanoseconds - past)
  }

  mutating func reconcile(_ key: WorkKey, _ context: inout ReconcileContext) -> Reconciliation {
    let isStray = key.kind == .pod
    guard let node = isStray ? strays[key.id] : missing[key.id] else { return .nothing }
    var result = Reconciliation()
    let due = node.seen + Self.quarantine
    if context.now < due {
      result.requeueAfter = due - context.now
      return result
    }
    if isStray { strays[key.id] = nil } else { missing[key.id] = nil }
    // A node of that name may have joined again.
    guard context.store.nodes["", node.name] == nil else { return result }
    let pods = isStray ? [key.id] : context.store.pods(onNode: node.name)
    result.writes = pods.flatMap { Self.writes(for: $0, context) }
    return result
  }

  private static func writes(for id: ObjectID, _ context: ReconcileContext) -> [Write] {
    guard let pod = context.store.pods[id] else { return [] }
    if pod.isTerminal { return [Write(.removePod(id))] }
    var condition = Condition(
      type: "DisruptionTarget", status: .true, reason: "DeletionByPodGC",
      message: "PodGC: node no longer exists", lastTransitionTime: context.timestamp)
    condition.observedGeneration = pod.observableGeneration
    return [Write(.podCondition(id, condition)), Write(.removePod(id))]
  }
}
