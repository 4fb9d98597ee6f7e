import ClusterModel
import SimulationCore

/// Runs pods until enough of them have succeeded (pkg/controller/job).
struct JobController: Controller {
  let name = "job-controller"
  let watches = ResourceKinds.of(.kept, .pod)
  private var watch = KeptWatch("batch/v1", "Job")

  init() {}

  mutating func observe(_ change: Change, in store: ObjectStore, _ keys: inout [WorkKey]) {
    watch.observe(change, in: store, &keys)
  }

  mutating func reconcile(_ key: WorkKey, _ context: inout ReconcileContext) -> Reconciliation {
    guard let job = KeptWorkload(key.id, watch.resource, context.store) else { return .nothing }
    var round = JobRound(job, context)
    guard !round.isFinished else { return .nothing }
    var result = Reconciliation()
    if watch.isSettled(key, context) {
      result.writes = round.manage(&result.requeueAfter)
      watch.expect(result.writes, key, context)
    }
    let outcome = round.outcome
    if var write = job.statusUpdate(round.status(outcome)) {
      write.event = outcome?.event(job)
      result.writes.append(write)
    }
    context.names = round.names
    return result
  }
}

/// One look at a Job and its pods.
private struct JobRound {
  enum Outcome {
    case complete
    case failed

    func event(_ job: KeptWorkload) -> EventRecord {
      switch self {
      case .complete: job.event("Completed", "Job completed", from: "job-controller")
      case .failed:
        job.event(
          "BackoffLimitExceeded", "Job has reached the specified backoff limit",
          from: "job-controller", type: .warning)
      }
    }
  }

  private let job: KeptWorkload
  private let timestamp: Timestamp
  private let active: [(id: ObjectID, pod: Pod)]
  private let succeeded: Int
  private let failed: Int
  private let lastFailure: Timestamp?
  /// Failures since the last success.
  private let streak: Int
  private let hasRetries: Int
  var names: NameGenerator

  init(_ job: KeptWorkload, _ context: ReconcileContext) {
    self.job = job
    timestamp = context.timestamp
    names = context.names
    active = job.pods.filter { $0.pod.isActive }
    let ended = job.pods.map(\.pod)
    // What has been counted stays counted when its pod is deleted.
    func count(_ phase: PodStatus.Phase, _ name: String) -> Int {
      let now = ended.count { $0.status.phase == phase }
      return max(now, job.status[name]?.integer.map { Int(clamping: $0) } ?? 0)
    }
    succeeded = count(.succeeded, "succeeded")
    failed = count(.failed, "failed")
    func end(_ pod: Pod) -> Timestamp? {
      guard case .terminated(let end) = pod.status.containerStatuses.first?.state else {
        return nil
      }
      return end.finishedAt
    }
    let successes = ended.filter { $0.status.phase == .succeeded }.compactMap(end)
    let failures = ended.filter { $0.status.phase == .failed }.compactMap(end)
    lastFailure = failures.max()
    let since = successes.max() ?? Timestamp(seconds: .min)
    streak = failures.count { $0 > since }
    // Containers that are started anew in their pod count as well.
    hasRetries = active.map { entry in
      entry.pod.status.containerStatuses.map(\.restartCount).max() ?? 0
    }.reduce(0, +)
  }

  private var completions: Int? {
    job.spec["completions"]?.integer.map { max(0, Int(clamping: $0)) }
  }

  var isFinished: Bool {
    (job.status["conditions"]?.array ?? []).contains { condition in
      ["Complete", "Failed"].contains(condition["type"]?.string) && condition["status"] == "True"
    }
  }

  var outcome: Outcome? {
    let limit = job.number("backoffLimit", default: 6)
    if failed > limit || (hasRetries > 0 && failed + hasRetries > limit) { return .failed }
    if let completions { return succeeded >= completions ? .complete : nil }
    return succeeded > 0 && active.isEmpty ? .complete : nil
  }

  /// Makes pods that are missing and deletes those that are too many.
  mutating func manage(_ requeueAfter: inout Duration?) -> [Write] {
    let isSuspended = job.spec["suspend"]?.bool ?? false
    guard !isSuspended, outcome != .failed else { return active.map { delete($0) } }
    let parallelism = job.number("parallelism", default: 1)
    let left = completions.map { max(0, $0 - succeeded) } ?? (succeeded > 0 ? 0 : parallelism)
    let wanted = min(parallelism, left)
    if active.count > wanted { return active.suffix(active.count - wanted).map { delete($0) } }
    guard active.count < wanted else { return [] }
    // After a failure the next pod waits, 10 s doubled up to ten minutes.
    if streak > 0, let lastFailure {
      let wait = min(Int64(10) << Int64(min(streak - 1, 6)), 600)
      let passed = timestamp.seconds - lastFailure.seconds
      if passed < wait {
        requeueAfter = .seconds(wait - passed)
        return []
      }
    }
    return (0..<min(wanted - active.count, 500)).map { _ in create() }
  }

  private mutating func create() -> Write {
    var pod = job.pod(job.template.spec, labels: Labels())
    pod.metadata.generateName = job.metadata.name + "-"
    pod.metadata.name = names.name(from: pod.metadata.generateName)
    return Write(
      .create(.pod(pod)),
      event: job.event(
        "SuccessfulCreate", "Created pod: \(pod.metadata.name)", from: "job-controller"))
  }

  private func delete(_ entry: (id: ObjectID, pod: Pod)) -> Write {
    Write(
      .deletePod(entry.id),
      event: job.event(
        "SuccessfulDelete", "Deleted pod: \(entry.pod.metadata.name)", from: "job-controller"))
  }

  func status(_ outcome: Outcome?) -> Fields {
    func number(_ count: Int) -> Value? { count == 0 ? nil : .integer(Int64(count)) }
    var status = job.status
    status["active"] = outcome == nil ? number(active.count) : nil
    status["ready"] = .integer(outcome == nil ? Int64(active.count { $0.pod.isReady }) : 0)
    status["succeeded"] = number(succeeded)
    status["failed"] = number(failed)
    status["terminating"] = .integer(
      Int64(job.pods.count { $0.pod.metadata.isTerminating && !$0.pod.isTerminal }))
    status["uncountedTerminatedPods"] = .object(Fields())
    let isSuspended = job.spec["suspend"]?.bool ?? false
    if !isSuspended, status["startTime"] == nil {
      status["startTime"] = .string("\(timestamp)")
    }
    switch outcome {
    case nil: break
    case .complete:
      status["completionTime"] = .string("\(timestamp)")
      let message = "Reached expected number of succeeded pods"
      status["conditions"] = .array(
        ["SuccessCriteriaMet", "Complete"].map { condition($0, "CompletionsReached", message) })
    case .failed:
      let message = "Job has reached the specified backoff limit"
      status["conditions"] = .array(
        ["FailureTarget", "Failed"].map { condition($0, "BackoffLimitExceeded", message) })
    }
    return status
  }

  private func condition(_ type: String, _ reason: String, _ message: String) -> Value {
    [
      "lastProbeTime": .string("\(timestamp)"), "lastTransitionTime": .string("\(timestamp)"),
      "message": .string(message), "reason": .string(reason), "status": "True",
      "type": .string(type),
    ]
  }
}
