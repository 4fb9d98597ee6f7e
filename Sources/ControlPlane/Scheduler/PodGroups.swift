import ClusterModel

/// The placed pods by namespace and labels: pods of one template are one group, so that counting
/// those that a selector matches asks each group once.
struct PodGroups: Sendable {
  struct Member: Sendable {
    /// The pod's slot in the store.
    var pod: Int32
    var row: Int32
    /// Being deleted: counts for affinity, not for spreading.
    var isTerminating: Bool
  }

  struct Group: Sendable {
    var namespace: String
    var labels: Labels
    var members: ContiguousArray<Member> = []
    /// Its members are in the spread counts that are loaded.
    var isLoaded = false
  }

  private struct Key: Hashable, Sendable {
    var namespace: String
    var labels: Labels
  }

  private struct IndexKey: Hashable, Sendable {
    var namespace: String
    var pair: Labels.Pair
  }

  private(set) var groups: ContiguousArray<Group> = []
  private var ids: [Key: Int32] = [:]
  private var byPair: [IndexKey: [Int32]] = [:]
  private var byNamespace: [String: [Int32]] = [:]
  /// Raised whenever a group comes or goes.
  private(set) var generation = 0

  subscript(_ id: Int32) -> Group { groups[Int(id)] }

  func find(namespace: String, labels: Labels) -> Int32? {
    ids[Key(namespace: namespace, labels: labels)]
  }

  /// The last answer: pods of one template ask one after the other.
  private var last: (key: Key, id: Int32)?

  mutating func id(namespace: String, labels: Labels) -> Int32 {
    let key = Key(namespace: namespace, labels: labels)
    if let last, last.key == key { return last.id }
    let id = ids[key] ?? makeGroup(key)
    last = (key, id)
    return id
  }

  private mutating func makeGroup(_ key: Key) -> Int32 {
    let (namespace, labels) = (key.namespace, key.labels)
    // A number is never given again: others remember groups by it.
    let id = Int32(groups.count)
    groups.append(Group(namespace: namespace, labels: labels))
    ids[key] = id
    for pair in labels.pairs {
      byPair[IndexKey(namespace: namespace, pair: pair), default: []].append(id)
    }
    byNamespace[namespace, default: []].append(id)
    generation += 1
    return id
  }

  /// - Returns: where in the group the pod is.
  mutating func add(_ pod: Int32, on row: Int32, to id: Int32, isTerminating: Bool) -> Int32 {
    groups[Int(id)].members.append(Member(pod: pod, row: row, isTerminating: isTerminating))
    return Int32(groups[Int(id)].members.count - 1)
  }

  /// Takes a member out; the last one takes its place.
  ///
  /// - Returns: the pod that has moved to `place`, if any has.
  mutating func remove(at place: Int32, from id: Int32) -> Int32? {
    let last = groups[Int(id)].members.removeLast()
    let isMoved = Int(place) < groups[Int(id)].members.count
    if isMoved { groups[Int(id)].members[Int(place)] = last }
    return isMoved ? last.pod : nil
  }

  mutating func markTerminating(_ place: Int32, in id: Int32) {
    groups[Int(id)].members[Int(place)].isTerminating = true
  }

  mutating func setLoaded(_ id: Int32, _ isLoaded: Bool) { groups[Int(id)].isLoaded = isLoaded }

  /// Forgets a group without members.
  mutating func dropIfEmpty(_ id: Int32) {
    let group = groups[Int(id)]
    guard group.members.isEmpty, !group.isLoaded else { return }
    ids[Key(namespace: group.namespace, labels: group.labels)] = nil
    last = nil
    for pair in group.labels.pairs {
      let key = IndexKey(namespace: group.namespace, pair: pair)
      byPair[key]?.removeAll { $0 == id }
      if byPair[key]?.isEmpty == true { byPair[key] = nil }
    }
    byNamespace[group.namespace]?.removeAll { $0 == id }
    if byNamespace[group.namespace]?.isEmpty == true { byNamespace[group.namespace] = nil }
    groups[Int(id)].namespace = ""
    groups[Int(id)].labels = Labels()
    generation += 1
  }

  /// The groups of a namespace that every selector matches.
  func matching(_ selectors: [LabelSelector], in namespace: String) -> [Int32] {
    candidates(selectors, namespace).filter { id in
      selectors.allSatisfy { $0.matches(groups[Int(id)].labels) }
    }
  }

  /// Every group, where the namespaces are not given by name.
  var all: [Int32] { groups.indices.map { Int32($0) }.filter { !groups[Int($0)].members.isEmpty } }

  /// The shortest list of groups that can match.
  private func candidates(_ selectors: [LabelSelector], _ namespace: String) -> [Int32] {
    var best: [Int32]?
    for selector in selectors {
      for pair in selector.matchLabels.pairs {
        let found = byPair[IndexKey(namespace: namespace, pair: pair)] ?? []
        if best.map({ found.count < $0.count }) ?? true { best = found }
      }
    }
    return best ?? byNamespace[namespace] ?? []
  }
}
