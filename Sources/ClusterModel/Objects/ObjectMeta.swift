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
public struct ObjectMeta: Hashable, Sendable {
  public var name: String
  /// Empty for cluster-scoped kinds.
  public var namespace: String
  public var generateName = ""
  public var uid = UID.none
  /// Given by the store at every write; never reused.
  public var resourceVersion: UInt64 = 0
  /// Counts changes of the spec; zero for kinds that do not count them.
  public var generation: Int64 = 0
  public var creationTimestamp: Timestamp?
  public var deletionTimestamp: Timestamp?
  public var deletionGracePeriodSeconds: Int?
  public var labels: Labels
  public var annotations = Labels()
  public var ownerReferences: [OwnerReference] = []
  public var finalizers: [String] = []
  /// Fields that are kept and printed but mean nothing to the simulation.
  public var other = Fields()

  public init(name: String, namespace: String = "", labels: Labels = Labels()) {
    self.name = name
    self.namespace = namespace
    self.labels = labels
  }

  /// The one owner that manages this object.
  public var controllerReference: OwnerReference? {
    ownerReferences.first { $0.controller == true }
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
  public subscript(type type: String) -> Condition? { first { $0.type == type } }

  public func isTrue(_ type: String) -> Bool { self[type: type]?.status == .true }

  /// Puts `condition` in the place of the one with its type, or at the end. The transition time
  /// of an unchanged status is kept.
  public mutating func set(_ condition: Condition) {
    guard let index = firstIndex(where: { $0.type == condition.type }) else {
      append(condition)
      return
    }
    let transition = self[index].lastTransitionTime
    let isSame = self[index].status == condition.status
    self[index] = condition
    if isSame, let transition { self[index].lastTransitionTime = transition }
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
