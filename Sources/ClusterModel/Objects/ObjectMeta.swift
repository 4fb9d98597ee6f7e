/// The identity of an object over its whole life: an RFC 4122 UUID.
public struct UID: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let high: UInt64
  public let low: UInt64

  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  public static let none = UID(high: 0, low: 0)

  /// A version-4 UUID from 128 random bits.
  public init(randomHigh: UInt64, randomLow: UInt64) {
    high = randomHigh & ~0xF000 | 0x4000
    low = randomLow & ~(0xC0 << 56) | (0x80 << 56)
  }

  /// Parses the usual form; other texts get a value derived from their bytes, so that references
  /// by such an identifier still match.
  public init(_ text: String) {
    let digits = text.utf8.filter { $0 != UInt8(ascii: "-") }
    let hex = String(decoding: digits, as: UTF8.self)
    if digits.count == 32, let high = UInt64(hex.prefix(16), radix: 16),
      let low = UInt64(hex.suffix(16), radix: 16)
    {
      (self.high, self.low) = (high, low)
    } else {
      high = text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
      low = text.utf8.reduce(0x8422_2325_cbf2_9ce4) { ($0 &* 0x100_0000_01b3) ^ UInt64($1) }
    }
  }

  /// Its bits are random already.
  public func hash(into hasher: inout Hasher) { hasher.combine(high ^ low) }

  /// By its text, which is by its bytes.
  public static func < (left: UID, right: UID) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }

  public var description: String {
    func hex(_ number: UInt64, _ width: Int) -> String {
      let text = String(number, radix: 16)
      return String(repeating: "0", count: max(0, width - text.count)) + text
    }
    return "\(hex(high >> 32, 8))-\(hex(high >> 16 & 0xFFFF, 4))-\(hex(high & 0xFFFF, 4))-"
      + "\(hex(low >> 48, 4))-\(hex(low & 0xFFFF_FFFF_FFFF, 12))"
  }
}

/// What owns an object, and so takes it along when it is deleted.
public struct OwnerReference: Hashable, Sendable {
  public var apiVersion: String
  public var kind: String
  public var name: String
  public var uid: UID
  public var controller: Bool?
  public var blockOwnerDeletion: Bool?

  public init(
    apiVersion: String, kind: String, name: String, uid: UID, controller: Bool? = true,
    blockOwnerDeletion: Bool? = true
  ) {
    self.apiVersion = apiVersion
    self.kind = kind
    self.name = name
    self.uid = uid
    self.controller = controller
    self.blockOwnerDeletion = blockOwnerDeletion
  }
}

/// `metadata`: what every object of the API carries.
///
/// It lies behind one reference until it is written to: objects are handed around at every event,
/// and this is the larger part of most of them.
public struct ObjectMeta: Hashable, Sendable {
  @usableFromInline
  struct Parts: Hashable, Sendable {
    @usableFromInline var name: String
    @usableFromInline var namespace: String
    @usableFromInline var generateName: String = ""
    @usableFromInline var uid: UID = UID.none
    @usableFromInline var resourceVersion: UInt64 = 0
    @usableFromInline var generation: Int64 = 0
    @usableFromInline var creationTimestamp: Timestamp?
    @usableFromInline var deletionTimestamp: Timestamp?
    @usableFromInline var deletionGracePeriodSeconds: Int?
    @usableFromInline var labels: Labels
    @usableFromInline var annotations: Labels = Labels()
    @usableFromInline var ownerReferences: [OwnerReference] = []
    @usableFromInline var finalizers: [String] = []
    @usableFromInline var other: Fields = Fields()
  }

  @usableFromInline var parts: CopyOnWrite<Parts>

  public init(name: String, namespace: String = "", labels: Labels = Labels()) {
    parts = CopyOnWrite(Parts(name: name, namespace: namespace, labels: labels))
  }

  public var name: String {
    @inlinable _read { yield parts.value.name }
    @inlinable _modify { yield &parts.value.name }
  }
  /// Empty for cluster-scoped kinds.
  public var namespace: String {
    @inlinable _read { yield parts.value.namespace }
    @inlinable _modify { yield &parts.value.namespace }
  }
  public var generateName: String {
    @inlinable _read { yield parts.value.generateName }
    @inlinable _modify { yield &parts.value.generateName }
  }
  public var uid: UID {
    @inlinable _read { yield parts.value.uid }
    @inlinable _modify { yield &parts.value.uid }
  }
  /// Given by the store at every write; never reused.
  public var resourceVersion: UInt64 {
    @inlinable _read { yield parts.value.resourceVersion }
    @inlinable _modify { yield &parts.value.resourceVersion }
  }
  /// Counts changes of the spec; zero for kinds that do not count them.
  public var generation: Int64 {
    @inlinable _read { yield parts.value.generation }
    @inlinable _modify { yield &parts.value.generation }
  }
  public var creationTimestamp: Timestamp? {
    @inlinable _read { yield parts.value.creationTimestamp }
    @inlinable _modify { yield &parts.value.creationTimestamp }
  }
  public var deletionTimestamp: Timestamp? {
    @inlinable _read { yield parts.value.deletionTimestamp }
    @inlinable _modify { yield &parts.value.deletionTimestamp }
  }
  public var deletionGracePeriodSeconds: Int? {
    @inlinable _read { yield parts.value.deletionGracePeriodSeconds }
    @inlinable _modify { yield &parts.value.deletionGracePeriodSeconds }
  }
  public var labels: Labels {
    @inlinable _read { yield parts.value.labels }
    @inlinable _modify { yield &parts.value.labels }
  }
  public var annotations: Labels {
    @inlinable _read { yield parts.value.annotations }
    @inlinable _modify { yield &parts.value.annotations }
  }
  public var ownerReferences: [OwnerReference] {
    @inlinable _read { yield parts.value.ownerReferences }
    @inlinable _modify { yield &parts.value.ownerReferences }
  }
  public var finalizers: [String] {
    @inlinable _read { yield parts.value.finalizers }
    @inlinable _modify { yield &parts.value.finalizers }
  }
  /// Fields that are kept and printed but mean nothing to the simulation.
  public var other: Fields {
    @inlinable _read { yield parts.value.other }
    @inlinable _modify { yield &parts.value.other }
  }

  /// The one owner that manages this object.
  public var controllerReference: OwnerReference? {
    let owners = ownerReferences
    for index in owners.indices where owners[index].controller == true { return owners[index] }
    return nil
  }
  /// Whether that owner is of this kind.
  public func isControlled(by kind: String) -> Bool {
    for index in ownerReferences.indices where ownerReferences[index].controller == true {
      return ownerReferences[index].kind == kind
    }
    return false
  }
  /// The identity of that owner.
  public var controllerUID: UID? {
    for index in ownerReferences.indices where ownerReferences[index].controller == true {
      return ownerReferences[index].uid
    }
    return nil
  }
  public var isTerminating: Bool { deletionTimestamp != nil }
}

/// An entry of `status.conditions`.
public struct Condition: Hashable, Sendable {
  public enum Status: String, Hashable, Sendable {
    case `true` = "True"
    case `false` = "False"
    case unknown = "Unknown"
  }

  public var type: String
  public var status: Status
  public var reason: String
  public var message: String
  public var lastTransitionTime: Timestamp?
  /// `lastProbeTime` of a pod's, `lastUpdateTime` of a Deployment's, `lastHeartbeatTime` of a
  /// node's condition.
  public var lastSeenTime: Timestamp?
  public var observedGeneration: Int64?

  public init(
    type: String, status: Status, reason: String = "", message: String = "",
    lastTransitionTime: Timestamp? = nil, lastSeenTime: Timestamp? = nil,
    observedGeneration: Int64? = nil
  ) {
    self.type = type
    self.status = status
    self.reason = reason
    self.message = message
    self.lastTransitionTime = lastTransitionTime
    self.lastSeenTime = lastSeenTime
    self.observedGeneration = observedGeneration
  }
}

extension [Condition] {
  // By places: a condition that is only looked at is not to be copied.

  public subscript(type type: String) -> Condition? {
    for index in indices where self[index].type == type { return self[index] }
    return nil
  }

  public func isTrue(_ type: String) -> Bool {
    for index in indices where self[index].type == type { return self[index].status == .true }
    return false
  }

  /// Puts `condition` in the place of the one with its type, or at the end. The transition time
  /// of an unchanged status is kept.
  public mutating func set(_ condition: Condition) {
    for index in indices where self[index].type == condition.type {
      let transition = self[index].lastTransitionTime
      let isSame = self[index].status == condition.status
      self[index] = condition
      if isSame, let transition { self[index].lastTransitionTime = transition }
      return
    }
    append(condition)
  }
}

/// A part of the model that many objects hold and none changes in place.
///
/// Pods made from one template hold one `PodSpec`: that is what keeps 150,000 of them small.
public final class Shared<Wrapped: Hashable & Sendable>: Hashable, Sendable {
  public let value: Wrapped

  public init(_ value: Wrapped) { self.value = value }

  public static func == (left: Shared, right: Shared) -> Bool {
    left === right || left.value == right.value
  }
  public func hash(into hasher: inout Hasher) { hasher.combine(value) }
}
