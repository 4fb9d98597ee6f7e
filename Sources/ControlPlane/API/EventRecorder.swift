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

/// Which events are there already: equal ones are counted, and many similar ones are combined.
struct EventIndex: Sendable {
  private var equal: [EventRecord: ObjectID] = [:]

  func find(_ record: EventRecord) -> ObjectID? { equal[record] }
  mutating func remember(_ record: EventRecord, _ id: ObjectID) { equal[record] = id }
}

extension APIServer {
  /// Writes an event, or counts it up when the same was said before (client-go tools/record).
  public mutating func record(_ record: EventRecord, at time: Instant) {
    let now = timestamp(at: time)
    if let id = eventIndex.find(record), store.events[id] != nil {
      store.updateEvent(id, at: time) { event in
        event.count += 1
        event.lastTimestamp = now
      }
      return
    }
    let namespace = record.object.namespace.isEmpty ? "default" : record.object.namespace
    let name = eventName(record.object.name, namespace, at: time)
    var metadata = ObjectMeta(name: name, namespace: namespace)
    metadata.uid = names.uid()
    metadata.creationTimestamp = now
    var event = Event(
      metadata: metadata, reason: record.reason, message: record.message,
      involvedObject: record.object, component: record.component)
    event.type = record.type
    event.host = record.host
    event.fieldPath = record.fieldPath
    event.firstTimestamp = now
    event.lastTimestamp = now
    eventIndex.remember(record, store.insert(event, at: time))
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
