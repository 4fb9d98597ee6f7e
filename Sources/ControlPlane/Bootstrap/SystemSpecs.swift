import ClusterModel

/// The specs of system pods, one for those that are alike on all nodes.
struct SystemSpecs: Sendable {
  private struct Key: Hashable, Sendable {
    let container: Container
    let usesHostNetwork: Bool
    let priorityClass: String
  }

  private var known: [Key: (given: Shared<PodSpec>, admitted: Shared<PodSpec>)] = [:]

  /// The spec as somebody would write it, and as the API server makes it.
  mutating func specs(
    of pod: SystemPod
  ) -> (given: Shared<PodSpec>, admitted: Shared<PodSpec>) {
    let key = Key(
      container: pod.container, usesHostNetwork: pod.usesHostNetwork,
      priorityClass: pod.priorityClass)
    if let known = known[key] { return known }
    var spec = PodSpec(containers: [pod.container])
    spec.hostNetwork = pod.usesHostNetwork
    spec.priorityClassName = pod.priorityClass
    spec.tolerations = [Toleration()]
    let specs = (Shared(spec), Shared(PodAdmission.admitted(spec)))
    known[key] = specs
    return specs
  }
}
