import ClusterModel
import SimulationCore

/// Lets workloads come to rest before time zero, as if they had been there for a long while.
///
/// The controllers decide as always; only nobody waits for them: clients without a rate limit,
/// watches without a delay, and pods that nothing can go wrong with run as soon as they are bound.
/// All other pods go the usual way in the time that is left until zero.
extension ControlPlane {
  /// Turns the clock back. What is created from here on is `age` old at time zero.
  ///
  /// Only at time zero, before anything has happened; `endSettling` must follow.
  ///
  /// - Parameter age: longer than events are kept: none are written of what happens at once.
  public mutating func beginSettling(age: Duration) {
    precondition(now == .zero && settling == nil, "a cluster settles before anything happens")
    announceLoaded()
    settling = Settling(limits: runners.map(\.client) + [scheduler.client])
    let unlimited = TokenBucket(queriesPerSecond: 0, burst: 1)
    for index in runners.indices { runners[index].client = unlimited }
    scheduler.client = unlimited
    api.keepsEvents = false
    turnBack(by: age)
  }

  /// Lets everybody hear of everything, and places what waits for a node.
  ///
  /// - Returns: false when all is at rest.
  public mutating func settleFurther() -> Bool {
    let hasNews = hearEverything()
    scheduler.noteImages(at: now)
    var placed = 0
    while placed < Self.placedAtOnce, let next = scheduler.queue.takeNext(at: now) {
      tryToPlace(next)
      placed += 1
    }
    return hasNews || placed > 0
  }

  /// What is done with a pod is kept until everybody has heard of it: with all of a large cluster's
  /// at once that would be a large part of the memory it needs.
  private static let placedAtOnce = 4096

  /// Brings the clock to time zero; what takes time happens until then.
  public mutating func endSettling() {
    let limits = settling?.limits ?? []
    settling = nil
    api.keepsEvents = true
    while let time = nextEventTime, time < .zero { step() }
    // Full buckets, as after a long quiet time.
    for (index, limit) in limits.prefix(runners.count).enumerated() {
      runners[index].client = limit
    }
    if let last = limits.last { scheduler.client = last }
    idle(until: .zero)
  }

  /// What a pod is as soon as it is bound while the cluster settles; nil at all other times, and
  /// where something about the pod takes time or may fail.
  mutating func settledStart(
    of pod: Pod, on node: ObjectID
  ) -> (node: ObjectID, status: PodStatus)? {
    guard settling?.isPlain(pod) == true, let addresses = addresses(for: pod, on: node),
      var status = settling?.status(of: pod, on: node, api.store, at: api.timestamp(at: now))
    else { return nil }
    status.podIPs = addresses
    return (node, status)
  }
}

/// What is remembered while a cluster settles.
struct Settling: Sendable {
  /// The clients' buckets, the scheduler's last.
  let limits: [TokenBucket]
  /// What the newest specs are like: pods of one template come one after the other.
  private var known: [ObjectIdentifier: Entry] = [:]
  private var last: Entry?
  private var hosts: [ObjectID: Host] = [:]
  private var conditions: [Condition] = []

  /// What the pods of a node have alike in their statuses; they share it.
  private struct Host: Sendable {
    var primary: IPAddress?
    var other = Fields()
  }

  private struct Entry: Sendable {
    /// Held, so that its identity is not another's.
    let spec: Shared<PodSpec>
    let isPlain: Bool
    /// Of a pod without an address.
    var status: PodStatus?
  }

  init(limits: [TokenBucket]) { self.limits = limits }

  /// Whether nothing about a pod takes time or may fail once it is bound.
  mutating func isPlain(_ pod: Pod) -> Bool {
    if pod.metadata.annotations.pairs.contains(where: { $0.key.hasPrefix("kubarium.dev/") }) {
      return false
    }
    return entry(of: pod).isPlain
  }

  private mutating func entry(of pod: Pod) -> Entry {
    if let last, last.spec === pod.spec { return last }
    let entry =
      known[ObjectIdentifier(pod.spec)]
      ?? Entry(spec: pod.spec, isPlain: Self.isPlain(pod.spec.value, pod))
    remember(entry)
    return entry
  }

  private mutating func remember(_ entry: Entry) {
    known[ObjectIdentifier(entry.spec)] = entry
    last = entry
  }

  private static func isPlain(_ spec: PodSpec, _ pod: Pod) -> Bool {
    spec.initContainers.isEmpty && spec.readinessGates.isEmpty && spec.restartPolicy == "Always"
      && spec.other["volumes"] == nil && spec.other["activeDeadlineSeconds"] == nil
      && spec.containers.allSatisfy { isPlain($0, pod) }
  }

  private static func isPlain(_ container: Container, _ pod: Pod) -> Bool {
    container.lifecycle == nil && container.other["envFrom"] == nil
      && container.imagePullPolicy != "Never"
      && container.env.allSatisfy { $0.valueFrom == nil }
      && ImageReference.problem(with: container.image) == nil
      && ImageReference.pullProblem(with: container.image, pod.metadata.annotations) == nil
      && ContainerLife.of(container, isInit: false, pod) == nil
  }

  /// What the kubelet of `node` reports of a pod that runs, but for its addresses.
  mutating func status(
    of pod: Pod, on node: ObjectID, _ store: ObjectStore, at time: Timestamp
  ) -> PodStatus {
    var entry = entry(of: pod)
    if entry.status == nil {
      entry.status = Self.running(pod, at: time)
      // Pods of all templates share one copy.
      if conditions == entry.status?.conditions { entry.status?.conditions = conditions }
      conditions = entry.status?.conditions ?? []
      remember(entry)
    }
    var status = entry.status ?? PodStatus()
    let host = host(node, store)
    status.hostIP = host.primary
    status.other = host.other
    return status
  }

  private static func running(_ pod: Pod, at time: Timestamp) -> PodStatus {
    var pod = pod
    PodStatusReport.starting(&pod, hostIPs: [], at: time)
    pod.status.conditions.set(PodStatusReport.readyToStart(pod, .true, time))
    for index in pod.spec.value.containers.indices {
      PodStatusReport.containerStarted(&pod, index, at: time)
      PodStatusReport.ready(&pod, index, at: time)
    }
    return pod.status
  }

  private mutating func host(_ node: ObjectID, _ store: ObjectStore) -> Host {
    if let known = hosts[node] { return known }
    let addresses = store.nodes[node]?.internalIPs ?? []
    var host = Host(primary: addresses.first)
    host.other["observedGeneration"] = 1
    host.other["hostIPs"] =
      addresses.isEmpty ? nil : .array(addresses.map { ["ip": .string("\($0)")] })
    hosts[node] = host
    return host
  }
}
