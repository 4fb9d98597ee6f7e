import ClusterModel

/// plugin/pkg/admission/priority: a pod's number follows from its PriorityClass.
extension APIServer {
  static let priorityClasses = "priorityclasses.scheduling.k8s.io"

  mutating func resolvePriority(_ pod: inout Pod) throws(APIError) {
    // Every pod that is created is asked: nothing of its spec is copied until one has an answer.
    guard pod.spec.value.priority == nil else { return }
    let table = store.kept[Self.priorityClasses]
    guard !pod.spec.value.priorityClassName.isEmpty || table != nil else { return }
    let spec = pod.spec.value
    if spec.priorityClassName.hasPrefix("system-") { return }
    let chosen: KeptObject?
    if spec.priorityClassName.isEmpty {
      chosen = table?.list().first { $0.body["globalDefault"]?.bool == true }
      if chosen == nil { return }
    } else {
      chosen = table?["", spec.priorityClassName]
    }
    guard let chosen else {
      throw APIError(
        .forbidden,
        "pods \"\(pod.metadata.name)\" is forbidden: no PriorityClass with name "
          + "\(spec.priorityClassName) was found")
    }
    pod.spec = prioritized.spec(pod.spec, chosen)
  }
}

/// Specs with the priority of their class filled in, so that pods of one template share one.
struct PrioritizedSpecs: Sendable {
  private var last: (given: Shared<PodSpec>, name: String, version: UInt64, spec: Shared<PodSpec>)?

  mutating func spec(_ given: Shared<PodSpec>, _ chosen: KeptObject) -> Shared<PodSpec> {
    let (name, version) = (chosen.metadata.name, chosen.metadata.resourceVersion)
    if let last, last.given === given, last.name == name, last.version == version {
      return last.spec
    }
    var spec = given.value
    spec.priorityClassName = name
    spec.priority = Int(chosen.body["value"]?.integer ?? 0)
    spec.other["preemptionPolicy"] = chosen.body["preemptionPolicy"] ?? "PreemptLowerPriority"
    let shared = Shared(spec)
    last = (given, name, version, shared)
    return shared
  }
}
