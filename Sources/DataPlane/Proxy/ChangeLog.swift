import SimulationCore

/// When each change of Services and EndpointSlices was written, what it concerns, and what it
/// costs to program.
struct ChangeLog: Sendable {
  /// The newest change; zero before the first.
  private(set) var newest: UInt32 = 0
  /// Of the changes after `base`.
  private var times: ContiguousArray<Instant> = []
  /// The cost of all changes up to this one.
  private var costs: ContiguousArray<Int> = []
  /// In `DataPlane.services`.
  private var concerned: ContiguousArray<Int32> = []
  private var base: UInt32 = 0
  private var costUpToBase = 0
  /// Those that concern UDP ports, in order.
  private var datagramChanges: ContiguousArray<UInt32> = []

  mutating func append(at time: Instant, cost: Int, service: Int, hasDatagrams: Bool) {
    newest += 1
    times.append(time)
    costs.append((costs.last ?? costUpToBase) + cost)
    concerned.append(Int32(service))
    if hasDatagrams { datagramChanges.append(newest) }
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

  /// The Services that the changes after `first` up to `last` concern, one for each change.
  func services(after first: UInt32, upTo last: UInt32) -> ArraySlice<Int32> {
    let start = min(Int(max(first, base) - base), concerned.count)
    let end = min(Int(max(last, base) - base), concerned.count)
    return ArraySlice(concerned[start..<max(start, end)])
  }

  /// Whether any of the changes after `first` up to `last` concerns a UDP port.
  func hasDatagrams(after first: UInt32, upTo last: UInt32) -> Bool {
    for revision in datagramChanges.reversed() {
      if revision <= first { return false }
      if revision <= last { return true }
    }
    return false
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
    concerned.removeFirst(count)
    datagramChanges.removeAll { $0 <= revision }
    base += UInt32(count)
  }
}
