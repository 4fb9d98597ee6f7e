import ClusterModel

/// The objects of neighbouring slots. A page that two tables share is not written to.
///
/// Memory of its own and no array: reading a part of an element of an array of arrays copies the
/// whole element first.
@usableFromInline
final class ObjectPage<Object: APIObject>: @unchecked Sendable {
  @usableFromInline
  struct Slot {
    @usableFromInline var object: Object?
    @usableFromInline var reuse: UInt32
    @usableFromInline var isUsed: Bool
  }

  /// Objects of a page: 2 to the power of this.
  @inlinable static var shift: Int { 5 }
  @inlinable static var mask: Int { 1 << shift - 1 }

  /// The object of a slot that is used, without a copy: an Optional begins with what it wraps.
  static func object(at slot: UnsafeMutablePointer<Slot>) -> UnsafeMutablePointer<Object> {
    UnsafeMutableRawPointer(slot).assumingMemoryBound(to: Object.self)
  }

  @usableFromInline @exclusivity(unchecked) private(set) var slots: UnsafeMutablePointer<Slot>
  private var count = 0
  /// A table of a few objects needs no whole page.
  private var capacity = 4

  init() { slots = .allocate(capacity: capacity) }

  private init(copying other: ObjectPage) {
    count = other.count
    capacity = other.capacity
    slots = .allocate(capacity: capacity)
    slots.initialize(from: other.slots, count: count)
  }

  deinit {
    slots.deinitialize(count: count)
    slots.deallocate()
  }

  func copy() -> ObjectPage { ObjectPage(copying: self) }

  func append(_ object: Object) {
    if count == capacity { grow() }
    (slots + count).initialize(to: Slot(object: object, reuse: 0, isUsed: true))
    count += 1
  }

  private func grow() {
    capacity *= 2
    let larger = UnsafeMutablePointer<Slot>.allocate(capacity: capacity)
    larger.moveInitialize(from: slots, count: count)
    slots.deallocate()
    slots = larger
  }
}
