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

  /// The kinds of controllers that own a pod, and owned it before the change.
  struct PodOwners: OptionSet, Sendable {
    let rawValue: UInt8

    static let none = PodOwners(rawValue: 1)
    static let replicaSet = PodOwners(rawValue: 2)
    static let statefulSet = PodOwners(rawValue: 4)
    static let daemonSet = PodOwners(rawValue: 8)
    static let job = PodOwners(rawValue: 16)
    static let replicationController = PodOwners(rawValue: 32)
    static let other = PodOwners(rawValue: 64)
    static let all = PodOwners(rawValue: 127)

    /// Of a pod whose controller is of this kind.
    static func of(_ kind: String?) -> PodOwners {
      switch kind {
      case nil: .none
      case "ReplicaSet": .replicaSet
      case "StatefulSet": .statefulSet
      case "DaemonSet": .daemonSet
      case "Job": .job
      case "ReplicationController": .replicationController
      default: .other
      }
    }
  }

  /// What tells whether a watcher has to read the change at all.
  struct Heading: Sendable {
    let kind: ResourceKind
    let operation: Operation
    let aspects: Aspects
    let podOwners: PodOwners
  }

  public let revision: UInt64
  public let time: Instant
  public let id: ObjectID
  let heading: Heading
  public var kind: ResourceKind { heading.kind }
  public var operation: Operation { heading.operation }
  public var aspects: Aspects { heading.aspects }
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
    revision: UInt64, time: Instant, _ heading: Heading, id: ObjectID,
    previousLabels: Labels? = nil, tombstone: ObjectMeta? = nil, nodeName: String = "",
    resource: String = ""
  ) {
    self.revision = revision
    self.time = time
    self.heading = heading
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
