import SimulationCore

/// When each change of Services and EndpointSlices was written, and what it costs to program.
struct ChangeLog: Sendable {
  /// The newest change; zero before the first.
  private(set) var newest: UInt32 = 0
  /// Of the changes after `base`.
  private var times: ContiguousArray<Instant> = []
  /// The cost of all changes up to this one.
  private var costs: ContiguousArray<Int> = []
  private var base: UInt32 = 0
  private var costUpToBase = 0

  mutating func append(at time: Instant, cost: Int) {
    newest += 1
    times.append(time)
    costs.append((costs.last ?? costUpToBase) + cost)
  }

  /// When a change was written; for a change long forgotten, the oldest time that is known.
  func time(of revision: UInt32) -> Instant {
    if times.isEmpty { return .zero }
    return times[revision > base ? min(Int(revision - base) - 1, times.count - 1) : 0]
  }

  /// The newest change written at or before `time`; what has been forgotten counts as written.
  ///
  /// - Complexity: O(log n) in the changes that are kept.
  func newest(writtenBy time: Instant) -> UInt32 {
    var (low, high) = (0, times.count)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] <= time { low = middle + 1 } else { high = middle }
    }
    return base + UInt32(low)
  }

  /// What the changes after `first` up to `last` cost together.
  func cost(after first: UInt32, upTo last: UInt32) -> Int {
    max(0, totalCost(upTo: last) - totalCost(upTo: first))
  }

  private func totalCost(upTo revision: UInt32) -> Int {
    guard revision > base, !costs.isEmpty else { return costUpToBase }
    return costs[min(Int(revision - base) - 1, costs.count - 1)]
  }

  /// Forgets the changes up to `revision`.
  mutating func prune(upTo revision: UInt32) {
    guard revision > base else { return }
    let count = min(Int(revision - base), times.count)
    costUpToBase = totalCost(upTo: revision)
    times.removeFirst(count)
    costs.removeFirst(count)
    base += UInt32(count)
  }
}
