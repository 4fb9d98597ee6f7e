import ClusterModel
import SimulationCore

/// Runs pods until enough of them have succeeded (pkg/controller/job/job_controller.go).
struct JobController: Controller {
  static let component = "job-controller"

  let name = Self.component
  let watches = ResourceKinds.of(.kept, .pod)
  let podOwners: Change.PodOwners = .job
  private var watch = KeptWatch("batch/v1", "Job")
  private var records: [ObjectID: JobRecord] = [:]
  /// Whether there has been a Job; pods are not looked at before.
  private var hasJobs = false

  init() {}

  mutating func observe(_ change: Change, in store: ObjectStore, _ keys: inout [WorkKey]) {
    watch.observe(change, in: store, &keys)
    if change.kind == .kept, change.resource == watch.resource.qualifiedPlural,
      change.operation == .deleted
    {
      records[change.id] = nil
      guard let uid = change.tombstone?.uid else { return }
      keys += store.pods(ownedBy: uid).ids.map { WorkKey(.pod, $0) }
    }
    hasJobs = hasJobs || !keys.isEmpty
    if hasJobs, keys.isEmpty, change.kind == .pod, change.operation != .deleted,
      change.isAboutPod(of: "Job", in: store)
    {
      // Its Job is gone.
      keys.append(WorkKey(.pod, change.id))
    }
  }

  mutating func reconcile(_ key: WorkKey, _ context: inout ReconcileContext) -> Reconciliation {
    if key.kind == .pod { return JobTracking.release(key.id, context.store) }
    guard let job = KeptWorkload(key.id, watch.resource, context.store) else {
      return JobTracking.releaseAll(of: key.id, watch.resource, context.store)
    }
    var record = records[key.id] ?? JobRecord(job)
    let uncounted = record.count(job.pods.map(\.pod), JobTracking.countsTerminating(job))
    records[key.id] = record
    var round = JobRound(job, record, context)
    var result = Reconciliation()
    guard !round.isFinished else {
      result.writes = JobTracking.removals(job)
      return result
    }
    round.decide()
    if watch.isSettled(key, context) {
      result.writes = round.manage()
      watch.expect(result.writes, key, context)
    }
    let status = round.status()
    result.writes += JobTracking.flush(uncounted, of: job, status)
    result.writes += round.events.map { Write(.say, event: $0) }
    if let write = job.statusUpdate(status) { result.writes.append(write) }
    result.requeueAfter = round.requeueAfter
    context.names = round.names
    return result
  }
}

/// The completion indexes of Indexed Jobs (pkg/controller/job/indexed_job_utils.go).
enum JobIndexes {
  static let key = "batch.kubernetes.io/job-completion-index"

  static func index(of pod: Pod) -> Int? { pod.metadata.annotations[key].flatMap { Int($0) } }

  /// `0-2,4`: runs of three or more with a hyphen, of two with a comma.
  static func text(_ indexes: [Int]) -> String {
    var parts: [String] = []
    var start = 0
    while start < indexes.count {
      var end = start
      while end + 1 < indexes.count, indexes[end + 1] == indexes[end] + 1 { end += 1 }
      switch end - start {
      case 0: parts.append("\(indexes[start])")
      case 1: parts.append("\(indexes[start]),\(indexes[end])")
      default: parts.append("\(indexes[start])-\(indexes[end])")
      }
      start = end + 1
    }
    return parts.joined(separator: ",")
  }

  static func parse(_ text: String) -> [Int] {
    text.split(separator: ",").flatMap { part -> [Int] in
      let ends = part.split(separator: "-").compactMap { Int($0) }
      guard let first = ends.first, let last = ends.last, first <= last, last - first < 100_000
      else { return [] }
      return Array(first...last)
    }
  }
}

/// Deletes Jobs some time after they have ended (pkg/controller/ttlafterfinished).
struct TTLAfterFinishedController: Controller {
  let name = "ttl-after-finished-controller"
  let watches = ResourceKinds.of(.kept)

  init() {}

  mutating func observe(_ change: Change, in store: ObjectStore, _ keys: inout [WorkKey]) {
    guard change.kind == .kept, change.resource == CronJobController.jobs.qualifiedPlural,
      change.operation != .deleted
    else { return }
    keys.append(WorkKey(.kept, change.id))
  }

  mutating func reconcile(_ key: WorkKey, _ context: inout ReconcileContext) -> Reconciliation {
    guard let job = context.store.kept[CronJobController.jobs.qualifiedPlural]?[key.id],
      !job.metadata.isTerminating,
      let seconds = job.body["spec"]?["ttlSecondsAfterFinished"]?.integer,
      let end = Self.end(of: job)
    else { return .nothing }
    var result = Reconciliation()
    let left = end.seconds + max(0, seconds) - context.timestamp.seconds
    if left > 0 {
      result.requeueAfter = .seconds(left)
    } else {
      result.writes = [Write(.deleteInForeground(.kept(job)))]
    }
    return result
  }

  private static func end(of job: KeptObject) -> Timestamp? {
    (job.body["status"]?["conditions"]?.array ?? []).first { condition in
      ["Complete", "Failed"].contains(condition["type"]?.string)
        && condition["status"]?.string == "True"
    }?["lastTransitionTime"]?.string.flatMap { Timestamp($0) }
  }
}
