import ClusterModel
import ControlPlane
import SimulationCore

/// The newest events of the store, in the order in which they were last written.
struct EventList: Sendable {
  private var events: [Event] = []

  static let limit = 500

  mutating func rebuild(_ store: ObjectStore) {
    events = []
    store.events.forEach { _, event in events.append(copy event) }
    events.sort { $0.metadata.resourceVersion < $1.metadata.resourceVersion }
    events.removeFirst(max(events.count - Self.limit, 0))
  }

  /// An event that is new or was repeated becomes the newest.
  mutating func update(_ id: ObjectID, _ store: ObjectStore) {
    guard let event = store.events[id] else { return }
    if let old = events.lastIndex(where: { $0.metadata.uid == event.metadata.uid }) {
      if events[old].metadata.resourceVersion == event.metadata.resourceVersion { return }
      events.remove(at: old)
    }
    events.append(event)
    if events.count > Self.limit * 2 { events.removeFirst(events.count - Self.limit) }
  }

  func rows(_ scope: Scope, _ startTime: Timestamp) -> [EventRow] {
    let filter = RowFilter(scope.filters[.events])
    return events.suffix(Self.limit).compactMap { event in
      let namespace = event.involvedObject.namespace
      guard namespace.isEmpty || scope.includes(namespace: namespace) else { return nil }
      let row = EventRow(event, startTime)
      if scope.showsFaultsOnly, !row.isWarning { return nil }
      let text = "\(row.reason) \(row.object) \(row.namespace) \(row.message)"
      return filter.accepts(text) ? row : nil
    }
  }
}

extension EventRow {
  init(_ event: Event, _ startTime: Timestamp) {
    let time = event.lastTimestamp ?? event.metadata.creationTimestamp ?? startTime
    let seconds = time.seconds.subtractingReportingOverflow(startTime.seconds)
    let limit: Int64 = 9_000_000_000
    let since = seconds.overflow ? 0 : min(max(seconds.partialValue, -limit), limit)
    self.init(
      event.metadata.resourceVersion, at: Instant(nanoseconds: since * 1_000_000_000),
      reason: event.reason,
      object: "\(event.involvedObject.kind.lowercased())/\(event.involvedObject.name)",
      namespace: event.involvedObject.namespace, message: event.message)
    isWarning = event.type == .warning
    count = event.count
  }
}
