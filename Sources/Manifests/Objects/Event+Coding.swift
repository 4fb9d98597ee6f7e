import ClusterModel

extension Event {
  init(metadata: ObjectMeta, _ reader: inout FieldReader) {
    var source = reader.object("source")
    var involved = reader.object("involvedObject")
    let fieldPath = involved.text("fieldPath")
    self.init(
      metadata: metadata, reason: reader.text("reason"), message: reader.text("message"),
      involvedObject: ObjectReference(involved), component: source.text("component"))
    self.fieldPath = fieldPath
    type = EventType(rawValue: reader.text("type")) ?? .normal
    host = source.text("host")
    firstTimestamp = reader.time("firstTimestamp")
    lastTimestamp = reader.time("lastTimestamp")
    count = reader.integer("count")
    other = reader.rest
  }

  var encoded: Fields {
    // What a dump says of itself stays as it is.
    let isOwn = other["reportingComponent"] == nil
    var writer = FieldWriter()
    writer.always("involvedObject", .object(involvedFields(isOwn)))
    writer.set("message", message)
    writer.set("reason", reason)
    writer.set("type", type.rawValue)
    if isOwn, component == "default-scheduler" {
      addSeries(&writer)
    } else {
      addCounts(&writer)
    }
    writer.add(other)
    return writer.fields
  }

  private func involvedFields(_ isOwn: Bool) -> Fields {
    var involved = FieldWriter()
    involved.set("fieldPath", fieldPath)
    involved.add(involvedObject.encoded)
    if isOwn, involvedObject.other["apiVersion"] == nil {
      let resource = APIResource.wellKnown.first { $0.kind == involvedObject.kind }
      involved.set("apiVersion", resource?.apiVersion ?? "")
    }
    return involved.fields
  }

  /// An event of the first API: counted, with the times of the first and the last.
  private func addCounts(_ writer: inout FieldWriter) {
    writer.set("count", count)
    writer.always("eventTime", .null)
    writer.always("firstTimestamp", firstTimestamp)
    writer.always("lastTimestamp", lastTimestamp)
    var source = FieldWriter()
    source.set("component", component)
    source.set("host", host)
    writer.always("source", .object(source.fields))
    if other["reportingComponent"] == nil {
      writer.always("reportingComponent", .string(component))
    }
    if other["reportingInstance"] == nil { writer.always("reportingInstance", .string(host)) }
  }

  /// An event of `events.k8s.io`, which the scheduler writes: with an exact time, and a series once
  /// it repeats itself (tools/events/event_recorder.go).
  private func addSeries(_ writer: inout FieldWriter) {
    let actions = ["Scheduled": "Binding", "Preempted": "Preempting"]
    writer.set("action", actions[reason] ?? "Scheduling")
    writer.set("eventTime", firstTimestamp.map { Self.exact($0, nanoseconds) } ?? "")
    for name in ["firstTimestamp", "lastTimestamp"] { writer.always(name, .null) }
    writer.set("reportingComponent", component)
    writer.set("reportingInstance", "\(component)-control-plane")
    writer.always("source", [:])
    guard count > 1, let lastTimestamp else { return }
    writer.always(
      "series",
      [
        "count": .integer(Int64(count)), "lastObservedTime": .string(Self.exact(lastTimestamp, 0)),
      ])
  }

  /// Behind the last dot of the name stands the time, in nanoseconds.
  private var nanoseconds: Int64 {
    let stamp = metadata.name.split(separator: ".").last.flatMap { Int64($0, radix: 16) } ?? 0
    return stamp % 1_000_000_000
  }

  /// `2026-01-01T00:00:00.000123Z`.
  private static func exact(_ time: Timestamp, _ nanoseconds: Int64) -> String {
    let digits = String(1_000_000 + nanoseconds / 1000).dropFirst()
    return "\(time.description.dropLast()).\(digits)Z"
  }
}
