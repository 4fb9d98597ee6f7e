import ClusterModel
import SimulationCore

/// kube-scheduler: its queue, what it believes of the nodes, and its rotation over them.
struct Scheduler: Sendable {
  static let watches = ResourceKinds.of(.pod, .node)

  var isBusy = false
  var queue = SchedulingQueue()
  var isFlushScheduled = false
  var cache = SchedulerCache()
  /// Which Services select which pods: pods of one Service are spread.
  var services = SelectorIndex()
  /// Pods that wait for others to make room on a node.
  var nominated: [Nomination] = []
  /// Images that nodes have, and when they tell so: with the next status of their kubelets.
  var pulled = EventQueue<PulledImage>()
  var random: RandomStream
  /// 50 requests a second with a burst of 100 (kube-scheduler's client defaults).
  var client = TokenBucket(queriesPerSecond: 50, burst: 100)

  struct Nomination: Sendable {
    var pod: ObjectID
    var row: Int32
    var priority: Int
    var demand: PodDemand
  }

  struct PulledImage: Sendable {
    var name: String
    var size: Int64
    var node: ObjectID
  }

  init(seed: UInt64) { random = RandomStream(seed: seed, component: "scheduler") }

  /// Takes in which images nodes have told of.
  mutating func noteImages(at now: Instant) {
    while let time = pulled.nextTime, time <= now, let (_, image) = pulled.popNext() {
      guard cache.isPresent(image.node) else { continue }
      cache.images.add(
        cache.images.number(of: image.name), size: image.size, on: image.node.slot)
    }
  }
}

extension ControlPlane {
  mutating func deliverToScheduler(_ news: Range<Int>) {
    for position in news { schedulerObserves(api.store.log[position]) }
    wakeScheduler(at: now)
  }

  /// Lets the scheduler's cache hear of every change there is.
  mutating func informScheduler() {
    for position in heard..<api.store.log.end {
      schedulerObserves(api.store.log[position])
    }
    scheduler.noteImages(at: now)
  }

  private mutating func wakeScheduler(at time: Instant) {
    guard !scheduler.isBusy, !scheduler.queue.isEmpty else { return }
    scheduler.isBusy = true
    let token = scheduler.client.nextToken(at: time)
    events.schedule(.schedule, at: max(token, time + settings.schedulingTime))
  }

  private mutating func schedulerObserves(_ change: Change) {
    switch change.kind {
    case .pod: schedulerObservesPod(change)
    case .node: schedulerObservesNode(change)
    case .service: schedulerObservesService(change)
    default: break
    }
  }

  private mutating func schedulerObservesNode(_ change: Change) {
    let node = api.store.nodes[change.id]
    guard scheduler.cache.update(change.id, node), let node else { return }
    if change.operation == .created {
      for pod in api.store.pods(onNode: node.metadata.name) {
        if let held = api.store.pods[pod], !held.isTerminal { scheduler.cache.add(pod, held) }
      }
    }
    let cache = scheduler.cache
    let store = api.store
    scheduler.queue.retry(at: now) { pending in
      guard let pod = store.pods[pending.id] else { return false }
      return cache.mayFit(pod, on: change.id)
    }
  }

  private mutating func schedulerObservesService(_ change: Change) {
    if change.operation == .updated, !change.aspects.contains(.spec) { return }
    let service = api.store.services[change.id]
    scheduler.services.set(
      change.id, namespace: service?.metadata.namespace ?? "", selector: service?.selector)
    scheduler.cache.forgetSelectors()
  }

  private mutating func schedulerObservesPod(_ change: Change) {
    guard let pod = api.store.pods[change.id], !pod.isTerminal else {
      if change.operation == .deleted || api.store.pods[change.id]?.isTerminal == true {
        scheduler.queue.forget(change.id)
        if !scheduler.nominated.isEmpty {
          scheduler.nominated.removeAll { $0.pod == change.id }
        }
        if scheduler.cache.remove(change.id) != nil { retry(refusedBy: Self.podBound) }
      }
      return
    }
    if pod.metadata.isTerminating { scheduler.cache.markTerminating(change.id) }
    if pod.isBound {
      if change.operation == .created {
        scheduler.cache.add(change.id, pod)
        retry(refusedBy: Self.relational)
      }
    } else if pod.spec.value.schedulerName == "default-scheduler", !pod.isGated {
      let isUngated = change.operation == .updated && change.aspects.contains(.spec)
      if isUngated { scheduler.queue.forget(change.id) }
      if change.operation == .created || isUngated {
        scheduler.queue.add(
          SchedulingQueue.PendingPod(id: change.id, priority: pod.spec.value.priority ?? 0))
      }
    }
  }

  /// Filters whose refusal other pods' going may end.
  private static let podBound: Set<String> = [
    "NodeResourcesFit", "NodePorts", "PodTopologySpread", "InterPodAffinity",
  ]
  /// Filters whose refusal other pods' coming may end.
  private static let relational: Set<String> = ["PodTopologySpread", "InterPodAffinity"]

  private mutating func retry(refusedBy filters: Set<String>) {
    scheduler.queue.retry(at: now) { !$0.refusedBy.isDisjoint(with: filters) }
  }

  /// Places the next pod.
  mutating func scheduleNext() {
    scheduler.isBusy = false
    defer { wakeScheduler(at: now) }
    if let next = scheduler.queue.takeNext(at: now) { tryToPlace(next) }
  }

  /// Binds a pod to a node, or reports why it cannot.
  ///
  mutating func tryToPlace(_ pending: SchedulingQueue.PendingPod) {
    var next = pending
    guard let pod = api.store.pods[next.id], !pod.isBound, !pod.metadata.isTerminating,
      !pod.isGated
    else { return }
    next.attempts += 1
    next.lastTried = now
    scheduler.noteImages(at: now)
    let reserved = reserveNominated(for: next)
    let decision = scheduler.cache.decide(
      pod, scheduler.services, api.store, &scheduler.random)
    for entry in reserved { scheduler.cache.reserve(entry.demand, on: entry.row, sign: -1) }
    if let row = decision.row {
      bind(next.id, pod, to: row)
    } else {
      reportUnschedulable(&next, pod)
      scheduler.queue.setAside(next)
      scheduleFlush()
    }
  }

  /// Keeps the room free that pods of at least the same priority wait for.
  private mutating func reserveNominated(
    for next: SchedulingQueue.PendingPod
  ) -> [Scheduler.Nomination] {
    guard !scheduler.nominated.isEmpty else { return [] }
    let held = scheduler.nominated.filter { $0.pod != next.id && $0.priority >= next.priority }
    for entry in held { scheduler.cache.reserve(entry.demand, on: entry.row, sign: 1) }
    return held
  }

  private mutating func scheduleFlush() {
    guard !scheduler.isFlushScheduled, let time = scheduler.queue.nextFlush else { return }
    scheduler.isFlushScheduled = true
    events.schedule(.schedulerFlush, at: max(time, now))
  }

  mutating func flushUnschedulable() {
    scheduler.isFlushScheduled = false
    let limit = now - SchedulingQueue.patience
    scheduler.queue.retry(at: now) { $0.lastTried < limit }
    scheduleFlush()
    wakeScheduler(at: now)
  }

  private mutating func bind(_ id: ObjectID, _ pod: Pod, to row: Int32) {
    let (node, name, labels) = scheduler.cache.identity(of: row)
    guard api.store.nodes.contains(node) else { return }
    scheduler.client.take(at: now)
    if !scheduler.nominated.isEmpty { scheduler.nominated.removeAll { $0.pod == id } }
    scheduler.cache.add(id, pod, on: row)
    let time = api.timestamp(at: now)
    let start = settledStart(of: pod, on: node)
    let touched: Change.Aspects = [.spec, .status, .metadata]
    api.store.updatePod(id, start == nil ? touched : touched.union(.endpoint), at: now) { pod in
      pod.nodeName = name
      pod.status.nominatedNodeName = ""
      // Since 1.35 a bound pod carries its node's place.
      for key in ["topology.kubernetes.io/region", "topology.kubernetes.io/zone"] {
        if let value = labels[key] { pod.metadata.labels[key] = value }
      }
      if let start {
        pod.status = start.status
      } else {
        pod.status.conditions.set(
          Condition(
            type: "PodScheduled", status: .true, lastTransitionTime: time,
            observedGeneration: pod.observableGeneration))
      }
    }
    if let start { takeOver(id, start.node, start.status.podIPs) }
    let metadata = pod.metadata
    api.record(
      EventRecord(
        ObjectReference("Pod", metadata), "Scheduled", saying: .template(.assigned, name),
        from: "default-scheduler"),
      at: now)
    retry(refusedBy: Self.relational)
  }

  private mutating func reportUnschedulable(
    _ next: inout SchedulingQueue.PendingPod, _ pod: Pod
  ) {
    let id = next.id
    let refusals = scheduler.cache.refusals(of: pod, api.store)
    var failure = SchedulingFailure(refusals.compactMap(\.refusal))
    next.refusedBy = failure.plugins
    failure.preemption = preempt(for: id, pod, refusals)
    let time = api.timestamp(at: now)
    let message = failure.text
    let held = pod.status.conditions[type: "PodScheduled"]
    if held?.status != .false || held?.message != message || held?.reason != "Unschedulable" {
      api.store.updatePod(id, .status, at: now) { pod in
        pod.status.conditions.set(
          Condition(
            type: "PodScheduled", status: .false, reason: "Unschedulable", message: message,
            lastTransitionTime: time, observedGeneration: pod.metadata.generation))
      }
    }
    api.record(
      EventRecord(
        ObjectReference("Pod", pod.metadata), "FailedScheduling", message,
        from: "default-scheduler", type: .warning),
      at: now)
  }
}

extension Pod {
  /// Has `schedulingGates`: nobody looks for a node yet.
  var isGated: Bool { spec.value.other["schedulingGates"]?.array?.isEmpty == false }
}
