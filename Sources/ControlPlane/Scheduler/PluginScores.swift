import ClusterModel

/// What one score plugin gives to each feasible node.
struct PluginScores: Sendable {
  let plugin: String
  let weight: Int
  /// 0–100, in the order of the feasible nodes; nil where the plugin is passed over.
  let values: [Int?]
}

extension SchedulerCache {
  /// Every plugin's scores, in the order in which the default profile lists them
  /// (apis/config/v1/default_plugins.go).
  mutating func pluginScores(
    _ pod: Pod, _ info: SpecTable.Info, _ feasible: ArraySlice<Int32>,
    _ services: SelectorIndex, _ store: ObjectStore
  ) -> [PluginScores] {
    let rule = specs.rules[Int(info.shape)]
    let nodes = feasible.map { rows[Int($0)] }
    let none = [Int?](repeating: nil, count: nodes.count)
    let selectors = Self.defaultSelectors(pod, services, store)
    let spread = spreadScores(pod, info, feasible, defaultSelectors: selectors)
    let affinity = affinityScores(pod, info, feasible, store)
    return [
      PluginScores(plugin: "TaintToleration", weight: 3, values: taintScores(rule, nodes)),
      PluginScores(
        plugin: "NodeAffinity", weight: 2,
        values: rule.hasPreferences ? preferenceScores(rule, nodes) : none),
      PluginScores(plugin: "PodTopologySpread", weight: 2, values: spread ?? none),
      PluginScores(plugin: "InterPodAffinity", weight: 2, values: affinity ?? none),
      PluginScores(
        plugin: "NodeResourcesFit", weight: 1, values: nodes.map { rule.leastAllocated($0) }),
      PluginScores(
        plugin: "NodeResourcesBalancedAllocation", weight: 1,
        values: nodes.map { rule.balancedAllocation($0) }),
      PluginScores(
        plugin: "ImageLocality", weight: 1,
        values: feasible.map { images.score(info.images, on: $0, nodes: order.count) }),
    ]
  }

  /// Fewer PreferNoSchedule taints that the pod does not tolerate are better.
  private func taintScores(_ rule: ShapeRule, _ nodes: [NodeRow]) -> [Int?] {
    let counts = nodes.map { rule.untoleratedPreferences($0) }
    let most = counts.max() ?? 0
    return counts.map { most == 0 ? 100 : 100 - 100 * $0 / most }
  }

  private func preferenceScores(_ rule: ShapeRule, _ nodes: [NodeRow]) -> [Int?] {
    let sums = nodes.map { rule.affinity?.preference(name: $0.name, labels: $0.labels) ?? 0 }
    let most = sums.max() ?? 0
    return sums.map { most == 0 ? 0 : 100 * $0 / most }
  }
}
