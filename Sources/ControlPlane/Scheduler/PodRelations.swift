import ClusterModel

/// A term of inter-pod affinity, with everything that depends on the pod it stands in filled in.
struct PodAffinityTerm: Hashable, Sendable {
  var namespaces: [String]
  /// Namespaces by label, beside those by name; nil for none.
  var namespaceSelector: LabelSelector?
  /// Nil matches no pod.
  var selector: LabelSelector?
  var topologyKey: String
  var weight = 0

  init(_ term: Value, namespace: String, labels: Labels, weight: Int = 0) {
    namespaces = term["namespaces"]?.array?.compactMap(\.string) ?? []
    namespaceSelector = term["namespaceSelector"].map { LabelSelector(value: $0) }
    if namespaces.isEmpty, namespaceSelector == nil { namespaces = [namespace] }
    selector = term["labelSelector"].map { LabelSelector(value: $0) }
    topologyKey = term["topologyKey"]?.string ?? ""
    self.weight = weight
    for (field, comparison) in [
      ("matchLabelKeys", LabelSelector.Operator.in), ("mismatchLabelKeys", .notIn),
    ] {
      for key in term[field]?.array?.compactMap(\.string) ?? [] {
        guard let value = labels[key] else { continue }
        selector?.matchExpressions.append(
          LabelSelector.Requirement(key: key, operator: comparison, values: [value]))
      }
    }
  }

  func matches(namespace: String, labels: Labels, in store: ObjectStore) -> Bool {
    guard let selector, selector.matches(labels) else { return false }
    if namespaces.contains(namespace) { return true }
    guard let namespaceSelector else { return false }
    return namespaceSelector.matches(store.namespaces["", namespace]?.metadata.labels ?? Labels())
  }
}

extension LabelSelector {
  /// A selector as a manifest spells it.
  init(value: Value) {
    self.init(
      matchLabels: Labels(
        (value["matchLabels"]?.fields?.all ?? []).compactMap { field in
          field.value.string.map { (field.name, $0) }
        }),
      matchExpressions: (value["matchExpressions"]?.array ?? []).compactMap { entry in
        guard let key = entry["key"]?.string, let name = entry["operator"]?.string,
          let comparison = Operator(rawValue: name)
        else { return nil }
        return Requirement(
          key: key, operator: comparison,
          values: entry["values"]?.array?.compactMap(\.string) ?? [])
      })
  }
}

/// The terms of one pod's `podAffinity` and `podAntiAffinity`.
struct PodAffinity: Sendable {
  var required: [PodAffinityTerm] = []
  var requiredAnti: [PodAffinityTerm] = []
  /// With their weights.
  var preferred: [PodAffinityTerm] = []
  var preferredAnti: [PodAffinityTerm] = []

  init() {}

  init(_ pod: Pod) {
    let (namespace, labels) = (pod.metadata.namespace, pod.metadata.labels)
    func required(_ kind: String) -> [PodAffinityTerm] {
      let list = pod.spec.value.affinity?[kind]?["requiredDuringSchedulingIgnoredDuringExecution"]
      return (list?.array ?? []).map {
        PodAffinityTerm($0, namespace: namespace, labels: labels)
      }
    }
    func preferred(_ kind: String) -> [PodAffinityTerm] {
      let list = pod.spec.value.affinity?[kind]?["preferredDuringSchedulingIgnoredDuringExecution"]
      return (list?.array ?? []).map {
        PodAffinityTerm(
          $0["podAffinityTerm"] ?? .null, namespace: namespace, labels: labels,
          weight: Int($0["weight"]?.integer ?? 0))
      }
    }
    self.required = required("podAffinity")
    requiredAnti = required("podAntiAffinity")
    self.preferred = preferred("podAffinity")
    preferredAnti = preferred("podAntiAffinity")
  }
}

/// The placed pods that have affinity terms, those with equal terms together.
struct PodRelations: Sendable {
  struct Holders: Sendable {
    var affinity: PodAffinity
    /// Pod slots and rows.
    var members: [(pod: Int32, row: Int32)] = []
  }

  private struct Key: Hashable, Sendable {
    var namespace: String
    var labels: Labels
    var affinity: Value
  }

  private(set) var holders: [Holders] = []
  private var ids: [Key: Int32] = [:]
  private(set) var memberCount = 0

  var isEmpty: Bool { memberCount == 0 }

  mutating func add(_ pod: Pod, _ slot: Int32, on row: Int32) -> Int32 {
    let key = Key(
      namespace: pod.metadata.namespace, labels: SchedulerCache.ownLabels(pod),
      affinity: pod.spec.value.affinity ?? .null)
    let id: Int32
    if let known = ids[key] {
      id = known
    } else {
      id = Int32(holders.count)
      holders.append(Holders(affinity: PodAffinity(pod)))
      ids[key] = id
    }
    holders[Int(id)].members.append((slot, row))
    memberCount += 1
    return id
  }

  mutating func remove(_ slot: Int32, from id: Int32) {
    guard let index = holders[Int(id)].members.firstIndex(where: { $0.pod == slot }) else { return }
    holders[Int(id)].members.swapAt(index, holders[Int(id)].members.count - 1)
    holders[Int(id)].members.removeLast()
    memberCount -= 1
  }
}
