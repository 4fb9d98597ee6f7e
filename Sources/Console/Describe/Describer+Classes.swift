import ClusterModel
import ControlPlane

extension Describer {
  /// describe.go IngressClassDescriber.
  mutating func ingressClass() {
    description.field("Name", metadata.name)
    labelsAndAnnotations()
    description.field("Controller", value.text("spec", "controller"))
    if let parameters = value.value("spec", "parameters") {
      description.line(0, "Parameters:")
      description.optionalField("APIGroup", parameters.text("apiGroup"), level: 1)
      description.field("Kind", parameters.text("kind"), level: 1)
      description.field("Name", parameters.text("name"), level: 1)
    }
    events()
  }

  /// describe.go PriorityClassDescriber.
  mutating func priorityClass() {
    description.field("Name", metadata.name)
    description.field("Value", "\(value.number("value") ?? 0)")
    description.field("GlobalDefault", "\(value.flag("globalDefault"))")
    description.field("PreemptionPolicy", value.text("preemptionPolicy"))
    description.field("Description", value.text("description"))
    description.annotations("Annotations", metadata.annotations)
    events()
  }

  /// describe.go DescribeResourceQuotas.
  mutating func resourceQuota() {
    nameAndNamespace()
    let scopes = value.texts("spec", "scopes").sorted()
    if !scopes.isEmpty {
      description.field("Scopes", scopes.joined(separator: ", "))
      for scope in scopes {
        if let text = Self.scopeTexts[scope] { description.line(0, " * \(text)") }
      }
    }
    description.line(0, "Resource", "Used", "Hard")
    description.line(0, "--------", "----", "----")
    for entry in Self.usage(value) { description.line(0, entry.name, entry.used, entry.hard) }
  }

  /// The limits of a quota and what is used of them, both in the format of the limit.
  static func usage(_ quota: Value) -> [(name: String, used: String, hard: String)] {
    quota.fields("status", "hard").all.map { entry in
      let hard = QuantityText(entry.value) ?? QuantityText()
      let used = QuantityText(quota.fields("status", "used")[entry.name]) ?? QuantityText()
      return (entry.name, used.formatted(as: hard).text, hard.text)
    }
  }

  /// describe.go helpTextForResourceQuotaScope.
  private static let scopeTexts = [
    "Terminating":
      "Matches all pods that have an active deadline. These pods have a limited lifespan on a "
      + "node before being actively terminated by the system.",
    "NotTerminating":
      "Matches all pods that do not have an active deadline. These pods usually include long "
      + "running pods whose container command is not expected to terminate.",
    "BestEffort":
      "Matches all pods that do not have resource requirements set. These pods have a best effort "
      + "quality of service.",
    "NotBestEffort":
      "Matches all pods that have at least one resource requirement set. These pods have a "
      + "burstable or guaranteed quality of service.",
  ]

  /// describe.go DescribeLimitRanges of one.
  mutating func limitRange() {
    nameAndNamespace()
    description.line(
      0, "Type", "Resource", "Min", "Max", "Default Request", "Default Limit",
      "Max Limit/Request Ratio")
    description.line(
      0, "----", "--------", "---", "---", "---------------", "-------------",
      "-----------------------")
    for item in value.items("spec", "limits") { limits(item, indent: "") }
  }

  /// describe.go RoleDescriber and ClusterRoleDescriber.
  mutating func role() {
    description.field("Name", metadata.name)
    labelsAndAnnotations()
    description.line(0, "PolicyRule:")
    description.line(1, "Resources", "Non-Resource URLs", "Resource Names", "Verbs")
    description.line(1, "---------", "-----------------", "--------------", "-----")
    for rule in PolicyRules(value.items("rules")).compacted {
      description.line(
        1, rule.title, "[\(rule.urls.joined(separator: " "))]",
        "[\(rule.names.joined(separator: " "))]", "[\(rule.verbs.joined(separator: " "))]")
    }
  }

  /// describe.go RoleBindingDescriber and ClusterRoleBindingDescriber.
  mutating func binding() {
    description.field("Name", metadata.name)
    labelsAndAnnotations()
    description.line(0, "Role:")
    description.field("Kind", value.text("roleRef", "kind"), level: 1)
    description.field("Name", value.text("roleRef", "name"), level: 1)
    description.line(0, "Subjects:")
    description.line(1, "Kind", "Name", "Namespace")
    description.line(1, "----", "----", "---------")
    for subject in value.items("subjects") {
      description.line(1, subject.text("kind"), subject.text("name"), subject.text("namespace"))
    }
  }
}
