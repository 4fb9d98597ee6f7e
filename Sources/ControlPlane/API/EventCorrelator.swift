import ClusterModel
import SimulationCore

/// What one component's recorder makes of what it is told to say: equal events are counted, many
/// similar ones are combined, and one that speaks of an object too often is held back
/// (client-go tools/record/events_cache.go).
struct EventCorrelator: Sendable {
  /// What is to be written.
  struct Outcome {
    var message: String
    /// How often it was said by now, also while it was held back.
    var count: Int
    var first: Timestamp
    /// The event that says it already.
    var event: ObjectID?
    fileprivate var key: EventRecord
  }

  /// From so many different messages on they are combined; after so long without one they are not.
  private static let mostMessages = 10
  private static let longestPause: Int64 = 600
  /// Of one object: 25 at once, then one in five minutes.
  private static let burst: Int64 = 25
  private static let interval: Int64 = 300_000_000_000
  /// How much it remembers of each.
  private static let capacity = 4096

  private struct Similar: Sendable {
    var messages: [String] = []
    var last: Timestamp
  }

  private struct Observed: Sendable {
    var count: Int
    var first: Timestamp
    var event: ObjectID?
  }

  private var similar = RecentTable<EventRecord, Similar>(capacity: capacity)
  private var observed = RecentTable<EventRecord, Observed>(capacity: capacity)
  /// When each object's bucket was, or would be, empty.
  private var empty = RecentTable<ObjectReference, Int64>(capacity: capacity)

  /// Nil when nothing is written.
  mutating func correlate(_ record: EventRecord, at now: Timestamp, _ time: Instant) -> Outcome? {
    let (key, message) = combined(record, now)
    var entry = observed[key] ?? Observed(count: 0, first: now)
    entry.count += 1
    observed[key] = entry
    guard takeToken(record.object, time) else { return nil }
    return Outcome(
      message: message, count: entry.count, first: entry.first, event: entry.event, key: key)
  }

  /// The event that says it from now on.
  mutating func remember(_ event: ObjectID, for outcome: Outcome) {
    observed[outcome.key]?.event = event
  }

  private mutating func combined(
    _ record: EventRecord, _ now: Timestamp
  ) -> (key: EventRecord, message: String) {
    var group = record
    group.message = ""
    group.fieldPath = ""
    var known = similar[group] ?? Similar(last: now)
    if now.seconds - known.last.seconds > Self.longestPause { known.messages = [] }
    known.last = now
    if !known.messages.contains(record.message) { known.messages.append(record.message) }
    defer { similar[group] = known }
    if known.messages.count < Self.mostMessages { return (record, record.message) }
    known.messages.removeLast()
    return (group, "(combined from similar events): \(record.message)")
  }

  private mutating func takeToken(_ object: ObjectReference, _ time: Instant) -> Bool {
    let full = time.nanoseconds - Self.interval * Self.burst
    let since = max(empty[object] ?? full, full)
    guard since + Self.interval <= time.nanoseconds else { return false }
    empty[object] = since + Self.interval
    return true
  }
}

/// A table that forgets what was put in first when it is full.
struct RecentTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private let capacity: Int
  private var values: [Key: Value] = [:]
  private var keys: [Key] = []
  private var oldest = 0

  init(capacity: Int) { self.capacity = capacity }

  subscript(_ key: Key) -> Value? {
    get { values[key] }
    set {
      guard let newValue else { return }
      if values.updateValue(newValue, forKey: key) != nil { return }
      if keys.count < capacity {
        keys.append(key)
      } else {
        values[keys[oldest]] = nil
        keys[oldest] = key
        oldest = (oldest + 1) % capacity
      }
    }
  }
}
