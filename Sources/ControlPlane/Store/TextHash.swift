/// Hashes of texts for tables of our own: the same in every process, and quick for names.
enum TextHash {
  /// Well mixed in all 64 bits; not for text that somebody could choose to collide.
  static func of(_ text: String, seed: UInt64 = 0) -> UInt64 {
    let start = seed ^ UInt64(truncatingIfNeeded: text.utf8.count) &* 0x9e37_79b9_7f4a_7c15
    let hash = text.utf8.withContiguousStorageIfAvailable { bytes in
      var state = start
      let raw = UnsafeRawBufferPointer(bytes)
      var offset = 0
      while offset + 8 <= raw.count {
        state = mix(state, raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        offset += 8
      }
      var rest: UInt64 = 0
      while offset < raw.count {
        rest = rest << 8 | UInt64(raw[offset])
        offset += 1
      }
      return mix(state, rest)
    }
    return finish(hash ?? text.utf8.reduce(start) { mix($0, UInt64($1)) })
  }

  static func of(_ namespace: String, _ name: String) -> UInt64 {
    of(name, seed: of(namespace))
  }

  @inline(__always)
  static func mix(_ state: UInt64, _ word: UInt64) -> UInt64 {
    let mixed = (state ^ word) &* 0xbf58_476d_1ce4_e5b9
    return mixed ^ mixed >> 32
  }

  @inline(__always)
  static func finish(_ state: UInt64) -> UInt64 {
    let mixed = (state ^ state >> 29) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }
}

/// Finds slots of a table by a hash: eight bytes an entry, linear probing, at most half full.
///
/// It keeps no keys: the caller compares what lies in the slot. Copying one is copying bytes.
struct HashIndex: Sendable {
  /// `hash << 32 | slot + 1`; zero is free.
  private var entries = ContiguousArray<UInt64>(repeating: 0, count: 16)
  private(set) var count = 0

  /// The slot with this hash for which `isIt` holds; nil when there is none.
  @inline(__always)
  func find(_ hash: UInt64, where isIt: (Int32) -> Bool) -> Int32? {
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

  mutating func insert(_ hash: UInt64, _ slot: Int32) {
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
  mutating func remove(_ hash: UInt64, _ slot: Int32) {
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
