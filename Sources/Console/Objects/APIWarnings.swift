import ClusterModel

/// What the API server warns about and takes nevertheless (pkg/api/service/warnings.go,
/// pkg/api/pod/warnings.go).
enum APIWarnings {
  static func tell(of value: Value, _ resource: APIResource, _ transcript: inout Transcript) {
    for warning in texts(of: value, resource) { transcript.warnOnce("Warning: \(warning)") }
  }

  static func texts(of value: Value, _ resource: APIResource) -> [String] {
    let spec = value["spec"] ?? .null
    switch resource.kind {
    case "Service": return service(spec)
    case "Pod": return pod(spec, "spec")
    case "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job":
      return pod(spec["template"]?["spec"] ?? .null, "spec.template.spec")
    case "CronJob":
      let template = spec["jobTemplate"]?["spec"]?["template"]?["spec"] ?? .null
      return pod(template, "spec.jobTemplate.spec.template.spec")
    case "Endpoints":
      return [endpoints]
    default: return []
    }
  }

  /// What every request for them is answered with.
  static let endpoints =
    "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"

  private static func service(_ spec: Value) -> [String] {
    var texts: [String] = []
    let isNone = spec["clusterIP"] == "None"
    let hasExternal = !(spec["externalIPs"]?.array ?? []).isEmpty
    let name = isNone ? "spec.clusterIP is \"None\"" : "spec.type is \"ExternalName\""
    if isNone || spec["type"] == "ExternalName" {
      if !(spec["loadBalancerIP"]?.string ?? "").isEmpty, isNone {
        texts.append("spec.loadBalancerIP is ignored when \(name)")
      }
      if hasExternal { texts.append("spec.externalIPs is ignored when \(name)") }
      if let affinity = spec["sessionAffinity"]?.string, affinity == "ClientIP", isNone {
        texts.append("spec.SessionAffinity is ignored when \(name)")
      }
    }
    if hasExternal { texts.append("spec.externalIPs is deprecated in v1.36+") }
    if spec["trafficDistribution"] == "PreferClose" {
      texts.append(
        "spec.trafficDistribution: PreferClose is deprecated in v1.34+; use PreferSameZone")
    }
    return texts
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
    for (index, container) in (spec["containers"]?.array ?? []).enumerated() {
      texts += self.container(container, "\(path).containers[\(index)]")
    }
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

  private static func container(_ container: Value, _ path: String) -> [String] {
    var texts: [String] = []
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
