import SimulationCore

/// The past of a world, kept so that one can go back to any moment of it.
///
/// The journal is the session; the snapshots only shorten the replay. So a moment costs at most the
/// events between two snapshots, however long ago it is.
public struct Timeline: Sendable {
  /// What one line of the command language did.
  public struct Mark: Hashable, Sendable {
    public var text: String
    /// The moment before it.
    public var before: Moment
    /// How many entries of the journal it made.
    public var commandCount: Int

    public init(text: String, before: Moment, commandCount: Int) {
      self.text = text
      self.before = before
      self.commandCount = commandCount
    }
  }

  /// Lines that changed the world, the oldest first.
  public internal(set) var marks: [Mark] = []
  /// Entries that happened before time was turned back and will happen again when it comes to them.
  public internal(set) var future: [JournalEntry] = []
  /// The lines that `future` is of.
  public internal(set) var futureMarks: [Mark] = []
  /// What `undo` took away, the newest last.
  public internal(set) var undone: [Undone] = []
  private var snapshots: [World] = []
  /// Events between two snapshots.
  private let interval: UInt64

  /// A line that was undone, and everything needed to have it again.
  public struct Undone: Hashable, Sendable {
    public var mark: Mark
    /// The moment at which it was undone.
    var moment: Moment
    /// The entries from the mark on that had happened.
    var entries: [JournalEntry]
    var future: [JournalEntry]
    var futureMarks: [Mark]
  }

  /// Events that are replayed in some hundredths of a second.
  public static let usualInterval: UInt64 = 40_000
  /// Objects that all snapshots together may hold, as if each had copied all of its own.
  private static let objectLimit = 4_000_000
  private static let snapshotLimit = 240

  /// Begins with the present of `world`.
  public init(of world: World, interval: UInt64 = Self.usualInterval) {
    self.interval = max(interval, 1)
    snapshots = [world]
  }

  /// Takes a snapshot where the last one is too far away. To be called as time passes.
  public mutating func note(_ world: borrowing World) {
    let size = world.objectCount
    let distance = max(interval, UInt64(size) * 4)
    guard let last = snapshots.last, world.eventCount >= last.eventCount + distance else { return }
    snapshots.append(copy world)
    let limit = min(max(Self.objectLimit / max(size, 1), 3), Self.snapshotLimit)
    if snapshots.count > limit { thin() }
  }

  /// Drops every second snapshot of the older half; the first one stays.
  private mutating func thin() {
    let half = snapshots.count / 2
    snapshots = snapshots.enumerated()
      .filter { $0.offset >= half || $0.offset.isMultiple(of: 2) }.map(\.element)
  }

  /// Writes down a line that changed the world since `before`; what was to come no longer is.
  public mutating func record(_ text: String, since before: Moment, _ world: borrowing World) {
    dropFuture()
    undone = []
    marks.append(
      Mark(text: text, before: before, commandCount: world.journal.count - before.commandCount))
  }

  /// Time went on another way than before.
  public mutating func dropFuture() {
    future = []
    futureMarks = []
  }

  /// The world after the commands of `entries`, from the last snapshot that may be used.
  func world(after entries: ArraySlice<JournalEntry>, from mayBeUsed: (World) -> Bool) -> World? {
    let usable = snapshots.last { $0.journal.count <= entries.count && mayBeUsed($0) }
    guard var world = usable else { return nil }
    for entry in entries[world.journal.count...] {
      world.advance(toEventCount: entry.eventCount, entry.time)
      // It succeeded before, so it does again.
      _ = try? world.perform(entry.command)
    }
    return world
  }

  /// The world at a moment, with the commands of `entries` until then.
  func world(at moment: Moment, _ entries: [JournalEntry]) -> World? {
    var world = world(after: entries[..<moment.commandCount]) { $0.moment.isBeforeOrAt(moment) }
    world?.advance(toEventCount: moment.eventCount, moment.time)
    return world
  }

  /// Forgets snapshots of moments that no longer belong to the past of a world.
  mutating func forget(after moment: Moment) {
    let first = snapshots.first
    snapshots.removeAll { !$0.moment.isBeforeOrAt(moment) }
    if snapshots.isEmpty, let first { snapshots = [first] }
  }

  /// The earliest time one can go back to.
  public var start: Instant { snapshots.first?.now ?? .zero }
}

extension World {
  /// About how much a copy of it holds.
  var objectCount: Int {
    store.pods.count + store.services.count * 2 + store.nodes.count * 4 + 1_000
  }
}
