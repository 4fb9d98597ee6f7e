import ClusterModel

extension Describer {
  mutating func autoscaler() {
    nameAndNamespace()
    labelsAndAnnotations()
    description.field("CreationTimestamp", time(metadata.creationTimestamp))
    let kind = value.text("spec", "scaleTargetRef", "kind")
    description.field("Reference", "\(kind)/\(value.text("spec", "scaleTargetRef", "name"))")
    description.field("Metrics", "( current / target )")
    let measured = value.items("status", "currentMetrics")
    for (index, metric) in value.items("spec", "metrics").enumerated() {
      self.metric(metric, index < measured.count ? measured[index] : .null)
    }
    description.field(
      "Min replicas", value.number("spec", "minReplicas").map { "\($0)" } ?? "<unset>")
    description.field("Max replicas", value.text("spec", "maxReplicas"))
    behavior(value.value("spec", "behavior"))
    description.field(
      "\(kind) pods",
      "\(value.number("status", "currentReplicas") ?? 0) current / "
        + "\(value.number("status", "desiredReplicas") ?? 0) desired")
    let conditions = value.items("status", "conditions")
    if !conditions.isEmpty {
      description.line(0, "Conditions:")
      description.line(1, "Type", "Status", "Reason", "Message")
      description.line(1, "----", "------", "------", "-------")
    }
    for condition in conditions {
      description.line(
        1, condition.text("type"), condition.text("status"), condition.text("reason"),
        condition.text("message"))
    }
    events()
  }

  /// One metric, its present value beside its target.
  private mutating func metric(_ metric: Value, _ measured: Value) {
    let type = metric.text("type")
    guard let field = Self.metricFields[type] else {
      return description.line(1, "<unknown metric type>")
    }
    let wanted = metric.value(field) ?? .null
    let isAverage = wanted.has("target", "averageValue")
    let name = wanted.text("metric", "name").goQuoted
    let average = isAverage ? "(target average value)" : "(target value)"
    let title: String
    switch type {
    case "External": title = "\(name) \(average)"
    case "Pods": title = "\(name) on pods"
    case "Object":
      let object = wanted.value("describedObject") ?? .null
      title = "\(name) on \(object.text("kind"))/\(object.text("name")) \(average)"
    default:
      var resource = "resource \(wanted.text("name"))"
      if type == "ContainerResource" {
        resource += " of container \(wanted.text("container").goQuoted)"
      }
      resource += " on pods"
      guard isAverage else {
        return utilization("\(resource)  (as a percentage of request)", wanted, measured, field)
      }
      title = resource
    }
    let part = isAverage || type == "Pods" ? "averageValue" : "value"
    let now = measured.optionalText(field, "current", part) ?? "<unknown>"
    description.line(1, "\(title):", "\(now) / \(wanted.text("target", part))")
  }

  private static let metricFields = [
    "External": "external", "Pods": "pods", "Object": "object", "Resource": "resource",
    "ContainerResource": "containerResource",
  ]

  private mutating func utilization(
    _ title: String, _ wanted: Value, _ measured: Value, _ field: String
  ) {
    let amount = measured.text(field, "current", "averageValue")
    let now = measured.number(field, "current", "averageUtilization").map { "\($0)% (\(amount))" }
    let goal = wanted.number("target", "averageUtilization").map { "\($0)%" }
    description.line(1, "\(title):", "\(now ?? "<unknown>") / \(goal ?? "<auto>")")
  }

  /// describe.go printDirectionBehavior.
  private mutating func behavior(_ behavior: Value?) {
    guard let behavior else { return }
    description.line(0, "Behavior:")
    for (title, field) in [("Scale Up", "scaleUp"), ("Scale Down", "scaleDown")] {
      guard let rules = behavior.value(field) else { continue }
      description.line(1, "\(title):")
      if let seconds = rules.number("stabilizationWindowSeconds") {
        description.line(2, "Stabilization Window: \(seconds) seconds")
      }
      let policies = rules.items("policies")
      guard !policies.isEmpty else { continue }
      description.line(2, "Select Policy: \(rules.optionalText("selectPolicy") ?? "Max")")
      description.line(2, "Policies:")
      for policy in policies {
        description.line(
          3, "- Type: \(policy.text("type"))", "Value: \(policy.number("value") ?? 0)",
          "Period: \(policy.number("periodSeconds") ?? 0) seconds")
      }
    }
  }
}
