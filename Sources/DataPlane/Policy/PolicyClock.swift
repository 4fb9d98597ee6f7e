import ClusterModel
import SimulationCore

/// How far each node's policy agent has come.
///
/// An agent hears of a change by its watch and applies what it has heard in batches: every 100 ms,
/// at a phase of its own (felix/dataplane/linux/int_dataplane.go; simplified: agents do not differ
/// in their period, and a batch takes the same time whatever is in it). So how far an agent has
/// come is a function of the seed, the node and the time, and needs no event.
struct PolicyClock: Sendable {
  static let period = Duration.milliseconds(100)
  /// What applying a batch takes.
  static let cost = Duration.milliseconds(15)

  private(set) var newest: UInt32 = 0
  /// The times of the newest changes, the last one that of `newest`.
  private var recent: ContiguousArray<Instant> = []
  /// From when on every agent has applied everything.
  private(set) var settledAt = Instant.zero

  /// Counts a change that is made at `now`; its number.
  mutating func change(at now: Instant, watchDelay: Duration) -> UInt32 {
    newest += 1
    forget(before: now - horizon(watchDelay))
    // What is loaded at time zero has been known for a while.
    if now > .zero {
      recent.append(now)
      settledAt = now + horizon(watchDelay)
    }
    return newest
  }

  /// Nothing is on its way to an agent, as far as can be told without the time.
  var isSettled: Bool { recent.isEmpty }

  /// After this long every agent has applied a change.
  private func horizon(_ watchDelay: Duration) -> Duration {
    watchDelay + Self.period + Self.cost
  }

  private mutating func forget(before time: Instant) {
    if let last = recent.last, last > time, recent.count < 256 { return }
    recent.removeFirst(recent.firstIndex { $0 > time } ?? recent.count)
  }

  /// The newest change that every agent has applied.
  func appliedByAll(at now: Instant, watchDelay: Duration) -> UInt32 {
    if now >= settledAt { return newest }
    let limit = now - horizon(watchDelay)
    let known = recent.firstIndex { $0 > limit } ?? recent.count
    return newest - UInt32(recent.count - known)
  }

  /// Makes every agent know everything.
  mutating func settle() {
    recent.removeAll()
    settledAt = .zero
  }

  /// The newest change that the agent of `node` has applied.
  func applied(by node: Int32, at now: Instant, seed: UInt64, watchDelay: Duration) -> UInt32 {
    if now >= settledAt { return newest }
    let phase = Duration(nanoseconds: Int64(Self.mix(seed, node) % 100_000_000))
    let sinceFirst = (now - .zero - phase - Self.cost).nanoseconds
    let batches = sinceFirst < 0 ? -1 : sinceFirst / Self.period.nanoseconds
    let lastBatch = Instant.zero + phase + Self.period * batches
    let heard = lastBatch - .zero - watchDelay
    var low = 0
    var high = recent.count
    while low < high {
      let middle = (low + high) / 2
      if recent[middle] - .zero <= heard { low = middle + 1 } else { high = middle }
    }
    return newest - UInt32(recent.count - low)
  }

  /// SplitMix64's finalizer.
  private static func mix(_ seed: UInt64, _ node: Int32) -> UInt64 {
    var mixed = (seed ^ UInt64(UInt32(bitPattern: node)) << 20) &+ 0x9e37_79b9_7f4a_7c15
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }

  func digest(into hasher: inout StateHasher) {
    hasher.combine(Int(newest))
    hasher.combine(recent.count)
    for time in recent { hasher.combine(time) }
  }
}
