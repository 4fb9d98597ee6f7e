import ClusterModel
import SimulationCore

/// One look at a Job and its pods.
struct JobRound {
  /// How a Job ends: the condition's reason and message.
  struct Outcome: Hashable {
    var isComplete: Bool
    var reason: String
    var message: String

    static let complete = Outcome(
      isComplete: true, reason: "CompletionsReached",
      message: "Reached expected number of succeeded pods")
    static let backOff = Outcome(
      isComplete: false, reason: "BackoffLimitExceeded",
      message: "Job has reached the specified backoff limit")
    static let deadline = Outcome(
      isComplete: false, reason: "DeadlineExceeded",
      message: "Job was active longer than specified deadline")
  }

  private let job: KeptWorkload
  private let record: JobRecord
  private let timestamp: Timestamp
  private let active: [(id: ObjectID, pod: Pod)]
  private var outcome: Outcome?
  private(set) var events: [EventRecord] = []
  private(set) var requeueAfter: Duration?
  var names: NameGenerator

  init(_ job: KeptWorkload, _ record: JobRecord, _ context: ReconcileContext) {
    self.job = job
    self.record = record
    timestamp = context.timestamp
    names = context.names
    active = job.pods.filter { $0.pod.isActive }
  }

  private var completions: Int? {
    job.spec["completions"]?.integer.map { max(0, Int(clamping: $0)) }
  }
  private var isIndexed: Bool { job.spec["completionMode"]?.string == "Indexed" }
  private var isSuspended: Bool { job.spec["suspend"]?.bool ?? false }
  private var conditions: [Value] { job.status["conditions"]?.array ?? [] }

  private func has(_ type: String) -> Bool {
    conditions.contains { $0["type"]?.string == type && $0["status"]?.string == "True" }
  }

  var isFinished: Bool { has("Complete") || has("Failed") }

  // MARK: The outcome

  /// Whether the Job is over, and how.
  mutating func decide() {
    outcome = found
    guard outcome == nil, !isSuspended, let left = secondsLeft else { return }
    requeue(.seconds(max(left, 1)))
  }

  private var found: Outcome? {
    if let target = conditions.first(where: { $0["type"]?.string == "FailureTarget" }) {
      return Outcome(
        isComplete: false, reason: target["reason"]?.string ?? "",
        message: target["message"]?.string ?? "")
    }
    if isPastBackOffLimit { return .backOff }
    if let failure = policyFailure { return failure }
    if !isSuspended, let left = secondsLeft, left <= 0 { return .deadline }
    if let completions { return record.succeeded >= completions ? .complete : nil }
    return record.succeeded > 0 && active.isEmpty ? .complete : nil
  }

  /// pastBackoffLimitOnFailure: containers that are started anew in their pods count as well.
  private var isPastBackOffLimit: Bool {
    let limit = job.number("backoffLimit", default: 6)
    if record.failed > limit { return true }
    guard job.template.spec.value.restartPolicy == "OnFailure" else { return false }
    let restarts = active.map { entry in
      (entry.pod.status.containerStatuses + entry.pod.status.initContainerStatuses)
        .map(\.restartCount).reduce(0, +)
    }.reduce(0, +)
    return limit == 0 ? restarts > 0 : restarts >= limit
  }

  /// `podFailurePolicy`: exit codes that end the Job at once.
  private var policyFailure: Outcome? {
    for (number, rule) in (job.spec["podFailurePolicy"]?["rules"]?.array ?? []).enumerated()
    where rule["action"]?.string == "FailJob" {
      guard let wanted = rule["onExitCodes"] else { continue }
      let codes = (wanted["values"]?.array ?? []).compactMap(\.integer)
      for entry in job.pods where entry.pod.status.phase == .failed {
        for status in entry.pod.status.containerStatuses {
          guard let code = status.termination?.exitCode, code != 0,
            wanted["containerName"]?.string.map({ $0 == status.name }) ?? true,
            codes.contains(Int64(code)) == (wanted["operator"]?.string == "In")
          else { continue }
          let metadata = entry.pod.metadata
          return Outcome(
            isComplete: false, reason: "PodFailurePolicy",
            message:
              "Container \(status.name) for pod \(metadata.namespace)/\(metadata.name) failed "
              + "with exit code \(code) matching FailJob rule at index \(number)")
        }
      }
    }
    return nil
  }

  /// Of `activeDeadlineSeconds`; nil without one and before the start.
  private var secondsLeft: Int64? {
    guard let limit = job.spec["activeDeadlineSeconds"]?.integer else { return nil }
    guard let start = job.status["startTime"]?.string.flatMap({ Timestamp($0) }) else {
      return limit
    }
    return start.seconds + limit - timestamp.seconds
  }

  private mutating func requeue(_ delay: Duration) {
    requeueAfter = requeueAfter.map { min($0, delay) } ?? delay
  }

  // MARK: Pods

  /// Makes pods that are missing and deletes those that are too many.
  mutating func manage() -> [Write] {
    if let outcome, !outcome.isComplete { return active.map { delete($0) } }
    if outcome != nil || isSuspended { return active.flatMap { dismiss($0) } }
    let parallelism = job.number("parallelism", default: 1)
    let left =
      completions.map { max(0, $0 - record.succeeded) } ?? (record.succeeded > 0 ? 0 : parallelism)
    let wanted = completions == nil && record.succeeded > 0 ? active.count : min(parallelism, left)
    if active.count > wanted { return active.suffix(active.count - wanted).flatMap { dismiss($0) } }
    guard active.count < wanted else { return [] }
    if let wait = backOff, wait > 0 {
      requeue(.seconds(wait))
      return []
    }
    let count = min(wanted - active.count, 500)
    if isIndexed { return freeIndexes(count).map { create($0) } }
    return (0..<count).map { _ in create(nil) }
  }

  /// After a failure the next pod waits, 10 s doubled up to ten minutes: so many seconds more.
  private var backOff: Int64? {
    guard let last = record.lastFailure else { return nil }
    let wait = min(Int64(10) << Int64(min(record.failuresInARow - 1, 6)), 600)
    return wait - (timestamp.seconds - last.seconds)
  }

  private func freeIndexes(_ count: Int) -> [Int] {
    let taken = Set(active.compactMap { JobIndexes.index(of: $0.pod) } + record.completedIndexes)
    return Array((0..<(completions ?? 0)).lazy.filter { !taken.contains($0) }.prefix(count))
  }

  private mutating func create(_ index: Int?) -> Write {
    var pod = job.pod(job.template.spec, labels: Labels())
    var base = job.metadata.name + "-"
    if let index {
      pod = indexed(pod, index)
      base += "\(index)-"
    }
    pod.metadata.generateName = base
    pod.metadata.name = names.name(from: base)
    pod.metadata.finalizers = [JobTracking.finalizer]
    return Write(
      .create(.pod(pod)),
      event: event("SuccessfulCreate", "Created pod: \(pod.metadata.name)"))
  }

  /// The pod of one index knows it by an annotation, a label, its host name and its environment.
  private func indexed(_ pod: Pod, _ index: Int) -> Pod {
    var pod = pod
    pod.metadata.annotations[JobIndexes.key] = "\(index)"
    pod.metadata.labels[JobIndexes.key] = "\(index)"
    var spec = pod.spec.value
    spec.hostname = "\(job.metadata.name)-\(index)"
    let source: Value = [
      "fieldRef": [
        "apiVersion": "v1", "fieldPath": .string("metadata.labels['\(JobIndexes.key)']"),
      ]
    ]
    let variable = EnvironmentVariable(
      name: "JOB_COMPLETION_INDEX", value: nil, valueFrom: source)
    for place in spec.containers.indices { spec.containers[place].env.append(variable) }
    for place in spec.initContainers.indices { spec.initContainers[place].env.append(variable) }
    pod.spec = Shared(spec)
    return pod
  }

  /// A pod that is not wanted any more does not count as failed (deleteJobPods).
  private func dismiss(_ entry: (id: ObjectID, pod: Pod)) -> [Write] {
    JobTracking.isTracked(entry.pod)
      ? [Write(.removeFinalizer(.pod(entry.pod), JobTracking.finalizer)), delete(entry)]
      : [delete(entry)]
  }

  private func delete(_ entry: (id: ObjectID, pod: Pod)) -> Write {
    Write(
      .deletePod(entry.id),
      event: event("SuccessfulDelete", "Deleted pod: \(entry.pod.metadata.name)"))
  }

  private func event(
    _ reason: String, _ message: String, _ type: Event.EventType = .normal
  ) -> EventRecord {
    job.event(reason, message, from: JobController.component, type: type)
  }

  // MARK: Status

  mutating func status() -> Fields {
    func number(_ count: Int) -> Value? { count == 0 ? nil : .integer(Int64(count)) }
    var status = job.status
    // Once the end is decided the pods that are left are on their way out.
    let running = outcome == nil && !isSuspended ? active : []
    let terminating = job.pods.count { $0.pod.metadata.isTerminating && !$0.pod.isTerminal }
    status["active"] = number(running.count)
    status["ready"] = .integer(Int64(running.count { $0.pod.isReady }))
    status["succeeded"] = number(record.succeeded)
    status["failed"] = number(record.failed)
    status["terminating"] = .integer(Int64(terminating))
    status["uncountedTerminatedPods"] = .object(Fields())
    if isIndexed {
      let text = JobIndexes.text(record.completedIndexes)
      status["completedIndexes"] = text.isEmpty ? nil : .string(text)
    }
    suspend(&status)
    guard let outcome else { return status }
    let isQuiet = active.isEmpty && terminating == 0
    let (early, late) =
      outcome.isComplete ? ("SuccessCriteriaMet", "Complete") : ("FailureTarget", "Failed")
    set(early, "True", outcome.reason, outcome.message, in: &status)
    guard isQuiet else { return status }
    set(late, "True", outcome.reason, outcome.message, in: &status)
    if outcome.isComplete {
      status["completionTime"] = .string("\(timestamp)")
      events.append(event("Completed", "Job completed"))
    } else {
      events.append(event(outcome.reason, outcome.message, .warning))
    }
    return status
  }

  private mutating func suspend(_ status: inout Fields) {
    let was = has("Suspended")
    if isSuspended, !was {
      set("Suspended", "True", "JobSuspended", "Job suspended", in: &status)
      events.append(event("Suspended", "Job suspended"))
      status["startTime"] = nil
    } else if !isSuspended, was {
      set("Suspended", "False", "JobResumed", "Job resumed", in: &status)
      events.append(event("Resumed", "Job resumed"))
      status["startTime"] = .string("\(timestamp)")
    } else if !isSuspended, status["startTime"] == nil {
      status["startTime"] = .string("\(timestamp)")
    }
  }

  private func set(
    _ type: String, _ state: String, _ reason: String, _ message: String, in status: inout Fields
  ) {
    var conditions = status["conditions"]?.array ?? []
    let index = conditions.firstIndex { $0["type"]?.string == type }
    if let index, conditions[index]["status"]?.string == state { return }
    let condition: Value = [
      "lastProbeTime": .string("\(timestamp)"), "lastTransitionTime": .string("\(timestamp)"),
      "message": .string(message), "reason": .string(reason), "status": .string(state),
      "type": .string(type),
    ]
    if let index { conditions[index] = condition } else { conditions.append(condition) }
    status["conditions"] = .array(conditions)
  }
}
