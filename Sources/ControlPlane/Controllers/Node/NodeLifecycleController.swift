import ClusterModel
import SimulationCore

/// Notices nodes whose kubelet is silent, and taints them (pkg/controller/nodelifecycle).
struct NodeLifecycleController: Controller {
  static let component = "node-controller"
  /// How often it looks at the leases (--node-monitor-period).
  static let monitorPeriod = Duration.seconds(5)
  /// How long a lease may stay as it is (--node-monitor-grace-period since 1.32).
  static let gracePeriod = Duration.seconds(50)

  let name = Self.component
  let watches = ResourceKinds.of(.node)

  private var zones = ZoneQueues()

  init() {}

  mutating func observe(_ change: Change, in store: ObjectStore, _ keys: inout [WorkKey]) {
    guard change.kind == .node else { return }
    let wasDown = zones.isEverythingDown
    guard let node = store.nodes[change.id] else {
      zones.forget(change.id)
      return
    }
    zones.note(change.id, zone: node.zone ?? "", isReady: node.isReady)
    keys.append(WorkKey(.node, change.id))
    if zones.isEverythingDown != wasDown {
      keys += store.nodes.ids.map { WorkKey(.node, $0) }
    } else {
      // A zone that has more or fewer failures evicts at another pace.
      keys += zones.waiting(in: node.zone ?? "").map { WorkKey(.node, $0) }
    }
  }

  mutating func reconcile(_ key: WorkKey, _ context: inout ReconcileContext) -> Reconciliation {
    guard let node = context.store.nodes[key.id] else { return .nothing }
    var result = Reconciliation()
    let ready = node.conditions[type: "Ready"]?.status
    if context.store.leases.isStopped(key.id), node.hasStatus, ready != .unknown {
      let seen = Self.tick(atOrAfter: context.store.leases.lastRenewal(of: key.id, at: context.now))
      let due = seen + Self.gracePeriod
      if context.now < due {
        result.requeueAfter = due - context.now
      } else {
        result.writes = Self.declareSilent(key.id, node, context)
        return result
      }
    }
    let schedule = NodeTaints.noSchedule(node, at: context.timestamp)
    let execute = evictionTaints(key.id, node, ready, context, &result)
    let added = schedule.added + execute.added
    let removed = schedule.removed + execute.removed
    if !added.isEmpty || !removed.isEmpty {
      result.writes.append(Write(.nodeTaints(key.id, adding: added, removing: removed)))
    }
    return result
  }

  /// When the controller, which looks every five seconds, sees what was written at `time`.
  private static func tick(atOrAfter time: Instant) -> Instant {
    let period = monitorPeriod.nanoseconds
    let past = ((time.nanoseconds % period) + period) % period
    return past == 0 ? time : Instant(nanoseconds: time.nanoseconds + period - past)
  }

  /// The node's conditions become Unknown and its pods unready; nobody else will say so.
  private static func declareSilent(
    _ id: ObjectID, _ node: Node, _ context: ReconcileContext
  ) -> [Write] {
    let heard = context.store.leases.lastReport(of: id, at: context.now)
    let age = (context.now - heard).nanoseconds / 1_000_000_000
    let conditions = ["MemoryPressure", "DiskPressure", "PIDPressure", "Ready"].map { type in
      Condition(
        type: type, status: .unknown, reason: "NodeStatusUnknown",
        message: "Kubelet stopped posting node status.", lastTransitionTime: context.timestamp,
        lastSeenTime: Timestamp(seconds: context.timestamp.seconds - age))
    }
    var writes = [Write(.nodeConditions(id, conditions))]
    guard node.isReady else { return writes }
    let name = node.metadata.name
    writes[0].event = EventRecord(
      ObjectReference("Node", node.metadata), "NodeNotReady",
      "Node \(name) status is now: NodeNotReady", from: component)
    for pod in context.store.pods(onNode: name) {
      guard let held = context.store.pods[pod], held.isReady,
        var condition = held.status.conditions[type: "Ready"]
      else { continue }
      condition.status = .false
      condition.lastTransitionTime = context.timestamp
      writes.append(
        Write(
          .podCondition(pod, condition),
          event: EventRecord(
            ObjectReference("Pod", held.metadata), "NodeNotReady", "Node is not ready",
            from: component, type: .warning)))
    }
    return writes
  }

  /// The NoExecute taint that the node's readiness calls for, when its zone's turn has come.
  private mutating func evictionTaints(
    _ id: ObjectID, _ node: Node, _ ready: Condition.Status?, _ context: ReconcileContext,
    _ result: inout Reconciliation
  ) -> NodeTaints.Change {
    let held = node.taints.filter {
      $0.effect == .noExecute && NodeTaints.readinessKeys.contains($0.key)
    }
    guard let ready, let wanted = NodeTaints.readinessKey(ready), !zones.isEverythingDown else {
      zones.withdraw(id)
      return NodeTaints.Change(removed: held)
    }
    if held.contains(where: { $0.key == wanted }) {
      zones.withdraw(id)
      return NodeTaints.Change(removed: held.filter { $0.key != wanted })
    }
    // A node that is tainted already only changes its taint.
    if held.isEmpty {
      switch zones.ask(id, at: context.now) {
      case .now: break
      case .later(let delay):
        result.requeueAfter = result.requeueAfter.map { min($0, delay) } ?? delay
        return NodeTaints.Change()
      case .never: return NodeTaints.Change()
      }
    }
    let taint = Taint(key: wanted, effect: .noExecute, timeAdded: context.timestamp)
    return NodeTaints.Change(added: [taint], removed: held)
  }
}

/// Which taints a node's state calls for.
enum NodeTaints {
  struct Change {
    var added: [Taint] = []
    var removed: [Taint] = []
  }

  static let readinessKeys = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"]

  static func readinessKey(_ ready: Condition.Status) -> String? {
    switch ready {
    case .true: nil
    case .false: readinessKeys[0]
    case .unknown: readinessKeys[1]
    }
  }

  private static let pressures = [
    ("MemoryPressure", "node.kubernetes.io/memory-pressure"),
    ("DiskPressure", "node.kubernetes.io/disk-pressure"),
    ("NetworkUnavailable", "node.kubernetes.io/network-unavailable"),
    ("PIDPressure", "node.kubernetes.io/pid-pressure"),
  ]

  /// The NoSchedule taints that follow from conditions and from being cordoned, as far as the
  /// node's own differ (nodelifecycle doNoScheduleTaintingPass).
  static func noSchedule(_ node: Node, at time: Timestamp) -> Change {
    var wanted: [String] = []
    if let ready = node.conditions[type: "Ready"], let key = readinessKey(ready.status) {
      wanted.append(key)
    }
    for (type, key) in pressures where node.conditions.isTrue(type) { wanted.append(key) }
    let cordon = "node.kubernetes.io/unschedulable"
    if node.isUnschedulable { wanted.append(cordon) }
    let own = readinessKeys + pressures.map(\.1) + [cordon]
    let held = node.taints.filter { $0.effect == .noSchedule && own.contains($0.key) }
    let missing = wanted.filter { key in !held.contains { $0.key == key } }
    return Change(
      added: missing.map { Taint(key: $0, effect: .noSchedule, timeAdded: time) },
      removed: held.filter { !wanted.contains($0.key) })
  }
}
