import ClusterModel
import SimulationCore

/// Makes Jobs at the times of a schedule (pkg/controller/cronjob/cronjob_controllerv2.go).
struct CronJobController: Controller {
  static let resource = APIResource.of(apiVersion: "batch/v1", kind: "CronJob")
  static let jobs = APIResource.of(apiVersion: "batch/v1", kind: "Job")

  let name = "cronjob-controller"
  let watches = ResourceKinds.of(.kept)

  init() {}

  mutating func observe(_ change: Change, in store: ObjectStore, _ keys: inout [WorkKey]) {
    guard change.kind == .kept else { return }
    if change.resource == Self.resource.qualifiedPlural {
      if change.operation != .deleted { keys.append(WorkKey(.kept, change.id)) }
    } else if change.resource == Self.jobs.qualifiedPlural {
      let job = store.kept[change.resource]?[change.id]?.metadata
      guard let metadata = change.tombstone ?? job, let owner = metadata.controllerReference,
        owner.kind == "CronJob",
        let id = store.kept[Self.resource.qualifiedPlural]?.id(
          namespace: metadata.namespace, name: owner.name)
      else { return }
      keys.append(WorkKey(.kept, id))
    }
  }

  mutating func reconcile(_ key: WorkKey, _ context: inout ReconcileContext) -> Reconciliation {
    guard let object = context.store.kept[Self.resource.qualifiedPlural]?[key.id],
      let template = object.template, !object.metadata.isTerminating
    else { return .nothing }
    // What it wrote itself must be seen before more is made.
    guard context.observed >= context.lastWrite else { return .nothing }
    var round = CronRound(key.id, object, template, context)
    round.run()
    return round.result
  }
}

/// One look at a CronJob and its Jobs.
private struct CronRound {
  private let id: ObjectID
  private let object: KeptObject
  private let template: PodTemplate
  private let context: ReconcileContext
  private var jobs: [KeptObject]
  private var status: Fields
  private var newJob: Write?
  private(set) var result = Reconciliation()

  init(
    _ id: ObjectID, _ object: KeptObject, _ template: PodTemplate, _ context: ReconcileContext
  ) {
    self.id = id
    self.object = object
    self.template = template
    self.context = context
    status = object.body["status"]?.fields ?? Fields()
    let table = context.store.kept[CronJobController.jobs.qualifiedPlural]
    jobs = (table?.list(namespace: object.metadata.namespace) ?? []).filter {
      $0.metadata.controllerReference?.uid == object.metadata.uid
    }
  }

  private var spec: Value { object.body["spec"] ?? .null }
  private var now: Timestamp { context.timestamp }
  private var active: [Value] {
    get { status["active"]?.array ?? [] }
    set { status["active"] = newValue.isEmpty ? nil : .array(newValue) }
  }

  mutating func run() {
    cleanUp()
    noteFinished()
    schedule()
    if status != object.body["status"]?.fields ?? Fields() {
      result.writes.append(Write(.keptStatus(object.resource, id, status)))
    }
    // Creating the Job adds it to the active ones of that status.
    if let newJob { result.writes.append(newJob) }
  }

  private mutating func say(
    _ reason: String, _ message: String, _ type: Event.EventType = .normal
  ) {
    result.writes.append(Write(.say, event: event(reason, message, type)))
  }

  private func event(
    _ reason: String, _ message: String, _ type: Event.EventType = .normal
  ) -> EventRecord {
    EventRecord(
      ObjectReference("CronJob", object.metadata), reason, message, from: "cronjob-controller",
      type: type)
  }

  /// `Complete` or `Failed`; nil for one that runs.
  private static func end(of job: KeptObject) -> String? {
    (job.body["status"]?["conditions"]?.array ?? []).first { condition in
      condition["status"]?.string == "True"
        && ["Complete", "Failed"].contains(condition["type"]?.string)
    }?["type"]?.string
  }

  /// Finished Jobs beyond the history limits go, the oldest first.
  private mutating func cleanUp() {
    for (end, field, absent) in [
      ("Complete", "successfulJobsHistoryLimit", Int64(3)),
      ("Failed", "failedJobsHistoryLimit", 1),
    ] {
      let limit = Int(clamping: max(0, spec[field]?.integer ?? absent))
      let ended = jobs.filter { Self.end(of: $0) == end && !$0.metadata.isTerminating }
        .sorted {
          let (left, right) = ($0.metadata.creationTimestamp, $1.metadata.creationTimestamp)
          if let left, let right, left != right { return left < right }
          return $0.metadata.name < $1.metadata.name
        }
      for job in ended.dropLast(limit) { delete(job) }
    }
  }

  private mutating func delete(_ job: KeptObject) {
    result.writes.append(
      Write(
        .delete(.kept(job)),
        event: event("SuccessfulDelete", "Deleted job \(job.metadata.name)")))
    active.removeAll { $0["uid"]?.string == "\(job.metadata.uid)" }
    jobs.removeAll { $0.metadata.uid == job.metadata.uid }
  }

  private mutating func noteFinished() {
    for entry in active {
      let name = entry["name"]?.string ?? ""
      guard let job = jobs.first(where: { "\($0.metadata.uid)" == entry["uid"]?.string }) else {
        say("MissingJob", "Active job went missing: \(name)")
        active.removeAll { $0 == entry }
        continue
      }
      guard let end = Self.end(of: job) else { continue }
      active.removeAll { $0 == entry }
      say("SawCompletedJob", "Saw completed job: \(name), condition: \(end)")
      if end == "Complete", let time = job.body["status"]?["completionTime"] {
        status["lastSuccessfulTime"] = time
      }
    }
  }

  private mutating func schedule() {
    if spec["suspend"]?.bool == true { return }
    if let zone = spec["timeZone"]?.string, !["UTC", "Etc/UTC"].contains(zone) {
      return say(
        "UnknownTimeZone", "invalid timeZone: \"\(zone)\": unknown time zone \(zone)", .warning)
    }
    let text = spec["schedule"]?.string ?? ""
    let schedule: CronSchedule
    do throws(CronSchedule.Problem) {
      schedule = try CronSchedule(text)
    } catch {
      return say(
        "UnparseableSchedule", "unparseable schedule: \"\(text)\" : \(error.message)", .warning)
    }
    defer { lookAgain(schedule) }
    guard let due = dueTime(schedule) else { return }
    if let deadline = spec["startingDeadlineSeconds"]?.integer,
      due.seconds + deadline < now.seconds
    {
      return say("MissSchedule", "Missed scheduled time to start a job: \(due.rfc1123)", .warning)
    }
    let name = "\(object.metadata.name)-\(due.seconds / 60)"
    let isKnown = active.contains { $0["name"]?.string == name }
    if isKnown || status["lastScheduleTime"]?.string == "\(due)" { return }
    let policy = spec["concurrencyPolicy"]?.string ?? "Allow"
    if policy == "Forbid", !active.isEmpty {
      return say(
        "JobAlreadyActive",
        "Not starting job because prior execution is running and concurrency policy is Forbid")
    }
    if policy == "Replace" {
      for job in jobs where active.contains(where: { $0["name"]?.string == job.metadata.name }) {
        delete(job)
      }
    }
    create(name, due)
  }

  /// The newest time that has come and was not served.
  private func dueTime(_ schedule: CronSchedule) -> Timestamp? {
    var earliest = object.metadata.creationTimestamp ?? now
    if let last = status["lastScheduleTime"]?.string.flatMap({ Timestamp($0) }) { earliest = last }
    if let deadline = spec["startingDeadlineSeconds"]?.integer {
      earliest = max(earliest, Timestamp(seconds: now.seconds - deadline))
    }
    var due: Timestamp?
    var time = earliest
    for _ in 0..<100_000 {
      guard let next = schedule.next(after: time), next <= now else { break }
      (due, time) = (next, next)
    }
    return due
  }

  /// A tenth of a second after the next time, so that it has surely come.
  private mutating func lookAgain(_ schedule: CronSchedule) {
    guard let next = schedule.next(after: now) else { return }
    let fraction = context.now.nanoseconds % 1_000_000_000
    result.requeueAfter =
      .seconds(next.seconds - now.seconds) + .milliseconds(100) - .nanoseconds(max(0, fraction))
  }

  private mutating func create(_ name: String, _ due: Timestamp) {
    let jobTemplate = spec["jobTemplate"]
    var metadata = ObjectMeta(
      name: name, namespace: object.metadata.namespace,
      labels: Labels(written: jobTemplate?["metadata"]?["labels"]))
    metadata.annotations = Labels(written: jobTemplate?["metadata"]?["annotations"])
    metadata.annotations["batch.kubernetes.io/cronjob-scheduled-timestamp"] = "\(due)"
    metadata.ownerReferences = [
      OwnerReference(
        apiVersion: "batch/v1", kind: "CronJob", name: object.metadata.name,
        uid: object.metadata.uid)
    ]
    let body = Fields([("spec", jobTemplate?["spec"] ?? .object(Fields()))])
    let job = KeptObject(
      resource: CronJobController.jobs, metadata: metadata, body: body, template: template)
    newJob = Write(
      .createJob(job, for: id), event: event("SuccessfulCreate", "Created job \(name)"))
    status["lastScheduleTime"] = .string("\(due)")
  }
}
