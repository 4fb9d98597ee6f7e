import ClusterModel
import SimulationCore

/// Deletes pods that do not tolerate their node's NoExecute taints, or no longer
/// (pkg/controller/tainteviction).
struct TaintEvictionController: Controller {
  let name = "taint-eviction-controller"
  let watches = ResourceKinds.of(.node, .pod)
  let podAspects: Change.Aspects = .spec
  let workers = 8

  private var tainted: Set<ObjectID> = []
  /// When pods that tolerate the taints for a while are due.
  private var deadlines: [ObjectID: Instant] = [:]

  init() {}

  mutating func observe(_ change: Change, in store: ObjectStore, _ keys: inout [WorkKey]) {
    switch change.kind {
    case .node:
      guard let node = store.nodes[change.id] else {
        tainted.remove(change.id)
        return
      }
      let isTainted = node.taints.contains { $0.effect == .noExecute }
      guard isTainted || tainted.contains(change.id) else { return }
      if isTainted { tainted.insert(change.id) } else { tainted.remove(change.id) }
      keys += store.pods(onNode: node.metadata.name).map { WorkKey(.pod, $0) }
    case .pod:
      guard let pod = store.pods[change.id] else {
        deadlines[change.id] = nil
        return
      }
      guard !tainted.isEmpty, change.aspects.contains(.spec),
        let node = store.nodes.id(namespace: "", name: pod.nodeName), tainted.contains(node)
      else { return }
      keys.append(WorkKey(.pod, change.id))
    default: break
    }
  }

  mutating func reconcile(_ key: WorkKey, _ context: inout ReconcileContext) -> Reconciliation {
    guard let pod = context.store.pods[key.id], !pod.metadata.isTerminating,
      let node = context.store.nodes["", pod.nodeName]
    else {
      deadlines[key.id] = nil
      return .nothing
    }
    let taints = node.taints.filter { $0.effect == .noExecute }
    switch Self.patience(of: pod, with: taints) {
    case .endless: return cancel(key.id, pod)
    case .none: return evict(key.id, pod, context)
    case .seconds(let seconds):
      let due = min(context.now + .seconds(seconds), deadlines[key.id] ?? .distantFuture)
      if due <= context.now { return evict(key.id, pod, context) }
      deadlines[key.id] = due
      var result = Reconciliation()
      result.requeueAfter = due - context.now
      return result
    }
  }

  enum Patience: Hashable {
    case none
    case seconds(Int64)
    case endless
  }

  /// How long a pod stays on a node with these taints: as long as the least patient of the
  /// tolerations that it makes use of.
  static func patience(of pod: Pod, with taints: [Taint]) -> Patience {
    var least: Int64?
    for taint in taints {
      guard let used = pod.spec.value.tolerations.first(where: { $0.tolerates(taint) }) else {
        return .none
      }
      guard let seconds = used.tolerationSeconds else { continue }
      least = min(least ?? .max, Int64(max(0, seconds)))
    }
    guard let least else { return .endless }
    return least == 0 ? .none : .seconds(min(least, 1_000_000_000))
  }

  private mutating func cancel(_ id: ObjectID, _ pod: Pod) -> Reconciliation {
    var result = Reconciliation()
    if deadlines.removeValue(forKey: id) != nil {
      result.writes = [Write(.say, event: event(pod, "Cancelling deletion of Pod"))]
    }
    return result
  }

  private mutating func evict(
    _ id: ObjectID, _ pod: Pod, _ context: ReconcileContext
  ) -> Reconciliation {
    deadlines[id] = nil
    let condition = Condition(
      type: "DisruptionTarget", status: .true, reason: "DeletionByTaintManager",
      message: "Taint manager: deleting due to NoExecute taint",
      lastTransitionTime: context.timestamp, observedGeneration: pod.observableGeneration)
    var result = Reconciliation()
    result.writes = [
      Write(.podCondition(id, condition), event: event(pod, "Marking for deletion Pod")),
      Write(.deletePod(id)),
    ]
    return result
  }

  private func event(_ pod: Pod, _ text: String) -> EventRecord {
    EventRecord(
      ObjectReference("Pod", pod.metadata), "TaintManagerEviction",
      "\(text) \(pod.metadata.namespace)/\(pod.metadata.name)", from: name)
  }
}
