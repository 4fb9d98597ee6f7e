import ClusterModel
import SimulationCore

/// Sizes workloads by what their pods use (pkg/controller/podautoscaler/horizontal.go).
struct HorizontalPodAutoscalerController: Controller {
  static let resource = APIResource.of(
    apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler")
  static let component = "horizontal-pod-autoscaler"
  /// --horizontal-pod-autoscaler-sync-period.
  static let period = Duration.seconds(15)

  let name = Self.component
  let watches = ResourceKinds.of(.kept)
  private var histories: [ObjectID: ScalingHistory] = [:]

  init() {}

  mutating func observe(_ change: Change, in store: ObjectStore, _ keys: inout [WorkKey]) {
    guard change.kind == .kept, change.resource == Self.resource.qualifiedPlural else { return }
    if change.operation == .deleted {
      histories[change.id] = nil
    } else {
      keys.append(WorkKey(.kept, change.id))
    }
  }

  mutating func reconcile(_ key: WorkKey, _ context: inout ReconcileContext) -> Reconciliation {
    guard let object = context.store.kept[Self.resource.qualifiedPlural]?[key.id],
      !object.metadata.isTerminating
    else { return .nothing }
    var result = Reconciliation()
    // Its queue hands every key out a period after it was put in.
    var history = histories[key.id] ?? ScalingHistory(nextSync: context.now + Self.period)
    if context.now >= history.nextSync {
      var sync = AutoscalerSync(key.id, object, history, context)
      sync.run()
      result.writes = sync.writes
      history = sync.history
      history.nextSync = context.now + Self.period
    }
    histories[key.id] = history
    result.requeueAfter = history.nextSync - context.now
    return result
  }
}

/// One look of one autoscaler at its target.
struct AutoscalerSync {
  private let id: ObjectID
  private let object: KeptObject
  private let context: ReconcileContext
  var history: ScalingHistory
  private(set) var writes: [Write] = []
  private var conditions: [Value]
  private var metrics: [Value] = []

  init(
    _ id: ObjectID, _ object: KeptObject, _ history: ScalingHistory, _ context: ReconcileContext
  ) {
    self.id = id
    self.object = object
    self.history = history
    self.context = context
    conditions = object.body["status"]?["conditions"]?.array ?? []
  }

  private var spec: Value { object.body["spec"] ?? .null }

  mutating func run() {
    let reference = spec["scaleTargetRef"]
    let kind = reference?["kind"]?.string ?? ""
    let name = reference?["name"]?.string ?? ""
    guard
      let target = ScaleTarget(
        apiVersion: reference?["apiVersion"]?.string ?? "", kind: kind,
        namespace: object.metadata.namespace, name: name, context.store)
    else {
      let resource = APIResource.of(
        apiVersion: reference?["apiVersion"]?.string ?? "", kind: kind)
      let problem = "\(resource.qualifiedPlural) \"\(name)\" not found"
      say("FailedGetScale", problem, .warning)
      set(
        "AbleToScale", false, "FailedGetScale",
        "the HPA controller was unable to get the target's current scale: \(problem)")
      return writeStatus(current: nil, desired: nil, isRescaled: false)
    }
    set(
      "AbleToScale", true, "SucceededGetScale",
      "the HPA controller was able to get the target's current scale")
    scale(target)
  }

  private mutating func scale(_ target: ScaleTarget) {
    let minimum = Int(clamping: spec["minReplicas"]?.integer ?? 1)
    let maximum = Int(clamping: spec["maxReplicas"]?.integer ?? 1)
    let current = target.replicas
    if history.recommendations.isEmpty {
      history.note(current, at: context.now, longest: .seconds(3600))
    }
    var desired = current
    var reason = ""
    if current == 0, minimum != 0 {
      set(
        "ScalingActive", false, "ScalingDisabled",
        "scaling is disabled since the replica count of the target is zero")
    } else if current > maximum {
      reason = "Current number of replicas above Spec.MaxReplicas"
      desired = maximum
    } else if current < minimum {
      reason = "Current number of replicas below Spec.MinReplicas"
      desired = minimum
    } else {
      guard let wanted = wantedByMetrics(target) else {
        return writeStatus(
          current: current,
          desired: object.body["status"]?["desiredReplicas"].flatMap(\.integer)
            .map { Int(clamping: $0) } ?? 0, isRescaled: false)
      }
      if wanted.replicas > current { reason = "\(wanted.metric) above target" }
      if wanted.replicas < current { reason = "All metrics below target" }
      desired = limited(wanted.replicas, from: current, minimum, maximum)
    }
    let isRescaled = desired != current
    if isRescaled {
      writes.append(
        Write(
          .scale(target.resource, target.id, desired),
          event: event("SuccessfulRescale", "New size: \(desired); reason: \(reason)")))
      set(
        "AbleToScale", true, "SucceededRescale",
        "the HPA controller was able to update the target scale to \(desired)")
      history.noteRescaling(desired - current, at: context.now)
    }
    writeStatus(current: current, desired: desired, isRescaled: isRescaled)
  }

  private mutating func limited(
    _ desired: Int, from current: Int, _ minimum: Int, _ maximum: Int
  ) -> Int {
    let behavior = spec["behavior"]
    let limits = ScalingLimits(
      minimum: minimum, maximum: maximum,
      rules: behavior.map {
        (ScalingRules.up.merged($0["scaleUp"]), ScalingRules.down.merged($0["scaleDown"]))
      }, now: context.now)
    let outcome = limits.apply(desired, from: current, &history)
    if let stabilization = outcome.stabilization {
      set("AbleToScale", true, stabilization.reason, stabilization.message)
    } else {
      set("AbleToScale", true, "ReadyForNewScale", "recommended size matches current size")
    }
    set("ScalingLimited", outcome.isLimited, outcome.reason, outcome.message)
    return outcome.replicas
  }

  // MARK: Metrics

  private mutating func wantedByMetrics(_ target: ScaleTarget) -> (replicas: Int, metric: String)? {
    let sources = spec["metrics"]?.array ?? []
    let pods = target.pods(in: context.store).map {
      ReplicaCalculator.Candidate(pod: $0.pod, usage: context.usage[$0.id])
    }
    var wanted: (replicas: Int, metric: String)?
    var failures: [(reason: String, message: String, problem: String)] = []
    for source in sources {
      do throws(MetricFailure) {
        let found = try AutoscalerMetric(source, self.tolerance, context.timestamp)
          .evaluate(target.replicas, pods)
        metrics.append(found.status)
        if wanted.map({ found.replicas > $0.replicas }) ?? true {
          wanted = (found.replicas, found.name)
        }
      } catch {
        metrics.append(["type": ""])
        say(error.reason, error.message, .warning)
        failures.append((error.reason, error.message, error.problem))
      }
    }
    let isUnusable =
      failures.count >= sources.count
      || (!failures.isEmpty && (wanted?.replicas ?? 0) < target.replicas)
    if isUnusable, let first = failures.first {
      set(
        "ScalingActive", false, first.reason,
        "the HPA was unable to compute the replica count: \(first.message)")
      say(
        "FailedComputeMetricsReplicas",
        "invalid metrics (\(failures.count) invalid out of \(sources.count)), first error is: "
          + first.problem, .warning)
      return nil
    }
    set(
      "ScalingActive", true, "ValidMetricFound",
      "the HPA was able to successfully calculate a replica count from \(wanted?.metric ?? "")")
    return wanted
  }

  private var tolerance: ReplicaCalculator.Tolerance {
    func milli(_ direction: String) -> Int64 {
      let written = spec["behavior"]?[direction]?["tolerance"]
      let text = written?.string ?? written?.integer.map { "\($0)" }
      return text.flatMap { Quantity($0)?.milli } ?? 100
    }
    return ReplicaCalculator.Tolerance(up: milli("scaleUp"), down: milli("scaleDown"))
  }

  // MARK: What it says

  private func event(
    _ reason: String, _ message: String, _ type: Event.EventType = .normal
  ) -> EventRecord {
    EventRecord(
      ObjectReference("HorizontalPodAutoscaler", object.metadata), reason, message,
      from: HorizontalPodAutoscalerController.component, type: type)
  }

  private mutating func say(_ reason: String, _ message: String, _ type: Event.EventType) {
    writes.append(Write(.say, event: event(reason, message, type)))
  }

  /// The time of a condition is that of its last change of status.
  private mutating func set(_ type: String, _ isTrue: Bool, _ reason: String, _ message: String) {
    let status = isTrue ? "True" : "False"
    var since: Value = .string("\(context.timestamp)")
    let index = conditions.firstIndex { $0["type"]?.string == type }
    if let index, conditions[index]["status"]?.string == status,
      let time = conditions[index]["lastTransitionTime"]
    {
      since = time
    }
    let condition: Value = [
      "lastTransitionTime": since, "message": .string(message), "reason": .string(reason),
      "status": .string(status), "type": .string(type),
    ]
    if let index { conditions[index] = condition } else { conditions.append(condition) }
  }

  private mutating func writeStatus(current: Int?, desired: Int?, isRescaled: Bool) {
    let old = object.body["status"]?.fields ?? Fields()
    var status = old
    status["conditions"] = .array(conditions)
    if let current, let desired {
      status["currentReplicas"] = .integer(Int64(current))
      status["desiredReplicas"] = .integer(Int64(desired))
      status["currentMetrics"] = metrics.isEmpty ? .null : .array(metrics)
    }
    if isRescaled { status["lastScaleTime"] = .string("\(context.timestamp)") }
    if status != old { writes.append(Write(.keptStatus(object.resource, id, status))) }
  }
}
