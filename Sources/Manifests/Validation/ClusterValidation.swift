import ClusterModel

/// What the API server refuses in nodes, autoscalers, budgets and configuration.
enum ClusterValidation {
  /// pkg/apis/core/validation ValidateNode.
  static func node(_ spec: Field) {
    var seen: Set<[String]> = []
    for taint in spec["taints"].items {
      let (key, effect) = (taint["key"], taint["effect"])
      key.invalid(NameFormat.qualifiedName(key.text), .string(key.text))
      let problems = NameFormat.labelValue(taint["value"].text)
      if !problems.isEmpty { taint["value"].invalid(problems.joined(separator: ";")) }
      effect.choice(["NoSchedule", "PreferNoSchedule", "NoExecute"], isOptional: false)
      if !seen.insert([key.text, effect.text]).inserted {
        let shown = JSONWriter.compactText(taint.value ?? .null)
        taint.add(
          "Duplicate value: \(shown): taints must be unique by key and effect pair")
      }
    }
    let ranges = spec["podCIDRs"]
    for range in ranges.items { range.invalid(NameFormat.range(range.text)) }
    if ranges.items.count > 2 {
      ranges.invalid("may specify no more than one CIDR for each IP family")
    }
  }

  /// pkg/apis/autoscaling/validation.
  static func autoscaler(_ spec: Field) {
    let (minimum, maximum) = (spec["minReplicas"], spec["maxReplicas"])
    if let number = minimum.integer, number < 1 {
      minimum.invalid("must be greater than or equal to 1")
    }
    let most = maximum.integer ?? 0
    if most < 1 { maximum.invalid("must be greater than 0", .integer(most)) }
    if let number = minimum.integer, most < number {
      maximum.invalid("must be greater than or equal to `minReplicas`", .integer(most))
    }
    let target = spec["scaleTargetRef"]
    for name in ["kind", "name"] where target[name].text.isEmpty { target[name].required() }
    for metric in spec["metrics"].items { self.metric(metric) }
  }

  private static func metric(_ metric: Field) {
    let types = ["ContainerResource", "External", "Object", "Pods", "Resource"]
    let type = metric["type"]
    if type.text.isEmpty { return type.required("must specify a metric source type") }
    if !types.contains(type.text) { return type.unsupported(types) }
    guard type.text == "Resource" else { return }
    let resource = metric["resource"]
    guard resource.isPresent else {
      return resource.required("must populate information for the given metric source")
    }
    if resource["name"].text.isEmpty {
      resource["name"].required("must specify a resource name")
    }
    let target = resource["target"]
    if target["type"].text.isEmpty {
      target["type"].required("must specify a metric target type")
    }
    if let percent = target["averageUtilization"].integer, percent < 1 {
      target["averageUtilization"].invalid("must be greater than 0")
    }
  }

  /// pkg/apis/policy/validation ValidatePodDisruptionBudgetSpec.
  static func budget(_ spec: Field) {
    let (least, most) = (spec["minAvailable"], spec["maxUnavailable"])
    if least.isPresent, most.isPresent {
      func text(_ field: Field) -> String {
        field.value.map { JSONWriter.compactText($0) } ?? "null"
      }
      spec.add(
        "Invalid value: {\"MinAvailable\":\(text(least)),\"Selector\":\(text(spec["selector"])),"
          + "\"MaxUnavailable\":\(text(most)),\"UnhealthyPodEvictionPolicy\":"
          + "\(text(spec["unhealthyPodEvictionPolicy"]))}: minAvailable and maxUnavailable are "
          + "mutually exclusive")
    }
    for field in [least, most] {
      field.countOrPercent()
      field.notMoreThanAll()
    }
    spec["unhealthyPodEvictionPolicy"].choice(["AlwaysAllow", "IfHealthyBudget"])
    spec["selector"].labelSelector()
  }

  /// pkg/apis/core/validation ValidateConfigMap, ValidateSecret.
  static func configuration(_ object: Field) {
    for name in ["data", "binaryData"] {
      for (key, field) in object[name].entries {
        field.invalid(NameFormat.configKey(key), .string(key))
      }
    }
  }
}
