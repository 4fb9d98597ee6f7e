import ClusterModel
import SimulationCore

extension APIServer {
  /// `POST` of `pods/eviction`: a delete that a disruption budget may refuse
  /// (pkg/registry/core/pod/rest/eviction.go).
  ///
  /// - Throws: NotFound; TooManyRequests when the budget is used up; InternalError for a pod with
  ///   two budgets.
  public mutating func evict(
    namespace: String, name: String, gracePeriodSeconds: Int? = nil, at time: Instant
  ) throws(APIError) {
    guard let id = store.pods.id(namespace: namespace, name: name), let pod = store.pods[id] else {
      throw .notFound(.pods, name)
    }
    let isExempt = pod.isTerminal || pod.status.phase == .pending || pod.metadata.isTerminating
    if !isExempt { try spendBudget(on: pod, at: time) }
    if !pod.metadata.isTerminating {
      let now = timestamp(at: time)
      store.updatePod(id, .status, at: time) { pod in
        pod.status.conditions.set(
          Condition(
            type: "DisruptionTarget", status: .true, reason: "EvictionByEvictionAPI",
            message: "Eviction API: evicting", lastTransitionTime: now,
            observedGeneration: pod.observableGeneration))
      }
    }
    try delete(
      .pods, namespace: namespace, name: name, gracePeriodSeconds: gracePeriodSeconds, at: time)
  }

  private mutating func spendBudget(on pod: Pod, at time: Instant) throws(APIError) {
    let resource = DisruptionController.resource
    let table = store.kept[resource.qualifiedPlural]
    let budgets = (table?.list(namespace: pod.metadata.namespace) ?? []).filter {
      Budget.selector(of: $0)?.matches(pod.metadata.labels) == true
    }
    guard let budget = budgets.first else { return }
    if budgets.count > 1 {
      throw APIError(
        .internalError,
        "This pod has more than one PodDisruptionBudget, which the eviction subresource does not "
          + "support.")
    }
    var status = budget.body["status"]?.fields ?? Fields()
    func number(_ name: String) -> Int64 { status[name]?.integer ?? 0 }
    let name = budget.metadata.name
    let isHealthy = number("currentHealthy") >= number("desiredHealthy")
    if !pod.isReady {
      let policy = budget.body["spec"]?["unhealthyPodEvictionPolicy"]?.string
      if policy == "AlwaysAllow" { return }
      if isHealthy, number("desiredHealthy") > 0 { return }
    }
    if number("observedGeneration") < budget.metadata.generation {
      throw Self.refusal("The disruption budget \(name) is still being processed by the server.")
    }
    guard number("disruptionsAllowed") > 0 else {
      throw Self.refusal(
        "The disruption budget \(name) needs \(number("desiredHealthy")) healthy pods and has "
          + "\(number("currentHealthy")) currently")
    }
    let now = timestamp(at: time)
    status["disruptionsAllowed"] = .integer(number("disruptionsAllowed") - 1)
    var disrupted = status["disruptedPods"]?.fields ?? Fields()
    disrupted[pod.metadata.name] = .string("\(now)")
    status["disruptedPods"] = .object(disrupted)
    if number("disruptionsAllowed") == 0 { Budget.note(in: &status, now) }
    guard
      let id = table?.id(namespace: budget.metadata.namespace, name: budget.metadata.name)
    else { return }
    let spent = status
    store.updateKept(resource, id, at: time) { $0.body["status"] = .object(spent) }
  }

  private static func refusal(_ cause: String) -> APIError {
    var error = APIError(
      .tooManyRequests, "Cannot evict pod as it would violate the pod's disruption budget.")
    error.causes = [cause]
    return error
  }
}
