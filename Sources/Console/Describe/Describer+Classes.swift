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
    if !scopes.isEmpty { description.field("Scopes", scopes.joined(separator: ", ")) }
    let hard = value.fields("status", "hard").all
    description.line(0, "Resource", "Used", "Hard")
    description.line(0, "--------", "----", "----")
    for entry in hard.isEmpty ? value.fields("spec", "hard").all : hard {
      let used = value.fields("status", "used")[entry.name]?.scalarText ?? "0"
      description.line(
        0, entry.name, QuantityText.canonical(used),
        QuantityText.canonical(entry.value.scalarText ?? ""))
    }
  }

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
