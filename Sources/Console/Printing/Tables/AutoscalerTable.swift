import ClusterModel

extension TableMaker {
  func autoscaler(_ object: KeptView) -> [String] {
    let target = object.body.value("spec", "scaleTargetRef")
    return [
      object.name, "\(target?.text("kind") ?? "")/\(target?.text("name") ?? "")",
      MetricsText.all(object.body),
      object.body.number("spec", "minReplicas").map { "\($0)" } ?? "<unset>",
      "\(object.body.number("spec", "maxReplicas") ?? 0)",
      "\(object.body.number("status", "currentReplicas") ?? 0)", age(object.metadata),
    ]
  }
}

/// What an autoscaler measures beside what it wants (printers.go formatHPAMetrics).
enum MetricsText {
  /// `cpu: 30%/80%`, at most two metrics; `<none>` when it has none.
  static func all(_ autoscaler: Value) -> String {
    let wanted = autoscaler.items("spec", "metrics")
    let measured = autoscaler.items("status", "currentMetrics")
    guard !wanted.isEmpty else { return "<none>" }
    let texts = wanted.prefix(2).enumerated().map { index, metric in
      text(metric, index < measured.count ? measured[index] : .null)
    }
    let list = texts.joined(separator: ", ")
    return wanted.count > 2 ? "\(list) + \(wanted.count - 2) more..." : list
  }

  private static func text(_ metric: Value, _ measured: Value) -> String {
    let fields = [
      "External": "external", "Pods": "pods", "Object": "object", "Resource": "resource",
      "ContainerResource": "containerResource",
    ]
    guard let field = fields[metric.text("type")] else { return "<unknown type>" }
    let wanted = metric.value(field, "target") ?? .null
    let current = measured.value(field, "current") ?? .null
    let average = wanted.optionalText("averageValue")
    switch field {
    case "pods": return pair(current, "averageValue", average ?? "")
    case "external", "object":
      if let average { return pair(current, "averageValue", average) + " (avg)" }
      return pair(current, "value", wanted.text("value"))
    default:
      let name = metric.text(field, "name")
      if let average { return "\(name): " + pair(current, "averageValue", average) }
      let now = current.number("averageUtilization").map { "\($0)%" } ?? "<unknown>"
      let goal = wanted.number("averageUtilization").map { "\($0)%" } ?? "<auto>"
      return "\(name): \(now)/\(goal)"
    }
  }

  private static func pair(_ current: Value, _ name: String, _ wanted: String) -> String {
    "\(current.optionalText(name) ?? "<unknown>")/\(wanted)"
  }
}
