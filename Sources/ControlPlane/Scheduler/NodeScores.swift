import ClusterModel
import SimulationCore

/// How well each node that fits suits a pod: the score plugins with their default weights.
struct NodeScores {
  let pod: Pod
  let demand: SchedulerCache.Demand
  let cache: SchedulerCache
  /// Positions in `cache.nodes`.
  let feasible: [Int]

  /// Weighted sums, in the order of `feasible`.
  func totals() -> [Int] {
    guard feasible.count > 1 else { return feasible.map { _ in 0 } }
    let taints = taintTolerations()
    let spread = topologySpread()
    return feasible.indices.map { index in
      let node = cache.nodes[feasible[index]]
      return 3 * taints[index] + 2 * spread[index] + leastAllocated(node) + balancedAllocation(node)
    }
  }

  /// Fewer PreferNoSchedule taints that the pod does not tolerate are better.
  private func taintTolerations() -> [Int] {
    let tolerations = pod.spec.value.tolerations
    let counts = feasible.map { index in
      cache.nodes[index].taints.count { taint in
        taint.effect == .preferNoSchedule && !tolerations.contains { $0.tolerates(taint) }
      }
    }
    let most = counts.max() ?? 0
    return counts.map { most == 0 ? 100 : 100 - 100 * $0 / most }
  }

  /// noderesources/least_allocated.go: the free share, averaged over CPU and memory.
  private func leastAllocated(_ node: SchedulerCache.NodeInfo) -> Int {
    func free(_ capacity: Int64, _ requested: Int64) -> Int? {
      guard capacity > 0 else { return nil }
      return requested > capacity ? 0 : Int((capacity - requested) * 100 / capacity)
    }
    let parts = [
      free(node.allocatableCPU, node.scoredCPU + demand.scoredCPU),
      free(node.allocatableMemory, node.scoredMemory + demand.scoredMemory),
    ].compactMap { $0 }
    return parts.isEmpty ? 0 : parts.reduce(0, +) / parts.count
  }

  /// noderesources/balanced_allocation.go in its form of 1.36: how the balance between CPU and
  /// memory changes by placing the pod here.
  private func balancedAllocation(_ node: SchedulerCache.NodeInfo) -> Int {
    func balance(_ cpu: Int64, _ memory: Int64) -> Int {
      guard node.allocatableCPU > 0, node.allocatableMemory > 0 else { return 100 }
      // Thousandths of a percent; the deviation of two shares is half their difference.
      let cpuShare = min(cpu * 100_000 / node.allocatableCPU, 100_000)
      let memoryShare = min(memory * 1000 / max(node.allocatableMemory / 100, 1), 100_000)
      return Int((100_000 - abs(cpuShare - memoryShare) / 2) / 1000)
    }
    let before = balance(node.requestedCPU, node.requestedMemory)
    let after = balance(node.requestedCPU + demand.cpu, node.requestedMemory + demand.memory)
    return 50 + (50 + after - before) / 2
  }

  /// podtopologyspread/scoring.go with the default constraints: hostname with skew 3 and zone with
  /// skew 5, counting the pods of the same owner.
  private func topologySpread() -> [Int] {
    guard let owner = pod.metadata.controllerReference?.uid else { return feasible.map { _ in 0 } }
    var zoneCounts: [String: Int] = [:]
    var zones = 0
    for node in cache.nodes {
      guard let zone = node.zone else { continue }
      if zoneCounts[zone] == nil { zones += 1 }
      zoneCounts[zone, default: 0] += cache.count(of: owner, on: node.id)
    }
    let hostWeight = RepeatableMath.log(Double(feasible.count + 2))
    let zoneWeight = RepeatableMath.log(Double(zones + 2))
    let raw = feasible.map { index -> Int in
      let node = cache.nodes[index]
      var score = Double(cache.count(of: owner, on: node.id)) * hostWeight + 2
      if let zone = node.zone { score += Double(zoneCounts[zone] ?? 0) * zoneWeight + 4 }
      return Int(score + 0.5)
    }
    let (least, most) = (raw.min() ?? 0, raw.max() ?? 0)
    return raw.map { most == 0 ? 100 : 100 * (most + least - $0) / most }
  }
}
