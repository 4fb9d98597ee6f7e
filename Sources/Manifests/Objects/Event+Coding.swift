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
    var writer = FieldWriter()
    writer.set("count", count)
    writer.always("eventTime", .null)
    writer.always("firstTimestamp", firstTimestamp)
    writer.always("lastTimestamp", lastTimestamp)
    var involved = FieldWriter()
    involved.set("fieldPath", fieldPath)
    involved.add(involvedObject.encoded)
    writer.always("involvedObject", .object(involved.fields))
    writer.set("message", message)
    writer.set("reason", reason)
    var source = FieldWriter()
    source.set("component", component)
    source.set("host", host)
    writer.always("source", .object(source.fields))
    writer.set("type", type.rawValue)
    writer.add(other)
    if other["reportingComponent"] == nil {
      writer.always("reportingComponent", .string(component))
    }
    if other["reportingInstance"] == nil { writer.always("reportingInstance", .string(host)) }
    return writer.fields
  }
}
