import ClusterModel

extension TableMaker {
  /// The table of a kept kind that limits or ranks pods; nil for other kinds.
  func policy(_ resource: APIResource, _ objects: [KeptView]) -> Table? {
    switch (resource.group, resource.kind) {
    case ("policy", "PodDisruptionBudget"):
      Table(
        "NAME|MIN AVAILABLE|MAX UNAVAILABLE|ALLOWED DISRUPTIONS|AGE",
        rows: objects.map { object in
          [
            object.name, object.body.optionalText("spec", "minAvailable") ?? "N/A",
            object.body.optionalText("spec", "maxUnavailable") ?? "N/A",
            "\(object.body.number("status", "disruptionsAllowed") ?? 0)", age(object.metadata),
          ]
        })
    case ("scheduling.k8s.io", "PriorityClass"):
      Table(
        "NAME|VALUE|GLOBAL-DEFAULT|AGE|PREEMPTIONPOLICY",
        rows: objects.map { object in
          [
            object.name, "\(object.body.number("value") ?? 0)",
            object.body.flag("globalDefault") ? "true" : "false", age(object.metadata),
            object.body.optionalText("preemptionPolicy") ?? "PreemptLowerPriority",
          ]
        })
    case ("", "ResourceQuota"):
      Table("NAME|REQUEST|LIMIT|AGE", rows: objects.map(quota))
    default: nil
    }
  }

  private func quota(_ object: KeptView) -> [String] {
    let used = object.body.fields("status", "used")
    var requests: [String] = []
    var limits: [String] = []
    for field in object.body.fields("status", "hard").all {
      let now = QuantityText.canonical(used[field.name]?.scalarText ?? "0")
      let text = "\(field.name): \(now)/\(QuantityText.canonical(field.value.scalarText ?? ""))"
      if field.name.hasPrefix("limits") { limits.append(text) } else { requests.append(text) }
    }
    return [
      object.name, requests.joined(separator: ", "), limits.joined(separator: ", "),
      age(object.metadata),
    ]
  }
}
