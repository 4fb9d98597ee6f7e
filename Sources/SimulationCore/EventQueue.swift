/// The future events of a simulation, earliest first.
///
/// Two events at the same instant leave in the order they were scheduled, so a run depends only on
/// its seed and its commands.
public struct EventQueue<Event: Sendable>: Sendable {
  /// Names a scheduled event, so that it can be cancelled. Valid for ever: cancelling an event that
  /// has already left does nothing.
  public struct Handle: Hashable, Sendable {
    @usableFromInline let sequence: UInt64
    @usableFromInline init(sequence: UInt64) { self.sequence = sequence }
  }

  @usableFromInline struct Entry: Sendable {
    @usableFromInline var time: Instant
    @usableFromInline var sequence: UInt64
    @usableFromInline var event: Event

    @inlinable init(time: Instant, sequence: UInt64, event: Event) {
      self.time = time
      self.sequence = sequence
      self.event = event
    }

    @inlinable func isBefore(_ other: Entry) -> Bool {
      time.nanoseconds != other.time.nanoseconds
        ? time.nanoseconds < other.time.nanoseconds : sequence < other.sequence
    }
  }

  /// A heap in which each entry has four children: shallower than a binary one, and the children
  /// share cache lines.
  @usableFromInline var heap: ContiguousArray<Entry> = []
  @usableFromInline var nextSequence: UInt64 = 0
  /// Cancelled events stay in the heap until they surface: a search would cost more than they do.
  @usableFromInline var cancelled: Set<UInt64> = []

  public init() {}

  /// Scheduled events that have not been cancelled.
  @inlinable public var count: Int { heap.count - cancelled.count }
  @inlinable public var isEmpty: Bool { count == 0 }

  /// - Complexity: O(log n).
  @inlinable @discardableResult
  public mutating func schedule(_ event: Event, at time: Instant) -> Handle {
    let sequence = nextSequence
    nextSequence += 1
    heap.append(Entry(time: time, sequence: sequence, event: event))
    siftUp(heap.count - 1)
    return Handle(sequence: sequence)
  }

  /// Takes a scheduled event out. The caller keeps count: a handle may be cancelled once, and only
  /// while its event is still to come.
  public mutating func cancel(_ handle: Handle) {
    guard handle.sequence < nextSequence else { return }
    if heap.contains(where: { $0.sequence == handle.sequence }) {
      cancelled.insert(handle.sequence)
      dropCancelledHead()
    }
  }

  /// When the next event happens; nil when none is left.
  @inlinable public var nextTime: Instant? { heap.first?.time }

  /// The next event with its time, if it happens at or before `limit`.
  @inlinable public mutating func popNext(upTo limit: Instant = .distantFuture) -> (
    time: Instant, event: Event
  )? {
    guard let first = heap.first, first.time <= limit else { return nil }
    removeFirst()
    if !cancelled.isEmpty { dropCancelledHead() }
    return (first.time, first.event)
  }

  @usableFromInline mutating func dropCancelledHead() {
    while let first = heap.first, cancelled.remove(first.sequence) != nil { removeFirst() }
  }

  @inlinable mutating func removeFirst() {
    let last = heap.removeLast()
    guard !heap.isEmpty else { return }
    heap[0] = last
    siftDown(0)
  }

  @inlinable mutating func siftUp(_ start: Int) {
    var child = start
    let entry = heap[child]
    while child > 0 {
      let parent = (child - 1) >> 2
      if !entry.isBefore(heap[parent]) { break }
      heap[child] = heap[parent]
      child = parent
    }
    heap[child] = entry
  }

  @inlinable mutating func siftDown(_ start: Int) {
    var parent = start
    let entry = heap[parent]
    let count = heap.count
    while true {
      let first = parent << 2 + 1
      if first >= count { break }
      var least = first
      var candidate = first + 1
      let end = min(first + 4, count)
      while candidate < end {
        if heap[candidate].isBefore(heap[least]) { least = candidate }
        candidate += 1
      }
      if !heap[least].isBefore(entry) { break }
      heap[parent] = heap[least]
      parent = least
    }
    heap[parent] = entry
  }
}
