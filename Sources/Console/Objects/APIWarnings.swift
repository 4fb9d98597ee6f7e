import ClusterModel

/// What the API server warns about and takes nevertheless (pkg/api/service/warnings.go,
/// pkg/api/pod/warnings.go).
enum APIWarnings {
  static func tell(of value: Value, _ resource: APIResource, _ transcript: inout Transcript) {
    for warning in texts(of: value, resource) { transcript.warnOnce("Warning: \(warning)") }
  }

  static func texts(of value: Value, _ resource: APIResource) -> [String] {
    let spec = value["spec"] ?? .null
    let name = hostName(value, resource)
    switch resource.kind {
    case "Service": return ServiceWarnings.texts(of: value)
    case "Pod": return name + pod(spec, "spec")
    case "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job":
      return name + pod(spec["template"]?["spec"] ?? .null, "spec.template.spec")
    case "CronJob":
      let template = spec["jobTemplate"]?["spec"]?["template"]?["spec"] ?? .null
      return name + pod(template, "spec.jobTemplate.spec.template.spec")
    case "Endpoints":
      return [endpoints]
    case "EndpointSlice":
      let isOfNames = value["addressType"] == "FQDN"
      return isOfNames ? ["spec.addressType: FQDN endpoints are deprecated"] : []
    case "Ingress":
      let isOld = value["metadata"]?["annotations"]?[Ingress.classAnnotation] != nil
      return isOld ? [ingressClass] : []
    default: return []
    }
  }

  /// What every request for objects of these kinds is answered with.
  static let oldKinds = [
    ("ComponentStatus", "v1 ComponentStatus is deprecated in v1.19+"), ("Endpoints", endpoints),
  ]

  private static let endpoints =
    "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"

  /// pkg/registry/networking/ingress/strategy.go WarningsOnCreate.
  private static let ingressClass =
    "annotation \"kubernetes.io/ingress.class\" is deprecated, please use "
    + "'spec.ingressClassName' instead"

  /// A name that pods take for their own host's should be a label.
  private static func hostName(_ value: Value, _ resource: APIResource) -> [String] {
    let use: String
    switch resource.kind {
    case "Pod": use = "this is used in the Pod's hostname"
    case "Deployment", "ReplicaSet", "Job": use = "this is used in Pod names and hostnames"
    default: return []
    }
    let problems = NameFormat.label(value["metadata"]?["name"]?.string ?? "a")
    guard !problems.isEmpty else { return [] }
    return [
      "metadata.name: \(use), which can result in surprising behavior; a DNS label is recommended: "
        + "[\(problems.joined(separator: " "))]"
    ]
  }

  private static func pod(_ spec: Value, _ path: String) -> [String] {
    var texts: [String] = []
    for key in spec["nodeSelector"]?.fields?.all.map(\.name) ?? [] {
      if let better = deprecatedNodeLabels[key] {
        texts.append(
          "\(path).nodeSelector[\(key)]: deprecated since \(better.since); use "
            + "\"\(better.name)\" instead")
      }
    }
    for list in ["initContainers", "containers"] {
      for (index, container) in (spec[list]?.array ?? []).enumerated() {
        texts += self.container(container, "\(path).\(list)[\(index)]")
      }
    }
    texts += duplicateSecrets(spec, path)
    if let seconds = spec["terminationGracePeriodSeconds"]?.integer, seconds < 0 {
      texts.append(
        "\(path).terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will "
          + "be treated as 1")
    }
    return texts
  }

  private static let deprecatedNodeLabels: [String: (name: String, since: String)] = [
    "beta.kubernetes.io/arch": ("kubernetes.io/arch", "v1.14"),
    "beta.kubernetes.io/os": ("kubernetes.io/os", "v1.14"),
    "failure-domain.beta.kubernetes.io/region": ("topology.kubernetes.io/region", "v1.17"),
    "failure-domain.beta.kubernetes.io/zone": ("topology.kubernetes.io/zone", "v1.17"),
    "beta.kubernetes.io/instance-type": ("node.kubernetes.io/instance-type", "v1.17"),
  ]

  private static func duplicateSecrets(_ spec: Value, _ path: String) -> [String] {
    var names: Set<String> = []
    return (spec["imagePullSecrets"]?.array ?? []).enumerated().compactMap { index, item in
      let name = item["name"]?.string ?? ""
      let place = "\(path).imagePullSecrets[\(index)]"
      if name.isEmpty { return "\(place): invalid empty name \"\"" }
      return names.insert(name).inserted
        ? nil : "\(place).name: duplicate name \(name.goQuoted)"
    }
  }

  /// Memory is whole bytes.
  private static func fractions(_ container: Value, _ path: String) -> [String] {
    ["limits", "requests"].flatMap { list -> [String] in
      ["ephemeral-storage", "memory"].compactMap { name in
        guard let amount = container["resources"]?[list]?[name],
          let quantity = QuantityText(amount),
          quantity.milli % 1000 != 0
        else { return nil }
        return "\(path).resources.\(list)[\(name)]: fractional byte value "
          + "\(quantity.text.goQuoted) is invalid, must be an integer"
      }
    }
  }

  private static func container(_ container: Value, _ path: String) -> [String] {
    var texts = fractions(container, path)
    var names: Set<String> = []
    for (index, variable) in (container["env"]?.array ?? []).enumerated() {
      let name = variable["name"]?.string ?? ""
      if !names.insert(name).inserted {
        texts.append(
          "\(path).env[\(index)]: hides previous definition of \(name.goQuoted), which may be "
            + "dropped when using apply")
      }
    }
    var ports: [String: Int] = [:]
    for (index, port) in (container["ports"]?.array ?? []).enumerated() {
      let key =
        "\(port["containerPort"]?.integer ?? 0)/\(port["protocol"]?.string ?? "TCP")"
        + "/\(port["hostPort"]?.integer ?? 0)/\(port["hostIP"]?.string ?? "")"
      if let first = ports[key] {
        texts.append(
          "\(path).ports[\(index)]: duplicate port definition with \(path).ports[\(first)]")
      } else {
        ports[key] = index
      }
    }
    return texts
  }
}
