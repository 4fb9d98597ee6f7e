/// Hashes of texts for tables of our own: the same in every process, and quick for names.
public enum TextHash {
  /// Well mixed in all 64 bits; not for text that somebody could choose to collide.
  @inlinable
  public static func of(_ text: String, seed: UInt64 = 0) -> UInt64 {
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

  @inlinable
  public static func of(_ namespace: String, _ name: String) -> UInt64 {
    of(name, seed: of(namespace))
  }

  @inlinable @inline(__always)
  public static func mix(_ state: UInt64, _ word: UInt64) -> UInt64 {
    let mixed = (state ^ word) &* 0xbf58_476d_1ce4_e5b9
    return mixed ^ mixed >> 32
  }

  @inlinable @inline(__always)
  public static func finish(_ state: UInt64) -> UInt64 {
    let mixed = (state ^ state >> 29) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }
}
