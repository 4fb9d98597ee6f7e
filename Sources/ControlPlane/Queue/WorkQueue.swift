import ClusterModel
import SimulationCore

/// What a controller has to look at: an object of a kind.
public struct WorkKey: Hashable, Sendable {
  public var kind: ResourceKind
  public var id: ObjectID

  public init(_ kind: ResourceKind, _ id: ObjectID) {
    self.kind = kind
    self.id = id
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(id.packed ^ UInt64(kind.rawValue) << 60)
  }
}

/// The keys a controller has yet to sync, in the order in which they were added.
///
/// client-go `util/workqueue`: a key stands in the queue once; added while it is being processed,
/// it comes back when that is done. Failures wait longer each time.
public struct WorkQueue: Sendable {
  private var waiting: [WorkKey] = []
  private var head = 0
  private var isWaiting: Set<WorkKey> = []
  private var processing: Set<WorkKey> = []
  private var dirty: Set<WorkKey> = []
  private var failures: [WorkKey: Int] = [:]

  public init() {}

  public var isEmpty: Bool { head == waiting.count }
  public var processingCount: Int { processing.count }
  public var count: Int { waiting.count - head }

  public mutating func add(_ key: WorkKey) {
    if processing.contains(key) {
      dirty.insert(key)
    } else if isWaiting.insert(key).inserted {
      waiting.append(key)
    }
  }

  /// Takes the next key for processing; `done` must follow.
  public mutating func next() -> WorkKey? {
    guard head < waiting.count else { return nil }
    let key = waiting[head]
    head += 1
    if head > 64, head * 2 > waiting.count {
      waiting.removeFirst(head)
      head = 0
    }
    isWaiting.remove(key)
    processing.insert(key)
    return key
  }

  public mutating func done(_ key: WorkKey) {
    processing.remove(key)
    if dirty.remove(key) != nil { add(key) }
  }

  /// Counts a failure of `key` and returns how long to wait: `base` doubled for each one before.
  public mutating func backoff(_ key: WorkKey, base: Duration, limit: Duration) -> Duration {
    let count = failures[key, default: 0]
    failures[key] = count + 1
    guard count < 40 else { return limit }
    let (delay, overflow) = base.nanoseconds.multipliedReportingOverflow(by: 1 << Int64(count))
    return overflow ? limit : min(Duration(nanoseconds: delay), limit)
  }

  public mutating func forget(_ key: WorkKey) {
    if !failures.isEmpty { failures[key] = nil }
  }
}
