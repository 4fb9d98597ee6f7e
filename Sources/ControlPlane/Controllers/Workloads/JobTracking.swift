import ClusterModel

/// The finalizer that keeps a Job's pods until they are counted
/// (pkg/controller/job/job_controller.go trackJobStatusAndRemoveFinalizers).
enum JobTracking {
  static let finalizer = "batch.kubernetes.io/job-tracking"

  static func isTracked(_ pod: Pod) -> Bool { pod.metadata.finalizers.contains(finalizer) }

  /// Whether a pod counts as failed as soon as it is being deleted (isPodFailed).
  static func countsTerminating(_ job: KeptWorkload) -> Bool {
    job.spec["podReplacementPolicy"]?.string != "Failed"
  }

  /// The writes by which newly ended pods are counted: their identities stand in the status before
  /// their finalizers go, so that none is counted twice or never.
  static func flush(_ uncounted: [Pod], of job: KeptWorkload, _ new: Fields) -> [Write] {
    let tracked = uncounted.filter(isTracked)
    guard !tracked.isEmpty else { return [] }
    var status = new
    for name in ["succeeded", "failed", "completedIndexes", "conditions", "completionTime"] {
      status[name] = job.status[name]
    }
    var lists = Fields()
    for (name, pods) in [
      ("failed", tracked.filter { $0.status.phase != .succeeded }),
      ("succeeded", tracked.filter { $0.status.phase == .succeeded }),
    ] where !pods.isEmpty {
      lists[name] = .array(pods.map { .string("\($0.metadata.uid)") })
    }
    status["uncountedTerminatedPods"] = .object(lists)
    return [Write(.keptStatus(job.object.resource, job.id, status))]
      + tracked.map { Write(.removeFinalizer(.pod($0), finalizer)) }
  }

  /// What is left of the finalizers when a Job is over.
  static func removals(_ job: KeptWorkload) -> [Write] {
    job.pods.map(\.pod).filter { isTracked($0) && ($0.isTerminal || $0.metadata.isTerminating) }
      .map { Write(.removeFinalizer(.pod($0), finalizer)) }
  }

  /// The pods of a Job that is being deleted are not counted any more.
  static func releaseAll(
    of id: ObjectID, _ resource: APIResource, _ store: ObjectStore
  ) -> Reconciliation {
    guard let job = store.kept[resource.qualifiedPlural]?[id], job.metadata.isTerminating else {
      return .nothing
    }
    var result = Reconciliation()
    result.writes = store.pods(ownedBy: job.metadata.uid).ids.compactMap { store.pods[$0] }
      .filter(isTracked).map { Write(.removeFinalizer(.pod($0), finalizer)) }
    return result
  }

  /// Lets a pod go whose Job is gone (syncOrphanPod).
  static func release(_ id: ObjectID, _ store: ObjectStore) -> Reconciliation {
    guard let pod = store.pods[id], isTracked(pod), let owner = pod.metadata.controllerReference,
      store.owner(owner, in: pod.metadata.namespace) == nil
    else { return .nothing }
    var result = Reconciliation()
    result.writes = [Write(.removeFinalizer(.pod(pod), finalizer))]
    return result
  }
}
