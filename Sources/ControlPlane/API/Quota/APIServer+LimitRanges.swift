import ClusterModel

/// The admission plugin LimitRanger (plugin/pkg/admission/limitranger/admission.go).
extension APIServer {
  private static let limitRanges = "limitranges"

  private func limitRanges(in namespace: String) -> [KeptObject] {
    store.kept[Self.limitRanges]?.list(namespace: namespace) ?? []
  }

  /// Fills in what containers do not say, then holds the pod to what is allowed.
  mutating func applyLimitRanges(to pod: inout Pod) throws(APIError) {
    guard store.kept[Self.limitRanges] != nil else { return }
    let ranges = limitRanges(in: pod.metadata.namespace)
    guard !ranges.isEmpty else { return }
    let limits = ranges.flatMap { $0.body["spec"]?["limits"]?.array ?? [] }
    let (spec, note) = limited.spec(pod.spec, limits)
    pod.spec = spec
    if !note.isEmpty { pod.metadata.annotations["kubernetes.io/limit-ranger"] = note }
    try refuse(.pod(pod), LimitRangeRules(limits).problems(with: spec.value))
  }

  /// The sizes that a namespace allows for its claims.
  func checkLimitRanges(of claim: KeptObject) throws(APIError) {
    guard claim.resource.plural == "persistentvolumeclaims", store.kept[Self.limitRanges] != nil
    else { return }
    let limits = limitRanges(in: claim.metadata.namespace)
      .flatMap { $0.body["spec"]?["limits"]?.array ?? [] }
    let requests = ResourceAmounts(claim.body["spec"]?["resources"]?["requests"]?.fields)
    try refuse(.kept(claim), LimitRangeRules(limits).problems(with: requests))
  }

  private func refuse(_ object: StoredObject, _ problems: [String]) throws(APIError) {
    guard let first = problems.first else { return }
    throw .forbidden(
      object, problems.count == 1 ? first : "[\(problems.joined(separator: ", "))]")
  }
}

/// Specs with the defaults of LimitRanges, so that pods of one template share one.
struct LimitedSpecs: Sendable {
  private struct Entry: Sendable {
    var given: Shared<PodSpec>
    var limits: [Value]
    var spec: Shared<PodSpec>
    var note: String
  }

  private var last: Entry?

  mutating func spec(_ given: Shared<PodSpec>, _ limits: [Value]) -> (Shared<PodSpec>, String) {
    if let last, last.given === given, last.limits == limits { return (last.spec, last.note) }
    var spec = PodAdmission.defaultedPod(given.value)
    let note = Self.setDefaults(limits, &spec)
    let entry = Entry(given: given, limits: limits, spec: Shared(spec), note: note)
    last = entry
    return (entry.spec, note)
  }

  /// mergePodResourceRequirements; returns what the pod's annotation says of it.
  private static func setDefaults(_ limits: [Value], _ spec: inout PodSpec) -> String {
    var requests = ResourceAmounts()
    var maxima = ResourceAmounts()
    for item in limits where item["type"]?.string == "Container" {
      for entry in ResourceAmounts(item["defaultRequest"]?.fields).entries {
        requests[entry.name] = entry.amount
      }
      for entry in ResourceAmounts(item["default"]?.fields).entries {
        maxima[entry.name] = entry.amount
      }
    }
    var notes: [String] = []
    for index in spec.containers.indices {
      fill(&spec.containers[index], requests, maxima, "container", &notes)
    }
    for index in spec.initContainers.indices {
      fill(&spec.initContainers[index], requests, maxima, "init container", &notes)
    }
    return notes.isEmpty ? "" : "LimitRanger plugin set: " + notes.joined(separator: "; ")
  }

  private static func fill(
    _ container: inout Container, _ requests: ResourceAmounts, _ limits: ResourceAmounts,
    _ title: String, _ notes: inout [String]
  ) {
    let name = container.name
    func fill(_ list: inout ResourceList, _ defaults: ResourceAmounts, _ word: String) {
      var set: [String] = []
      for entry in defaults.entries where list[entry.name] == nil {
        list[entry.name] = Quantity(entry.amount.text)
        set.append(entry.name)
      }
      if !set.isEmpty {
        notes.append("\(set.joined(separator: ", ")) \(word) for \(title) \(name)")
      }
    }
    fill(&container.requests, requests, "request")
    fill(&container.limits, limits, "limit")
  }
}
