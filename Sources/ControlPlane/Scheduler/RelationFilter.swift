import ClusterModel

/// The filters that look at other pods: hard topology spread and inter-pod affinity, with their
/// counts made once for a decision (podtopologyspread/filtering.go, interpodaffinity/filtering.go).
struct RelationFilter {
  private struct Spread {
    var domains: ContiguousArray<Int32>
    var counts: [Int]
    var allowed: Int

  }

  /// How many pods that a term is about are in each domain of its key.
  private struct Term {
    var domains: ContiguousArray<Int32>
    var counts: [Int]

    func count(_ row: Int32) -> Int? {
      let domain = domains[Int(row)]
      return domain < 0 ? nil : counts[Int(domain)]
    }
  }

  private var spreads: [Spread] = []
  private var affinity: [Term] = []
  private var antiAffinity: [Term] = []
  private var othersAntiAffinity: [Term] = []
  /// No pod there is matches the affinity and the pod itself does: it may be the first.
  private var mayBeFirst = false

  var isEmpty: Bool {
    spreads.isEmpty && affinity.isEmpty && antiAffinity.isEmpty && othersAntiAffinity.isEmpty
  }

  init(_ pod: Pod, _ info: SpecTable.Info, _ cache: inout SchedulerCache, _ store: ObjectStore) {
    if info.hasConstraints { countSpread(pod, info, &cache) }
    if info.hasPodAffinity { countTerms(PodAffinity(pod), pod, &cache, store) }
    if !cache.relations.isEmpty { countOthers(pod, &cache, store) }
  }

  private mutating func countSpread(
    _ pod: Pod, _ info: SpecTable.Info, _ cache: inout SchedulerCache
  ) {
    let constraints = SchedulerCache.constraints(of: pod).filter(\.isHard)
    let tables = constraints.map {
      cache.domains.table($0.topologyKey, cache.rows, cache.order).ofRow
    }
    let rule = cache.specs.rules[Int(info.shape)]
    for (index, constraint) in constraints.enumerated() {
      let table = tables[index]
      var isEligible = [Bool](repeating: false, count: cache.rows.count)
      var counts = [Int](repeating: 0, count: Int(table.max() ?? -1) + 1)
      var isSeen = [Bool](repeating: false, count: counts.count)
      for row in cache.order
      where tables.allSatisfy({ $0[Int(row)] >= 0 })
        && constraint.counts(cache.rows[Int(row)], rule)
      {
        isEligible[Int(row)] = true
        isSeen[Int(table[Int(row)])] = true
      }
      cache.forEachCounted(constraint.selectors, in: pod.metadata.namespace) { row in
        if isEligible[Int(row)] { counts[Int(table[Int(row)])] += 1 }
      }
      let seen = counts.indices.filter { isSeen[$0] }
      var least = seen.map { counts[$0] }.min() ?? Int(Int32.max)
      if seen.count < constraint.minDomains { least = 0 }
      let own = constraint.selectors.allSatisfy { $0.matches(pod.metadata.labels) } ? 1 : 0
      spreads.append(
        Spread(
          domains: table, counts: counts, allowed: constraint.maxSkew + least - own))
    }
  }

  private mutating func countTerms(
    _ terms: PodAffinity, _ pod: Pod, _ cache: inout SchedulerCache, _ store: ObjectStore
  ) {
    affinity = terms.required.map { Self.empty($0, &cache) }
    antiAffinity = terms.requiredAnti.map { Self.empty($0, &cache) }
    guard !affinity.isEmpty || !antiAffinity.isEmpty else { return }
    var isAnyCounted = false
    for id in cache.groups.all {
      let group = cache.groups[id]
      func matches(_ term: PodAffinityTerm) -> Bool {
        term.matches(namespace: group.namespace, labels: group.labels, in: store)
      }
      if !affinity.isEmpty, terms.required.allSatisfy(matches) {
        for index in affinity.indices {
          isAnyCounted = Self.count(group, &affinity[index]) || isAnyCounted
        }
      }
      for (index, term) in terms.requiredAnti.enumerated() where matches(term) {
        _ = Self.count(group, &antiAffinity[index])
      }
    }
    mayBeFirst =
      !isAnyCounted
      && terms.required.allSatisfy {
        $0.matches(namespace: pod.metadata.namespace, labels: pod.metadata.labels, in: store)
      }
  }

  private static func empty(_ term: PodAffinityTerm, _ cache: inout SchedulerCache) -> Term {
    let table = cache.domains.table(term.topologyKey, cache.rows, cache.order)
    return Term(domains: table.ofRow, counts: Array(repeating: 0, count: table.count))
  }

  private static func count(_ group: PodGroups.Group, _ term: inout Term) -> Bool {
    var isCounted = false
    for member in group.members {
      let domain = term.domains[Int(member.row)]
      if domain >= 0 {
        term.counts[Int(domain)] += 1
        isCounted = true
      }
    }
    return isCounted
  }

  private mutating func countOthers(
    _ pod: Pod, _ cache: inout SchedulerCache, _ store: ObjectStore
  ) {
    for holders in cache.relations.holders where !holders.members.isEmpty {
      for term in holders.affinity.requiredAnti
      where term.matches(
        namespace: pod.metadata.namespace, labels: pod.metadata.labels, in: store)
      {
        var counts = Self.empty(term, &cache)
        for member in holders.members {
          let domain = counts.domains[Int(member.row)]
          if domain >= 0 { counts.counts[Int(domain)] += 1 }
        }
        othersAntiAffinity.append(counts)
      }
    }
  }

  /// The first of these filters that refuses the node.
  func refusal(of row: Int32) -> NodeRefusal? {
    for spread in spreads {
      let domain = spread.domains[Int(row)]
      let text = "node(s) didn't match pod topology spread constraints"
      if domain < 0 {
        return NodeRefusal("PodTopologySpread", ["\(text) (missing required label)"])
      }
      if spread.counts[Int(domain)] > spread.allowed {
        return NodeRefusal("PodTopologySpread", [text], isResolvable: true)
      }
    }
    if !satisfiesAffinity(row) {
      return NodeRefusal("InterPodAffinity", ["node(s) didn't match pod affinity rules"])
    }
    if antiAffinity.contains(where: { ($0.count(row) ?? 0) > 0 }) {
      return NodeRefusal(
        "InterPodAffinity", ["node(s) didn't match pod anti-affinity rules"], isResolvable: true)
    }
    if othersAntiAffinity.contains(where: { ($0.count(row) ?? 0) > 0 }) {
      return NodeRefusal(
        "InterPodAffinity", ["node(s) didn't satisfy existing pods anti-affinity rules"],
        isResolvable: true)
    }
    return nil
  }

  private func satisfiesAffinity(_ row: Int32) -> Bool {
    var isEverywhere = true
    for term in affinity {
      guard let count = term.count(row) else { return false }
      if count == 0 { isEverywhere = false }
    }
    return isEverywhere || mayBeFirst
  }
}
