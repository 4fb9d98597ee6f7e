import ClusterModel
import SimulationCore

/// The tracked connections of all nodes, found by hashing, in lists by age.
///
/// All entries of a state live equally long, so that each state's list is in the order in which its
/// entries expire: letting go of the expired ones is looking at the lists' ends.
struct ConntrackTable: Sendable {
  private struct List {
    var oldest: Int32 = -1
    var newest: Int32 = -1
  }

  private(set) var entries: ContiguousArray<ConntrackEntry> = []
  private var firstFree: Int32 = -1
  /// Entries by hash, with linear probing; -1 is free. At most half full.
  private var slots = ContiguousArray<Int32>(repeating: -1, count: 64)
  private var lists = ContiguousArray<List>(
    repeating: List(), count: ConntrackState.allCases.count)
  /// Entries by node: those it rewrote and those that arrived there.
  private var counts: ContiguousArray<Int32> = []
  private(set) var count = 0
  /// Connections by IPVS destination; nil in other modes.
  var loads: BackendLoads?

  init(countsLoads: Bool) { loads = countsLoads ? BackendLoads() : nil }

  subscript(_ id: TrackedConnection) -> ConntrackEntry? {
    guard id.index >= 0, entries[Int(id.index)].generation == id.generation else { return nil }
    return entries[Int(id.index)]
  }

  /// How many entries a node holds.
  func count(on node: Int32) -> Int {
    Int(node) < counts.count ? Int(counts[Int(node)]) : 0
  }

  /// The entry of the flow that `probe` begins, if it is still alive.
  func find(_ probe: ConntrackEntry, at now: Instant) -> Int32? {
    guard count > 0 else { return nil }
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: probe.hash) & mask
    while slots[slot] >= 0 {
      let index = slots[slot]
      if entries[Int(index)].isSameFlow(as: probe) {
        return entries[Int(index)].deadline > now ? index : nil
      }
      slot = (slot + 1) & mask
    }
    return nil
  }

  /// Adds a connection; one of the same flow makes way.
  mutating func add(_ entry: ConntrackEntry, at now: Instant) -> TrackedConnection {
    expire(at: now)
    if let old = find(entry, at: now) { remove(old) }
    if (count + 1) * 2 > slots.count { grow() }
    let index: Int32
    var entry = entry
    if firstFree >= 0 {
      index = firstFree
      firstFree = entries[Int(index)].newer
      entry.generation = entries[Int(index)].generation
      entries[Int(index)] = entry
    } else {
      index = Int32(entries.count)
      entries.append(entry)
    }
    insert(index)
    count += 1
    countNodes(of: index, by: 1)
    loads?.add(entry, by: 1)
    append(index, at: now)
    return TrackedConnection(index: index, generation: entry.generation)
  }

  mutating func move(_ id: TrackedConnection, to state: ConntrackState, at now: Instant) {
    guard self[id] != nil else { return }
    unlink(id.index)
    loads?.add(entries[Int(id.index)], by: -1)
    entries[Int(id.index)].state = state
    loads?.add(entries[Int(id.index)], by: 1)
    append(id.index, at: now)
  }

  /// Forgets what has lived long enough.
  mutating func expire(at now: Instant) {
    for state in lists.indices {
      while case let oldest = lists[state].oldest, oldest >= 0,
        entries[Int(oldest)].deadline <= now
      {
        remove(oldest)
      }
    }
  }

  mutating func remove(_ index: Int32) {
    unlink(index)
    vacate(index)
    count -= 1
    countNodes(of: index, by: -1)
    loads?.add(entries[Int(index)], by: -1)
    entries[Int(index)].generation &+= 1
    entries[Int(index)].node = -1
    entries[Int(index)].newer = firstFree
    firstFree = index
  }

  /// The endpoint's node forgets the connection.
  mutating func leaveEndpoint(_ index: Int32) {
    countNodes(of: index, by: -1)
    entries[Int(index)].endpointNode = -1
    countNodes(of: index, by: 1)
  }

  /// Entries in these states, the oldest first.
  func indices(in states: [ConntrackState]) -> [Int32] {
    var result: [Int32] = []
    for state in states {
      var next = lists[Int(state.rawValue)].oldest
      while next >= 0 {
        result.append(next)
        next = entries[Int(next)].newer
      }
    }
    return result
  }

  func digest(into hasher: inout StateHasher) {
    hasher.combine(count)
    for index in indices(in: ConntrackState.allCases) {
      let entry = entries[Int(index)]
      hasher.combine(Int(entry.source) << 32 | Int(entry.destination))
      hasher.combine(Int(entry.endpoint) << 32 | Int(entry.node))
      hasher.combine(Int(entry.sourcePort) << 16 | Int(entry.endpointPort))
      hasher.combine(entry.deadline)
    }
  }

  // MARK: Lists

  private mutating func append(_ index: Int32, at now: Instant) {
    let state = entries[Int(index)].state
    entries[Int(index)].deadline = now + state.timeout
    let newest = lists[Int(state.rawValue)].newest
    entries[Int(index)].older = newest
    entries[Int(index)].newer = -1
    if newest >= 0 {
      entries[Int(newest)].newer = index
    } else {
      lists[Int(state.rawValue)].oldest = index
    }
    lists[Int(state.rawValue)].newest = index
  }

  private mutating func unlink(_ index: Int32) {
    let entry = entries[Int(index)]
    let list = Int(entry.state.rawValue)
    if entry.older >= 0 {
      entries[Int(entry.older)].newer = entry.newer
    } else {
      lists[list].oldest = entry.newer
    }
    if entry.newer >= 0 {
      entries[Int(entry.newer)].older = entry.older
    } else {
      lists[list].newest = entry.older
    }
  }

  private mutating func countNodes(of index: Int32, by step: Int32) {
    let entry = entries[Int(index)]
    for node in [entry.node, entry.endpointNode] where node >= 0 {
      while counts.count <= Int(node) { counts.append(0) }
      counts[Int(node)] += step
    }
  }

  // MARK: Hashing

  private mutating func insert(_ index: Int32) {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: entries[Int(index)].hash) & mask
    while slots[slot] >= 0 { slot = (slot + 1) & mask }
    slots[slot] = index
  }

  /// Takes an entry out and moves those behind it up, so that none of them is lost.
  private mutating func vacate(_ index: Int32) {
    let mask = slots.count - 1
    var hole = Int(truncatingIfNeeded: entries[Int(index)].hash) & mask
    while slots[hole] != index { hole = (hole + 1) & mask }
    var next = (hole + 1) & mask
    while slots[next] >= 0 {
      let home = Int(truncatingIfNeeded: entries[Int(slots[next])].hash) & mask
      if (next - home) & mask >= (next - hole) & mask {
        slots[hole] = slots[next]
        hole = next
      }
      next = (next + 1) & mask
    }
    slots[hole] = -1
  }

  private mutating func grow() {
    slots = ContiguousArray(repeating: -1, count: slots.count * 2)
    for index in entries.indices where entries[index].node >= 0 { insert(Int32(index)) }
  }
}
