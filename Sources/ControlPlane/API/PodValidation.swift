import ClusterModel

/// What the API server refuses in a pod's spec (pkg/apis/core/validation).
enum PodValidation {
  /// One line a cause, beginning with the field's path.
  static func problems(with spec: PodSpec, at path: String) -> [String] {
    var problems: [String] = []
    if spec.containers.isEmpty { problems.append("\(path).containers: Required value") }
    var names: Set<String> = []
    for (list, containers) in [
      ("initContainers", spec.initContainers), ("containers", spec.containers),
    ] {
      for (index, container) in containers.enumerated() {
        let place = "\(path).\(list)[\(index)]"
        problems += self.problems(with: container, at: place)
        if !container.name.isEmpty, !names.insert(container.name).inserted {
          problems.append("\(place).name: Duplicate value: \"\(container.name)\"")
        }
      }
    }
    if !["Always", "OnFailure", "Never"].contains(spec.restartPolicy) {
      problems.append(
        "\(path).restartPolicy: Unsupported value: \"\(spec.restartPolicy)\": supported values: "
          + "\"Always\", \"OnFailure\", \"Never\"")
    }
    if spec.terminationGracePeriodSeconds < 0 {
      problems.append(
        "\(path).terminationGracePeriodSeconds: Invalid value: "
          + "\(spec.terminationGracePeriodSeconds): must be greater than or equal to 0")
    }
    return problems
  }

  private static func problems(with container: Container, at path: String) -> [String] {
    var problems: [String] = []
    if container.name.isEmpty {
      problems.append("\(path).name: Required value")
    } else if let problem = NameRule.label.problem(with: container.name) {
      problems.append("\(path).name: Invalid value: \"\(container.name)\": \(problem)")
    }
    if container.image.isEmpty { problems.append("\(path).image: Required value") }
    for (index, port) in container.ports.enumerated() {
      if let problem = PortRule.problem(with: port.containerPort) {
        problems.append("\(path).ports[\(index)].containerPort: \(problem)")
      }
      if port.hostPort != 0, let problem = PortRule.problem(with: port.hostPort) {
        problems.append("\(path).ports[\(index)].hostPort: \(problem)")
      }
    }
    for entry in container.limits.entries {
      if let request = container.requests[entry.name], request.milli > entry.quantity.milli {
        problems.append(
          "\(path).resources.requests: Invalid value: \"\(request)\": must be less than or equal to "
            + "\(entry.name) limit of \(entry.quantity)")
      }
    }
    return problems
  }
}

/// A port number's range.
enum PortRule {
  static func problem(with port: Int) -> String? {
    (1...65535).contains(port)
      ? nil : "Invalid value: \(port): must be between 1 and 65535, inclusive"
  }
}
