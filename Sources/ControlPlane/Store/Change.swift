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
    /// How a pod counts: active, ready, terminating, and whose it is. The store finds out.
    public static let standing = Aspects(rawValue: 32)
    public static let all = Aspects(rawValue: 63)
  }

  public let revision: UInt64
  public let time: Instant
  public let id: ObjectID
  public let kind: ResourceKind
  public let operation: Operation
  public let aspects: Aspects
  /// What few changes have to say; nil for all others, so that a change is small.
  private let details: Details?

  private final class Details: Sendable {
    let previousLabels: Labels?
    let tombstone: ObjectMeta?
    let nodeName: String
    let resource: String

    init(
      _ previousLabels: Labels?, _ tombstone: ObjectMeta?, _ nodeName: String, _ resource: String
    ) {
      self.previousLabels = previousLabels
      self.tombstone = tombstone
      self.nodeName = nodeName
      self.resource = resource
    }
  }

  init(
    revision: UInt64, time: Instant, kind: ResourceKind, operation: Operation, aspects: Aspects,
    id: ObjectID, previousLabels: Labels? = nil, tombstone: ObjectMeta? = nil,
    nodeName: String = "", resource: String = ""
  ) {
    self.revision = revision
    self.time = time
    self.kind = kind
    self.operation = operation
    self.aspects = aspects
    self.id = id
    let isPlain = previousLabels == nil && tombstone == nil && nodeName.isEmpty && resource.isEmpty
    details = isPlain ? nil : Details(previousLabels, tombstone, nodeName, resource)
  }

  /// The labels before an update that changed them.
  public var previousLabels: Labels? { details?.previousLabels }
  /// The metadata of a deleted object.
  public var tombstone: ObjectMeta? { details?.tombstone }
  /// The node of a deleted pod.
  public var nodeName: String { details?.nodeName ?? "" }
  /// The qualified plural of a kept object's kind; empty for the others.
  public var resource: String { details?.resource ?? "" }
}

extension Change {
  /// Whether it is about a pod that something of this kind controls.
  func isAboutPod(of kind: String, in store: ObjectStore) -> Bool {
    if let tombstone { return tombstone.isControlled(by: kind) }
    return store.pods[id]?.metadata.isControlled(by: kind) ?? false
  }

  /// The namespace of the pod that this is about and what controls it; nil for one that nothing
  /// controls, or that is gone by now without this being its deletion.
  func podOwner(in store: ObjectStore) -> (namespace: String, owner: OwnerReference)? {
    if let tombstone { return tombstone.controllerReference.map { (tombstone.namespace, $0) } }
    guard let owner = store.pods[id]?.metadata.controllerReference,
      let namespace = store.pods[id]?.metadata.namespace
    else { return nil }
    return (namespace, owner)
  }
}

/// Kinds of objects, as a watcher says which it hears of.
public struct ResourceKinds: OptionSet, Sendable {
  public let rawValue: UInt16
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  public init(_ kind: ResourceKind) { rawValue = 1 << UInt16(kind.rawValue) }

  public static let all = ResourceKinds(rawValue: .max)

  public static func of(_ kinds: ResourceKind...) -> ResourceKinds {
    kinds.reduce(ResourceKinds()) { $0.union(ResourceKinds($1)) }
  }

  public func contains(_ kind: ResourceKind) -> Bool {
    rawValue & 1 << UInt16(kind.rawValue) != 0
  }
}

/// The recent writes, kept until every watcher has read them.
public struct ChangeLog: Sendable {
  private var changes: ContiguousArray<Change> = []
  /// The position of the first change that is still kept.
  public private(set) var start = 0

  /// The position after the newest change.
  public var end: Int { start + changes.count }

  public var count: Int { changes.count }

  public subscript(_ position: Int) -> Change {
    _read { yield changes[position - start] }
  }

  /// The changes at `position` and after it.
  func changes(from position: Int) -> ContiguousArray<Change> {
    position - start < changes.count ? ContiguousArray(changes[(position - start)...]) : []
  }

  /// The kinds of the changes at these positions.
  func kinds(in positions: Range<Int>) -> ResourceKinds {
    var kinds = ResourceKinds()
    for place in (positions.lowerBound - start)..<(positions.upperBound - start) {
      kinds.formUnion(ResourceKinds(changes[place].kind))
    }
    return kinds
  }

  /// The position of the first change of one of `kinds` at or after `position`; `end` for none.
  func next(of kinds: ResourceKinds, from position: Int) -> Int {
    var place = position - start
    while place < changes.count, !kinds.contains(changes[place].kind) { place += 1 }
    return place + start
  }

  /// Fewer changes than this are not worth forgetting.
  static let keptAtLeast = 4096

  mutating func append(_ change: Change) { changes.append(change) }

  /// Forgets the changes before `position`, in large steps so that it costs nothing on average.
  public mutating func forget(before position: Int) {
    let count = position - start
    guard count > Self.keptAtLeast / 2, count * 2 > changes.count else { return }
    changes.removeFirst(count)
    start = position
  }
}
