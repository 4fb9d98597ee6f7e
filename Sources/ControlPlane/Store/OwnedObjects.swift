import ClusterModel

/// Kept objects and slices by the identity of what owns them.
struct OwnedObjects: Sendable {
  struct Kept: Hashable, Sendable {
    /// The qualified plural of its kind.
    var resource: String
    var id: ObjectID
  }

  private(set) var kept: [UID: [Kept]] = [:]
  private(set) var slices: [UID: [ObjectID]] = [:]

  mutating func move(_ object: Kept, from old: [OwnerReference], to new: [OwnerReference]) {
    if old == new { return }
    for owner in old { kept[owner.uid]?.removeAll { $0 == object } }
    for owner in old where kept[owner.uid]?.isEmpty == true { kept[owner.uid] = nil }
    for owner in new { kept[owner.uid, default: []].append(object) }
  }

  mutating func move(slice id: ObjectID, from old: [OwnerReference], to new: [OwnerReference]) {
    if old == new { return }
    for owner in old { slices[owner.uid]?.removeAll { $0 == id } }
    for owner in old where slices[owner.uid]?.isEmpty == true { slices[owner.uid] = nil }
    for owner in new { slices[owner.uid, default: []].append(id) }
  }
}
