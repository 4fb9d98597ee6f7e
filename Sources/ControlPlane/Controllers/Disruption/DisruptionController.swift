import ClusterModel
import SimulationCore

/// Counts how many pods each budget lets go at the moment (pkg/controller/disruption).
struct DisruptionController: Controller {
  static let resource = APIResource.of(apiVersion: "policy/v1", kind: "PodDisruptionBudget")

  let name = "disruption-controller"
  let watches = ResourceKinds.of(.kept, .pod, .deployment, .replicaSet)

  /// Whether there has ever been a budget.
  private var hasSeenAny = false

  init() {}

  mutating func observe(_ change: Change, in store: ObjectStore, _ keys: inout [WorkKey]) {
    // Nearly every change of the cluster comes here: a question by name each time is dear.
    if change.kind == .kept, change.resource == Self.resource.qualifiedPlural { hasSeenAny = true }
    guard hasSeenAny, let budgets = store.kept[Self.resource.qualifiedPlural] else { return }
    switch change.kind {
    case .kept where change.resource == Self.resource.qualifiedPlural:
      if change.operation != .deleted { keys.append(WorkKey(.kept, change.id)) }
    case .pod:
      guard let metadata = change.tombstone ?? store.pods[change.id]?.metadata else { return }
      for id in budgets.ids {
        guard let budget = budgets[id], budget.metadata.namespace == metadata.namespace,
          Budget.selector(of: budget)?.matches(metadata.labels) == true
        else { continue }
        keys.append(WorkKey(.kept, id))
      }
    case .deployment, .replicaSet, .kept:
      // Another size of the workload: another number of pods to expect.
      guard let namespace = Self.namespace(of: change, in: store) else { return }
      for id in budgets.ids where budgets[id]?.metadata.namespace == namespace {
        keys.append(WorkKey(.kept, id))
      }
    case .namespace, .node, .service, .endpointSlice, .event: break
    }
  }

  private static func namespace(of change: Change, in store: ObjectStore) -> String? {
    if let tombstone = change.tombstone { return tombstone.namespace }
    switch change.kind {
    case .deployment: return store.deployments[change.id]?.metadata.namespace
    case .replicaSet: return store.replicaSets[change.id]?.metadata.namespace
    case .kept:
      guard change.resource == "statefulsets.apps" else { return nil }
      return store.kept[change.resource]?[change.id]?.metadata.namespace
    case .namespace, .node, .pod, .service, .endpointSlice, .event: return nil
    }
  }

  mutating func reconcile(_ key: WorkKey, _ context: inout ReconcileContext) -> Reconciliation {
    guard let object = context.store.kept[Self.resource.qualifiedPlural]?[key.id],
      !object.metadata.isTerminating
    else { return .nothing }
    var budget = Budget(object, context.store, context.timestamp)
    var result = Reconciliation()
    result.writes = budget.events.map { Write(.say, event: $0) }
    let status = budget.status()
    if status != object.body["status"]?.fields ?? Fields() {
      result.writes.append(Write(.keptStatus(object.resource, key.id, status)))
    }
    result.requeueAfter = budget.nextExpiry.map { .seconds($0) }
    return result
  }
}

/// One look at a budget and the pods that it is about.
struct Budget {
  /// An evicted pod that is not gone by then counts as being there again.
  private static let deletionTimeout: Int64 = 120

  private let object: KeptObject
  private let pods: [Pod]
  private let now: Timestamp
  private let expected: Int
  private let desired: Int
  private var disrupted = Fields()
  private let failure: String?
  private(set) var events: [EventRecord] = []
  /// In how many seconds an evicted pod will be given up.
  private(set) var nextExpiry: Int64?

  /// Nil when it selects nothing.
  static func selector(of object: KeptObject) -> LabelSelector? {
    guard let written = object.body["spec"]?["selector"], written != .null else { return nil }
    return LabelSelector(written: written)
  }

  init(_ object: KeptObject, _ store: ObjectStore, _ now: Timestamp) {
    self.object = object
    self.now = now
    let namespace = object.metadata.namespace
    pods =
      Self.selector(of: object).map { store.pods(matching: $0, in: namespace).map(\.pod) } ?? []
    let demand = BudgetDemand(object.body["spec"] ?? .null, pods, store)
    (expected, desired, failure) = (demand.expected, demand.desired, demand.failure)
    let reference = ObjectReference("PodDisruptionBudget", object.metadata)
    func event(_ reason: String, _ message: String, _ type: Event.EventType) -> EventRecord {
      EventRecord(reference, reason, message, from: "controllermanager", type: type)
    }
    if pods.isEmpty { events.append(event("NoPods", "No matching pods found", .normal)) }
    if let failure {
      events.append(
        event(
          "CalculateExpectedPodCountFailed",
          "Failed to calculate the number of expected pods: \(failure)", .warning))
    }
    for field in object.body["status"]?["disruptedPods"]?.fields?.all ?? [] {
      guard let pod = pods.first(where: { $0.metadata.name == field.name }),
        !pod.metadata.isTerminating, let since = field.value.string.flatMap({ Timestamp($0) })
      else { continue }
      let left = since.seconds + Self.deletionTimeout - now.seconds
      if left > 0 {
        disrupted[field.name] = field.value
        nextExpiry = min(nextExpiry ?? left, left)
      } else {
        events.append(
          EventRecord(
            ObjectReference("Pod", pod.metadata), "NotDeleted",
            "Pod was expected by PDB \(object.metadata.namespace)/\(object.metadata.name) to be "
              + "deleted but it wasn't", from: "controllermanager", type: .warning))
      }
    }
  }

  private var healthy: Int {
    pods.count { pod in
      pod.isReady && !pod.metadata.isTerminating && disrupted[pod.metadata.name] == nil
    }
  }

  mutating func status() -> Fields {
    var status = object.body["status"]?.fields ?? Fields()
    let allowed = failure != nil || expected <= 0 ? 0 : max(0, healthy - desired)
    if failure == nil {
      status["currentHealthy"] = .integer(Int64(healthy))
      status["desiredHealthy"] = .integer(Int64(desired))
      status["expectedPods"] = .integer(Int64(expected))
    }
    status["disruptionsAllowed"] = .integer(Int64(allowed))
    status["disruptedPods"] = disrupted.isEmpty ? nil : .object(disrupted)
    status["observedGeneration"] = .integer(object.metadata.generation)
    Self.note(failure, in: &status, now)
    return status
  }

  /// Brings the DisruptionAllowed condition in line with the number.
  static func note(_ failure: String? = nil, in status: inout Fields, _ now: Timestamp) {
    let isAllowed = (status["disruptionsAllowed"]?.integer ?? 0) > 0
    let text = isAllowed ? "True" : "False"
    let reason =
      failure != nil ? "SyncFailed" : isAllowed ? "SufficientPods" : "InsufficientPods"
    let old = status["conditions"]?.array?.first
    let isSame = old?["status"]?.string == text
    status["conditions"] = [
      [
        "lastTransitionTime": (isSame ? old?["lastTransitionTime"] : nil) ?? .string("\(now)"),
        "message": .string(failure ?? ""),
        "observedGeneration": status["observedGeneration"] ?? 0,
        "reason": .string(reason), "status": .string(text), "type": "DisruptionAllowed",
      ]
    ]
  }
}

/// How many pods there should be, and how many of them have to be healthy
/// (disruption.go getExpectedPodCount).
struct BudgetDemand {
  private(set) var expected = 0
  private(set) var desired = 0
  private(set) var failure: String?

  init(_ spec: Value, _ pods: [Pod], _ store: ObjectStore) {
    if let most = spec["maxUnavailable"], most != .null {
      expected = scale(of: pods, store)
      desired = max(0, expected - Self.scaled(most, of: expected))
    } else if let least = spec["minAvailable"], least != .null {
      if let number = least.integer {
        desired = Int(clamping: number)
        expected = pods.count
      } else {
        expected = scale(of: pods, store)
        desired = Self.scaled(least, of: expected)
      }
    }
  }

  /// Percentages are rounded up.
  private static func scaled(_ value: Value, of total: Int) -> Int {
    if let number = value.integer { return Int(clamping: number) }
    let percent = min(value.string.flatMap { Percentage.number($0) } ?? 0, 10_000)
    return (total * percent + 99) / 100
  }

  /// The sizes of the workloads that the pods belong to, each counted once.
  private mutating func scale(of pods: [Pod], _ store: ObjectStore) -> Int {
    var seen: [UID] = []
    var sum = 0
    for pod in pods {
      // Pods without a controller do not count.
      guard var owner = pod.metadata.controllerReference else { continue }
      if owner.kind == "ReplicaSet",
        let above = store.replicaSets[pod.metadata.namespace, owner.name]?.metadata
          .controllerReference
      {
        owner = above
      }
      if seen.contains(owner.uid) { continue }
      seen.append(owner.uid)
      let target = ScaleTarget(
        apiVersion: owner.apiVersion, kind: owner.kind, namespace: pod.metadata.namespace,
        name: owner.name, store)
      guard let target else {
        let resource = APIResource.of(apiVersion: owner.apiVersion, kind: owner.kind)
        failure = "\(resource.qualifiedPlural) does not implement the scale subresource"
        return 0
      }
      sum += target.replicas
    }
    return sum
  }
}
