import ClusterModel

extension Describer {
  mutating func pod(_ pod: Pod) {
    nameAndNamespace()
    if let priority = value.number("spec", "priority") {
      description.field("Priority", "\(priority)")
    }
    description.optionalField("Priority Class Name", value.text("spec", "priorityClassName"))
    description.optionalField("Runtime Class Name", value.text("spec", "runtimeClassName"))
    description.optionalField("Service Account", value.text("spec", "serviceAccountName"))
    description.field(
      "Node", pod.isBound ? "\(pod.nodeName)/\(pod.status.hostIP?.description ?? "")" : "<none>")
    if let start = pod.status.startTime { description.field("Start Time", start.rfc1123) }
    labelsAndAnnotations()
    status(of: pod)
    addresses(of: pod)
    controller()
    description.optionalField("NominatedNodeName", pod.status.nominatedNodeName)
    containers(of: pod)
    conditions(of: pod)
    volumes(value.items("spec", "volumes"))
    description.field("QoS Class", QualityOfService.of(pod))
    description.labels("Node-Selectors", pod.spec.value.nodeSelector)
    description.tolerations("Tolerations", value.items("spec", "tolerations"))
    topologySpread(value.items("spec", "topologySpreadConstraints"))
    events()
  }

  private mutating func status(of pod: Pod) {
    if let deleted = pod.metadata.deletionTimestamp, !pod.isTerminal {
      description.field("Status", "Terminating (lasts \(context.age(deleted)))")
      description.field(
        "Termination Grace Period", "\(pod.metadata.deletionGracePeriodSeconds ?? 0)s")
    } else {
      description.field("Status", pod.status.phase.rawValue)
    }
    description.optionalField("Reason", pod.status.reason)
    description.optionalField("Message", pod.status.message)
    if let profile = value.value("spec", "securityContext", "seccompProfile") {
      description.field("SeccompProfile", profile.text("type"))
      if profile.text("type") == "Localhost" {
        description.field("LocalhostProfile", profile.text("localhostProfile"))
      }
    }
  }

  private mutating func addresses(of pod: Pod) {
    description.field("IP", pod.status.podIP?.description ?? "")
    guard !pod.status.podIPs.isEmpty else { return description.field("IPs", "<none>") }
    description.line(0, "IPs:")
    for address in pod.status.podIPs { description.field("IP", address.description, level: 1) }
  }

  private mutating func containers(of pod: Pod) {
    let initContainers = value.items("spec", "initContainers")
    if !initContainers.isEmpty {
      containers(
        "Init Containers", initContainers, value.items("status", "initContainerStatuses"),
        of: value)
    }
    containers(
      "Containers", value.items("spec", "containers"), value.items("status", "containerStatuses"),
      of: value)
  }

  private mutating func conditions(of pod: Pod) {
    if !pod.spec.value.readinessGates.isEmpty {
      description.line(0, "Readiness Gates:")
      description.line(1, "Type", "Status")
      for gate in pod.spec.value.readinessGates {
        let status = pod.status.conditions[type: gate]?.status.rawValue ?? "<none>"
        description.line(1, "\(gate) ", "\(status) ")
      }
    }
    guard !pod.status.conditions.isEmpty else { return }
    description.line(0, "Conditions:")
    description.line(1, "Type", "Status")
    for condition in pod.status.conditions {
      description.line(1, "\(condition.type) ", "\(condition.status.rawValue) ")
    }
  }

  mutating func topologySpread(_ constraints: [Value], indent: String = "") {
    let sorted = constraints.enumerated().sorted {
      ($0.element.text("topologyKey"), $0.offset) < ($1.element.text("topologyKey"), $1.offset)
    }
    for (index, entry) in sorted.enumerated() {
      let constraint = entry.element
      var text = "\(constraint.text("topologyKey")):\(constraint.text("whenUnsatisfiable"))"
      text += " when max skew \(constraint.number("maxSkew") ?? 1) is exceeded"
      if let selector = constraint.value("labelSelector") {
        text += " for selector \(SelectorText.of(selector))"
      }
      description.line(indent: indent, [index == 0 ? "Topology Spread Constraints:" : "", text])
    }
  }
}

/// The quality-of-service class of a pod whose status does not say it (pkg/apis/core/v1/helper/qos).
enum QualityOfService {
  static func of(_ pod: Pod) -> String {
    if !pod.status.qosClass.isEmpty { return pod.status.qosClass }
    let spec = pod.spec.value
    let containers = spec.containers + spec.initContainers
    let names = ["cpu", "memory"]
    func milli(_ list: ResourceList, _ name: String) -> Int64 { list[name]?.milli ?? 0 }
    let isBestEffort = containers.allSatisfy { container in
      names.allSatisfy { milli(container.requests, $0) == 0 && milli(container.limits, $0) == 0 }
    }
    if isBestEffort { return "BestEffort" }
    // A request that is not given is the limit.
    let isGuaranteed = containers.allSatisfy { container in
      names.allSatisfy { name in
        let limit = milli(container.limits, name)
        return limit != 0 && (container.requests[name]?.milli ?? limit) == limit
      }
    }
    return isGuaranteed ? "Guaranteed" : "Burstable"
  }
}
