import ClusterModel
import SimulationCore

/// The pods that wait for a node (pkg/scheduler/backend/queue).
struct SchedulingQueue: Sendable {
  struct PendingPod: Sendable {
    var id: ObjectID
    var priority: Int
    var attempts = 0
    /// When it was last tried.
    var lastTried = Instant.zero
    /// The filters that refused nodes last time.
    var refusedBy: Set<String> = []

    /// One second, doubled for each attempt up to ten.
    var backoffEnd: Instant {
      lastTried + .seconds(min(Int64(1) << Int64(min(max(attempts - 1, 0), 4)), 10))
    }
  }

  /// Pods to place, by priority and then by arrival; those before `head` have been taken.
  private var active: [PendingPod] = []
  private var head = 0
  /// Pods that are to be tried again, by when their back-off ends.
  private var backingOff: [PendingPod] = []
  /// Pods that fitted nowhere, until something changes.
  private(set) var unschedulable: [PendingPod] = []

  mutating func add(_ pod: PendingPod) {
    // Nearly every pod has the priority of the one before it.
    if (active.last?.priority ?? .max) >= pod.priority || head == active.count {
      active.append(pod)
      return
    }
    let place = active[head...].firstIndex { $0.priority < pod.priority } ?? active.count
    active.insert(pod, at: place)
  }

  var isEmpty: Bool { head == active.count && backingOff.isEmpty }

  /// The next pod to place. While nothing else waits, a back-off is not waited for (since 1.33,
  /// SchedulerPopFromBackoffQ).
  mutating func takeNext(at now: Instant) -> PendingPod? {
    while let first = backingOff.first, first.backoffEnd <= now {
      add(backingOff.removeFirst())
    }
    guard head < active.count else {
      return backingOff.isEmpty ? nil : backingOff.removeFirst()
    }
    let pod = active[head]
    head += 1
    if head == active.count {
      active.removeAll(keepingCapacity: true)
      head = 0
    }
    return pod
  }

  mutating func setAside(_ pod: PendingPod) { unschedulable.append(pod) }

  /// A pod that is gone; where it still waits in the queue it is passed over when its turn comes.
  mutating func forget(_ id: ObjectID) {
    if !unschedulable.isEmpty { unschedulable.removeAll { $0.id == id } }
  }

  /// Something changed that may let pods fit: those that `mayHelp` says are tried again.
  mutating func retry(at now: Instant, where mayHelp: (PendingPod) -> Bool) {
    guard !unschedulable.isEmpty else { return }
    var rest: [PendingPod] = []
    for pod in unschedulable {
      if !mayHelp(pod) {
        rest.append(pod)
      } else if pod.backoffEnd <= now {
        add(pod)
      } else {
        let place = backingOff.firstIndex { $0.backoffEnd > pod.backoffEnd } ?? backingOff.count
        backingOff.insert(pod, at: place)
      }
    }
    unschedulable = rest
  }

  /// Pods that nothing has happened for are tried again all the same after five minutes, at the
  /// next half minute.
  static let patience = Duration.seconds(300)

  var nextFlush: Instant? {
    guard let oldest = unschedulable.map(\.lastTried).min() else { return nil }
    let due = (oldest + Self.patience).nanoseconds
    let period: Int64 = 30_000_000_000
    return Instant(nanoseconds: (due / period + 1) * period)
  }
}
