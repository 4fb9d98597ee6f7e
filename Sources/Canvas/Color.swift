/// A colour by its red, green and blue light.
public struct RGB: Hashable, Sendable {
  public var red, green, blue: UInt8

  public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// The colour written as `0xRRGGBB`.
  public init(_ hex: UInt32) {
    self.init(
      UInt8(truncatingIfNeeded: hex >> 16), UInt8(truncatingIfNeeded: hex >> 8),
      UInt8(truncatingIfNeeded: hex))
  }

  /// The colour that `text` names as `#rrggbb`, `#rgb`, or either without the `#`.
  public init?(hexText text: String) {
    var digits = Array(text.unicodeScalars)
    if digits.first == "#" { digits.removeFirst() }
    if digits.count == 3 { digits = digits.flatMap { [$0, $0] } }
    guard digits.count == 6, digits.allSatisfy({ $0.properties.isASCIIHexDigit }) else {
      return nil
    }
    guard let value = UInt32(String(String.UnicodeScalarView(digits)), radix: 16) else {
      return nil
    }
    self.init(value)
  }
}

/// A colour of a theme: one of its own, or whatever the terminal has.
public enum Color: Hashable, Sendable {
  case terminal
  case rgb(RGB)
}

extension RGB {
  /// How bright the colour is to the eye, 0…1 (WCAG 2.2, "relative luminance").
  public var luminance: Double {
    0.2126 * RGB.light[Int(red)] + 0.7152 * RGB.light[Int(green)]
      + 0.0722 * RGB.light[Int(blue)]
  }

  /// The light of a channel by its value: a theme asks thousands of times.
  private static let light = (0...255).map { linear(UInt8($0)) }

  /// The light of one channel: `((c + 0.055) / 1.055) ^ 2.4`, as `x² · ⁵√x²`.
  private static func linear(_ channel: UInt8) -> Double {
    let value = Double(channel) / 255
    if value <= 0.04045 { return value / 12.92 }
    let square = (value + 0.055) / 1.055 * ((value + 0.055) / 1.055)
    return square * fifthRoot(square)
  }

  /// The fifth root of a number in 0…1, by Newton's method; it converges long before 40 rounds.
  private static func fifthRoot(_ value: Double) -> Double {
    guard value > 0 else { return 0 }
    var root = 1.0
    for _ in 0..<40 {
      let fourth = root * root * root * root
      root -= (fourth * root - value) / (5 * fourth)
    }
    return root
  }

  /// The colour with `share` (0…1) of `other` mixed into it.
  public func mixed(with other: RGB, _ share: Double) -> RGB {
    let share = min(max(share, 0), 1)
    func mix(_ from: UInt8, _ to: UInt8) -> UInt8 {
      UInt8(clamping: Int(Double(from) + (Double(to) - Double(from)) * share + 0.5))
    }
    return RGB(mix(red, other.red), mix(green, other.green), mix(blue, other.blue))
  }
}

/// How well one colour stands out from another: 1 (not at all) to 21 (WCAG 2.2, "contrast ratio").
public func contrastRatio(_ first: RGB, _ second: RGB) -> Double {
  let one = first.luminance + 0.05
  let other = second.luminance + 0.05
  return one > other ? one / other : other / one
}

/// Returns `color`, mixed with white or black just far enough to reach `ratio` on `ground`.
public func readable(_ color: RGB, on ground: RGB, ratio: Double = 4.5) -> RGB {
  let white = RGB(0xFFFFFF)
  let black = RGB(0x000000)
  let target = contrastRatio(white, ground) > contrastRatio(black, ground) ? white : black
  for step in 0...20 {
    let mixed = color.mixed(with: target, Double(step) / 20)
    if contrastRatio(mixed, ground) >= ratio { return mixed }
  }
  return target
}
