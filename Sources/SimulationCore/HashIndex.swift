/// Finds slots of a table by a hash: eight bytes an entry, linear probing, at most half full.
///
/// It keeps no keys: the caller compares what lies in the slot. Copying one is copying bytes.
public struct HashIndex: Sendable {
  /// `hash << 32 | slot + 1`; zero is free.
  @usableFromInline var entries = ContiguousArray<UInt64>(repeating: 0, count: 16)
  public private(set) var count = 0

  public init() {}

  /// The slot with this hash for which `isIt` holds; nil when there is none.
  @inlinable @inline(__always)
  public func find(_ hash: UInt64, where isIt: (Int32) -> Bool) -> Int32? {
    let mask = entries.count - 1
    let tag = UInt32(truncatingIfNeeded: hash)
    var place = Int(tag) & mask
    while true {
      let entry = entries[place]
      if entry == 0 { return nil }
      if UInt32(truncatingIfNeeded: entry >> 32) == tag {
        let slot = Int32(truncatingIfNeeded: entry & 0xFFFF_FFFF) &- 1
        if isIt(slot) { return slot }
      }
      place = (place + 1) & mask
    }
  }

  public mutating func insert(_ hash: UInt64, _ slot: Int32) {
    if (count + 1) * 2 > entries.count { grow() }
    count += 1
    put(UInt64(UInt32(truncatingIfNeeded: hash)) << 32 | UInt64(slot) + 1)
  }

  private mutating func put(_ entry: UInt64) {
    let mask = entries.count - 1
    var place = Int(entry >> 32) & mask
    while entries[place] != 0 { place = (place + 1) & mask }
    entries[place] = entry
  }

  private mutating func grow() {
    let old = entries
    entries = ContiguousArray(repeating: 0, count: old.count * 2)
    for entry in old where entry != 0 { put(entry) }
  }

  /// Takes out the entry of `slot`, which must be there, and moves those behind it up.
  public mutating func remove(_ hash: UInt64, _ slot: Int32) {
    let mask = entries.count - 1
    let entry = UInt64(UInt32(truncatingIfNeeded: hash)) << 32 | UInt64(slot) + 1
    var hole = Int(entry >> 32) & mask
    while entries[hole] != entry {
      if entries[hole] == 0 { return }
      hole = (hole + 1) & mask
    }
    count -= 1
    var place = (hole + 1) & mask
    while entries[place] != 0 {
      let home = Int(entries[place] >> 32) & mask
      // It may move into the hole unless its home lies behind that.
      if (place - home) & mask >= (place - hole) & mask {
        entries[hole] = entries[place]
        hole = place
      }
      place = (place + 1) & mask
    }
    entries[hole] = 0
  }
}
