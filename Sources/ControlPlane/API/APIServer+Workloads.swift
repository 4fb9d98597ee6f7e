import ClusterModel
import SimulationCore

extension APIServer {
  mutating func admit(_ deployment: inout Deployment, replacing old: Deployment?) throws(APIError) {
    deployment.template.spec = Shared(PodAdmission.defaulted(deployment.template.spec.value))
    var causes = WorkloadValidation.problems(
      replicas: deployment.replicas, selector: deployment.selector, template: deployment.template)
    if let old, old.selector != deployment.selector {
      causes.append(WorkloadValidation.immutableSelector(deployment.selector))
    }
    causes += WorkloadValidation.problems(withStrategyOf: deployment)
    if !causes.isEmpty {
      throw .invalid(kind: "Deployment", name: deployment.metadata.name, causes: causes)
    }
    if old == nil { deployment.status = DeploymentStatus() }
  }

  mutating func admit(_ replicaSet: inout ReplicaSet, replacing old: ReplicaSet?) throws(APIError) {
    if old?.template != replicaSet.template {
      let defaulted = PodAdmission.defaulted(replicaSet.template.spec.value)
      // A Deployment's template is defaulted already: keep sharing it.
      if defaulted != replicaSet.template.spec.value {
        replicaSet.template.spec = Shared(defaulted)
      }
    }
    var causes = WorkloadValidation.problems(
      replicas: replicaSet.replicas, selector: replicaSet.selector, template: replicaSet.template)
    if let old, old.selector != replicaSet.selector {
      causes.append(WorkloadValidation.immutableSelector(replicaSet.selector))
    }
    if !causes.isEmpty {
      throw .invalid(kind: "ReplicaSet", name: replicaSet.metadata.name, causes: causes)
    }
    if old == nil { replicaSet.status = ReplicaSetStatus() }
  }

  mutating func replace(_ old: Deployment, with new: Deployment, at time: Instant) throws(APIError)
  {
    var new = new
    try admit(&new, replacing: old)
    new.status = old.status
    guard new != old,
      let id = store.deployments.id(namespace: old.metadata.namespace, name: old.metadata.name)
    else { return }
    var sameSpec = new
    sameSpec.metadata = old.metadata
    let touchesSpec = sameSpec != old
    store.updateDeployment(id, touchesSpec ? [.spec, .metadata] : .metadata, at: time) { stored in
      stored = new
      if touchesSpec { stored.metadata.generation += 1 }
    }
  }

  mutating func replace(_ old: ReplicaSet, with new: ReplicaSet, at time: Instant) throws(APIError)
  {
    var new = new
    try admit(&new, replacing: old)
    new.status = old.status
    guard new != old,
      let id = store.replicaSets.id(namespace: old.metadata.namespace, name: old.metadata.name)
    else { return }
    var sameSpec = new
    sameSpec.metadata = old.metadata
    let touchesSpec = sameSpec != old
    store.updateReplicaSet(id, touchesSpec ? [.spec, .metadata] : .metadata, at: time) { stored in
      stored = new
      if touchesSpec { stored.metadata.generation += 1 }
    }
  }
}

/// What the API server refuses in Deployments and ReplicaSets (pkg/apis/apps/validation).
enum WorkloadValidation {
  static func problems(replicas: Int, selector: LabelSelector, template: PodTemplate) -> [String] {
    var problems: [String] = []
    if replicas < 0 {
      problems.append(
        "spec.replicas: Invalid value: \(replicas): must be greater than or equal to 0")
    }
    if selector.isEmpty {
      problems.append(
        "spec.selector: Invalid value: {}: empty selector is invalid for deployment")
    } else if !selector.matches(template.labels) {
      problems.append(
        "spec.template.metadata.labels: Invalid value: \(goMap(template.labels)): `selector` does "
          + "not match template `labels`")
    }
    problems += PodValidation.problems(with: template.spec.value, at: "spec.template.spec")
    if template.spec.value.restartPolicy != "Always" {
      problems.append(
        "spec.template.spec.restartPolicy: Unsupported value: "
          + "\"\(template.spec.value.restartPolicy)\": supported values: \"Always\"")
    }
    return problems
  }

  static func problems(withStrategyOf deployment: Deployment) -> [String] {
    guard deployment.strategy == .rollingUpdate else { return [] }
    let path = "spec.strategy.rollingUpdate"
    var problems: [String] = []
    for (name, value) in [
      ("maxUnavailable", deployment.maxUnavailable), ("maxSurge", deployment.maxSurge),
    ] {
      if case .string(let text) = value, percentage(text) == nil {
        problems.append(
          "\(path).\(name): Invalid value: \"\(text)\": a valid percent string must be a numeric "
            + "string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is "
            + "'[0-9]+%')")
      }
    }
    if isZero(deployment.maxUnavailable), isZero(deployment.maxSurge) {
      problems.append(
        "\(path).maxUnavailable: Invalid value: \(quoted(deployment.maxUnavailable)): may not be 0 "
          + "when `maxSurge` is 0")
    }
    return problems
  }

  /// The number of `25%`; nil when malformed.
  static func percentage(_ text: String) -> Int? {
    guard text.hasSuffix("%"), let number = Int(text.dropLast()), number >= 0 else { return nil }
    return number
  }

  private static func isZero(_ value: IntOrString) -> Bool {
    switch value {
    case .integer(let number): number == 0
    case .string(let text): percentage(text) == 0
    }
  }

  private static func quoted(_ value: IntOrString) -> String {
    switch value {
    case .integer(let number): "\(number)"
    case .string(let text): "\"\(text)\""
    }
  }

  static func immutableSelector(_ selector: LabelSelector) -> String {
    "spec.selector: Invalid value: {\"matchLabels\":\(goMap(selector.matchLabels))}: field is immutable"
  }

  private static func goMap(_ labels: Labels) -> String {
    "{" + labels.pairs.map { "\"\($0.key)\":\"\($0.value)\"" }.joined(separator: ",") + "}"
  }
}
