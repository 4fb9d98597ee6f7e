import ClusterModel

extension Describer {
  mutating func environmentSources(_ container: Value) {
    let sources = container.items("envFrom")
    guard !sources.isEmpty else { return }
    description.line(2, "Environment Variables from:")
    for source in sources {
      let isMap = source.has("configMapRef")
      let field = isMap ? "configMapRef" : "secretRef"
      let prefix = source.text("prefix")
      let kind = isMap ? "ConfigMap" : source.has("secretRef") ? "Secret" : ""
      description.line(
        3, source.text(field, "name"), kind + (prefix.isEmpty ? "" : " with prefix '\(prefix)'"),
        "Optional: \(source.flag(field, "optional"))")
    }
  }

  mutating func environment(_ container: Value, _ pod: Value?) {
    let variables = container.items("env")
    if variables.isEmpty {
      description.field("Environment", "<none>", level: 2)
    } else {
      description.line(2, "Environment:")
    }
    for variable in variables {
      let name = variable.text("name")
      guard let source = variable.value("valueFrom") else {
        let lines = variable.text("value").split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
          description.line(3, index == 0 ? "\(name):" : "", String(line))
        }
        continue
      }
      reference(name, source, container, pod)
    }
  }

  private mutating func reference(
    _ name: String, _ source: Value, _ container: Value, _ pod: Value?
  ) {
    if let field = source.value("fieldRef") {
      let path = field.text("fieldPath")
      let value = pod.flatMap { PodFieldPath.text(path, of: $0) } ?? ""
      let version = field.optionalText("apiVersion") ?? "v1"
      description.field(name, "\(value) (\(version):\(path))", level: 3)
    } else if let resource = source.value("resourceFieldRef") {
      let field = resource.text("resource")
      var value = PodFieldPath.resource(resource, of: container)
      if value == "0", field == "limits.cpu" || field == "limits.memory" {
        value = "node allocatable"
      }
      description.field(name, "\(value) (\(field))", level: 3)
    } else if let key = source.value("secretKeyRef") {
      description.line(
        3, "\(name):", "<set to the key '\(key.text("key"))' in secret '\(key.text("name"))'>",
        "Optional: \(key.flag("optional"))")
    } else if let key = source.value("configMapKeyRef") {
      description.line(
        3, "\(name):", "<set to the key '\(key.text("key"))' of config map '\(key.text("name"))'>",
        "Optional: \(key.flag("optional"))")
    }
  }
}

/// What a container may learn of its pod (kubectl pkg/util/fieldpath, pkg/util/resource).
enum PodFieldPath {
  /// Whole fields of the metadata, which is what kubectl resolves; nil for the rest.
  static func text(_ path: String, of pod: Value) -> String? {
    switch path {
    case "metadata.name", "metadata.namespace", "metadata.uid":
      return pod.text("metadata", String(path.dropFirst("metadata.".count)))
    case "metadata.labels": return all(pod.labels("metadata", "labels"))
    case "metadata.annotations": return all(pod.labels("metadata", "annotations"))
    default: return nil
    }
  }

  /// `a="b"`, one a line.
  private static func all(_ labels: Labels) -> String {
    labels.pairs.map { "\($0.key)=\($0.value.goQuoted)" }.joined(separator: "\n")
  }

  /// A limit or request divided by the divisor, rounded up.
  static func resource(_ reference: Value, of container: Value) -> String {
    let parts = reference.text("resource").split(separator: ".", maxSplits: 1).map(String.init)
    guard parts.count == 2, ["limits", "requests"].contains(parts[0]) else { return "" }
    let amount = Quantity(container.text("resources", parts[0], parts[1]))?.milli ?? 0
    let written = Quantity(reference.text("divisor"))?.milli ?? 0
    let divisor = written > 0 ? written : 1000
    guard amount > 0 else { return "0" }
    return "\(amount / divisor + (amount % divisor > 0 ? 1 : 0))"
  }
}
