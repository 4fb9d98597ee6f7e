import ClusterModel
import SimulationCore

/// Which changes a controller hears of.
struct Subscription: Sendable {
  let kinds: ResourceKinds
  let podAspects: Change.Aspects

  init(_ controller: any Controller) {
    kinds = controller.watches
    podAspects = controller.podAspects
  }

  func includes(_ change: Change) -> Bool {
    kinds.contains(change.kind)
      && (change.kind != .pod || change.operation != .updated
        || !change.aspects.isDisjoint(with: podAspects))
  }
}

/// What a controller is run by: its watch, its work queue and its client.
struct ControllerRunner: Sendable {
  var controller: any Controller
  /// What `controller` says of itself, where asking costs nothing.
  let watches: ResourceKinds
  let workers: Int
  var queue = WorkQueue()
  var client: TokenBucket
  /// The requests its client has yet to make, first come first served.
  var requests: [Request] = []
  var firstRequest = 0
  var isRequestScheduled = false
  /// Open requests by key; a key is done when it has none left.
  var openRequests: [WorkKey: Int] = [:]
  /// Where in the log its own newest write about a key stands.
  var lastWrite: [WorkKey: Int] = [:]
  /// Why requests of a key's last sync were refused.
  var refusals: [WorkKey: APIError] = [:]
  /// When keys are due to be looked at again.
  var planned: [WorkKey: Instant] = [:]

  enum Request: Sendable {
    case write(WorkKey, Write)
    case post(EventPost)
  }

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
    guard batches[key] != nil else { return }
    batches[key]?.left -= 1
    if !succeeded { batches[key]?.hasFailed = true }
    if batches[key]?.left == 0 { releaseBatch(of: key) }
  }

  /// Whether the next request is none: only something to say.
  var nextNeedsNoToken: Bool {
    guard case .write(_, let write) = requests[firstRequest], case .say = write.action else {
      return false
    }
    return true
  }

  init(_ controller: any Controller, client: TokenBucket) {
    self.controller = controller
    watches = controller.watches
    workers = controller.workers
    self.client = client
  }

  mutating func takeRequest() -> Request? {
    guard firstRequest < requests.count else { return nil }
    let request = requests[firstRequest]
    firstRequest += 1
    if firstRequest == requests.count {
      requests.removeAll(keepingCapacity: true)
      firstRequest = 0
    } else if firstRequest > 256, firstRequest * 2 > requests.count {
      requests.removeFirst(firstRequest)
      firstRequest = 0
    }
    return request
  }

  mutating func forgetRefusal(of key: WorkKey) {
    if !refusals.isEmpty { refusals[key] = nil }
  }

  /// A time at which `key` was due has come.
  mutating func forgetPlan(of key: WorkKey, at now: Instant) {
    if let planned = planned[key], planned <= now { self.planned[key] = nil }
  }

  var hasRequests: Bool { firstRequest < requests.count }
}
