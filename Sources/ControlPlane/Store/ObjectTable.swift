import ClusterModel
import SimulationCore

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

  /// Both in one word.
  var packed: UInt64 { UInt64(reuse) << 32 | UInt64(UInt32(bitPattern: slot)) }

  public func hash(into hasher: inout Hasher) { hasher.combine(packed) }

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
///
/// They lie in pages, and of a copied table only the pages that are written to afterwards are
/// copied: that is what makes a snapshot of a large cluster cheap, and growing it too.
public struct ObjectTable<Object: APIObject>: Sendable {
  @usableFromInline typealias Page = ObjectPage<Object>

  @usableFromInline var pages: ContiguousArray<ObjectPage<Object>> = []
  /// One more than the highest slot ever used: the length of tables indexed by slot.
  public private(set) var slotCount = 0
  /// Behind a reference: each sync of a controller copies the tables.
  private struct Directory: Sendable {
    var free: [Int32] = []
    var names = HashIndex()
  }

  private var directory = CopyOnWrite(Directory())

  public init() {}

  public var count: Int { directory.value.names.count }

  /// Where a slot's object lies, which must be one of the table's.
  @inlinable
  func place(_ slot: Int) -> UnsafeMutablePointer<ObjectPage<Object>.Slot> {
    pages[slot >> Page.shift].slots + (slot & Page.mask)
  }

  public subscript(_ id: ObjectID) -> Object? {
    @inlinable _read {
      let slot = Int(id.slot)
      if slot >= 0, slot < slotCount, place(slot).pointee.reuse == id.reuse {
        yield place(slot).pointee.object
      } else {
        yield nil
      }
    }
  }

  public func contains(_ id: ObjectID) -> Bool {
    self.id(inSlot: id.slot) == id
  }

  /// The id of the object that is in a slot now.
  func id(inSlot slot: Int32) -> ObjectID? {
    guard slot >= 0, slot < slotCount, place(Int(slot)).pointee.isUsed else { return nil }
    return ObjectID(slot: slot, reuse: place(Int(slot)).pointee.reuse)
  }

  public func id(namespace: String, name: String) -> ObjectID? {
    let slot = directory.value.names.find(TextHash.of(namespace, name)) {
      isNamed(Int($0), namespace, name)
    }
    return slot.flatMap { id(inSlot: $0) }
  }

  private func isNamed(_ slot: Int, _ namespace: String, _ name: String) -> Bool {
    let place = place(slot)
    return place.pointee.isUsed && Page.object(at: place).pointee.metadata.name == name
      && Page.object(at: place).pointee.metadata.namespace == namespace
  }

  public subscript(namespace: String, name: String) -> Object? {
    id(namespace: namespace, name: name).flatMap { self[$0] }
  }

  /// The metadata alone, without a copy of the rest.
  func metadata(namespace: String, name: String) -> ObjectMeta? {
    id(namespace: namespace, name: name).map {
      Page.object(at: place(Int($0.slot))).pointee.metadata
    }
  }

  /// Every living object's id, by slot.
  public var ids: [ObjectID] {
    var ids: [ObjectID] = []
    ids.reserveCapacity(count)
    for slot in 0..<Int32(slotCount) {
      if let id = id(inSlot: slot) { ids.append(id) }
    }
    return ids
  }

  /// Every object in the API's order: by namespace, then by name.
  ///
  /// - Complexity: O(n log n).
  public func list(namespace: String? = nil) -> [Object] {
    sortedIDs(namespace: namespace).compactMap { self[$0] }
  }

  public func sortedIDs(namespace: String? = nil) -> [ObjectID] {
    var found: [(name: NamespacedName, id: ObjectID)] = []
    if namespace == nil { found.reserveCapacity(count) }
    forEach { id, object in
      if let namespace, object.metadata.namespace != namespace { return }
      found.append((NamespacedName(object.metadata), id))
    }
    found.sort { $0.name < $1.name }
    return found.map(\.id)
  }

  /// Calls `body` for each object, by slot. Cheaper than `list` where the order does not show.
  public func forEach(_ body: (ObjectID, borrowing Object) -> Void) {
    for slot in 0..<slotCount where place(slot).pointee.isUsed {
      let id = ObjectID(slot: Int32(slot), reuse: place(slot).pointee.reuse)
      body(id, Page.object(at: place(slot)).pointee)
    }
  }

  mutating func insert(_ object: Object) -> ObjectID {
    let hash = TextHash.of(object.metadata.namespace, object.metadata.name)
    precondition(
      directory.value.names.find(hash) {
        isNamed(Int($0), object.metadata.namespace, object.metadata.name)
      } == nil, "the API server refuses a name that exists")
    let id: ObjectID
    if let slot = directory.value.free.popLast() {
      let place = writable(Int(slot))
      place.pointee.object = object
      place.pointee.isUsed = true
      id = ObjectID(slot: slot, reuse: place.pointee.reuse)
    } else {
      id = ObjectID(slot: Int32(slotCount), reuse: 0)
      if slotCount & Page.mask == 0 { pages.append(Page()) }
      makeUnique(pages.count - 1)
      pages[pages.count - 1].append(object)
      slotCount += 1
    }
    directory.value.names.insert(hash, id.slot)
    return id
  }

  private mutating func makeUnique(_ page: Int) {
    if !isKnownUniquelyReferenced(&pages[page]) { pages[page] = pages[page].copy() }
  }

  /// Where a slot's object lies, on a page that no other table shares.
  private mutating func writable(_ slot: Int) -> UnsafeMutablePointer<ObjectPage<Object>.Slot> {
    makeUnique(slot >> Page.shift)
    return place(slot)
  }

  /// Changes an object where it lies, but not its name; nil when the id is not valid.
  @discardableResult
  mutating func modify<Result>(_ id: ObjectID, _ body: (inout Object) -> Result) -> Result? {
    guard contains(id) else { return nil }
    return body(&Page.object(at: writable(Int(id.slot))).pointee)
  }

  mutating func remove(_ id: ObjectID) -> Object? {
    guard let object = self[id] else { return nil }
    let place = writable(Int(id.slot))
    place.pointee.object = nil
    place.pointee.isUsed = false
    place.pointee.reuse &+= 1
    directory.value.free.append(id.slot)
    directory.value.names.remove(
      TextHash.of(object.metadata.namespace, object.metadata.name), id.slot)
    return object
  }
}
