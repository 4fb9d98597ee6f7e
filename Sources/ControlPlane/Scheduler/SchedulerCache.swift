import ClusterModel

/// What the scheduler believes of nodes and of the pods on them.
///
/// Nodes are rows by their slot in the store. What is found out about a node and a shape of pod is
/// kept until either the node or its pods change, so that a decision looks at numbers only.
struct SchedulerCache: Sendable {
  private struct Assigned: Sendable {
    var reuse: UInt32 = 0
    /// Below zero when the slot's pod is nowhere.
    var row: Int32 = -1
    var demand: Int32 = 0
    var group: Int32 = 0
    var place: Int32 = 0
    /// Below zero for a pod without affinity terms.
    var affinity: Int32 = -1
    var isTerminating = false
  }

  private(set) var rows: ContiguousArray<NodeRow> = []
  /// Raised by every change of the node or of its pods; zero for rows without a node.
  private(set) var useVersions: ContiguousArray<UInt32> = []
  /// The rows' zones; below zero for none.
  private(set) var zoneOfRow: ContiguousArray<Int32> = []
  /// Every node has the label that spreading over nodes goes by.
  private(set) var haveHostnames = true
  /// Rows in the order in which they are looked at: zones in turn.
  private(set) var order: ContiguousArray<Int32> = []
  private var rowOfName: [String: Int32] = [:]
  private(set) var zoneNumbers: [String: Int32] = [:]
  private var newestVersion: UInt32 = 0
  private var newestSequence = 0
  /// Some node has a taint that only makes it less welcome.
  private(set) var hasPreferenceTaints = false
  /// `order` does not have the nodes as they are.
  private var isOrderStale = false
  /// What is known of all nodes together is not of the nodes as they are.
  private var isSurveyStale = false

  private var assigned: ContiguousArray<Assigned> = []
  private var demands: ContiguousArray<PodDemand> = []
  private var demandNumbers: [PodDemand: Int32] = [:]
  var groups = PodGroups()
  var spread = SpreadCounts()
  var relations = PodRelations()
  var domains = TopologyDomains()
  var images = ImageTable()

  var specs = SpecTable()
  /// What each shape's rule found out, by row.
  var verdicts: ContiguousArray<ContiguousArray<ShapeRule.Verdict>> = []
  var scratch = SchedulingScratch()
  /// Where the next scan over the nodes begins when not all of them are looked at.
  var nextStart = 0

  // MARK: Nodes

  func row(named name: String) -> Int32? { rowOfName[name] }

  func isPresent(_ id: ObjectID) -> Bool {
    Int(id.slot) < rows.count && rows[Int(id.slot)].id == id && useVersions[Int(id.slot)] != 0
  }

  /// Takes in a Node as it is now; nil when it is gone.
  ///
  /// - Returns: whether anything changed that pods' placing depends on.
  mutating func update(_ id: ObjectID, _ node: Node?) -> Bool {
    guard let node else {
      removeNode(id)
      return true
    }
    let slot = Int(id.slot)
    while rows.count <= slot {
      rows.append(NodeRow(id: ObjectID(slot: Int32(rows.count), reuse: .max), name: ""))
      useVersions.append(0)
      zoneOfRow.append(-1)
    }
    var row = rows[slot]
    let isNew = useVersions[slot] == 0 || row.id != id
    if isNew { row = NodeRow(id: id, name: node.metadata.name) }
    let old = row
    row.describe(node)
    images.report(node, on: id.slot)
    if !isNew, row.isSame(as: old) { return false }
    domains.forget()
    spread.unload(&groups)
    row.zone = node.zone.map { number(ofZone: $0) } ?? -1
    newestVersion += 1
    row.specVersion = newestVersion
    let isMoved = isNew || row.place != old.place
    if isMoved {
      newestSequence += 1
      row.sequence = newestSequence
    }
    rows[slot] = row
    zoneOfRow[slot] = row.zone
    useVersions[slot] = newestVersion
    rowOfName[row.name] = id.slot
    if isMoved { isOrderStale = true }
    isSurveyStale = true
    return true
  }

  private mutating func removeNode(_ id: ObjectID) {
    let slot = Int(id.slot)
    guard slot < rows.count, rows[slot].id == id, useVersions[slot] != 0 else { return }
    domains.forget()
    spread.unload(&groups)
    for pod in assigned.indices where assigned[pod].row == id.slot {
      remove(ObjectID(slot: Int32(pod), reuse: assigned[pod].reuse))
    }
    useVersions[slot] = 0
    rowOfName[rows[slot].name] = nil
    images.forget(row: id.slot)
    isOrderStale = true
    isSurveyStale = true
  }

  private mutating func number(ofZone name: String) -> Int32 {
    if let number = zoneNumbers[name] { return number }
    let number = Int32(zoneNumbers.count)
    zoneNumbers[name] = number
    return number
  }

  /// Brings what depends on all nodes up to date; many nodes may have changed since the last time.
  mutating func settle() {
    if isOrderStale { arrange() }
    if isSurveyStale { survey() }
  }

  private mutating func survey() {
    isSurveyStale = false
    haveHostnames = order.allSatisfy { rows[Int($0)].hasHostname }
    hasPreferenceTaints = order.contains { row in
      rows[Int(row)].taints.contains { $0.effect == .preferNoSchedule }
    }
  }

  /// Puts the zones in turn, each zone's nodes in the order in which they came
  /// (backend/cache/node_tree.go).
  private mutating func arrange() {
    isOrderStale = false
    let present = rows.indices.filter { useVersions[$0] != 0 }
      .sorted { rows[$0].sequence < rows[$1].sequence }
    var places: [String: Int] = [:]
    var members: [[Int32]] = []
    for slot in present {
      if let place = places[rows[slot].place] {
        members[place].append(Int32(slot))
      } else {
        places[rows[slot].place] = members.count
        members.append([Int32(slot)])
      }
    }
    order = []
    order.reserveCapacity(present.count)
    var round = 0
    while order.count < present.count {
      for list in members where round < list.count { order.append(list[round]) }
      round += 1
    }
    if nextStart >= order.count { nextStart = 0 }
  }

  private mutating func touch(_ row: Int32) {
    newestVersion += 1
    useVersions[Int(row)] = newestVersion
  }

  // MARK: Pods

  mutating func add(_ id: ObjectID, _ pod: Pod) {
    guard let row = rowOfName[pod.nodeName] else { return }
    add(id, pod, on: row)
  }

  mutating func add(_ id: ObjectID, _ pod: Pod, on row: Int32) {
    while assigned.count <= Int(id.slot) { assigned.append(Assigned()) }
    let held = assigned[Int(id.slot)]
    if held.row >= 0, held.reuse == id.reuse { return }
    let info = specs.info(of: pod.spec, &images)
    var entry = Assigned()
    entry.reuse = id.reuse
    entry.row = row
    entry.demand = number(of: specs.rules[Int(info.shape)].shape.demand)
    entry.isTerminating = pod.metadata.isTerminating
    entry.group = groups.id(namespace: pod.metadata.namespace, labels: Self.ownLabels(pod))
    entry.place = groups.add(
      id.slot, on: row, to: entry.group, isTerminating: entry.isTerminating)
    if info.hasPodAffinity { entry.affinity = relations.add(pod, id.slot, on: row) }
    assigned[Int(id.slot)] = entry
    rows[Int(row)].take(demands[Int(entry.demand)], sign: 1)
    touch(row)
    if !entry.isTerminating { count(entry, 1) }
  }

  func identity(of row: Int32) -> (node: ObjectID, name: String, labels: Labels) {
    // A constant, so that only these are copied.
    let rows = rows
    return (rows[Int(row)].id, rows[Int(row)].name, rows[Int(row)].labels)
  }

  /// The labels without the place of the node, which a pod gets when it is bound.
  static func ownLabels(_ pod: Pod) -> Labels {
    guard pod.isBound else { return pod.metadata.labels }
    var labels = pod.metadata.labels
    for key in ["topology.kubernetes.io/region", "topology.kubernetes.io/zone"]
    where labels[key] != nil {
      labels[key] = nil
    }
    return labels
  }

  private mutating func number(of demand: PodDemand) -> Int32 {
    if let last = demands.indices.last, demands[last] == demand { return Int32(last) }
    if let number = demandNumbers[demand] { return number }
    let number = Int32(demands.count)
    demands.append(demand)
    demandNumbers[demand] = number
    return number
  }

  private mutating func count(_ entry: Assigned, _ step: Int32) {
    guard groups[entry.group].isLoaded else { return }
    spread.count(entry.row, spreadZone(of: entry.row, rule: spread.loadedRule), step)
  }

  /// The zone in which pods on `row` count; below zero when they count in none.
  func spreadZone(of row: Int32, rule: Int32) -> Int32 {
    guard useVersions[Int(row)] != 0 else { return -1 }
    if rule >= 0, !specs.rules[Int(rule)].matchesAffinity(rows[Int(row)]) { return -1 }
    return rows[Int(row)].zone
  }

  /// A pod that is going no longer counts for spreading.
  mutating func markTerminating(_ id: ObjectID) {
    guard Int(id.slot) < assigned.count else { return }
    let entry = assigned[Int(id.slot)]
    guard entry.row >= 0, entry.reuse == id.reuse, !entry.isTerminating else { return }
    assigned[Int(id.slot)].isTerminating = true
    groups.markTerminating(entry.place, in: entry.group)
    count(entry, -1)
  }

  /// Gives back what a pod took.
  ///
  /// - Returns: the row it was on; nil when it was nowhere.
  @discardableResult
  mutating func remove(_ id: ObjectID) -> Int32? {
    guard Int(id.slot) < assigned.count else { return nil }
    let entry = assigned[Int(id.slot)]
    guard entry.row >= 0, entry.reuse == id.reuse else { return nil }
    assigned[Int(id.slot)] = Assigned()
    if !entry.isTerminating { count(entry, -1) }
    if let moved = groups.remove(at: entry.place, from: entry.group) {
      assigned[Int(moved)].place = entry.place
    }
    groups.dropIfEmpty(entry.group)
    if entry.affinity >= 0 { relations.remove(id.slot, from: entry.affinity) }
    rows[Int(entry.row)].take(demands[Int(entry.demand)], sign: -1)
    if useVersions[Int(entry.row)] != 0 { touch(entry.row) }
    return entry.row
  }

  /// Keeps room on a node for a pod that is to come, or gives it back.
  mutating func reserve(_ demand: PodDemand, on row: Int32, sign: Int64) {
    guard useVersions[Int(row)] != 0 else { return }
    rows[Int(row)].take(demand, sign: sign)
    touch(row)
  }

  /// Other Services or owners may select pods now.
  mutating func forgetSelectors() { spread.reset(&groups) }

  /// Whether a changed node could be one for a pod that fitted nowhere.
  func mayFit(_ pod: Pod, on id: ObjectID) -> Bool {
    guard isPresent(id) else { return false }
    let rule = ShapeRule(PodShape(pod.spec.value))
    let node = rows[Int(id.slot)]
    return rule.barrier(node) == nil && rule.shortage(node) == nil
  }

  /// What refuses a pod on one node.
  mutating func refusal(of row: Int32, _ pod: Pod, _ store: ObjectStore) -> NodeRefusal? {
    settle()
    let info = specs.info(of: pod.spec, &images)
    let filter = relationFilter(pod, info, store)
    let rule = specs.rules[Int(info.shape)]
    let node = rows[Int(row)]
    return rule.barrier(node) ?? rule.shortage(node) ?? filter?.refusal(of: row)
  }
}
