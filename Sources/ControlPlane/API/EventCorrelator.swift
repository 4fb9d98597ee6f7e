import ClusterModel
import SimulationCore

/// What client-go does with an event before it is sent (tools/record/events_cache.go): equal ones
/// are counted, many similar ones are combined, and an object that causes too many is passed over.
struct EventCorrelator: Sendable {
  enum Outcome {
    case new(EventMessage, key: UInt64)
    /// An event that is there already is said so many times more.
    case repeated(ObjectID, EventMessage, times: Int)
    case passedOver
  }

  /// Distinct messages of one reason about one object before they are combined.
  private static let mostSimilar = 10
  private static let similarInterval = Duration.seconds(600)
  static let combined = "(combined from similar events): "

  private struct Similar: Sendable {
    var last: Instant
    var messages: Int
  }

  private struct Known: Sendable {
    var id: ObjectID
    /// How often it was said and passed over since it was last written.
    var missed = 0
  }

  private var similar = RecentTable<Similar>()
  private var known = RecentTable<Known>()
  private var buckets = RecentTable<TokenBucket>()

  mutating func outcome(of record: EventRecord, at now: Instant) -> Outcome {
    let source = TextHash.of(record.host, seed: TextHash.of(record.component))
    let subject = TextHash.mix(source, EventSubjects.hash(record.object))
    let reason = TextHash.of(record.reason, seed: subject &+ (record.type == .warning ? 1 : 0))
    let message = TextHash.of(record.fieldPath, seed: TextHash.mix(reason, record.content.hash))
    // The scheduler speaks events.k8s.io, which only counts.
    if record.component == "default-scheduler" {
      guard let entry = known[message] else { return .new(record.content, key: message) }
      return .repeated(entry.id, record.content, times: 1)
    }
    let isCombined = isOneTooMany(reason, isNew: known[message] == nil, at: now)
    let key = isCombined ? reason : message
    let content =
      isCombined
      ? .text(Self.combined + record.content.text(about: record.object)) : record.content
    guard takeToken(subject, at: now) else {
      if var entry = known[key] {
        entry.missed += 1
        known[key] = entry
      }
      return .passedOver
    }
    guard let entry = known[key] else { return .new(content, key: key) }
    known[key] = Known(id: entry.id)
    return .repeated(entry.id, content, times: 1 + entry.missed)
  }

  mutating func remember(_ key: UInt64, _ id: ObjectID) { known[key] = Known(id: id) }

  mutating func forget(_ record: EventRecord, _ key: UInt64) { known[key] = nil }

  private mutating func isOneTooMany(_ reason: UInt64, isNew: Bool, at now: Instant) -> Bool {
    var entry = similar[reason] ?? Similar(last: now, messages: 0)
    let isLongAgo = now - entry.last > Self.similarInterval
    if isLongAgo { entry.messages = 0 }
    if isNew || isLongAgo { entry.messages += 1 }
    entry.last = now
    let isTooMany = entry.messages >= Self.mostSimilar
    if isTooMany { entry.messages -= 1 }
    similar[reason] = entry
    return isTooMany
  }

  /// 25 at once and one in five minutes, of one source about one object.
  private mutating func takeToken(_ subject: UInt64, at now: Instant) -> Bool {
    var bucket = buckets[subject] ?? TokenBucket(interval: .seconds(300), burst: 25)
    let isFree = bucket.nextToken(at: now) <= now
    if isFree { bucket.take(at: now) }
    buckets[subject] = bucket
    return isFree
  }
}

/// Values by hash, of which the least recently used are forgotten: as many as it holds at least,
/// and at most twice as many, are kept.
struct RecentTable<Value: Sendable>: Sendable {
  private struct Generation: Sendable {
    var keys: ContiguousArray<UInt64> = []
    var values: ContiguousArray<Value?> = []
    var index = HashIndex()

    func place(_ key: UInt64) -> Int? {
      index.find(key) { keys[Int($0)] == key }.map(Int.init)
    }

    mutating func set(_ key: UInt64, _ value: Value?) {
      if let place = place(key) {
        values[place] = value
      } else {
        index.insert(key, Int32(keys.count))
        keys.append(key)
        values.append(value)
      }
    }
  }

  /// What one component of a real cluster remembers is 4,096; here all kubelets share it.
  private static var capacity: Int { 32_768 }

  private var new = Generation()
  private var old = Generation()

  subscript(_ key: UInt64) -> Value? {
    get {
      if let place = new.place(key) { return new.values[place] }
      return old.place(key).flatMap { old.values[$0] }
    }
    set {
      if new.keys.count >= Self.capacity {
        old = new
        new = Generation()
      }
      new.set(key, newValue)
    }
  }
}
