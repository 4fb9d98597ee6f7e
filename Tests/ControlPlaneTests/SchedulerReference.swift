import ClusterModel
import Foundation

@testable import ControlPlane

/// The scheduler's rules in the slowest and most obvious form: lists and strings, everything
/// counted anew for each question.
struct SchedulerReference {
  var nodes: [Node]
  /// Placed pods with their nodes' names.
  var pods: [Pod]
  var services: [Service]
  var replicaSets: [ReplicaSet]

  func podsOn(_ node: Node) -> [Pod] { pods.filter { $0.nodeName == node.metadata.name } }

  func requests(_ pod: Pod) -> (cpu: Int64, memory: Int64, scoredCPU: Int64, scoredMemory: Int64) {
    var sum: (Int64, Int64, Int64, Int64) = (0, 0, 0, 0)
    for container in pod.spec.value.containers {
      sum.0 += container.requests.milliCPU
      sum.1 += container.requests.memory
      sum.2 += container.requests["cpu"] == nil ? 100 : container.requests.milliCPU
      sum.3 += container.requests["memory"] == nil ? 200 << 20 : container.requests.memory
    }
    return sum
  }

  func tolerates(_ pod: Pod, _ taint: Taint) -> Bool {
    pod.spec.value.tolerations.contains { $0.tolerates(taint) }
  }

  func matchesNodeAffinity(_ pod: Pod, _ node: Node) -> Bool {
    for pair in pod.spec.value.nodeSelector.pairs {
      if node.metadata.labels[pair.key] != pair.value { return false }
    }
    return true
  }

  func selector(_ value: Value?) -> LabelSelector? { value.map { LabelSelector(value: $0) } }

  // MARK: Filters

  /// The filter's name; nil when the node fits.
  func refusal(_ pod: Pod, _ node: Node) -> String? {
    if node.isUnschedulable { return "NodeUnschedulable" }
    if node.taints.contains(where: { $0.effect != .preferNoSchedule && !tolerates(pod, $0) }) {
      return "TaintToleration"
    }
    if !matchesNodeAffinity(pod, node) { return "NodeAffinity" }
    let ports = Set(pod.spec.value.containers.flatMap(\.ports).map(\.hostPort).filter { $0 > 0 })
    let taken = Set(
      podsOn(node).flatMap { $0.spec.value.containers.flatMap(\.ports) }.map(\.hostPort))
    if !ports.isDisjoint(with: taken) { return "NodePorts" }
    let own = requests(pod)
    let used = podsOn(node).map(requests)
    if podsOn(node).count + 1 > Int(node.allocatable["pods"]?.value ?? 110)
      || (own.cpu > 0 && own.cpu + used.map(\.cpu).reduce(0, +) > node.allocatable.milliCPU)
      || (own.memory > 0 && own.memory + used.map(\.memory).reduce(0, +) > node.allocatable.memory)
    {
      return "NodeResourcesFit"
    }
    for constraint in constraints(pod, hard: true) where !allows(constraint, pod, node) {
      return "PodTopologySpread"
    }
    return allowsAffinity(pod, node) ? nil : "InterPodAffinity"
  }

  func constraints(_ pod: Pod, hard: Bool) -> [Value] {
    (pod.spec.value.topologySpreadConstraints?.array ?? []).filter {
      ($0["whenUnsatisfiable"]?.string == "DoNotSchedule") == hard
    }
  }

  func counted(_ selector: LabelSelector?, _ pod: Pod, _ node: Node) -> Int {
    podsOn(node).count {
      $0.metadata.namespace == pod.metadata.namespace && !$0.metadata.isTerminating
        && (selector?.matches($0.metadata.labels) ?? false)
    }
  }

  func allows(_ constraint: Value, _ pod: Pod, _ node: Node) -> Bool {
    let keys = constraints(pod, hard: true).compactMap { $0["topologyKey"]?.string }
    let key = constraint["topologyKey"]?.string ?? ""
    guard let value = node.metadata.labels[key] else { return false }
    let labels = selector(constraint["labelSelector"])
    var sums: [String: Int] = [:]
    for other in nodes where matchesNodeAffinity(pod, other) {
      if keys.contains(where: { other.metadata.labels[$0] == nil }) { continue }
      sums[other.metadata.labels[key] ?? "", default: 0] += counted(labels, pod, other)
    }
    let least = sums.values.min() ?? Int(Int32.max)
    let own = labels?.matches(pod.metadata.labels) == true ? 1 : 0
    return (sums[value] ?? 0) + own - least <= Int(constraint["maxSkew"]?.integer ?? 1)
  }

  func terms(_ pod: Pod, _ kind: String, _ strength: String) -> [(term: Value, weight: Int)] {
    let list = pod.spec.value.affinity?[kind]?[strength + "DuringSchedulingIgnoredDuringExecution"]
    return (list?.array ?? []).map {
      (
        strength == "required" ? $0 : $0["podAffinityTerm"] ?? .null,
        Int($0["weight"]?.integer ?? 0)
      )
    }
  }

  func matches(_ term: Value, of owner: Pod, _ other: Pod) -> Bool {
    owner.metadata.namespace == other.metadata.namespace
      && selector(term["labelSelector"])?.matches(other.metadata.labels) ?? false
  }

  func domain(_ term: Value, _ node: Node?) -> String? {
    node?.metadata.labels[term["topologyKey"]?.string ?? ""]
  }

  func node(of pod: Pod) -> Node? { nodes.first { $0.metadata.name == pod.nodeName } }

  func allowsAffinity(_ pod: Pod, _ node: Node) -> Bool {
    let required = terms(pod, "podAffinity", "required").map(\.term)
    let friends = pods.filter { other in required.allSatisfy { matches($0, of: pod, other) } }
    var isFirst = required.allSatisfy { matches($0, of: pod, pod) }
    for term in required {
      guard domain(term, node) != nil else { return false }
      if friends.contains(where: { domain(term, self.node(of: $0)) != nil }) { isFirst = false }
    }
    let isNearAll = required.allSatisfy { term in
      friends.contains { domain(term, self.node(of: $0)) == domain(term, node) }
    }
    if !isNearAll, !isFirst { return false }
    for term in terms(pod, "podAntiAffinity", "required").map(\.term) {
      guard let own = domain(term, node) else { continue }
      if pods.contains(where: {
        matches(term, of: pod, $0) && domain(term, self.node(of: $0)) == own
      }) {
        return false
      }
    }
    for other in pods {
      for term in terms(other, "podAntiAffinity", "required").map(\.term)
      where matches(term, of: other, pod) {
        if let own = domain(term, node), domain(term, self.node(of: other)) == own { return false }
      }
    }
    return true
  }

  // MARK: Scores

  /// The weighted totals of the nodes that fit, by name.
  func totals(_ pod: Pod) -> [String: Int] {
    let fitting = nodes.filter { refusal(pod, $0) == nil }
    let taints = reversed(
      fitting.map { node in
        node.taints.count { $0.effect == .preferNoSchedule && !tolerates(pod, $0) }
      })
    let spread = spreadScores(pod, fitting)
    let near = affinityScores(pod, fitting)
    var totals: [String: Int] = [:]
    for (index, node) in fitting.enumerated() {
      totals[node.metadata.name] =
        3 * taints[index] + 2 * spread[index] + 2 * near[index] + least(pod, node)
        + balanced(pod, node)
    }
    return totals
  }

  private func reversed(_ raw: [Int]) -> [Int] {
    let most = raw.max() ?? 0
    return raw.map { most == 0 ? 100 : 100 - 100 * $0 / most }
  }

  private func least(_ pod: Pod, _ node: Node) -> Int {
    let own = requests(pod)
    let used = podsOn(node).map(requests)
    let cpu = own.scoredCPU + used.map(\.scoredCPU).reduce(0, +)
    let memory = own.scoredMemory + used.map(\.scoredMemory).reduce(0, +)
    func free(_ capacity: Int64, _ asked: Int64) -> Int64 {
      asked > capacity ? 0 : (capacity - asked) * 100 / capacity
    }
    return Int(
      (free(node.allocatable.milliCPU, cpu) + free(node.allocatable.memory, memory)) / 2)
  }

  private func balanced(_ pod: Pod, _ node: Node) -> Int {
    let own = requests(pod)
    if own.cpu == 0, own.memory == 0 { return 0 }
    let used = podsOn(node).map(requests)
    let (cpu, memory) = (used.map(\.cpu).reduce(0, +), used.map(\.memory).reduce(0, +))
    func score(_ cpu: Int64, _ memory: Int64) -> Int {
      let first = min(1, Double(cpu) / Double(node.allocatable.milliCPU))
      let second = min(1, Double(memory) / Double(node.allocatable.memory))
      return Int((1 - abs(first - second) / 2) * 100)
    }
    return 50 + (50 + score(cpu + own.cpu, memory + own.memory) - score(cpu, memory)) / 2
  }

  private func spreadScores(_ pod: Pod, _ fitting: [Node]) -> [Int] {
    var soft: [(key: String, skew: Int, match: (Pod) -> Bool)] = []
    let isDefault = pod.spec.value.topologySpreadConstraints == nil
    if isDefault {
      var pairs: [(String, String)] = []
      for service in services where service.metadata.namespace == pod.metadata.namespace {
        let own = service.selector?.pairs ?? []
        if !own.isEmpty, own.allSatisfy({ pod.metadata.labels[$0.key] == $0.value }) {
          pairs += own.map { ($0.key, $0.value) }
        }
      }
      let owner = replicaSets.first { $0.metadata.uid == pod.metadata.controllerReference?.uid }
      if pairs.isEmpty, owner == nil { return fitting.map { _ in 0 } }
      let match: (Pod) -> Bool = { other in
        pairs.allSatisfy { other.metadata.labels[$0.0] == $0.1 }
          && owner?.selector.matches(other.metadata.labels) ?? true
      }
      soft = [("kubernetes.io/hostname", 3, match), ("topology.kubernetes.io/zone", 5, match)]
    } else {
      for constraint in constraints(pod, hard: false) {
        let labels = selector(constraint["labelSelector"])
        soft.append(
          (
            constraint["topologyKey"]?.string ?? "", Int(constraint["maxSkew"]?.integer ?? 1),
            { labels?.matches($0.metadata.labels) ?? false }
          ))
      }
      if soft.isEmpty { return fitting.map { _ in 0 } }
    }
    func hasAll(_ node: Node) -> Bool {
      isDefault || soft.allSatisfy { node.metadata.labels[$0.key] != nil }
    }
    func matching(_ node: Node, _ match: (Pod) -> Bool) -> Int {
      podsOn(node).count {
        $0.metadata.namespace == pod.metadata.namespace && !$0.metadata.isTerminating && match($0)
      }
    }
    let valid = fitting.filter(hasAll)
    var raw: [Int?] = []
    for node in fitting {
      guard hasAll(node) else {
        raw.append(nil)
        continue
      }
      var sum = 0.0
      for (key, skew, match) in soft {
        guard let value = node.metadata.labels[key] else { continue }
        let isHost = key == "kubernetes.io/hostname"
        let size = isHost ? valid.count : Set(valid.compactMap { $0.metadata.labels[key] }).count
        let count =
          isHost
          ? matching(node, match)
          : nodes.filter {
            matchesNodeAffinity(pod, $0) && $0.metadata.labels[key] == value && hasAll($0)
          }.map { matching($0, match) }.reduce(0, +)
        sum += Double(count) * log(Double(size + 2)) + Double(skew - 1)
      }
      raw.append(Int(sum.rounded()))
    }
    let known = raw.compactMap { $0 }
    let (low, high) = (known.min() ?? 0, known.max() ?? 0)
    return raw.map { raw in
      guard let raw else { return 0 }
      return high == 0 ? 100 : 100 * (high + low - raw) / high
    }
  }

  private func affinityScores(_ pod: Pod, _ fitting: [Node]) -> [Int] {
    var isScored = false
    let raw = fitting.map { node -> Int in
      var sum = 0
      func add(_ term: Value, _ other: Pod, _ weight: Int) {
        guard let place = domain(term, self.node(of: other)) else { return }
        isScored = true
        if domain(term, node) == place { sum += weight }
      }
      for other in pods {
        for (kind, sign) in [("podAffinity", 1), ("podAntiAffinity", -1)] {
          for (term, weight) in terms(pod, kind, "preferred") where matches(term, of: pod, other) {
            add(term, other, sign * weight)
          }
          for (term, weight) in terms(other, kind, "preferred") where matches(term, of: other, pod)
          {
            add(term, other, sign * weight)
          }
        }
        for (term, _) in terms(other, "podAffinity", "required") where matches(term, of: other, pod)
        {
          add(term, other, 1)
        }
      }
      return sum
    }
    let (low, high) = (raw.min() ?? 0, raw.max() ?? 0)
    return raw.map {
      isScored && high > low ? Int(100 * (Double($0 - low) / Double(high - low))) : 0
    }
  }
}
