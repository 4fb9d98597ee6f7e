import ClusterModel

/// What the API server refuses in a pod's spec, in its order
/// (pkg/apis/core/validation/validation.go ValidatePodSpec).
enum PodSpecValidation {
  /// - Parameter claims: The names of volumes that a StatefulSet adds to each of its pods.
  static func check(_ spec: Field, claims: [String] = []) {
    let volumes = volumes(spec["volumes"]).union(claims)
    let containers = ContainerValidation(volumes: volumes, hostNetwork: spec["hostNetwork"].flag)
    containers.check(containers: spec["containers"])
    containers.check(initContainers: spec["initContainers"], containers: spec["containers"])
    spec["restartPolicy"].choice(["Always", "OnFailure", "Never"])
    spec["dnsPolicy"].choice(["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"])
    spec["nodeSelector"].labels()
    affinity(spec["affinity"])
    dns(spec)
    for gate in spec["readinessGates"].items {
      let type = gate["conditionType"]
      type.invalid(NameFormat.qualifiedName(type.text), .string(type.text))
    }
    spreadConstraints(spec["topologySpreadConstraints"])
    names(spec)
    tolerations(spec["tolerations"])
    for alias in spec["hostAliases"].items {
      alias["ip"].invalid(NameFormat.address(alias["ip"].text), .string(alias["ip"].text))
      for name in alias["hostnames"].items { name.invalid(NameFormat.subdomain(name.text)) }
    }
    if !spec["priorityClassName"].text.isEmpty {
      spec["priorityClassName"].invalid(NameFormat.subdomain(spec["priorityClassName"].text))
    }
    spec["preemptionPolicy"].choice(["Never", "PreemptLowerPriority"])
  }

  /// - Returns: the names of the good volumes.
  private static func volumes(_ list: Field) -> Set<String> {
    var names: Set<String> = []
    for volume in list.items {
      let name = volume["name"]
      var isGood = true
      if name.text.isEmpty {
        name.required()
        isGood = false
      } else {
        let problems = NameFormat.label(name.text)
        name.invalid(problems)
        isGood = problems.isEmpty
      }
      let sources = volume.entries.map(\.key).filter { $0 != "name" }
      for extra in sources.dropFirst() {
        volume[extra].forbidden("may not specify more than 1 volume type")
        isGood = false
      }
      if isGood, !names.insert(name.text).inserted { name.duplicate() }
    }
    return names
  }

  private static func names(_ spec: Field) {
    let account = spec["serviceAccountName"]
    if !account.text.isEmpty { account.invalid(NameFormat.subdomain(account.text)) }
    let node = spec["nodeName"]
    if !node.text.isEmpty { node.invalid(NameFormat.subdomain(node.text)) }
    if let seconds = spec["activeDeadlineSeconds"].integer,
      !(1...Int64(Int32.max)).contains(seconds)
    {
      spec["activeDeadlineSeconds"].invalid("must be between 1 and 2147483647, inclusive")
    }
    for name in ["hostname", "subdomain"] where !spec[name].text.isEmpty {
      spec[name].invalid(NameFormat.label(spec[name].text))
    }
  }

  private static func dns(_ spec: Field) {
    let config = spec["dnsConfig"]
    let servers = config["nameservers"]
    if spec["dnsPolicy"].text == "None" {
      if !config.isPresent {
        return config.required(
          "must provide `dnsConfig` when `dnsPolicy` is None")
      }
      if servers.items.isEmpty {
        return servers.required(
          "must provide at least one DNS nameserver when `dnsPolicy` is None")
      }
    }
    if servers.items.count > 3 {
      servers.invalid("must not have more than 3 nameservers")
    }
    for server in servers.items { server.invalid(NameFormat.address(server.text)) }
    if config["searches"].items.count > 32 {
      config["searches"].invalid("must not have more than 32 search paths")
    }
    for option in config["options"].items where option["name"].text.isEmpty {
      option.required("must not be empty")
    }
  }

  private static func tolerations(_ list: Field) {
    for toleration in list.items {
      let key = toleration["key"]
      let `operator` = toleration["operator"]
      if !key.text.isEmpty { key.invalid(NameFormat.qualifiedName(key.text)) }
      if key.text.isEmpty, `operator`.text != "Exists" {
        `operator`.invalid(
          "operator must be Exists when `key` is empty, which means \"match all values and all keys\"",
          .string(`operator`.text))
      }
      if toleration["tolerationSeconds"].isPresent, toleration["effect"].text != "NoExecute" {
        toleration["effect"].invalid(
          "effect must be 'NoExecute' when `tolerationSeconds` is set",
          .string(toleration["effect"].text))
      }
      switch `operator`.text {
      case "", "Equal":
        let value = toleration["value"].text
        let problems = NameFormat.labelValue(value)
        if !problems.isEmpty {
          `operator`.invalid(problems.joined(separator: ";"), .string(value))
        }
      case "Exists":
        if !toleration["value"].text.isEmpty {
          `operator`.invalid(
            "value must be empty when `operator` is 'Exists'", toleration.value)
        }
      default: `operator`.unsupported(["Equal", "Exists"])
      }
      toleration["effect"].choice(["NoSchedule", "PreferNoSchedule", "NoExecute"])
    }
  }

  private static func spreadConstraints(_ list: Field) {
    var seen: Set<[String]> = []
    for constraint in list.items {
      let skew = constraint["maxSkew"]
      if skew.integer ?? 0 <= 0 { skew.invalid("must be greater than zero", skew.value ?? 0) }
      let key = constraint["topologyKey"]
      if key.text.isEmpty { key.required("can not be empty") }
      let action = constraint["whenUnsatisfiable"]
      if action.text.isEmpty {
        action.unsupported(["DoNotSchedule", "ScheduleAnyway"], "")
      } else {
        action.choice(["DoNotSchedule", "ScheduleAnyway"])
      }
      if !seen.insert([key.text, action.text]).inserted {
        key.at(constraint.path).duplicate(.string("{\(key.text), \(action.text)}"))
      }
      constraint["labelSelector"].labelSelector()
    }
  }

  private static func affinity(_ affinity: Field) {
    let required = "requiredDuringSchedulingIgnoredDuringExecution"
    let preferred = "preferredDuringSchedulingIgnoredDuringExecution"
    let node = affinity["nodeAffinity"]
    if node[required].isPresent {
      let terms = node[required]["nodeSelectorTerms"]
      if terms.items.isEmpty {
        terms.required("must have at least one node selector term")
      }
      for term in terms.items { nodeTerm(term) }
    }
    for term in node[preferred].items {
      weight(term["weight"])
      nodeTerm(term["preference"])
    }
    for name in ["podAffinity", "podAntiAffinity"] {
      for term in affinity[name][required].items { podTerm(term) }
      for term in affinity[name][preferred].items {
        weight(term["weight"])
        podTerm(term["podAffinityTerm"])
      }
    }
  }

  private static func weight(_ weight: Field) {
    if !(1...100).contains(weight.integer ?? 0) {
      weight.invalid("must be in the range 1-100", weight.value ?? 0)
    }
  }

  private static func nodeTerm(_ term: Field) {
    for expression in term["matchExpressions"].items {
      let values = expression["values"]
      switch expression["operator"].text {
      case "In", "NotIn":
        if values.items.isEmpty {
          values.required("must be specified when `operator` is 'In' or 'NotIn'")
        }
      case "Exists", "DoesNotExist":
        if !values.items.isEmpty {
          values.forbidden("may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
        }
      case "Gt", "Lt":
        if values.items.count != 1 {
          values.required("must be specified single value when `operator` is 'Lt' or 'Gt'")
        }
      case let other:
        expression["operator"].invalid("not a valid selector operator", .string(other))
      }
      let key = expression["key"]
      key.invalid(NameFormat.qualifiedName(key.text), .string(key.text))
    }
  }

  private static func podTerm(_ term: Field) {
    term["labelSelector"].labelSelector()
    term["namespaceSelector"].labelSelector()
    let key = term["topologyKey"]
    if key.text.isEmpty {
      key.required("can not be empty")
    } else {
      key.invalid(NameFormat.qualifiedName(key.text))
    }
  }
}
