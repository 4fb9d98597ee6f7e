import ClusterModel
import SimulationCore

/// Which changes a controller hears of.
struct Subscription: Sendable {
  let kinds: ResourceKinds
  let podAspects: Change.Aspects
  let podOwners: Change.PodOwners

  init(_ controller: any Controller) {
    kinds = controller.watches
    podAspects = controller.podAspects
    podOwners = controller.podOwners
  }

  func includes(_ change: Change.Heading) -> Bool {
    guard kinds.contains(change.kind) else { return false }
    guard change.kind == .pod else { return true }
    return !change.podOwners.isDisjoint(with: podOwners)
      && (change.operation != .updated || !change.aspects.isDisjoint(with: podAspects))
  }
}

/// What a controller is run by: its watch, its work queue and its client.
struct ControllerRunner: Sendable {
  var controller: any Controller
  /// What `controller` says of itself, where asking costs nothing.
  let watches: ResourceKinds
  let workers: Int
  let retryDelay: Duration
  var queue = WorkQueue()
  var client: TokenBucket
  var requests = RequestLine()
  var isRequestScheduled = false
  /// Open requests by key; a key is done when it has none left.
  var openRequests: [WorkKey: Int] = [:]
  /// Where in the log its own newest write about a key stands.
  var lastWrite: [WorkKey: Int] = [:]
  /// Why requests of a key's last sync were refused.
  var refusals: [WorkKey: APIError] = [:]
  /// When keys are due to be looked at again.
  var planned: [WorkKey: Instant] = [:]

  /// Writes that wait for those before them.
  private struct Batches: Sendable {
    var writes: [Write]
    /// Of the slow start.
    var slowCount: Int
    var next = 0
    var size = 1
    /// Open requests of the present batch.
    var left = 0
    var hasFailed = false
  }

  private var batches: [WorkKey: Batches] = [:]
  /// What it has said and not sent yet; the events go through the same client, one by one.
  private var said: [EventRecord] = []
  private var firstSaid = 0
  var isPosting = false
  /// Whether keys are being reconciled: what their writes set free is taken up by that loop.
  var isWorking = false
  /// What an event broadcaster holds; it drops what is beyond (tools/record maxQueuedEvents).
  private static let mostSaid = 1000

  /// Where the log was last searched from, and up to where nothing in it was of a watched kind.
  private var searched: (from: Int, to: Int) = (0, 0)

  /// The position of the first change from `heard` on that it has yet to hear of.
  mutating func observed(in log: borrowing ChangeLog, from heard: Int) -> Int {
    if searched.from != heard { searched = (heard, heard) }
    searched.to = log.next(of: watches, from: searched.to)
    return searched.to
  }

  mutating func say(_ record: EventRecord) {
    if said.count - firstSaid < Self.mostSaid { said.append(record) }
  }

  mutating func takeSaid() -> EventRecord? {
    guard firstSaid < said.count else { return nil }
    let record = said[firstSaid]
    firstSaid += 1
    if firstSaid == said.count {
      said.removeAll(keepingCapacity: true)
      firstSaid = 0
    }
    return record
  }

  /// Queues the writes of a sync.
  mutating func enqueue(_ result: Reconciliation, _ key: WorkKey) {
    openRequests[key] = result.writes.count
    if result.slowStart > 1 {
      batches[key] = Batches(writes: result.writes, slowCount: result.slowStart)
      releaseBatch(of: key)
    } else {
      for write in result.writes { requests.append(.write(key, write)) }
    }
  }

  private mutating func releaseBatch(of key: WorkKey) {
    guard var waiting = batches.removeValue(forKey: key) else { return }
    if waiting.hasFailed, waiting.next < waiting.slowCount {
      openRequests[key, default: 0] -= waiting.slowCount - waiting.next
      waiting.next = waiting.slowCount
    }
    guard waiting.next < waiting.writes.count else { return }
    let end =
      waiting.next < waiting.slowCount
      ? min(waiting.next + waiting.size, waiting.slowCount) : waiting.writes.count
    for write in waiting.writes[waiting.next..<end] { requests.append(.write(key, write)) }
    waiting.left = end - waiting.next
    waiting.next = end
    waiting.size *= 2
    batches[key] = waiting
  }

  /// A request of `key` has been made: the last of a batch lets the next one follow.
  mutating func requestMade(_ key: WorkKey, succeeded: Bool) {
    guard !batches.isEmpty, let left = batches[key]?.left else { return }
    batches[key]?.left = left - 1
    if !succeeded { batches[key]?.hasFailed = true }
    if left == 1 { releaseBatch(of: key) }
  }

  init(_ controller: any Controller, client: TokenBucket) {
    self.controller = controller
    watches = controller.watches
    workers = controller.workers
    retryDelay = controller.retryDelay
    self.client = client
  }

  mutating func forgetRefusal(of key: WorkKey) {
    if !refusals.isEmpty { refusals[key] = nil }
  }

  /// A time at which `key` was due has come.
  mutating func forgetPlan(of key: WorkKey, at now: Instant) {
    if let planned = planned[key], planned <= now { self.planned[key] = nil }
  }
}
