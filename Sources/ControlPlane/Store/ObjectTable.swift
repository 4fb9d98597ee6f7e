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
///
/// They lie in pages, and of a copied table only the pages that are written to afterwards are
/// copied: that is what makes a snapshot of a large cluster cheap, and growing it too.
public struct ObjectTable<Object: APIObject>: Sendable {
  private struct Slot: Sendable {
    var object: Object?
    var reuse: UInt32
  }

  private typealias Page = ContiguousArray<Slot>

  /// Objects of a page: 2 to the power of this.
  private static var pageShift: Int { 5 }
  private static var pageMask: Int { 1 << pageShift - 1 }

  private var pages: ContiguousArray<Page> = []
  /// One more than the highest slot ever used: the length of tables indexed by slot.
  public private(set) var slotCount = 0
  private var free: [Int32] = []
  private var names = HashIndex()

  public init() {}

  public var count: Int { names.count }

  public subscript(_ id: ObjectID) -> Object? {
    _read {
      let slot = Int(id.slot)
      if slot >= 0, slot < slotCount,
        pages[slot >> Self.pageShift][slot & Self.pageMask].reuse == id.reuse
      {
        yield pages[slot >> Self.pageShift][slot & Self.pageMask].object
      } else {
        yield nil
      }
    }
  }

  public func contains(_ id: ObjectID) -> Bool { self[id] != nil }

  /// The id of the object that is in a slot now.
  func id(inSlot slot: Int32) -> ObjectID? {
    let slot = Int(slot)
    guard slot >= 0, slot < slotCount,
      pages[slot >> Self.pageShift][slot & Self.pageMask].object != nil
    else { return nil }
    return ObjectID(
      slot: Int32(slot), reuse: pages[slot >> Self.pageShift][slot & Self.pageMask].reuse)
  }

  public func id(namespace: String, name: String) -> ObjectID? {
    let slot = names.find(TextHash.of(namespace, name)) { isNamed(Int($0), namespace, name) }
    return slot.flatMap { id(inSlot: $0) }
  }

  private func isNamed(_ slot: Int, _ namespace: String, _ name: String) -> Bool {
    let page = slot >> Self.pageShift
    let place = slot & Self.pageMask
    return pages[page][place].object?.metadata.name == name
      && pages[page][place].object?.metadata.namespace == namespace
  }

  public subscript(namespace: String, name: String) -> Object? {
    id(namespace: namespace, name: name).flatMap { self[$0] }
  }

  /// Every living object's id, by slot.
  public var ids: [ObjectID] {
    var ids: [ObjectID] = []
    ids.reserveCapacity(count)
    forEach { id, _ in ids.append(id) }
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
    for page in pages.indices {
      for place in pages[page].indices {
        guard let object = pages[page][place].object else { continue }
        let slot = Int32(page << Self.pageShift + place)
        body(ObjectID(slot: slot, reuse: pages[page][place].reuse), object)
      }
    }
  }

  mutating func insert(_ object: Object) -> ObjectID {
    let hash = TextHash.of(object.metadata.namespace, object.metadata.name)
    precondition(
      names.find(hash) {
        isNamed(Int($0), object.metadata.namespace, object.metadata.name)
      } == nil, "the API server refuses a name that exists")
    let id: ObjectID
    if let slot = free.popLast() {
      let (page, place) = (Int(slot) >> Self.pageShift, Int(slot) & Self.pageMask)
      pages[page][place].object = object
      id = ObjectID(slot: slot, reuse: pages[page][place].reuse)
    } else {
      id = ObjectID(slot: Int32(slotCount), reuse: 0)
      if slotCount & Self.pageMask == 0 {
        pages.append([])
        // A table of a few objects needs no whole page.
        if slotCount > 0 { pages[pages.count - 1].reserveCapacity(1 << Self.pageShift) }
      }
      pages[pages.count - 1].append(Slot(object: object, reuse: 0))
      slotCount += 1
    }
    names.insert(hash, id.slot)
    return id
  }

  /// Changes an object where it lies, but not its name; nil when the id is not valid.
  @discardableResult
  mutating func modify<Result>(_ id: ObjectID, _ body: (inout Object) -> Result) -> Result? {
    let (slot, page, place) = Self.place(of: id)
    guard slot >= 0, slot < slotCount, pages[page][place].reuse == id.reuse,
      pages[page][place].object != nil
    else { return nil }
    // Unwrapped in place: taking the object out would copy it.
    // swift-format-ignore: NeverForceUnwrap
    return body(&pages[page][place].object!)
  }

  private static func place(of id: ObjectID) -> (slot: Int, page: Int, place: Int) {
    (Int(id.slot), Int(id.slot) >> pageShift, Int(id.slot) & pageMask)
  }

  mutating func remove(_ id: ObjectID) -> Object? {
    guard let object = self[id] else { return nil }
    let (_, page, place) = Self.place(of: id)
    pages[page][place].object = nil
    pages[page][place].reuse &+= 1
    free.append(id.slot)
    names.remove(TextHash.of(object.metadata.namespace, object.metadata.name), id.slot)
    return object
  }
}
