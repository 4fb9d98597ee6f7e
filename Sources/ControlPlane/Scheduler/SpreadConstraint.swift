import ClusterModel

/// An entry of `topologySpreadConstraints` (podtopologyspread/common.go).
struct SpreadConstraint: Sendable {
  static let hostname = "kubernetes.io/hostname"
  static let zone = "topology.kubernetes.io/zone"

  var maxSkew: Int
  var topologyKey: String
  /// `DoNotSchedule`.
  var isHard: Bool
  /// All must match.
  var selectors: [LabelSelector]
  var minDomains = 1
  /// Only nodes that the pod's selector and affinity allow are counted.
  var honorsAffinity = true
  /// Only nodes whose taints the pod tolerates are counted.
  var honorsTaints = false

  init(maxSkew: Int, topologyKey: String, selectors: [LabelSelector]) {
    self.maxSkew = maxSkew
    self.topologyKey = topologyKey
    self.selectors = selectors
    isHard = false
  }

  init(_ value: Value, podLabels: Labels) {
    maxSkew = Int(value["maxSkew"]?.integer ?? 1)
    topologyKey = value["topologyKey"]?.string ?? ""
    isHard = value["whenUnsatisfiable"]?.string != "ScheduleAnyway"
    minDomains = Int(value["minDomains"]?.integer ?? 1)
    honorsAffinity = value["nodeAffinityPolicy"]?.string != "Ignore"
    honorsTaints = value["nodeTaintsPolicy"]?.string == "Honor"
    // No selector at all matches no pod.
    var selector =
      value["labelSelector"].map { LabelSelector(value: $0) }
      ?? LabelSelector(matchExpressions: [.init(key: "", operator: .exists)])
    for key in value["matchLabelKeys"]?.array?.compactMap(\.string) ?? [] {
      if let value = podLabels[key] { selector.matchLabels[key] = value }
    }
    selectors = [selector]
  }

  /// The constraints of pods that have none of their own (plugin.go systemDefaultConstraints).
  static func defaults(_ selectors: [LabelSelector]) -> [SpreadConstraint] {
    [
      SpreadConstraint(maxSkew: 3, topologyKey: hostname, selectors: selectors),
      SpreadConstraint(maxSkew: 5, topologyKey: zone, selectors: selectors),
    ]
  }

  func counts(_ node: borrowing NodeRow, _ rule: ShapeRule) -> Bool {
    (!honorsAffinity || rule.matchesAffinity(node))
      && (!honorsTaints || rule.untolerated(node) == nil)
  }
}

extension SchedulerCache {
  static func constraints(of pod: Pod) -> [SpreadConstraint] {
    (pod.spec.value.topologySpreadConstraints?.array ?? []).map {
      SpreadConstraint($0, podLabels: pod.metadata.labels)
    }
  }

  /// Calls `body` with the row of every pod that counts for a constraint of a pod in `namespace`.
  func forEachCounted(
    _ selectors: [LabelSelector], in namespace: String, _ body: (Int32) -> Void
  ) {
    for group in groups.matching(selectors, in: namespace) {
      for member in groups[group].members where !member.isTerminating { body(member.row) }
    }
  }

  /// The selectors of the Services and of the owner that select a pod (helper/spread.go).
  static func defaultSelectors(_ pod: Pod, _ services: SelectorIndex, _ store: ObjectStore)
    -> [LabelSelector]
  {
    let metadata = pod.metadata
    var pairs = Labels()
    for id in services.services(namespace: metadata.namespace, matching: metadata.labels) {
      if let selector = store.services[id]?.selector { pairs = pairs.merging(selector) }
    }
    var selectors: [LabelSelector] = []
    if let owner = metadata.controllerReference {
      switch owner.kind {
      case "ReplicaSet":
        if let set = store.replicaSets[metadata.namespace, owner.name] {
          selectors.append(set.selector)
        }
      case "StatefulSet":
        let table = store.kept["statefulsets.apps"]
        if let selector = table?[metadata.namespace, owner.name]?.body["spec"]?["selector"] {
          selectors.append(LabelSelector(value: selector))
        }
      case "ReplicationController":
        let table = store.kept["replicationcontrollers"]
        if let own = table?[metadata.namespace, owner.name]?.body["spec"]?["selector"]?.fields {
          for field in own.all { pairs[field.name] = field.value.string }
        }
      default: break
      }
    }
    if !pairs.isEmpty { selectors.append(LabelSelector(matchLabels: pairs)) }
    return selectors.filter { !$0.isEmpty }
  }
}
