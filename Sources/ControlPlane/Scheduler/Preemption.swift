import ClusterModel
import SimulationCore

/// Making room for a pod by taking others of lower priority away
/// (pkg/scheduler/framework/preemption, plugins/defaultpreemption).
extension ControlPlane {
  private struct Candidate {
    var row: Int32
    var victims: [ObjectID]
    var violations: Int
    var priorities: [Int]
    /// When the most important victim started.
    var start: Int64
  }

  /// Finds a node where the going of others makes room, and has them go.
  ///
  /// - Returns: why there is none; nil when one was found.
  mutating func preempt(
    for id: ObjectID, _ pod: Pod, _ refusals: [(row: Int32, refusal: NodeRefusal?)]
  ) -> String? {
    if pod.spec.value.other["preemptionPolicy"]?.string == "Never" {
      return "not eligible due to preemptionPolicy=Never."
    }
    if let row = scheduler.cache.row(named: pod.status.nominatedNodeName),
      api.store.pods(onNode: pod.status.nominatedNodeName).contains(where: {
        isVictim($0, of: pod) && api.store.pods[$0]?.metadata.isTerminating == true
      }), refusals.contains(where: { $0.row == row && $0.refusal?.isResolvable == true })
    {
      return "not eligible due to a terminating pod on the nominated node."
    }
    var reasons: [(text: String, count: Int)] = []
    var candidates: [Candidate] = []
    for (row, refusal) in refusals {
      guard refusal?.isResolvable == true else {
        SchedulingFailure.count("Preemption is not helpful for scheduling", &reasons)
        continue
      }
      switch tryNode(row, pod) {
      case .success(let candidate): candidates.append(candidate)
      case .failure(let why): for text in why.reasons { SchedulingFailure.count(text, &reasons) }
      }
    }
    guard let best = Self.best(candidates) else {
      return SchedulingFailure.text(refusals.count, reasons)
    }
    takeAway(best, for: id, pod)
    return nil
  }

  private func isVictim(_ id: ObjectID, of pod: Pod) -> Bool {
    guard let other = api.store.pods[id], !other.isTerminal else { return false }
    return (other.spec.value.priority ?? 0) < (pod.spec.value.priority ?? 0)
  }

  private struct NoRoom: Error {
    var reasons: [String]
  }

  /// Takes every pod of lower priority away, then gives back as many as still leave room.
  private mutating func tryNode(_ row: Int32, _ pod: Pod) -> Result<Candidate, NoRoom> {
    let name = scheduler.cache.rows[Int(row)].name
    var lower = api.store.pods(onNode: name).filter { isVictim($0, of: pod) }
    if lower.isEmpty {
      return .failure(NoRoom(reasons: ["No preemption victims found for incoming pod"]))
    }
    lower.sort(by: isMoreImportant)
    for victim in lower { scheduler.cache.remove(victim) }
    defer {
      for victim in lower {
        if let held = api.store.pods[victim] { scheduler.cache.add(victim, held, on: row) }
      }
    }
    if let refusal = scheduler.cache.refusal(of: row, pod, api.store) {
      return .failure(NoRoom(reasons: refusal.reasons))
    }
    var victims: [ObjectID] = []
    var budgets = DisruptionBudgets(api.store)
    // Those whose budget would be hurt are given back first.
    let isHurt = lower.map { id in
      api.store.pods[id].map { budgets.isViolated(by: $0) } ?? false
    }
    let order = lower.indices.filter { isHurt[$0] } + lower.indices.filter { !isHurt[$0] }
    var violations = 0
    for index in order {
      guard let held = api.store.pods[lower[index]] else { continue }
      scheduler.cache.add(lower[index], held, on: row)
      if scheduler.cache.refusal(of: row, pod, api.store) != nil {
        scheduler.cache.remove(lower[index])
        victims.append(lower[index])
        if isHurt[index] { violations += 1 }
      }
    }
    victims.sort(by: isMoreImportant)
    return .success(
      Candidate(
        row: row, victims: victims, violations: violations,
        priorities: victims.map { api.store.pods[$0]?.spec.value.priority ?? 0 },
        start: victims.first.flatMap { api.store.pods[$0]?.status.startTime?.seconds } ?? 0))
  }

  /// Higher priority first, then the older one.
  private func isMoreImportant(_ left: ObjectID, _ right: ObjectID) -> Bool {
    guard let one = api.store.pods[left], let other = api.store.pods[right] else {
      return left < right
    }
    let (first, second) = (one.spec.value.priority ?? 0, other.spec.value.priority ?? 0)
    if first != second { return first > second }
    let (start, end) = (
      one.status.startTime?.seconds ?? .max, other.status.startTime?.seconds ?? .max
    )
    return start != end ? start < end : left < right
  }

  /// Fewest budgets hurt, lowest highest priority, lowest sum, fewest victims, latest start
  /// (pickOneNodeForPreemption).
  private static func best(_ candidates: [Candidate]) -> Candidate? {
    candidates.min { left, right in
      let one = [
        left.violations, left.priorities.first ?? .min,
        left.priorities.reduce(0) { $0 + $1 + 2_147_483_648 }, left.victims.count, -Int(left.start),
      ]
      let other = [
        right.violations, right.priorities.first ?? .min,
        right.priorities.reduce(0) { $0 + $1 + 2_147_483_648 }, right.victims.count,
        -Int(right.start),
      ]
      return one.lexicographicallyPrecedes(other)
    }
  }

  private mutating func takeAway(_ best: Candidate, for id: ObjectID, _ pod: Pod) {
    let node = scheduler.cache.rows[Int(best.row)].name
    let time = api.timestamp(at: now)
    for victim in best.victims {
      guard let held = api.store.pods[victim] else { continue }
      api.store.updatePod(victim, .status, at: now) { pod in
        pod.status.conditions.set(
          Condition(
            type: "DisruptionTarget", status: .true, reason: "PreemptionByScheduler",
            message: "default-scheduler: preempting to accommodate a higher priority pod",
            lastTransitionTime: time, observedGeneration: pod.observableGeneration))
      }
      try? api.delete(
        .pods, namespace: held.metadata.namespace, name: held.metadata.name, at: now)
      api.record(
        EventRecord(
          ObjectReference("Pod", held.metadata), "Preempted",
          "Preempted by pod \(pod.metadata.uid) on node \(node)", from: "default-scheduler"),
        at: now)
    }
    api.store.updatePod(id, .status, at: now) { $0.status.nominatedNodeName = node }
    scheduler.nominated.removeAll { $0.pod == id }
    scheduler.nominated.append(
      Scheduler.Nomination(
        pod: id, row: best.row, priority: pod.spec.value.priority ?? 0,
        demand: PodDemand(pod.spec.value)))
  }
}

/// How many more pods each PodDisruptionBudget lets go.
private struct DisruptionBudgets {
  private var budgets: [(namespace: String, selector: LabelSelector, left: Int)] = []

  init(_ store: ObjectStore) {
    for budget in store.kept["poddisruptionbudgets.policy"]?.list() ?? [] {
      guard let selector = budget.body["spec"]?["selector"] else { continue }
      budgets.append(
        (
          budget.metadata.namespace, LabelSelector(value: selector),
          Int(budget.body["status"]?["disruptionsAllowed"]?.integer ?? 0)
        ))
    }
  }

  mutating func isViolated(by pod: Pod) -> Bool {
    var isViolated = false
    for index in budgets.indices
    where budgets[index].namespace == pod.metadata.namespace
      && budgets[index].selector.matches(pod.metadata.labels)
    {
      budgets[index].left -= 1
      if budgets[index].left < 0 { isViolated = true }
    }
    return isViolated
  }
}
