import ClusterModel
import SimulationCore

/// What a component wants to say about an object.
public struct EventRecord: Hashable, Sendable {
  public var object: ObjectReference
  public var type = Event.EventType.normal
  public var reason: String
  public var message: String
  public var component: String
  public var host = ""
  public var fieldPath = ""

  public init(
    _ object: ObjectReference, _ reason: String, _ message: String, from component: String,
    type: Event.EventType = .normal, host: String = "", fieldPath: String = ""
  ) {
    self.object = object
    self.reason = reason
    self.message = message
    self.component = component
    self.type = type
    self.host = host
    self.fieldPath = fieldPath
  }
}

/// Which events are there already.
struct EventIndex: Sendable {
  /// A component on a host: each has its own recorder.
  struct Source: Hashable, Sendable {
    var component: String
    var host: String
  }

  private var recorders: [Source: EventCorrelator] = [:]
  /// The scheduler's recorder is of a newer kind, which only counts equal events.
  private var equal: [EventRecord: ObjectID] = [:]

  func find(_ record: EventRecord) -> ObjectID? { equal[record] }
  mutating func remember(_ record: EventRecord, _ id: ObjectID) { equal[record] = id }

  mutating func correlate(
    _ record: EventRecord, at now: Timestamp, _ time: Instant
  ) -> EventCorrelator.Outcome? {
    recorders[Source(component: record.component, host: record.host), default: EventCorrelator()]
      .correlate(record, at: now, time)
  }

  mutating func remember(
    _ record: EventRecord, _ id: ObjectID, for outcome: EventCorrelator.Outcome
  ) {
    recorders[Source(component: record.component, host: record.host)]?.remember(id, for: outcome)
  }
}

extension APIServer {
  /// Writes an event, or counts it up when the same was said before; what a component says too
  /// often of one object is not written.
  public mutating func record(_ record: EventRecord, at time: Instant) {
    let now = timestamp(at: time)
    if record.component == "default-scheduler" {
      if let id = eventIndex.find(record), store.events[id] != nil {
        return store.updateEvent(id, at: time) { event in
          event.count += 1
          event.lastTimestamp = now
        }
      }
      eventIndex.remember(record, insert(record, record.message, count: 1, first: now, at: time))
      return
    }
    guard let outcome = eventIndex.correlate(record, at: now, time) else { return }
    if let id = outcome.event, store.events[id] != nil {
      store.updateEvent(id, at: time) { event in
        event.count = outcome.count
        event.message = outcome.message
        event.lastTimestamp = now
      }
      return
    }
    let id = insert(
      record, outcome.message, count: outcome.count, first: outcome.first, at: time)
    eventIndex.remember(record, id, for: outcome)
  }

  private mutating func insert(
    _ record: EventRecord, _ message: String, count: Int, first: Timestamp, at time: Instant
  ) -> ObjectID {
    let now = timestamp(at: time)
    let namespace = record.object.namespace.isEmpty ? "default" : record.object.namespace
    let name = eventName(record.object.name, namespace, at: time)
    var metadata = ObjectMeta(name: name, namespace: namespace)
    metadata.uid = names.uid()
    metadata.creationTimestamp = now
    var event = Event(
      metadata: metadata, reason: record.reason, message: message,
      involvedObject: record.object, component: record.component)
    event.type = record.type
    event.host = record.host
    event.fieldPath = record.fieldPath
    event.count = count
    event.firstTimestamp = first
    event.lastTimestamp = now
    return store.insert(event, at: time)
  }
}

extension APIServer {
  /// The object's name and the nanoseconds of the wall clock, so that a list by name is a list by
  /// time; the next free one when an object has two events at one instant.
  private func eventName(_ object: String, _ namespace: String, at time: Instant) -> String {
    var nanoseconds = startTime.seconds &* 1_000_000_000 &+ time.nanoseconds
    while true {
      let name = "\(object).\(String(nanoseconds, radix: 16))"
      if store.events.id(namespace: namespace, name: name) == nil { return name }
      nanoseconds &+= 1
    }
  }
}

extension ObjectReference {
  /// A reference to `object` as an event's subject.
  public init(_ kind: String, _ metadata: ObjectMeta) {
    self.init(kind: kind, namespace: metadata.namespace, name: metadata.name, uid: metadata.uid)
  }
}
