import ClusterModel

/// What a pod asks of a node by itself. Pods with equal shapes fit the same nodes equally well,
/// apart from spreading, affinity to other pods and images.
struct PodShape: Hashable, Sendable {
  var demand: PodDemand
  var tolerations: [Toleration]
  var nodeSelector: Labels
  /// `affinity.nodeAffinity`.
  var nodeAffinity: Value?

  init(_ spec: PodSpec) {
    demand = PodDemand(spec)
    tolerations = spec.tolerations
    nodeSelector = spec.nodeSelector
    nodeAffinity = spec.affinity?["nodeAffinity"]
  }
}

/// A filter plugin's refusal of a node.
struct NodeRefusal: Hashable, Sendable {
  var plugin: String
  var reasons: [String]
  /// Whether removing other pods could help (Unschedulable, not UnschedulableAndUnresolvable).
  var isResolvable: Bool

  init(_ plugin: String, _ reasons: [String], isResolvable: Bool = false) {
    self.plugin = plugin
    self.reasons = reasons
    self.isResolvable = isResolvable
  }
}

/// A shape at work on nodes: which refuse it, and how well the others suit it.
struct ShapeRule: Sendable {
  let shape: PodShape
  let affinity: NodeAffinity?
  /// Whether the shape prefers some nodes' labels.
  let hasPreferences: Bool

  /// What has been found out about one node; true as long as the versions are the node's.
  struct Verdict: Sendable {
    var useVersion: UInt32 = 0
    var specVersion: UInt32 = 0
    /// Refused by what does not depend on other pods.
    var isBarred = false
    /// PreferNoSchedule taints that are not tolerated.
    var taints: UInt16 = 0
    /// Weights of the preferred node affinity that holds.
    var preference: Int32 = 0
    /// LeastAllocated and BalancedAllocation together; below zero when the node is refused.
    var score: Int32 = -1
  }

  init(_ shape: PodShape) {
    self.shape = shape
    affinity = shape.nodeAffinity.map { NodeAffinity(["nodeAffinity": $0]) }
    hasPreferences = affinity?.preferred.isEmpty == false
  }

  private var demand: PodDemand { shape.demand }

  /// Brings `verdict` up to date; `useVersion` is the node's present one.
  func update(_ verdict: inout Verdict, _ node: borrowing NodeRow, useVersion: UInt32) {
    if verdict.specVersion != node.specVersion {
      verdict.specVersion = node.specVersion
      verdict.isBarred = barrier(node) != nil
      verdict.taints = UInt16(clamping: untoleratedPreferences(node))
      verdict.preference = Int32(
        clamping: affinity?.preference(name: node.name, labels: node.labels) ?? 0)
    }
    verdict.useVersion = useVersion
    verdict.score =
      verdict.isBarred || !fits(node)
      ? -1 : Int32(leastAllocated(node) + (balancedAllocation(node) ?? 0))
  }

  // MARK: Filters

  /// The first filter that refuses the node whatever runs on it.
  func barrier(_ node: borrowing NodeRow) -> NodeRefusal? {
    if node.isUnschedulable {
      let cordon = Taint(key: "node.kubernetes.io/unschedulable", effect: .noSchedule)
      if !shape.tolerations.contains(where: { $0.tolerates(cordon) }) {
        return NodeRefusal("NodeUnschedulable", ["node(s) were unschedulable"])
      }
    }
    for taint in node.taints where taint.effect != .preferNoSchedule {
      if !shape.tolerations.contains(where: { $0.tolerates(taint) }) {
        return NodeRefusal("TaintToleration", ["node(s) had untolerated taint(s)"])
      }
    }
    if !matchesAffinity(node) {
      return NodeRefusal("NodeAffinity", ["node(s) didn't match Pod's node affinity/selector"])
    }
    return nil
  }

  /// The taint that keeps the pod off the node, for explanations.
  func untolerated(_ node: borrowing NodeRow) -> Taint? {
    node.taints.first { taint in
      taint.effect != .preferNoSchedule
        && !shape.tolerations.contains { $0.tolerates(taint) }
    }
  }

  /// Node selector and required node affinity.
  func matchesAffinity(_ node: borrowing NodeRow) -> Bool {
    for pair in shape.nodeSelector.pairs where node.labels[pair.key] != pair.value { return false }
    return affinity?.matches(name: node.name, labels: node.labels) ?? true
  }

  private func fits(_ node: borrowing NodeRow) -> Bool {
    if node.podCount + 1 > node.allocatablePods { return false }
    if demand.cpu > 0, demand.cpu > node.allocatable.cpu - node.used.cpu { return false }
    if demand.memory > 0, demand.memory > node.allocatable.memory - node.used.memory {
      return false
    }
    if demand.storage > 0, demand.storage > node.allocatable.storage - node.used.storage {
      return false
    }
    if !demand.extended.isEmpty {
      for entry in demand.extended where isShort(of: entry, node) { return false }
    }
    return demand.hostPorts.isEmpty || !hasPortConflict(node)
  }

  private func isShort(of entry: PodDemand.Extended, _ node: borrowing NodeRow) -> Bool {
    entry.amount > 0
      && entry.amount
        > node.amount(of: entry.name, in: node.allocatable)
        - node.amount(of: entry.name, in: node.used)
  }

  private func hasPortConflict(_ node: borrowing NodeRow) -> Bool {
    for port in demand.hostPorts {
      for other in node.used.hostPorts where port.conflicts(with: other) { return true }
    }
    return false
  }

  /// Host ports and resources (nodeports, noderesources/fit.go), with every reason there is.
  func shortage(_ node: borrowing NodeRow) -> NodeRefusal? {
    if hasPortConflict(node) {
      return NodeRefusal(
        "NodePorts", ["node(s) didn't have free ports for the requested pod ports"],
        isResolvable: true)
    }
    var reasons: [String] = []
    var isResolvable = true
    if node.podCount + 1 > node.allocatablePods { reasons.append("Too many pods") }
    func check(_ name: String, _ wanted: Int64, _ allocatable: Int64, _ used: Int64) {
      guard wanted > 0, wanted > allocatable - used else { return }
      reasons.append("Insufficient \(name)")
      // More than the whole node has: no pod's going helps.
      if wanted > allocatable { isResolvable = false }
    }
    check("cpu", demand.cpu, node.allocatable.cpu, node.used.cpu)
    check("memory", demand.memory, node.allocatable.memory, node.used.memory)
    check("ephemeral-storage", demand.storage, node.allocatable.storage, node.used.storage)
    for entry in demand.extended {
      check(
        entry.name, entry.amount, node.amount(of: entry.name, in: node.allocatable),
        node.amount(of: entry.name, in: node.used))
    }
    return reasons.isEmpty
      ? nil : NodeRefusal("NodeResourcesFit", reasons, isResolvable: isResolvable)
  }

  // MARK: Scores

  func untoleratedPreferences(_ node: borrowing NodeRow) -> Int {
    node.taints.reduce(0) { count, taint in
      let isHeld =
        taint.effect == .preferNoSchedule && !shape.tolerations.contains { $0.tolerates(taint) }
      return count + (isHeld ? 1 : 0)
    }
  }

  /// noderesources/least_allocated.go: the free share, averaged over CPU and memory.
  func leastAllocated(_ node: borrowing NodeRow) -> Int {
    var sum: Int64 = 0
    var parts: Int64 = 0
    func add(_ capacity: Int64, _ requested: Int64) {
      guard capacity > 0 else { return }
      parts += 1
      if requested <= capacity { sum += (capacity - requested) * 100 / capacity }
    }
    add(node.allocatable.cpu, node.used.scoredCPU + demand.scoredCPU)
    add(node.allocatable.memory, node.used.scoredMemory + demand.scoredMemory)
    return parts == 0 ? 0 : Int(sum / parts)
  }

  /// noderesources/balanced_allocation.go in its form of 1.36: how the balance between CPU and
  /// memory changes by placing the pod here. Nil for a pod that asks for neither: it is passed over.
  func balancedAllocation(_ node: borrowing NodeRow) -> Int? {
    if demand.isBestEffort { return nil }
    let before = balance(node, node.used.cpu, node.used.memory)
    let after = balance(node, node.used.cpu + demand.cpu, node.used.memory + demand.memory)
    return 50 + (50 + after - before) / 2
  }

  private func balance(_ node: borrowing NodeRow, _ cpu: Int64, _ memory: Int64) -> Int {
    guard node.allocatable.cpu > 0, node.allocatable.memory > 0 else { return 100 }
    // IEEE divisions and one subtraction: the same bits everywhere.
    let cpuShare = min(Double(cpu) / Double(node.allocatable.cpu), 1)
    let memoryShare = min(Double(memory) / Double(node.allocatable.memory), 1)
    return Int((1 - abs((cpuShare - memoryShare) / 2)) * 100)
  }
}
