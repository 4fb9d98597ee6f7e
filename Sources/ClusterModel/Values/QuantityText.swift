/// Quantities in the form the API gives them out in, and sums of them
/// (apimachinery pkg/api/resource CanonicalizeBytes).
public struct QuantityText: Hashable, Sendable {
  /// How a quantity was written, which decides how it is written again.
  public enum Format: Sendable {
    case decimal, binary, exponent
  }

  public private(set) var milli: Int64 = 0
  public private(set) var format = Format.decimal

  public init() {}

  public init(_ quantity: Quantity) {
    milli = quantity.milli
    format = Self.format(of: quantity.text)
  }

  /// A plain number.
  public init(_ number: Int) { milli = Int64(number) * 1000 }

  /// A quantity as manifests have it; nil for anything else.
  public init?(_ value: Value?) {
    let text: String? =
      switch value {
      case .string(let text): text
      case .integer(let number): "\(number)"
      case .double(let number): "\(number)"
      default: nil
      }
    guard let quantity = text.flatMap({ Quantity($0) }) else { return nil }
    self.init(quantity)
  }

  /// The same amount in the format of another, as two are shown side by side.
  public func formatted(as other: QuantityText) -> QuantityText {
    guard other.format != format else { return self }
    var text = self
    text.format = other.format
    text.milli = milli / 1000 * 1000 + (milli % 1000 > 0 ? 1000 : 0)
    return text
  }

  /// The canonical form of `text`; the text itself when it is no quantity.
  public static func canonical(_ text: String) -> String {
    guard let quantity = Quantity(text), quantity.milli < .max, quantity.milli > .min else {
      return text
    }
    return QuantityText(quantity).text
  }

  private static func format(of text: String) -> Format {
    if text.hasSuffix("i") { return .binary }
    guard let last = text.utf8.last, (48...57).contains(last) else { return .decimal }
    return text.utf8.contains { $0 | 32 == UInt8(ascii: "e") } ? .exponent : .decimal
  }

  /// A sum that is still zero takes over the other's format.
  public static func + (left: QuantityText, right: QuantityText) -> QuantityText {
    var sum = left
    if left.milli == 0 { sum.format = right.format }
    let (milli, overflow) = left.milli.addingReportingOverflow(right.milli)
    sum.milli = overflow ? .max : milli
    return sum
  }

  /// Differences keep the format of what is taken from.
  public static func - (left: QuantityText, right: QuantityText) -> QuantityText {
    var difference = left
    if left.milli == 0 { difference.format = right.format }
    let (milli, overflow) = left.milli.subtractingReportingOverflow(right.milli)
    difference.milli = overflow ? .min : milli
    return difference
  }

  public static func max(_ left: QuantityText, _ right: QuantityText) -> QuantityText {
    right.milli > left.milli ? right : left
  }

  /// `100m`, `1500m`, `2`, `192Mi`, `1k`.
  public var text: String {
    if milli == 0 { return "0" }
    // Small amounts of bytes are written in decimal, and so are fractions.
    if format == .binary, milli.magnitude >= 1_024_000, milli % 1000 == 0 { return binary }
    return format == .exponent ? scaled { $0 == 0 ? "" : "e\($0)" } : scaled(Self.decimalSuffix)
  }

  private var binary: String {
    var number = milli / 1000
    var power = 0
    while number % 1024 == 0, power < 6 {
      number /= 1024
      power += 1
    }
    return "\(number)" + ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"][power]
  }

  private func scaled(_ suffix: (Int) -> String) -> String {
    var number = milli
    var exponent = -3
    while number % 1000 == 0, exponent < 18 {
      number /= 1000
      exponent += 3
    }
    return "\(number)\(suffix(exponent))"
  }

  private static func decimalSuffix(_ exponent: Int) -> String {
    let suffixes = ["m", "", "k", "M", "G", "T", "P", "E"]
    return suffixes[(exponent + 3) / 3]
  }
}
