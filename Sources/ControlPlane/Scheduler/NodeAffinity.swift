import ClusterModel

/// A term of a node selector: requirements on labels and on the node's name.
struct NodeSelectorTerm: Sendable {
  private var requirements: [LabelSelector.Requirement]
  /// Of `matchFields`; `metadata.name` is the only field there is.
  private var names: [LabelSelector.Requirement]

  init(_ term: Value?) {
    requirements = Self.requirements(term?["matchExpressions"])
    names = Self.requirements(term?["matchFields"])
  }

  private static func requirements(_ list: Value?) -> [LabelSelector.Requirement] {
    (list?.array ?? []).compactMap { expression in
      guard let key = expression["key"]?.string,
        let name = expression["operator"]?.string,
        let comparison = LabelSelector.Operator(rawValue: name)
      else { return nil }
      return LabelSelector.Requirement(
        key: key, operator: comparison,
        values: expression["values"]?.array?.compactMap(\.string) ?? [])
    }
  }

  /// An empty term holds nowhere.
  func matches(name: String, labels: Labels) -> Bool {
    guard !requirements.isEmpty || !names.isEmpty else { return false }
    return requirements.allSatisfy { $0.matches(labels) }
      && names.allSatisfy { $0.matches(["metadata.name": name]) }
  }

  /// The names that `matchFields` allows; nil when it does not say.
  var allowedNames: [String]? {
    names.first { $0.operator == .in }?.values
  }
}

/// `affinity.nodeAffinity` of a pod.
struct NodeAffinity: Sendable {
  struct Preference: Sendable {
    var term: NodeSelectorTerm
    var weight: Int
  }

  /// Nil when nothing is required.
  private var required: [NodeSelectorTerm]?
  private(set) var preferred: [Preference] = []

  init(_ affinity: Value) {
    let nodes = affinity["nodeAffinity"]
    required = nodes?["requiredDuringSchedulingIgnoredDuringExecution"]?["nodeSelectorTerms"]?
      .array?.map { NodeSelectorTerm($0) }
    preferred = (nodes?["preferredDuringSchedulingIgnoredDuringExecution"]?.array ?? []).map {
      Preference(term: NodeSelectorTerm($0["preference"]), weight: Int($0["weight"]?.integer ?? 0))
    }
  }

  /// One of the required terms must hold.
  func matches(name: String, labels: Labels) -> Bool {
    guard let required else { return true }
    return required.contains { $0.matches(name: name, labels: labels) }
  }

  /// The sum of the weights of the preferred terms that hold.
  func preference(name: String, labels: Labels) -> Int {
    preferred.reduce(0) { sum, preference in
      sum + (preference.term.matches(name: name, labels: labels) ? preference.weight : 0)
    }
  }

  /// The only nodes that are looked at: those that every required term names
  /// (nodeaffinity.go PreFilter); nil when a term does not name any.
  var onlyNames: [String]? {
    guard let required, !required.isEmpty else { return nil }
    var names: [String] = []
    for term in required {
      guard let allowed = term.allowedNames else { return nil }
      names += allowed
    }
    return names
  }

  /// The one node that a DaemonSet's pod is for; nil for other pods.
  static func onlyNode(_ affinity: Value?) -> String? {
    let required = affinity?["nodeAffinity"]?["requiredDuringSchedulingIgnoredDuringExecution"]
    guard let terms = required?["nodeSelectorTerms"]?.array, terms.count == 1,
      let fields = terms[0]["matchFields"]?.array, fields.count == 1,
      fields[0]["key"]?.string == "metadata.name"
    else { return nil }
    return fields[0]["values"]?.array?.first?.string
  }
}
