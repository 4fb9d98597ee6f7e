/// One column of one row: a scalar, its style, and how it takes part in a wide character.
///
/// Everything is in one 64-bit number, so that two frames are compared at the speed of memory.
public struct Cell: Hashable, Sendable {
  /// Scalar in bits 0–31, style in 32–55, columns taken in 56–63.
  public let bits: UInt64

  @inlinable init(bits: UInt64) { self.bits = bits }

  /// A cell for `scalar`, which takes `width` columns; the second of two columns has width 0.
  init(_ scalar: Unicode.Scalar, _ style: Style, width: Int) {
    let columns = UInt64(UInt8(clamping: width))
    bits = UInt64(scalar.value) | UInt64(style.bits) << 32 | columns << 56
  }

  public static let blank = Cell(" ", .text, width: 1)

  /// The code point, always a valid scalar.
  public var scalar: Unicode.Scalar {
    Unicode.Scalar(UInt32(truncatingIfNeeded: bits)) ?? "?"
  }

  /// Role, ground and emphasis as the number that `Style.bits` gives.
  @inlinable public var styleBits: UInt32 { UInt32(truncatingIfNeeded: bits >> 32) & 0xFF_FFFF }

  public var style: Style { Style(bits: styleBits) }

  /// 1, 2 for the first column of a wide character, 0 for its second.
  @inlinable public var width: Int { Int(bits >> 56) }

  /// The same character in another style.
  func restyled(_ style: Style) -> Cell {
    Cell(bits: bits & 0xFF00_0000_FFFF_FFFF | UInt64(style.bits) << 32)
  }
}
