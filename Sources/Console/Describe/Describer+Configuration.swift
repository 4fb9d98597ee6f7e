import ClusterModel

extension Describer {
  mutating func configMap() {
    nameAndNamespace()
    labelsAndAnnotations()
    description.line(0, "")
    description.line(0, "Data")
    description.line(0, "====")
    for entry in value.fields("data").all {
      description.line(0, "\(entry.name):")
      description.line(0, "----")
      description.line(0, entry.value.scalarText ?? "")
      description.line(0, "")
    }
    description.line(0, "")
    description.line(0, "BinaryData")
    description.line(0, "====")
    for entry in value.fields("binaryData").all {
      description.line(0, "\(entry.name): \(Self.decodedLength(entry.value)) bytes")
    }
    description.line(0, "")
    events()
  }

  mutating func secret() {
    nameAndNamespace()
    labelsAndAnnotations()
    description.line(0, "")
    description.field("Type", value.optionalText("type") ?? "Opaque")
    description.line(0, "")
    description.line(0, "Data")
    description.line(0, "====")
    var lengths = value.fields("data").all.map { ($0.name, Self.decodedLength($0.value)) }
    // A manifest may give plain texts, which the API server would have encoded.
    for entry in value.fields("stringData").all {
      lengths.removeAll { $0.0 == entry.name }
      lengths.append((entry.name, entry.value.scalarText?.utf8.count ?? 0))
    }
    for (name, length) in lengths.sorted(by: { $0.0 < $1.0 }) {
      description.field(name, "\(length) bytes")
    }
  }

  /// How many bytes a text of base64 stands for.
  private static func decodedLength(_ value: Value) -> Int {
    let digits = (value.string ?? "").utf8.filter { $0 != UInt8(ascii: "=") && $0 > 32 }
    return digits.count * 3 / 4
  }

  mutating func serviceAccount() {
    nameAndNamespace()
    labelsAndAnnotations()
    let lists = [
      ("Image pull secrets:", "imagePullSecrets"), ("Mountable secrets: ", "secrets"),
      ("Tokens:            ", ""),
    ]
    for (title, field) in lists {
      let names = field.isEmpty ? [] : value.items(field).map { $0.text("name") }
      if names.isEmpty { description.line(0, title, "<none>") }
      for (index, name) in names.enumerated() {
        let isThere = context.store.kept["secrets"]?[metadata.namespace, name] != nil
        let head = index == 0 ? title : String(repeating: " ", count: title.count)
        description.line(0, head, isThere ? name : "\(name) (not found)")
      }
    }
    events()
  }

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

  private mutating func metric(_ metric: Value, _ measured: Value) {
    let name = metric.text("resource", "name")
    if metric.text("type") == "Resource", !metric.has("resource", "target", "averageValue") {
      let percent = measured.number("resource", "current", "averageUtilization")
      let amount = measured.text("resource", "current", "averageValue")
      let now = percent.map { "\($0)% (\(amount))" } ?? "<unknown>"
      let goal = metric.number("resource", "target", "averageUtilization").map { "\($0)%" }
      description.line(
        1, "resource \(name) on pods  (as a percentage of request):",
        "\(now) / \(goal ?? "<auto>")")
      return
    }
    let titles = [
      "Resource": ("resource", "resource \(name) on pods"),
      "ContainerResource": (
        "containerResource",
        "resource \(metric.text("containerResource", "name")) of container "
          + "\(metric.text("containerResource", "container").goQuoted) on pods"
      ),
      "Pods": ("pods", "\(metric.text("pods", "metric", "name").goQuoted) on pods"),
      "Object": ("object", "\(metric.text("object", "metric", "name").goQuoted) on object"),
      "External": ("external", metric.text("external", "metric", "name").goQuoted),
    ]
    guard let (field, title) = titles[metric.text("type")] else {
      return description.line(1, "<unknown metric type>")
    }
    let part = metric.has(field, "target", "averageValue") ? "averageValue" : "value"
    let now = measured.optionalText(field, "current", part) ?? "<unknown>"
    description.line(1, "\(title):", "\(now) / \(metric.text(field, "target", part))")
  }
}
