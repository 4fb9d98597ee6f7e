import ClusterModel

/// The recent writes, kept until every watcher has read them.
public struct ChangeLog: Sendable {
  private var changes: ContiguousArray<Change> = []
  /// The same, place by place: most watchers read no more of most changes.
  private var headings: ContiguousArray<Change.Heading> = []
  /// The position of the first change that is still kept.
  public private(set) var start = 0

  /// The position after the newest change.
  public var end: Int { start + changes.count }

  public var count: Int { changes.count }

  public subscript(_ position: Int) -> Change {
    _read { yield changes[position - start] }
  }

  func heading(_ position: Int) -> Change.Heading { headings[position - start] }
  func change(_ position: Int) -> Change { changes[position - start] }

  /// The changes at `position` and after it.
  func changes(from position: Int) -> ContiguousArray<Change> {
    position - start < changes.count ? ContiguousArray(changes[(position - start)...]) : []
  }

  /// The kinds of the changes at these positions.
  func kinds(in positions: Range<Int>) -> ResourceKinds {
    var kinds = ResourceKinds()
    for place in (positions.lowerBound - start)..<(positions.upperBound - start) {
      kinds.formUnion(ResourceKinds(headings[place].kind))
    }
    return kinds
  }

  /// The position of the first change of one of `kinds` at or after `position`; `end` for none.
  func next(of kinds: ResourceKinds, from position: Int) -> Int {
    var place = position - start
    while place < headings.count, !kinds.contains(headings[place].kind) { place += 1 }
    return place + start
  }

  /// Fewer changes than this are not worth forgetting.
  static let keptAtLeast = 4096

  mutating func append(_ change: Change) {
    changes.append(change)
    headings.append(change.heading)
  }

  /// Forgets the changes before `position`, in large steps so that it costs nothing on average.
  public mutating func forget(before position: Int) {
    let count = position - start
    guard count > Self.keptAtLeast / 2, count * 2 > changes.count else { return }
    changes.removeFirst(count)
    headings.removeFirst(count)
    start = position
  }
}
