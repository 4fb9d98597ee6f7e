import ClusterModel
import SimulationCore

/// The control plane: API server, controllers, scheduler and kubelets, and their events to come.
///
/// It knows no packet. What it decides stands in API objects, and `Simulation` carries those on.
public struct ControlPlane: Sendable {
  public internal(set) var api: APIServer
  @usableFromInline var events = EventQueue<ControlPlaneEvent>()
  var runners: [ControllerRunner]
  var scheduler: Scheduler
  @usableFromInline var kubelets: Kubelets
  /// What pods used when they were last measured.
  public internal(set) var usage: [ObjectID: PodUsage] = [:]
  public private(set) var now = Instant.zero {
    didSet { api.store.now = now }
  }
  /// When events are looked at for those that have been kept long enough.
  private var nextExpiry: Instant?
  /// Up to where in the log watchers have been woken.
  private var announced = 0
  private var load = WriteLoad()
  /// Up to where in the log every watcher has heard.
  private(set) var heard = 0
  /// Set while the cluster comes to rest before time zero.
  var settling: Settling?
  private var isDeliveryScheduled = false
  /// What each controller hears of; beside the runners, so that asking copies none of them.
  private let subscriptions: [Subscription]
  /// The kinds that anybody watches.
  private let watched: ResourceKinds
  /// Events that have happened.
  public private(set) var eventCount: UInt64 = 0

  public var store: ObjectStore {
    @inlinable _read { yield api.store }
  }
  public var settings: ControlPlaneSettings {
    _read { yield api.settings }
  }

  /// The controllers, in the order in which they hear of a change.
  private static func controllers(_ settings: ControlPlaneSettings, seed: UInt64)
    -> [any Controller]
  {
    let cloud: [any Controller] = settings.hasCloud ? [LoadBalancerController(seed: seed)] : []
    return [
      DeploymentController(),
      ReplicaSetController(),
      EndpointSliceController(),
      EndpointSliceMirroringController(),
      NodeIPAMController(settings),
      NodeLifecycleController(),
      TaintEvictionController(),
      PodGarbageCollector(),
      DaemonSetController(),
      StatefulSetController(),
      ReplicationManager(),
      JobController(),
      GarbageCollector(),
      NamespaceController(),
      ServiceAccountsController(),
      ResourceQuotaController(),
      VolumeBinder(),
      VolumeKeeper(),
      HorizontalPodAutoscalerController(),
      DisruptionController(),
      CronJobController(),
      TTLAfterFinishedController(),
      IngressController(),
    ] + cloud
  }

  public init(settings: ControlPlaneSettings, startTime: Timestamp, seed: UInt64) {
    api = APIServer(settings: settings, startTime: startTime, seed: seed)
    scheduler = Scheduler(seed: seed)
    kubelets = Kubelets(seed: seed)
    if settings.cni.hasPrefix("calico") {
      kubelets.pools = settings.podSubnets.map {
        CalicoIPAM(pool: $0, hasTunnels: settings.cni != "calico-bgp")
      }
    }
    // Whoever gives the controllers more lets the scheduler have as much.
    scheduler.client = TokenBucket(
      queriesPerSecond: settings.clientQPS == 0 ? 0 : max(50, settings.clientQPS),
      burst: max(100, settings.clientBurst))
    let client = TokenBucket(queriesPerSecond: settings.clientQPS, burst: settings.clientBurst)
    runners = Self.controllers(settings, seed: seed).map { ControllerRunner($0, client: client) }
    subscriptions = runners.map { Subscription($0.controller) }
    watched = subscriptions.reduce(Scheduler.watches.union(Kubelets.watches)) {
      $0.union($1.kinds)
    }
  }

  // MARK: Time

  @inlinable public var nextEventTime: Instant? { events.nextTime }

  /// Lets the next event happen; there must be one.
  public mutating func step() {
    guard let (time, event) = events.popNext() else { return }
    now = time
    eventCount += 1
    switch event {
    case .deliver: deliver()
    case .request(let runner): makeRequests(of: Int(runner))
    case .requeue(let runner, let key):
      runners[Int(runner)].forgetPlan(of: key, at: now)
      runners[Int(runner)].queue.add(key)
      work(Int(runner))
    case .schedule: scheduleNext()
    case .schedulerFlush: flushUnschedulable()
    case .pod(let id, let step, let life): kubeletStep(id, step, life)
    case .kubeletReturns(let node): kubeletReturns(node)
    case .pulled(let node, let image): imagePulled(node, image)
    case .networkReady(let node): networkReady(node)
    case .expireEvents: nextExpiry = api.expireEvents(at: now).map { scheduleExpiry(at: $0) }
    }
    announceChanges()
    forgetOldChanges()
  }

  /// Lets every watcher hear of what was loaded.
  public mutating func announceLoaded() { announceChanges() }

  /// Moves the clock to a time before which nothing happens.
  public mutating func idle(until time: Instant) {
    precondition(time >= now, "time does not run backwards")
    now = time
  }

  /// Runs a request of a person against the API server, now.
  public mutating func request<Result>(
    _ body: (inout APIServer, Instant) throws(APIError) -> Result
  ) throws(APIError) -> Result {
    let result = try body(&api, now)
    announceChanges()
    return result
  }

  /// Wakes every watcher that has not heard of the newest changes of the kinds it watches.
  mutating func announceChanges() {
    let end = api.store.log.end
    guard announced < end else { return }
    let kinds = api.store.log.kinds(in: announced..<end)
    load.count(end - announced, at: now)
    announced = end
    if nextExpiry == nil, kinds.contains(.event) {
      nextExpiry = scheduleExpiry(at: now + APIServer.eventLifetime + .minutes(1))
    }
    if isDeliveryScheduled { return }
    if watched.isDisjoint(with: kinds) {
      heard = end
    } else {
      scheduleDelivery(at: delivery(of: now))
    }
  }

  private mutating func scheduleDelivery(at time: Instant) {
    isDeliveryScheduled = true
    events.schedule(.deliver, at: time)
  }

  /// Moves the clock to before time zero.
  mutating func turnBack(by age: Duration) {
    now = Instant.zero - age
    // What is waited for comes after zero.
    isDeliveryScheduled = false
  }

  /// Tells every watcher of every change there is; false when there is none.
  mutating func hearEverything() -> Bool {
    let end = api.store.log.end
    guard heard < end else { return false }
    deliver(until: end)
    announced = api.store.log.end
    forgetOldChanges()
    return true
  }

  /// Tells every watcher of the changes that have reached it: they all hear at the same time.
  private mutating func deliver() {
    isDeliveryScheduled = false
    deliver(until: end(ofDeliveryFrom: heard))
    // What they have written comes at the earliest now.
    if heard < api.store.log.end {
      scheduleDelivery(at: max(now, delivery(of: api.store.log[heard].time)))
    }
  }

  private mutating func deliver(until end: Int) {
    let news = heard..<end
    heard = api.store.log.next(of: watched, from: news.upperBound)
    let kinds = api.store.log.kinds(in: news)
    // Kubelets first: what they do at once is seen by whoever hears of its cause at the same time.
    if !kinds.isDisjoint(with: Kubelets.watches) { deliverToKubelets(news) }
    if !kinds.isDisjoint(with: Scheduler.watches) { deliverToScheduler(news) }
    for index in subscriptions.indices where !kinds.isDisjoint(with: subscriptions[index].kinds) {
      deliver(news, to: index, subscriptions[index])
    }
  }

  private mutating func scheduleExpiry(at time: Instant) -> Instant {
    events.schedule(.expireEvents, at: time)
    return time
  }

  private mutating func forgetOldChanges() {
    guard api.store.log.count > ChangeLog.keptAtLeast else { return }
    api.store.log.forget(before: min(heard, externalCursor))
  }

  /// Up to where the world outside the control plane has read the log; changes behind it are kept.
  private var externalCursor = 0

  /// The changes since this was last asked.
  public mutating func takeChanges() -> ContiguousArray<Change> {
    let changes = api.store.log.changes(from: externalCursor)
    externalCursor = api.store.log.end
    return changes
  }

  /// When every watcher hears of what was written at `time`.
  @inline(__always)
  private func delivery(of time: Instant) -> Instant {
    api.settings.delivery(of: time, isBusy: load.isHigh)
  }

  /// What a watcher hears now: every change old enough to have reached it.
  @inline(__always)
  private func end(ofDeliveryFrom cursor: Int) -> Int {
    var end = cursor
    while end < api.store.log.end, delivery(of: api.store.log[end].time) <= now {
      end += 1
    }
    return end
  }
}

/// What is going to happen in the control plane.
@usableFromInline
enum ControlPlaneEvent: Sendable {
  /// What was written has reached everybody who watches.
  case deliver
  /// A controller's client has a token.
  case request(UInt8)
  case requeue(UInt8, WorkKey)
  case schedule
  /// Pods that fitted nowhere long ago are tried again.
  case schedulerFlush
  /// The next step of a pod's life on its node.
  case pod(ObjectID, PodStep, life: UInt32)
  /// A node's kubelet works again.
  case kubeletReturns(ObjectID)
  case pulled(node: Int32, image: Int32)
  /// A new node's CNI has set its network up.
  case networkReady(ObjectID)
  /// Events have been kept long enough.
  case expireEvents
}
