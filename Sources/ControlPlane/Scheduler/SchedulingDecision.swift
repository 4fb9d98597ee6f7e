import ClusterModel
import SimulationCore

/// Where a pod goes, and why nowhere else (pkg/scheduler/schedule_one.go).
struct SchedulingDecision: Sendable {
  var node: ObjectID?
  var nodeCount = 0
  /// How many nodes each filter refused, in the order of the reasons' texts.
  var refusals: [(reason: NodeFilter.Refusal, count: Int)] = []

  static func make(
    for pod: Pod, _ cache: SchedulerCache, _ random: inout RandomStream
  ) -> SchedulingDecision {
    var decision = SchedulingDecision()
    decision.nodeCount = cache.nodes.count
    let demand = SchedulerCache.Demand(pod.spec.value)
    let filter = NodeFilter(pod: pod, demand: demand)
    var feasible: [Int] = []
    let wanted = sampleSize(of: cache.nodes.count)
    for index in cache.nodes.indices where feasible.count < wanted {
      if let refusal = filter.refusal(of: cache.nodes[index]) {
        decision.count(refusal)
      } else {
        feasible.append(index)
      }
    }
    guard !feasible.isEmpty else { return decision }
    let totals = NodeScores(pod: pod, demand: demand, cache: cache, feasible: feasible).totals()
    let best = totals.max() ?? 0
    let ties = feasible.indices.filter { totals[$0] == best }
    let choice = ties.count == 1 ? ties[0] : ties[random.index(below: ties.count)]
    decision.node = cache.nodes[feasible[choice]].id
    return decision
  }

  /// How many nodes that fit are enough: all of fewer than 100, then a falling share.
  static func sampleSize(of count: Int) -> Int {
    guard count >= 100 else { return count }
    let percentage = max(5, 50 - count / 125)
    return max(100, count * percentage / 100)
  }

  private mutating func count(_ refusal: NodeFilter.Refusal) {
    if let index = refusals.firstIndex(where: { $0.reason == refusal }) {
      refusals[index].count += 1
    } else {
      refusals.append((refusal, 1))
    }
  }

  /// `0/4 nodes are available: …`, with what preemption could have done.
  var failureText: String {
    if nodeCount == 0 { return "no nodes available to schedule pods" }
    let reasons = refusals.map { "\($0.count) \($0.reason.rawValue)" }.sorted()
    let hopeless = refusals.filter { !$0.reason.couldPreemptionHelp }.map(\.count).reduce(0, +)
    var preemption: [String] = []
    if hopeless > 0 { preemption.append("\(hopeless) Preemption is not helpful for scheduling") }
    if nodeCount > hopeless {
      preemption.append("\(nodeCount - hopeless) No preemption victims found for incoming pod")
    }
    let available = "0/\(nodeCount) nodes are available"
    return "\(available): \(reasons.joined(separator: ", ")). no new claims to deallocate, "
      + "preemption: \(available): \(preemption.sorted().joined(separator: ", "))."
  }
}

/// Which nodes a pod cannot go to.
struct NodeFilter {
  enum Refusal: String, Hashable, Sendable {
    case unschedulable = "node(s) were unschedulable"
    case taint = "node(s) had untolerated taint(s)"
    case affinity = "node(s) didn't match Pod's node affinity/selector"
    case hostPort = "node(s) didn't have free ports for the requested pod ports"
    case cpu = "Insufficient cpu"
    case memory = "Insufficient memory"
    case podCount = "Too many pods"

    /// Whether removing other pods could make room.
    var couldPreemptionHelp: Bool {
      switch self {
      case .unschedulable, .taint, .affinity: false
      case .hostPort, .cpu, .memory, .podCount: true
      }
    }
  }

  let pod: Pod
  let demand: SchedulerCache.Demand

  /// The first filter, in the scheduler's order, that refuses the node; nil when it fits.
  func refusal(of node: SchedulerCache.NodeInfo) -> Refusal? {
    let spec = pod.spec.value
    let cordon = Taint(key: "node.kubernetes.io/unschedulable", effect: .noSchedule)
    if node.isUnschedulable, !spec.tolerations.contains(where: { $0.tolerates(cordon) }) {
      return .unschedulable
    }
    for taint in node.taints where taint.effect != .preferNoSchedule {
      if !spec.tolerations.contains(where: { $0.tolerates(taint) }) { return .taint }
    }
    for pair in spec.nodeSelector.pairs where node.labels[pair.key] != pair.value {
      return .affinity
    }
    if let affinity = spec.affinity, !NodeAffinity(affinity).matches(node) { return .affinity }
    for port in demand.hostPorts where node.hostPorts.contains(port) { return .hostPort }
    if node.podCount + 1 > node.allocatablePods { return .podCount }
    if demand.cpu > 0, demand.cpu > node.allocatableCPU - node.requestedCPU { return .cpu }
    if demand.memory > 0, demand.memory > node.allocatableMemory - node.requestedMemory {
      return .memory
    }
    return nil
  }
}

/// `affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution`.
struct NodeAffinity {
  private struct Term: Sendable {
    var requirements: [LabelSelector.Requirement] = []
    /// Of `matchFields`; `metadata.name` is the only field there is.
    var names: [LabelSelector.Requirement] = []
  }

  private var terms: [Term]?

  init(_ affinity: Value) {
    let required = affinity["nodeAffinity"]?["requiredDuringSchedulingIgnoredDuringExecution"]
    terms = required?["nodeSelectorTerms"]?.array?.map { term in
      Term(
        requirements: Self.requirements(term["matchExpressions"]),
        names: Self.requirements(term["matchFields"]))
    }
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

  func matches(_ node: SchedulerCache.NodeInfo) -> Bool {
    matches(name: node.name, labels: node.labels)
  }

  /// One of the terms must hold; an empty term holds nowhere.
  func matches(name: String, labels: Labels) -> Bool {
    guard let terms else { return true }
    return terms.contains { term in
      guard !term.requirements.isEmpty || !term.names.isEmpty else { return false }
      let fields: Labels = ["metadata.name": name]
      return term.requirements.allSatisfy { $0.matches(labels) }
        && term.names.allSatisfy { $0.matches(fields) }
    }
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
