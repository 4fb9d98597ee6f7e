import ClusterModel
import SimulationCore

/// kube-scheduler: its queue, what it believes of the nodes, and its rotation over them.
struct Scheduler: Sendable {
  static let watches = ResourceKinds.of(.pod, .node)

  /// Up to where in the watch log it has heard.
  var cursor = 0
  var isDeliveryScheduled = false
  var isBusy = false
  /// Pods to place, by priority and then by arrival; those before `head` have been taken.
  private var active: [PendingPod] = []
  private var head = 0
  /// Pods that are tried again later, in the order of that time.
  private var backingOff: [PendingPod] = []
  /// Pods that fitted nowhere, and how often they were tried.
  private(set) var unschedulable: [PendingPod] = []
  var cache = SchedulerCache()
  var random: RandomStream
  /// 50 requests a second with a burst of 100 (kube-scheduler's client defaults).
  var client = TokenBucket(queriesPerSecond: 50, burst: 100)

  struct PendingPod: Sendable {
    var id: ObjectID
    var priority: Int
    var attempts = 0
    var notBefore = Instant.zero
  }

  init(seed: UInt64) { random = RandomStream(seed: seed, component: "scheduler") }

  mutating func add(_ pod: PendingPod) {
    // Nearly every pod has the priority of the one before it.
    if (active.last?.priority ?? .max) >= pod.priority || head == active.count {
      active.append(pod)
      return
    }
    let place = active[head...].firstIndex { $0.priority < pod.priority } ?? active.count
    active.insert(pod, at: place)
  }

  /// When there is a pod to place; nil when none waits.
  func nextTime(after now: Instant) -> Instant? {
    head < active.count ? now : backingOff.first.map { max($0.notBefore, now) }
  }

  mutating func takeNext(at now: Instant) -> PendingPod? {
    while let first = backingOff.first, first.notBefore <= now {
      backingOff.removeFirst()
      add(first)
    }
    guard head < active.count else { return nil }
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

  /// Something changed that may let a pod fit: each is tried again after its back-off of one
  /// second, doubled for each attempt up to ten.
  mutating func retryUnschedulable(at now: Instant) {
    guard !unschedulable.isEmpty else { return }
    for var pod in unschedulable {
      let seconds = min(Int64(1) << Int64(min(max(pod.attempts - 1, 0), 4)), 10)
      pod.notBefore = now + .seconds(seconds)
      let place = backingOff.firstIndex { $0.notBefore > pod.notBefore } ?? backingOff.count
      backingOff.insert(pod, at: place)
    }
    unschedulable = []
  }
}

extension ControlPlane {
  mutating func deliverToScheduler() {
    scheduler.isDeliveryScheduled = false
    let end = end(ofDeliveryFrom: scheduler.cursor)
    for position in scheduler.cursor..<end { schedulerObserves(api.store.log[position]) }
    scheduler.cursor = api.store.log.next(of: Scheduler.watches, from: end)
    if let time = nextDelivery(from: scheduler.cursor) {
      scheduler.isDeliveryScheduled = true
      events.schedule(.schedulerWatch, at: time)
    }
    wakeScheduler(at: now)
  }

  private mutating func wakeScheduler(at time: Instant) {
    guard !scheduler.isBusy, let start = scheduler.nextTime(after: time) else { return }
    scheduler.isBusy = true
    let token = scheduler.client.nextToken(at: start)
    events.schedule(.schedule, at: max(token, start + settings.schedulingTime))
  }

  private mutating func schedulerObserves(_ change: Change) {
    switch change.kind {
    case .pod: schedulerObservesPod(change)
    case .node:
      scheduler.cache.update(change.id, api.store.nodes[change.id])
      scheduler.retryUnschedulable(at: now)
    default: break
    }
  }

  private mutating func schedulerObservesPod(_ change: Change) {
    guard let pod = api.store.pods[change.id], !pod.isTerminal else {
      if change.operation == .deleted || api.store.pods[change.id]?.isTerminal == true {
        scheduler.forget(change.id)
        if scheduler.cache.remove(change.id) { scheduler.retryUnschedulable(at: now) }
      }
      return
    }
    if pod.metadata.isTerminating { scheduler.cache.markTerminating(change.id) }
    if pod.isBound {
      if change.operation == .created { scheduler.cache.add(change.id, pod, in: api.store) }
    } else if change.operation == .created, pod.spec.value.schedulerName == "default-scheduler" {
      scheduler.add(
        Scheduler.PendingPod(id: change.id, priority: pod.spec.value.priority ?? 0))
    }
  }

  /// Places the next pod.
  mutating func scheduleNext() {
    scheduler.isBusy = false
    defer { wakeScheduler(at: now) }
    guard var next = scheduler.takeNext(at: now) else { return }
    guard let pod = api.store.pods[next.id], !pod.isBound, !pod.metadata.isTerminating else {
      return
    }
    next.attempts += 1
    let decision = SchedulingDecision.make(for: pod, scheduler.cache, &scheduler.random)
    if let node = decision.node {
      bind(next.id, pod, to: node)
    } else {
      scheduler.setAside(next)
      reportUnschedulable(next.id, pod, decision)
    }
  }

  private mutating func bind(_ id: ObjectID, _ pod: Pod, to node: ObjectID) {
    guard let name = api.store.nodes[node]?.metadata.name else { return }
    scheduler.client.take(at: now)
    scheduler.cache.add(id, pod, onto: node)
    let time = api.timestamp(at: now)
    let labels = api.store.nodes[node]?.metadata.labels ?? Labels()
    api.store.updatePod(id, [.spec, .status, .metadata], at: now) { pod in
      pod.nodeName = name
      // Since 1.35 a bound pod carries its node's place.
      for key in ["topology.kubernetes.io/region", "topology.kubernetes.io/zone"] {
        if let value = labels[key] { pod.metadata.labels[key] = value }
      }
      pod.status.conditions.set(
        Condition(type: "PodScheduled", status: .true, lastTransitionTime: time))
    }
    let metadata = pod.metadata
    api.record(
      EventRecord(
        ObjectReference("Pod", metadata), "Scheduled", saying: .template(.assigned, name),
        from: "default-scheduler"),
      at: now)
  }

  private mutating func reportUnschedulable(
    _ id: ObjectID, _ pod: Pod, _ decision: SchedulingDecision
  ) {
    let time = api.timestamp(at: now)
    let message = decision.failureText
    let held = pod.status.conditions[type: "PodScheduled"]
    if held?.status != .false || held?.message != message {
      api.store.updatePod(id, .status, at: now) { pod in
        pod.status.conditions.set(
          Condition(
            type: "PodScheduled", status: .false, reason: "Unschedulable", message: message,
            lastTransitionTime: time))
      }
    }
    api.record(
      EventRecord(
        ObjectReference("Pod", pod.metadata), "FailedScheduling", message,
        from: "default-scheduler", type: .warning),
      at: now)
  }
}
