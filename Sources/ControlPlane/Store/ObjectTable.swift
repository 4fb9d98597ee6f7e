import ClusterModel

/// Names an object of one kind in the store: a dense slot, and how often the slot was reused.
///
/// Given at admission; stays the same while the object lives and is never valid again afterwards.
public struct ObjectID: Hashable, Sendable, Comparable {
  public var slot: Int32
  public var reuse: UInt32

  public init(slot: Int32, reuse: UInt32) {
    self.slot = slot
    self.reuse = reuse
  }

  /// By slot: the order of admission as long as nothing was deleted.
  public static func < (left: ObjectID, right: ObjectID) -> Bool {
    (left.slot, left.reuse) < (right.slot, right.reuse)
  }
}

/// A namespace and a name; the namespace is empty for cluster-scoped kinds.
public struct NamespacedName: Hashable, Sendable, Comparable, CustomStringConvertible {
  public var namespace: String
  public var name: String

  public init(namespace: String, name: String) {
    self.namespace = namespace
    self.name = name
  }

  public init(_ metadata: ObjectMeta) {
    namespace = metadata.namespace
    name = metadata.name
  }

  /// The order in which the API lists objects.
  public static func < (left: Self, right: Self) -> Bool {
    (left.namespace, left.name) < (right.namespace, right.name)
  }

  public var description: String { namespace.isEmpty ? name : "\(namespace)/\(name)" }
}

/// The objects of one kind.
public struct ObjectTable<Object: APIObject>: Sendable {
  private struct Slot: Sendable {
    var object: Object?
    var reuse: UInt32
  }

  private var slots: ContiguousArray<Slot> = []
  private var free: [Int32] = []
  private var byName: [NamespacedName: ObjectID] = [:]

  public init() {}

  public var count: Int { byName.count }
  /// One more than the highest slot ever used: the length of tables indexed by slot.
  public var slotCount: Int { slots.count }

  public subscript(_ id: ObjectID) -> Object? {
    guard slots.indices.contains(Int(id.slot)), slots[Int(id.slot)].reuse == id.reuse else {
      return nil
    }
    return slots[Int(id.slot)].object
  }

  public func id(namespace: String, name: String) -> ObjectID? {
    byName[NamespacedName(namespace: namespace, name: name)]
  }

  public subscript(namespace: String, name: String) -> Object? {
    id(namespace: namespace, name: name).flatMap { self[$0] }
  }

  /// Every living object's id, by slot.
  public var ids: [ObjectID] {
    slots.indices.compactMap { slot in
      slots[slot].object == nil ? nil : ObjectID(slot: Int32(slot), reuse: slots[slot].reuse)
    }
  }

  /// Every object in the API's order: by namespace, then by name.
  ///
  /// - Complexity: O(n log n).
  public func list(namespace: String? = nil) -> [Object] {
    sortedIDs(namespace: namespace).compactMap { self[$0] }
  }

  public func sortedIDs(namespace: String? = nil) -> [ObjectID] {
    var found = ids
    if let namespace { found.removeAll { name(of: $0).namespace != namespace } }
    return found.sorted { name(of: $0) < name(of: $1) }
  }

  /// Calls `body` for each object, by slot. Cheaper than `list` where the order does not show.
  public func forEach(_ body: (ObjectID, borrowing Object) -> Void) {
    for slot in slots.indices {
      guard let object = slots[slot].object else { continue }
      body(ObjectID(slot: Int32(slot), reuse: slots[slot].reuse), object)
    }
  }

  private func name(of id: ObjectID) -> NamespacedName {
    guard let object = slots[Int(id.slot)].object else {
      return NamespacedName(namespace: "", name: "")
    }
    return NamespacedName(object.metadata)
  }

  mutating func insert(_ object: Object) -> ObjectID {
    let key = NamespacedName(object.metadata)
    precondition(byName[key] == nil, "the API server refuses a name that exists")
    let id: ObjectID
    if let slot = free.popLast() {
      slots[Int(slot)].object = object
      id = ObjectID(slot: slot, reuse: slots[Int(slot)].reuse)
    } else {
      id = ObjectID(slot: Int32(slots.count), reuse: 0)
      slots.append(Slot(object: object, reuse: 0))
    }
    byName[key] = id
    return id
  }

  /// Changes an object where it lies; the id must be valid.
  @discardableResult
  mutating func modify<Result>(_ id: ObjectID, _ body: (inout Object) -> Result) -> Result? {
    guard slots.indices.contains(Int(id.slot)), slots[Int(id.slot)].reuse == id.reuse,
      slots[Int(id.slot)].object != nil
    else { return nil }
    // Unwrapped in place: taking the object out would copy it.
    // swift-format-ignore: NeverForceUnwrap
    return body(&slots[Int(id.slot)].object!)
  }

  mutating func remove(_ id: ObjectID) -> Object? {
    guard let object = self[id] else { return nil }
    slots[Int(id.slot)].object = nil
    slots[Int(id.slot)].reuse &+= 1
    free.append(id.slot)
    byName[NamespacedName(object.metadata)] = nil
    return object
  }
}
