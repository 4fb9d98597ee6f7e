import ClusterModel

/// Which of a Job's pods have ended and how, counted once each, whether they are still there or not.
struct JobRecord: Sendable {
  private var counted: Set<UID> = []
  /// Pods that came without the finalizer, from a file: they count all the same.
  private var untracked: Set<UID> = []
  private(set) var succeeded = 0
  private(set) var failed = 0
  /// Of an Indexed Job, sorted.
  private(set) var completedIndexes: [Int] = []
  private(set) var failuresByIndex: [Int: Int] = [:]
  /// Failures since the last success, and the newest of them (pkg/controller/job/backoff_utils.go).
  private(set) var failuresInARow = 0
  private(set) var lastFailure: Timestamp?

  /// A Job that was loaded has counted the ended pods that stand beside it.
  init(_ job: KeptWorkload) {
    func number(_ name: String) -> Int { Int(clamping: job.status[name]?.integer ?? 0) }
    let others = job.pods.map(\.pod).filter { !JobTracking.isTracked($0) }
    untracked = Set(others.map(\.metadata.uid))
    guard number("succeeded") + number("failed") > 0 else { return }
    _ = count(others.filter(\.isTerminal), false)
    succeeded = max(succeeded, number("succeeded"))
    failed = max(failed, number("failed"))
    let indexes = JobIndexes.parse(job.status["completedIndexes"]?.string ?? "")
    completedIndexes = Set(completedIndexes + indexes).sorted()
  }

  /// - Parameter countsTerminating: whether a pod that is being deleted has failed by that.
  /// - Returns: the pods that had not been counted yet.
  mutating func count(_ pods: [Pod], _ countsTerminating: Bool) -> [Pod] {
    var new: [Pod] = []
    for pod in pods {
      let isTracked = JobTracking.isTracked(pod)
      let isGoing = countsTerminating && pod.metadata.isTerminating && isTracked
      guard isTracked || untracked.contains(pod.metadata.uid), pod.isTerminal || isGoing,
        counted.insert(pod.metadata.uid).inserted
      else { continue }
      new.append(pod)
      add(pod)
    }
    noteFailures(new)
    return new
  }

  private mutating func add(_ pod: Pod) {
    let index = JobIndexes.index(of: pod)
    guard pod.status.phase == .succeeded else {
      failed += 1
      if let index { failuresByIndex[index, default: 0] += 1 }
      return
    }
    if let index {
      if completedIndexes.contains(index) { return }
      completedIndexes.append(index)
      completedIndexes.sort()
    }
    succeeded += 1
  }

  private mutating func noteFailures(_ new: [Pod]) {
    let success = new.filter { $0.status.phase == .succeeded }.compactMap(Self.end(of:)).max()
    var failures = new.filter { $0.status.phase != .succeeded }.compactMap(Self.end(of:))
    if let success {
      failures.removeAll { $0 <= success }
      (failuresInARow, lastFailure) = (0, nil)
    }
    guard let newest = failures.max() else { return }
    failuresInARow += failures.count
    lastFailure = lastFailure.map { max($0, newest) } ?? newest
  }

  /// When the last of its containers ended, or else when it was deleted.
  private static func end(of pod: Pod) -> Timestamp? {
    if let end = pod.status.containerStatuses.compactMap({ $0.termination?.finishedAt }).max() {
      return end
    }
    let grace = Int64(pod.metadata.deletionGracePeriodSeconds ?? 0)
    return pod.metadata.deletionTimestamp.map { Timestamp(seconds: $0.seconds - grace) }
  }
}
