import ClusterModel
import SimulationCore

/// The score plugins that look at other pods, each normalised to 0–100.
extension SchedulerCache {
  /// podtopologyspread/scoring.go; nil when the plugin is passed over.
  mutating func spreadScores(
    _ pod: Pod, _ info: SpecTable.Info, _ feasible: ArraySlice<Int32>,
    defaultSelectors: [LabelSelector]
  ) -> [Int]? {
    let constraints =
      info.hasConstraints
      ? Self.constraints(of: pod).filter { !$0.isHard }
      : defaultSelectors.isEmpty ? [] : SpreadConstraint.defaults(defaultSelectors)
    guard !constraints.isEmpty else { return nil }
    let tables = constraints.map { domains.table($0.topologyKey, rows, order) }
    func isComplete(_ row: Int32) -> Bool {
      !info.hasConstraints || tables.allSatisfy { $0.ofRow[Int(row)] >= 0 }
    }
    let considered = feasible.filter(isComplete)
    var sums = [Double](repeating: 0, count: feasible.count)
    for (index, constraint) in constraints.enumerated() {
      let counts = counts(constraint, pod, info, tables[index], feasible, isComplete)
      let isHost = constraint.topologyKey == SpreadConstraint.hostname
      let seen = Set(considered.map { tables[index].ofRow[Int($0)] }.filter { $0 >= 0 })
      let size = isHost ? considered.count : seen.count
      let weight = RepeatableMath.log(Double(size + 2))
      for (place, row) in feasible.enumerated() where tables[index].ofRow[Int(row)] >= 0 {
        let count = isHost ? counts[Int(row)] : counts[Int(tables[index].ofRow[Int(row)])]
        sums[place] += Double(count) * weight + Double(constraint.maxSkew - 1)
      }
    }
    let raw = sums.map { Int($0 + 0.5) }
    let complete = feasible.map(isComplete)
    let valid = raw.indices.filter { complete[$0] }.map { raw[$0] }
    let (least, most) = (valid.min() ?? 0, valid.max() ?? 0)
    return raw.indices.map { place in
      if !complete[place] { return 0 }
      return most == 0 ? 100 : 100 * (most + least - raw[place]) / most
    }
  }

  /// Pods by row for the hostname, by domain for other keys.
  private func counts(
    _ constraint: SpreadConstraint, _ pod: Pod, _ info: SpecTable.Info,
    _ table: TopologyDomains.Table, _ feasible: ArraySlice<Int32>, _ isComplete: (Int32) -> Bool
  ) -> [Int] {
    let namespace = pod.metadata.namespace
    if constraint.topologyKey == SpreadConstraint.hostname {
      var counts = [Int](repeating: 0, count: rows.count)
      forEachCounted(constraint.selectors, in: namespace) { counts[Int($0)] += 1 }
      return counts
    }
    let rule = specs.rules[Int(info.shape)]
    var counts = [Int](repeating: 0, count: table.count)
    forEachCounted(constraint.selectors, in: namespace) { row in
      let domain = table.ofRow[Int(row)]
      if domain >= 0, isComplete(row), constraint.counts(rows[Int(row)], rule) {
        counts[Int(domain)] += 1
      }
    }
    return counts
  }

  /// interpodaffinity/scoring.go; nil when no term is about the pod or any other.
  mutating func affinityScores(
    _ pod: Pod, _ info: SpecTable.Info, _ feasible: ArraySlice<Int32>, _ store: ObjectStore
  ) -> [Int]? {
    guard info.hasPodAffinity || !relations.isEmpty else { return nil }
    var sums = [Int](repeating: 0, count: feasible.count)
    var isScored = false
    func add(_ term: PodAffinityTerm, _ weight: Int, _ memberRows: [Int32]) {
      guard !memberRows.isEmpty else { return }
      let table = domains.table(term.topologyKey, rows, order)
      var scores = [Int](repeating: 0, count: table.count)
      for row in memberRows where table.ofRow[Int(row)] >= 0 {
        scores[Int(table.ofRow[Int(row)])] += weight
        isScored = true
      }
      for (place, row) in feasible.enumerated() where table.ofRow[Int(row)] >= 0 {
        sums[place] += scores[Int(table.ofRow[Int(row)])]
      }
    }
    if info.hasPodAffinity {
      let own = PodAffinity(pod)
      let all = groups.all.map { groups[$0] }
      for (terms, sign) in [(own.preferred, 1), (own.preferredAnti, -1)] {
        for term in terms {
          for group in all
          where term.matches(namespace: group.namespace, labels: group.labels, in: store) {
            add(term, sign * term.weight, group.members.map(\.row))
          }
        }
      }
    }
    for holders in relations.holders where !holders.members.isEmpty {
      // Required affinity of others counts with a weight of one (hardPodAffinityWeight).
      for (terms, sign, fixed) in [
        (holders.affinity.required, 1, 1), (holders.affinity.preferred, 1, 0),
        (holders.affinity.preferredAnti, -1, 0),
      ] {
        for term in terms
        where term.matches(
          namespace: pod.metadata.namespace, labels: pod.metadata.labels, in: store)
        {
          add(term, sign * (fixed == 0 ? term.weight : fixed), holders.members.map(\.row))
        }
      }
    }
    guard isScored else { return nil }
    let (least, most) = (sums.min() ?? 0, sums.max() ?? 0)
    return sums.map { sum in
      most == least ? 0 : Int(100 * (Double(sum - least) / Double(most - least)))
    }
  }
}
