import ClusterModel
import ControlPlane

extension TableMaker {
  func events(_ events: [Event]) -> Table {
    var table = Table("LAST SEEN|TYPE|REASON|OBJECT|SUBOBJECT|SOURCE|MESSAGE", rows: [])
    table.columns[4].isWide = true
    table.columns[5].isWide = true
    table.columns += ["FIRST SEEN", "COUNT", "NAME"].map { Table.Column(name: $0, isWide: true) }
    table.nameColumn = 9
    table.rows = events.map { event in
      let times = EventTimes(event)
      let kind = event.involvedObject.kind.lowercased()
      let name = event.involvedObject.name
      return [
        context.age(times.last ?? times.first), event.type.rawValue, event.reason,
        name.isEmpty ? kind : "\(kind)/\(name)", event.fieldPath, Self.source(event),
        event.message.trimmed, context.age(times.first), "\(times.tableCount)",
        event.metadata.name,
      ]
    }
    return table
  }

  /// `kubelet, node-1`.
  private static func source(_ event: Event) -> String {
    var component = event.component
    var host = event.host
    if component.isEmpty {
      component = event.other["reportingComponent"]?.string ?? ""
      host = event.other["reportingInstance"]?.string ?? ""
    }
    return host.isEmpty ? component : "\(component), \(host)"
  }
}

/// When an event happened, whichever of the API's ways says so.
struct EventTimes {
  var first: Timestamp?
  var last: Timestamp?
  /// Of a series: how often and until when.
  private var series: (count: Int, last: Timestamp?)?
  private var count: Int

  init(_ event: Event) {
    let eventTime = event.other["eventTime"]?.string.flatMap { Timestamp($0) }
    first = event.firstTimestamp ?? eventTime
    last = event.lastTimestamp
    count = event.count
    if let series = event.other["series"]?.fields {
      let time = series["lastObservedTime"]?.string.flatMap { Timestamp($0) }
      self.series = (Int(clamping: series["count"]?.integer ?? 0), time)
      last = time
    }
  }

  /// As the COUNT column counts: an event of the new API has no count of its own.
  var tableCount: Int { series?.count ?? (count == 0 ? 1 : count) }

  /// `13s`, or `13s (x3 over 20s)` for what repeated itself (kubectl pkg/cmd/events getInterval).
  func interval(_ context: PrintContext) -> String {
    if let series {
      return "\(context.age(series.last)) (x\(series.count) over \(context.age(first)))"
    }
    guard count > 1 else { return context.age(first) }
    return "\(context.age(last)) (x\(count) over \(context.age(first)))"
  }

  /// The oldest first, as `kubectl events` sorts them; events of one time stay in their order.
  static func chronological(_ events: [Event]) -> [Event] {
    let keys = events.map { event in
      let times = EventTimes(event)
      return (times.last ?? times.first)?.seconds ?? .min
    }
    return events.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }.map { events[$0] }
  }
}

/// The table of `kubectl events`, the oldest first.
public func printEvents(_ events: [Event], _ context: PrintContext) -> String {
  guard !events.isEmpty else { return "" }
  var text = ""
  if !context.noHeaders {
    text += context.withNamespace ? "NAMESPACE\t" : ""
    text += "LAST SEEN\tTYPE\tREASON\tOBJECT\tMESSAGE\n"
  }
  for event in EventTimes.chronological(events) {
    let object = "\(event.involvedObject.kind)/\(event.involvedObject.name)"
    let cells = [
      EventTimes(event).interval(context), event.type.rawValue, event.reason, object,
      event.message.trimmed,
    ]
    let line = (context.withNamespace ? [event.metadata.namespace] : []) + cells
    // The lines of a message stay lines here, as in descriptions.
    text += line.map(TextSafety.lines).joined(separator: "\t") + "\n"
  }
  return TabWriter.table.text(text)
}
