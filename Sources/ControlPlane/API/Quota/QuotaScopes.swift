import ClusterModel

/// Which pods a ResourceQuota with scopes is about (pods.go podMatchesScopeFunc).
struct QuotaScopes {
  private struct Scope {
    var name: String
    var condition: String
    var values: [String]
  }

  private var scopes: [Scope] = []

  init(_ quota: KeptObject) {
    let spec = quota.body["spec"]
    for name in (spec?["scopes"]?.array ?? []).compactMap(\.string) {
      scopes.append(Scope(name: name, condition: "Exists", values: []))
    }
    for requirement in spec?["scopeSelector"]?["matchExpressions"]?.array ?? [] {
      scopes.append(
        Scope(
          name: requirement["scopeName"]?.string ?? "",
          condition: requirement["operator"]?.string ?? "",
          values: (requirement["values"]?.array ?? []).compactMap(\.string)))
    }
  }

  var isEmpty: Bool { scopes.isEmpty }

  func include(_ pod: Pod) -> Bool { scopes.allSatisfy { Self.matches($0, pod) } }

  private static func matches(_ scope: Scope, _ pod: Pod) -> Bool {
    let spec = pod.spec.value
    let hasDeadline = (spec.other["activeDeadlineSeconds"]?.integer ?? -1) >= 0
    switch scope.name {
    case "Terminating": return hasDeadline
    case "NotTerminating": return !hasDeadline
    case "BestEffort": return PodAdmission.qualityOfService(spec) == "BestEffort"
    case "NotBestEffort": return PodAdmission.qualityOfService(spec) != "BestEffort"
    case "PriorityClass":
      let name = spec.priorityClassName
      return switch scope.condition {
      case "In": scope.values.contains(name)
      case "NotIn": !scope.values.contains(name)
      case "DoesNotExist": name.isEmpty
      default: !name.isEmpty
      }
    case "CrossNamespacePodAffinity": return spec.affinity.map(crossesNamespaces) ?? false
    default: return false
    }
  }

  private static func crossesNamespaces(_ affinity: Value) -> Bool {
    for kind in ["podAffinity", "podAntiAffinity"] {
      let rules = affinity[kind]
      let required = rules?["requiredDuringSchedulingIgnoredDuringExecution"]?.array ?? []
      let preferred = rules?["preferredDuringSchedulingIgnoredDuringExecution"]?.array ?? []
      for term in required + preferred.compactMap({ $0["podAffinityTerm"] })
      where !(term["namespaces"]?.array ?? []).isEmpty || term["namespaceSelector"] != nil {
        return true
      }
    }
    return false
  }
}
