/// A resource quantity, kept as written and as a number of thousandths.
///
/// apimachinery `pkg/api/resource/quantity.go`: decimal SI, binary SI and exponent suffixes.
public struct Quantity: Hashable, Sendable, CustomStringConvertible {
  /// As the manifest spells it.
  public let text: String
  /// The amount times 1,000, rounded up; saturates at the ends of Int64.
  public let milli: Int64

  public var description: String { text }
  /// The amount rounded up to a whole number: bytes for memory, cores for CPU.
  public var value: Int64 { milli / 1000 + (milli % 1000 > 0 ? 1 : 0) }

  /// A quantity of whole thousandths, as CPU is counted: `100m`, `2`.
  public init(milli: Int64) {
    self.milli = milli
    text = milli % 1000 == 0 ? "\(milli / 1000)" : "\(milli)m"
  }

  /// Parses `100m`, `1.5`, `64Mi`, `2e3`; nil when malformed.
  public init?(_ text: String) {
    guard let milli = Self.parse(text) else { return nil }
    self.text = text
    self.milli = milli
  }

  private static func parse(_ text: String) -> Int64? {
    let bytes = Array(text.utf8)
    var position = 0
    var isNegative = false
    if let first = bytes.first, first == 43 || first == 45 {
      isNegative = first == 45
      position = 1
    }
    var digits: [UInt8] = []
    var fraction = 0
    var hasPoint = false
    while position < bytes.count {
      let byte = bytes[position]
      if (48...57).contains(byte) {
        digits.append(byte - 48)
        if hasPoint { fraction += 1 }
      } else if byte == 46, !hasPoint {
        hasPoint = true
      } else {
        break
      }
      position += 1
    }
    guard !digits.isEmpty, digits.count <= 30 else { return nil }
    let suffix = String(decoding: bytes[position...], as: UTF8.self)
    guard let scale = Scale(suffix) else { return nil }
    let magnitude = scale.milli(of: digits, fraction: fraction)
    return isNegative ? -magnitude : magnitude
  }

  private struct Scale {
    var base: Int64
    var exponent: Int

    init?(_ suffix: String) {
      let decimal = [
        "n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18,
      ]
      let binary = ["Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4, "Pi": 5, "Ei": 6]
      if let power = decimal[suffix] {
        (base, exponent) = (10, power)
      } else if let power = binary[suffix] {
        (base, exponent) = (1024, power)
      } else if let first = suffix.first, first == "e" || first == "E",
        let power = Int(suffix.dropFirst()), abs(power) <= 30
      {
        (base, exponent) = (10, power)
      } else {
        return nil
      }
    }

    /// Rounds up, as upstream does for fractions below a thousandth.
    func milli(of digits: [UInt8], fraction: Int) -> Int64 {
      var number: Int64 = 0
      for digit in digits { number = Self.saturating(number, times: 10, plus: Int64(digit)) }
      var decimal = 3 - fraction
      if base == 10 {
        decimal += exponent
      } else {
        for _ in 0..<exponent { number = Self.saturating(number, times: 1024, plus: 0) }
      }
      while decimal > 0 {
        number = Self.saturating(number, times: 10, plus: 0)
        decimal -= 1
      }
      var lost = false
      while decimal < 0 {
        lost = lost || number % 10 != 0
        number /= 10
        decimal += 1
      }
      return lost && number < .max ? number + 1 : number
    }

    static func saturating(_ number: Int64, times factor: Int64, plus more: Int64) -> Int64 {
      let (product, overflow) = number.multipliedReportingOverflow(by: factor)
      let (sum, overflowed) = product.addingReportingOverflow(more)
      return overflow || overflowed ? .max : sum
    }
  }
}

/// A number or a name or a percentage: target ports, `maxSurge`.
public enum IntOrString: Hashable, Sendable, CustomStringConvertible {
  case integer(Int)
  case string(String)

  public var description: String {
    switch self {
    case .integer(let number): "\(number)"
    case .string(let text): text
    }
  }
}
