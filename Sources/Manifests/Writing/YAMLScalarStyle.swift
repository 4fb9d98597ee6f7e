import ClusterModel

/// How goyaml writes a text: plain where that reads back as the same text.
enum YAMLScalarStyle {
  case plain, singleQuoted, doubleQuoted, literal

  /// goyaml.v2 encode.go stringv, then emitterc.go yaml_emitter_analyze_scalar.
  static func of(_ string: String) -> YAMLScalarStyle {
    if string.isEmpty { return .doubleQuoted }
    let traits = Traits(string)
    if traits.hasSpecial || traits.hasSpaceAtBreak { return .doubleQuoted }
    if traits.hasBreak {
      return string.unicodeScalars.contains("\n")
        ? (traits.endsWithSpace ? .doubleQuoted : .literal) : .singleQuoted
    }
    if YAMLScalars.isAmbiguous(string) { return .doubleQuoted }
    return traits.isPlain ? .plain : .singleQuoted
  }

  /// What the text holds that decides its style.
  private struct Traits {
    /// Characters that only an escape can write.
    var hasSpecial = false
    var hasBreak = false
    /// A space before or (not before text) after a line break.
    var hasSpaceAtBreak = false
    var endsWithSpace = false
    var isPlain = true

    init(_ string: String) {
      let scalars = Array(string.unicodeScalars)
      if string.hasPrefix("---") || string.hasPrefix("...") { isPlain = false }
      if scalars.first == " " || scalars.last == " " { isPlain = false }
      endsWithSpace = scalars.last == " "
      for (index, scalar) in scalars.enumerated() {
        let next = index + 1 < scalars.count ? scalars[index + 1] : nil
        let isBeforeSpace = next.map(Self.isBlank) ?? true
        switch scalar {
        case "#" where index == 0 || Self.isBlank(scalars[index - 1]): isPlain = false
        case ",", "[", "]", "{", "}", "&", "*", "!", "|", ">", "'", "\"", "%", "@", "`":
          if index == 0 { isPlain = false }
        case "?", "-":
          if index == 0, isBeforeSpace { isPlain = false }
        case ":":
          if isBeforeSpace { isPlain = false }
        case " ":
          if let next, Self.isBreak(next) { hasSpaceAtBreak = true }
        default: break
        }
        if Self.isBreak(scalar) { hasBreak = true }
        if scalar == "\r" || !YAMLScalarStyle.isPrintable(scalar) { hasSpecial = true }
      }
    }

    static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
      switch scalar {
      case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": true
      default: false
      }
    }
    static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
      scalar == " " || scalar == "\t" || isBreak(scalar)
    }
  }

  /// goyaml's is_printable: the basic plane without controls, surrogates and the byte order mark.
  static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0A, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFFFD: scalar.value != 0xFEFF
    default: false
    }
  }
}

/// The order in which goyaml writes keys (goyaml.v2 sorter.go): letters after other signs, digits
/// by the number they make.
enum YAMLKeyOrder {
  static func sorted(_ fields: Fields) -> [Fields.Field] {
    fields.all.sorted { isBefore($0.name, $1.name) }
  }

  static func isBefore(_ left: String, _ right: String) -> Bool {
    let (left, right) = (Array(left.unicodeScalars), Array(right.unicodeScalars))
    for index in 0..<min(left.count, right.count) where left[index] != right[index] {
      return isBefore(left, right, from: index)
    }
    return left.count < right.count
  }

  private static func isBefore(
    _ left: [Unicode.Scalar], _ right: [Unicode.Scalar], from index: Int
  ) -> Bool {
    let (leftIsLetter, rightIsLetter) = (
      left[index].properties.isAlphabetic, right[index].properties.isAlphabetic
    )
    if leftIsLetter && rightIsLetter { return left[index].value < right[index].value }
    if leftIsLetter || rightIsLetter { return rightIsLetter }
    // A zero inside a number counts by its place.
    var start = 0
    if left[index] == "0" || right[index] == "0" {
      for scalar in left[..<index].reversed() {
        guard isDigit(scalar) else { break }
        if scalar != "0" {
          start = 1
          break
        }
      }
    }
    let (leftNumber, leftEnd) = number(left, from: index, start: start)
    let (rightNumber, rightEnd) = number(right, from: index, start: start)
    if leftNumber != rightNumber { return leftNumber < rightNumber }
    if leftEnd != rightEnd { return leftEnd < rightEnd }
    return left[index].value < right[index].value
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
    (48...57).contains(scalar.value)
  }

  /// The number that begins at `index`, wrapping as Go's does, and where it ends.
  private static func number(
    _ scalars: [Unicode.Scalar], from index: Int, start: Int
  ) -> (Int64, Int) {
    var (value, end) = (Int64(start), index)
    while end < scalars.count, isDigit(scalars[end]) {
      value = value &* 10 &+ Int64(scalars[end].value - 48)
      end += 1
    }
    return (value, end)
  }
}
