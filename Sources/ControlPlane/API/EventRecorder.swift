import ClusterModel
import SimulationCore

/// What a component wants to say about an object.
///
/// Behind a reference: it is handed from queue to queue, and copies of its texts would be dear.
public final class EventRecord: Sendable {
  public let object: ObjectReference
  public let type: Event.EventType
  public let reason: String
  public let content: EventMessage
  public let component: String
  public let host: String
  public let fieldPath: String

  public convenience init(
    _ object: ObjectReference, _ reason: String, _ message: String, from component: String,
    type: Event.EventType = .normal, host: String = "", fieldPath: String = ""
  ) {
    self.init(
      object, reason, saying: .text(message), from: component, type: type, host: host,
      fieldPath: fieldPath)
  }

  public init(
    _ object: ObjectReference, _ reason: String, saying content: EventMessage,
    from component: String, type: Event.EventType = .normal, host: String = "",
    fieldPath: String = ""
  ) {
    self.object = object
    self.reason = reason
    self.content = content
    self.component = component
    self.type = type
    self.host = host
    self.fieldPath = fieldPath
  }

  public var message: String { content.text(about: object) }

  /// The same in other words.
  func saying(_ content: EventMessage) -> EventRecord {
    EventRecord(
      object, reason, saying: content, from: component, type: type, host: host,
      fieldPath: fieldPath)
  }
}

/// An event that its component has yet to send: a request like others.
struct EventPost: Sendable {
  var record: EventRecord
  /// When it was said.
  var time: Instant
  var outcome: EventCorrelator.Outcome
}

extension APIServer {
  /// How long an event is kept after it was last written (kube-apiserver --event-ttl).
  static let eventLifetime = Duration.hours(1)

  /// Writes an event, or counts it up when the same was said before (client-go tools/record).
  public mutating func record(_ record: EventRecord, at time: Instant) {
    if let post = correlate(record, at: time) { self.post(post, at: time) }
  }

  /// What is to be sent of an event; nil when it is passed over.
  mutating func correlate(_ record: EventRecord, at time: Instant) -> EventPost? {
    guard keepsEvents else { return nil }
    let outcome = correlator.outcome(of: record, at: time)
    if case .passedOver = outcome { return nil }
    return EventPost(record: record, time: time, outcome: outcome)
  }

  mutating func post(_ post: EventPost, at time: Instant) {
    let stamp = startTime.seconds * 1_000_000_000 + post.time.nanoseconds
    switch post.outcome {
    case .passedOver: break
    case .new(let content, let key):
      let record = content == post.record.content ? post.record : post.record.saying(content)
      correlator.remember(key, store.insert(record, stamp: stamp, at: time))
    case .repeated(let id, let content, let times):
      if store.events.contains(id) {
        store.repeatEvent(id, content, times: times, stamp: stamp, at: time)
      } else {
        // It has expired meanwhile.
        _ = store.insert(post.record, stamp: stamp, at: time)
      }
    }
  }

  /// Removes the events whose time is over; returns when the next one's will be.
  mutating func expireEvents(at time: Instant) -> Instant? {
    let now = timestamp(at: time)
    let seconds = Self.eventLifetime.nanoseconds / 1_000_000_000
    store.expireEvents(before: Timestamp(seconds: now.seconds - seconds))
    guard let oldest = store.events.oldest else { return nil }
    // The API server's leases are a minute coarse.
    let wait = max(oldest.seconds + seconds - now.seconds, 0) + 60
    return time + .seconds(wait)
  }
}

extension ObjectReference {
  /// A reference to `object` as an event's subject.
  public init(_ kind: String, _ metadata: ObjectMeta) {
    self.init(kind: kind, namespace: metadata.namespace, name: metadata.name, uid: metadata.uid)
  }
}
