import ClusterModel
import SimulationCore

/// One write to the store, as watches see it.
public struct Change: Sendable {
  public enum Operation: UInt8, Sendable {
    case created, updated, deleted
  }

  /// What an update touched, so that a watcher can pass over what does not concern it.
  public struct Aspects: OptionSet, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let spec = Aspects(rawValue: 1)
    public static let status = Aspects(rawValue: 2)
    public static let metadata = Aspects(rawValue: 4)
    public static let deletion = Aspects(rawValue: 8)
    /// A pod's Ready condition, phase, address or node: what endpoints are made of.
    public static let endpoint = Aspects(rawValue: 16)
    public static let all = Aspects(rawValue: 31)
  }

  public var revision: UInt64
  public var time: Instant
  public var kind: ResourceKind
  public var operation: Operation
  public var aspects: Aspects
  public var id: ObjectID
  /// The labels before an update that changed them.
  public var previousLabels: Labels?
  /// The metadata of a deleted object.
  public var tombstone: ObjectMeta?
  /// The node of a deleted pod.
  public var nodeName = ""
  /// The qualified plural of a kept object's kind; empty for the others.
  public var resource = ""
}

/// The recent writes, kept until every watcher has read them.
public struct ChangeLog: Sendable {
  private var changes: ContiguousArray<Change> = []
  /// The position of the first change that is still kept.
  public private(set) var start = 0

  /// The position after the newest change.
  public var end: Int { start + changes.count }

  public subscript(_ position: Int) -> Change { changes[position - start] }

  mutating func append(_ change: Change) { changes.append(change) }

  /// Forgets the changes before `position`, in large steps so that it costs nothing on average.
  public mutating func forget(before position: Int) {
    let count = position - start
    guard count > 4096, count * 2 > changes.count else { return }
    changes.removeFirst(count)
    start = position
  }
}
