/// Go's string literals, in single or double quotes (client-go third_party/forked UnquoteExtend).
enum QuotedText {
  /// The text of a literal with its quotes; nil when it is malformed.
  static func unquoted(_ literal: String) -> String? {
    let scalars = Array(literal.unicodeScalars)
    guard scalars.count >= 2, let quote = scalars.first, quote == scalars.last else { return nil }
    var result = String.UnicodeScalarView()
    var rest = scalars[1..<(scalars.count - 1)]
    while let scalar = rest.popFirst() {
      if scalar == quote || scalar == "\n" { return nil }
      guard scalar == "\\" else {
        result.append(scalar)
        continue
      }
      guard let escaped = escape(&rest, quote: quote) else { return nil }
      result.append(escaped)
    }
    return String(result)
  }

  private static func escape(_ rest: inout ArraySlice<Unicode.Scalar>, quote: Unicode.Scalar)
    -> Unicode.Scalar?
  {
    guard let letter = rest.popFirst() else { return nil }
    switch letter {
    case "n": return "\n"
    case "t": return "\t"
    case "r": return "\r"
    case "a": return "\u{7}"
    case "b": return "\u{8}"
    case "f": return "\u{c}"
    case "v": return "\u{b}"
    case "\\": return "\\"
    case "\"", "'": return letter == quote ? letter : nil
    case "x": return number(&rest, digits: 2)
    case "u": return number(&rest, digits: 4)
    case "U": return number(&rest, digits: 8)
    default: return nil
    }
  }

  private static func number(_ rest: inout ArraySlice<Unicode.Scalar>, digits: Int)
    -> Unicode.Scalar?
  {
    guard rest.count >= digits else { return nil }
    var text = ""
    text.unicodeScalars.append(contentsOf: rest.prefix(digits))
    rest = rest.dropFirst(digits)
    guard !text.hasPrefix("+"), !text.hasPrefix("-") else { return nil }
    return UInt32(text, radix: 16).flatMap { Unicode.Scalar($0) }
  }
}
