import ClusterModel

/// What pods count for in a ResourceQuota (pkg/quota/v1/evaluator/core/pods.go).
enum PodAmounts {
  /// Of a pod that is going to run or runs; one that is over is only an object.
  static func of(_ pod: Pod) -> ResourceAmounts {
    var amounts = ResourceAmounts()
    amounts["count/pods"] = QuantityText(1)
    guard !pod.isTerminal else { return amounts }
    amounts["pods"] = QuantityText(1)
    let spec = pod.spec.value
    for entry in total(spec, { $0.requests }).entries {
      switch entry.name {
      case "cpu", "memory", "ephemeral-storage":
        amounts[entry.name] = entry.amount
        amounts["requests.\(entry.name)"] = entry.amount
      case let name where name.hasPrefix("hugepages-"):
        amounts[name] = entry.amount
        amounts["requests.\(name)"] = entry.amount
      default: amounts["requests.\(entry.name)"] = entry.amount
      }
    }
    for entry in total(spec, { $0.limits }).entries
    where ["cpu", "memory", "ephemeral-storage"].contains(entry.name) {
      amounts["limits.\(entry.name)"] = entry.amount
    }
    return amounts
  }

  /// The larger of what runs together and of each init container with the sidecars before it
  /// (component-helpers resource/helpers.go PodRequests and PodLimits).
  static func total(
    _ spec: PodSpec, _ list: (Container) -> ResourceList
  ) -> ResourceAmounts {
    var running = ResourceAmounts()
    for container in spec.containers { running.add(ResourceAmounts(list(container))) }
    var peak = ResourceAmounts()
    var sidecars = ResourceAmounts()
    for container in spec.initContainers {
      let own = ResourceAmounts(list(container))
      if container.restartPolicy == "Always" {
        running.add(own)
        sidecars.add(own)
        peak.raise(to: sidecars)
      } else {
        var together = sidecars
        together.add(own)
        peak.raise(to: together)
      }
    }
    running.raise(to: peak)
    return running
  }

  /// The containers that say nothing of what a quota counts: `limits.cpu for: a,b`; nil for none.
  static func missing(_ required: [String], in pod: Pod) -> String? {
    let spec = pod.spec.value
    let explicit = [
      "cpu", "limits.cpu", "limits.memory", "memory", "requests.cpu", "requests.memory",
    ]
    let parts = explicit.filter(required.contains).compactMap { name -> String? in
      let containers = (spec.containers + spec.initContainers).filter { container in
        let list = name.hasPrefix("limits.") ? container.limits : container.requests
        let plain = name.split(separator: ".").last.map(String.init) ?? name
        return list[plain] == nil
      }
      let names = Set(containers.map(\.name)).sorted()
      return names.isEmpty ? nil : "\(name) for: \(names.joined(separator: ","))"
    }
    return parts.isEmpty ? nil : "must specify \(parts.joined(separator: "; "))"
  }
}
