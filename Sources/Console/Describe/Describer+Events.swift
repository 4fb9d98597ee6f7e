import ClusterModel
import ControlPlane

extension Describer {
  /// The events of the object, the oldest first (describe.go DescribeEvents).
  mutating func events() {
    guard context.showsEvents else { return }
    let events = eventsOfObject()
    guard !events.isEmpty else { return description.field("Events", "<none>") }
    description.line(0, "Events:")
    description.line(1, "Type", "Reason", "Age", "From", "Message")
    description.line(1, "----", "------", "----", "----", "-------")
    for event in events {
      let source =
        event.component.isEmpty
        ? event.other["reportingComponent"]?.string ?? "" : event.component
      description.line(
        1, event.type.rawValue, event.reason, EventTimes(event).interval(context), source,
        event.message.trimmed)
    }
  }

  private func eventsOfObject() -> [Event] {
    var events: [Event] = []
    context.store.events.forEach { _, event in
      if concerns(event.involvedObject) { events.append(event) }
    }
    return events.sorted { left, right in
      let (a, b) = (left.lastTimestamp?.seconds ?? .min, right.lastTimestamp?.seconds ?? .min)
      return a == b ? left.metadata.name < right.metadata.name : a < b
    }
  }

  /// A node's events name it by its name instead of its uid (kubelet), or by its uid (controllers).
  private func concerns(_ reference: ObjectReference) -> Bool {
    guard reference.name == metadata.name, reference.kind == object.resource.kind else {
      return false
    }
    if case .node = object { return true }
    return reference.namespace == metadata.namespace
      && (reference.uid == .none || reference.uid == metadata.uid)
  }
}
