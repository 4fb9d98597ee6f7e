import ClusterModel

/// Which pods the default spreading counts, by node and by zone: those that the Services and the
/// owner of a pod select (podtopologyspread/plugin.go, helper/spread.go DefaultSelector).
///
/// One set of counts is laid out at a time and kept true while pods come and go; another set is
/// laid out at a cost in proportion to its pods.
struct SpreadCounts: Sendable {
  struct Target: Sendable {
    var namespace: String
    /// All must match; empty when nothing selects the pod, which then is not spread.
    var selectors: [LabelSelector]
    var groups: [Int32] = []
    var generation = -1
  }

  struct Key: Hashable, Sendable {
    var group: Int32
    var owner: UID
  }

  private(set) var targets: ContiguousArray<Target> = []
  private var ids: [Key: Int32] = [:]

  /// Pods on each node.
  private(set) var onRow: ContiguousArray<Int32> = []
  /// Pods in each zone.
  private(set) var inZone: ContiguousArray<Int32> = []
  private(set) var loaded: Int32 = -1
  private var loadedGroups: [Int32] = []
  /// The rule whose node affinity says which nodes count for zones; -1 when all do.
  private(set) var loadedRule: Int32 = -1

  func find(_ key: Key) -> Int32? { ids[key] }

  mutating func add(_ target: Target, _ key: Key) -> Int32 {
    let id = Int32(targets.count)
    targets.append(target)
    ids[key] = id
    return id
  }

  /// Forgets what selects which pods; counts are laid out anew.
  mutating func reset(_ groups: inout PodGroups) {
    unload(&groups)
    targets = []
    ids = [:]
  }

  mutating func unload(_ groups: inout PodGroups) {
    for group in loadedGroups {
      for member in groups[group].members where Int(member.row) < onRow.count {
        onRow[Int(member.row)] = 0
      }
      groups.setLoaded(group, false)
      groups.dropIfEmpty(group)
    }
    for zone in inZone.indices { inZone[zone] = 0 }
    loadedGroups = []
    loaded = -1
  }

  /// Lays out the counts of a target.
  mutating func load(
    _ id: Int32, rule: Int32, _ groups: inout PodGroups, rows: Int, zones: Int,
    _ zone: (Int32) -> Int32
  ) {
    unload(&groups)
    while onRow.count < rows { onRow.append(0) }
    while inZone.count < zones { inZone.append(0) }
    let target = targets[Int(id)]
    if target.generation != groups.generation {
      targets[Int(id)].groups =
        target.selectors.isEmpty ? [] : groups.matching(target.selectors, in: target.namespace)
      targets[Int(id)].generation = groups.generation
    }
    loaded = id
    loadedRule = rule
    loadedGroups = targets[Int(id)].groups
    for group in loadedGroups {
      groups.setLoaded(group, true)
      for member in groups[group].members where !member.isTerminating {
        count(member.row, zone(member.row), 1)
      }
    }
  }

  /// Whether the counts of a target are laid out and still are of the right groups.
  func isLoaded(_ id: Int32, rule: Int32, _ groups: PodGroups) -> Bool {
    loaded == id && loadedRule == rule && targets[Int(id)].generation == groups.generation
  }

  mutating func count(_ row: Int32, _ zone: Int32, _ step: Int32) {
    onRow[Int(row)] += step
    if zone >= 0 { inZone[Int(zone)] += step }
  }
}
