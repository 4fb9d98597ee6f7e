/// One drawable scalar and the columns it takes (1 or 2).
struct Glyph: Hashable {
  var scalar: Unicode.Scalar
  var width: Int
}

/// The drawable scalars of a text, safe to send to a terminal.
///
/// A terminal cell holds one scalar. Combining marks, the later parts of joined emoji, the second
/// half of a flag and skin tones are left out; control characters and marks that change the
/// direction of text become a visible dot.
struct Glyphs: Sequence, IteratorProtocol {
  private var scalars: String.UnicodeScalarView.Iterator
  private var previous = Previous.other

  /// What the scalar before calls for.
  private enum Previous { case wide, joined, flag, other }

  init(_ text: String) { scalars = text.unicodeScalars.makeIterator() }

  mutating func next() -> Glyph? {
    while let scalar = scalars.next() {
      let value = scalar.value
      if value >= 0x20, value < 0x7F {
        previous = .other
        return Glyph(scalar: scalar, width: 1)
      }
      if value == 0x200D {
        previous = previous == .wide ? .joined : .other
        continue
      }
      if isPartOfPrevious(value) { continue }
      if Glyphs.isControl(value) {
        previous = .other
        return Glyph(scalar: "·", width: 1)
      }
      let width = columns(of: scalar)
      if width == 0 { continue }
      previous = Glyphs.isFlagHalf(value) ? .flag : width == 2 ? .wide : .other
      return Glyph(scalar: scalar, width: width)
    }
    return nil
  }

  /// Whether the scalar continues the emoji before it; if so, remembers what may follow.
  private mutating func isPartOfPrevious(_ value: UInt32) -> Bool {
    switch previous {
    case .joined:
      previous = .wide
      return columns(of: value) == 2 || (0x2600...0x27BF).contains(value)
    case .flag:
      previous = .other
      return Glyphs.isFlagHalf(value)
    case .wide: return (0x1F3FB...0x1F3FF).contains(value)
    case .other: return false
    }
  }

  private static func isFlagHalf(_ value: UInt32) -> Bool { (0x1F1E6...0x1F1FF).contains(value) }

  /// Control characters, line separators and marks that reorder text on the screen.
  private static func isControl(_ value: UInt32) -> Bool {
    switch value {
    case 0..<0x20, 0x7F...0x9F, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x206F, 0x61C: true
    default: false
    }
  }
}
