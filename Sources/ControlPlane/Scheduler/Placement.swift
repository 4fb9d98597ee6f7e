import ClusterModel
import SimulationCore

/// Why a pod fits on each node or does not, as things are now.
public struct Placement: Sendable {
  public struct Score: Hashable, Sendable {
    public var plugin: String
    public var weight: Int
    /// 0–100; nil when the plugin has nothing to say about this pod.
    public var value: Int?
  }

  public struct NodeVerdict: Sendable {
    public var node: String
    /// The filter that refuses the node; empty when it fits.
    public var filter = ""
    public var reasons: [String] = []
    /// The taint or the like that is behind the refusal, in words; empty when the reasons say all.
    public var detail = ""
    /// Whether removing other pods could make the node fit.
    public var isResolvable = false
    /// How many kinds of filters refuse the node, beyond the first one that is named.
    public var obstacles = 0
    public var scores: [Score] = []
    /// The weighted sum of the scores.
    public var total = 0

    public var fits: Bool { filter.isEmpty }
  }

  /// In the order in which the scheduler looks at nodes, from where it would begin.
  public var nodes: [NodeVerdict] = []
  /// How many nodes that fit are enough for a decision.
  public var sampleSize = 0
}

extension SchedulerCache {
  /// Each node's refusal or scores for a pod that is on none.
  mutating func placement(
    of pod: Pod, _ services: SelectorIndex, _ store: ObjectStore
  ) -> Placement {
    settle()
    let info = specs.info(of: pod.spec, &images)
    let rule = specs.rules[Int(info.shape)]
    var placement = Placement()
    placement.sampleSize = Self.sampleSize(of: order.count)
    var feasible: ContiguousArray<Int32> = []
    for (row, refusal) in refusals(of: pod, store) {
      let node = rows[Int(row)]
      var verdict = Placement.NodeVerdict(node: node.name)
      if let refusal {
        verdict.filter = refusal.plugin
        verdict.reasons = refusal.reasons
        verdict.isResolvable = refusal.isResolvable
        verdict.detail = detail(refusal, rule, node)
        verdict.obstacles =
          (rule.barrier(node) == nil ? 0 : 1) + (rule.shortage(node) == nil ? 0 : 1)
      } else {
        feasible.append(row)
      }
      placement.nodes.append(verdict)
    }
    let plugins = pluginScores(pod, info, feasible[...], services, store)
    var place = 0
    for index in placement.nodes.indices where placement.nodes[index].fits {
      placement.nodes[index].scores = plugins.map { plugin in
        Placement.Score(plugin: plugin.plugin, weight: plugin.weight, value: plugin.values[place])
      }
      placement.nodes[index].total = plugins.reduce(0) {
        $0 + $1.weight * ($1.values[place] ?? 0)
      }
      place += 1
    }
    return placement
  }

  private func detail(_ refusal: NodeRefusal, _ rule: ShapeRule, _ node: NodeRow) -> String {
    if refusal.plugin == "TaintToleration", let taint = rule.untolerated(node) {
      return taint.text
    }
    guard refusal.plugin == "NodeResourcesFit" else { return "" }
    let demand = rule.shape.demand
    var parts: [String] = []
    if refusal.reasons.contains("Insufficient cpu") {
      let free = node.allocatable.cpu - node.used.cpu
      parts.append("\(demand.cpu)m cpu asked for, \(free)m of \(node.allocatable.cpu)m free")
    }
    if refusal.reasons.contains("Insufficient memory") {
      let free = node.allocatable.memory - node.used.memory
      parts.append(
        "\(Self.mebibytes(demand.memory)) memory asked for, \(Self.mebibytes(free)) free")
    }
    if refusal.reasons.contains("Too many pods") {
      parts.append("\(node.podCount) of \(node.allocatablePods) pods")
    }
    return parts.joined(separator: "; ")
  }

  private static func mebibytes(_ bytes: Int64) -> String { "\(bytes / 1024 / 1024)Mi" }

  /// Every node with its refusal, in the order of the list of nodes; nil for those that fit.
  mutating func refusals(of pod: Pod, _ store: ObjectStore)
    -> [(row: Int32, refusal: NodeRefusal?)]
  {
    settle()
    let info = specs.info(of: pod.spec, &images)
    let rule = specs.rules[Int(info.shape)]
    let filter = relationFilter(pod, info, store)
    let only = onlyRows(info)
    return order.map { row in
      if let only, !only.contains(row) {
        return (
          row,
          NodeRefusal("NodeAffinity", ["node(s) didn't satisfy plugin(s) [NodeAffinity]"])
        )
      }
      let node = rows[Int(row)]
      return (row, rule.barrier(node) ?? rule.shortage(node) ?? filter?.refusal(of: row))
    }
  }
}

extension ControlPlane {
  /// Each node's refusal or scores if the pod were to be placed now; a pod that is on a node
  /// already is left out of what runs there.
  public func placement(of id: ObjectID) -> Placement? {
    guard var pod = store.pods[id] else { return nil }
    // What it has not heard of yet, it hears of now; the world goes on without that.
    var copy = self
    copy.informScheduler()
    copy.scheduler.cache.remove(id)
    pod.metadata.labels = SchedulerCache.ownLabels(pod)
    pod.nodeName = ""
    return copy.scheduler.cache.placement(of: pod, copy.scheduler.services, store)
  }
}
