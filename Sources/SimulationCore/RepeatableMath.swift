/// Logarithm and exponential from IEEE 754 additions, multiplications and divisions alone.
///
/// A C library's differ in the last bit between versions; these give the same bits everywhere.
/// Their relative error is below 1e-12, far below what a distribution's shape could show.
public enum RepeatableMath {
  static let ln2 = 0.693_147_180_559_945_3

  /// The natural logarithm of a positive number.
  public static func log(_ x: Double) -> Double {
    guard x > 0 else { return -.infinity }
    var exponent = Double(x.exponent)
    var fraction = x.significand
    // Centre the fraction on 1, where the series is short.
    if fraction > 1.414_213_562_373_095_1 {
      fraction /= 2
      exponent += 1
    }
    let t = (fraction - 1) / (fraction + 1)
    let square = t * t
    var sum = 0.0
    for divisor in stride(from: 25.0, through: 1, by: -2) { sum = sum * square + 1 / divisor }
    return 2 * t * sum + exponent * ln2
  }

  /// e to the power of `x`, cut off at ±700.
  public static func exp(_ x: Double) -> Double {
    let x = min(max(x, -700), 700)
    let power = Int(x / ln2 + (x < 0 ? -0.5 : 0.5))
    let rest = x - Double(power) * ln2
    var sum = 1.0
    for divisor in stride(from: 16.0, through: 1, by: -1) { sum = 1 + rest / divisor * sum }
    return Double(sign: .plus, exponent: power, significand: 1) * sum
  }
}
