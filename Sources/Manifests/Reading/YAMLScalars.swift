import ClusterModel

/// What a plain YAML scalar means, as kubectl's YAML library reads it (goyaml.v2 resolve.go):
/// YAML 1.1 words and numbers, times left as texts.
enum YAMLScalars {
  static func resolve(_ text: String) -> Value {
    guard let first = text.utf8.first else { return .null }
    switch first {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
      UInt8(ascii: "."):
      return number(text) ?? .string(text)
    default:
      return word(text) ?? .string(text)
    }
  }

  /// True when the text, written plainly, would be read as something else than itself.
  static func isAmbiguous(_ text: String) -> Bool {
    if case .string = resolve(text) { return isTimestamp(text) || isBase60(text) }
    return true
  }

  private static func word(_ text: String) -> Value? {
    guard text.utf8.count <= 5 else { return nil }
    switch text {
    case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON":
      return .bool(true)
    case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF":
      return .bool(false)
    case "~", "null", "Null", "NULL": return .null
    default: return nil
    }
  }

  private static func number(_ text: String) -> Value? {
    switch text {
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .double(.infinity)
    case "-.inf", "-.Inf", "-.INF": return .double(-.infinity)
    case ".nan", ".NaN", ".NAN": return .double(.nan)
    default: break
    }
    let digits = text.utf8.contains(UInt8(ascii: "_")) ? text.filter { $0 != "_" } : text
    if let integer = integer(digits) { return .integer(integer) }
    return isFloat(digits) ? Double(digits).map(normalized) : nil
  }

  /// Go's `ParseInt(text, 0, 64)`: a sign, then 0x, 0b, 0o, a leading zero for octal, or decimal.
  private static func integer(_ text: String) -> Int64? {
    var digits = Substring(text)
    var sign = ""
    if let first = digits.first, first == "-" || first == "+" {
      sign = first == "-" ? "-" : ""
      digits = digits.dropFirst()
    }
    guard let lead = digits.utf8.first, (48...57).contains(lead) else { return nil }
    var radix = 10
    if lead == 48, digits.utf8.count > 1 {
      let second = digits.utf8[digits.utf8.index(after: digits.startIndex)] | 0x20
      switch second {
      case UInt8(ascii: "x"): radix = 16
      case UInt8(ascii: "b"): radix = 2
      case UInt8(ascii: "o"): radix = 8
      default: radix = -8
      }
      digits = digits.dropFirst(radix < 0 ? 1 : 2)
      radix = abs(radix)
      guard let next = digits.utf8.first, next != 43, next != 45 else { return nil }
    }
    return Int64(sign + digits, radix: radix)
  }

  /// goyaml's `^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`.
  private static func isFloat(_ text: String) -> Bool {
    var bytes = Array(text.utf8)[...]
    func digits() -> Int {
      let count = bytes.prefix { (48...57).contains($0) }.count
      bytes = bytes.dropFirst(count)
      return count
    }
    if let first = bytes.first, first == 43 || first == 45 { bytes = bytes.dropFirst() }
    let whole = digits()
    if bytes.first == 46 {
      bytes = bytes.dropFirst()
      if digits() == 0, whole == 0 { return false }
    } else if whole == 0 {
      return false
    }
    if let exponent = bytes.first, exponent | 0x20 == 101 {
      bytes = bytes.dropFirst()
      if let sign = bytes.first, sign == 43 || sign == 45 { bytes = bytes.dropFirst() }
      if digits() == 0 { return false }
    }
    return bytes.isEmpty
  }

  /// A whole number is an integer on its way through JSON.
  static func normalized(_ number: Double) -> Value {
    if number == number.rounded(.towardZero), let whole = Int64(exactly: number),
      number.magnitude < 9.2e18
    {
      return .integer(whole)
    }
    return .double(number)
  }

  /// `2001-01-01` and its longer forms, which are times to YAML (goyaml resolve.go
  /// allowedTimestampFormats).
  private static func isTimestamp(_ text: String) -> Bool {
    var rest = text.utf8[...]
    func number(_ range: ClosedRange<Int>, digits: ClosedRange<Int>) -> Bool {
      let digitsFound = rest.prefix { (48...57).contains($0) }
      guard digits.contains(digitsFound.count), let value = Int(Substring(digitsFound)) else {
        return false
      }
      rest = rest.dropFirst(digitsFound.count)
      return range.contains(value)
    }
    func take(_ character: Unicode.Scalar) -> Bool {
      guard rest.first == UInt8(ascii: character) else { return false }
      rest = rest.dropFirst()
      return true
    }
    guard number(0...9999, digits: 4...4), take("-"), number(1...12, digits: 1...2), take("-"),
      number(1...31, digits: 1...2)
    else { return false }
    if rest.isEmpty { return true }
    let needsZone = take("T") || take("t")
    guard needsZone || take(" "), number(0...23, digits: 1...2), take(":"),
      number(0...59, digits: 1...2), take(":"), number(0...59, digits: 1...2)
    else { return false }
    if take(".") { rest = rest.drop { (48...57).contains($0) } }
    if !needsZone || take("Z") { return rest.isEmpty }
    return (take("+") || take("-")) && number(0...99, digits: 2...2) && take(":")
      && number(0...59, digits: 2...2) && rest.isEmpty
  }

  /// `12:30:45`, a number of base 60 to YAML 1.1.
  private static func isBase60(_ text: String) -> Bool {
    var parts = text.utf8.split(separator: 58, omittingEmptySubsequences: false)
    guard parts.count >= 2, var head = parts.first else { return false }
    if let sign = head.first, sign == 43 || sign == 45 { head = head.dropFirst() }
    guard let lead = head.first, (48...57).contains(lead),
      head.allSatisfy({ (48...57).contains($0) || $0 == 95 })
    else { return false }
    parts.removeFirst()
    guard var tail = parts.popLast() else { return false }
    if let point = tail.firstIndex(of: 46) {
      guard tail[tail.index(after: point)...].allSatisfy({ (48...57).contains($0) || $0 == 95 })
      else { return false }
      tail = tail[..<point]
    }
    return (parts + [tail]).allSatisfy { part in
      switch part.count {
      case 1: return (48...57).contains(part[part.startIndex])
      case 2:
        return (48...53).contains(part[part.startIndex])
          && (48...57).contains(part[part.index(after: part.startIndex)])
      default: return false
      }
    }
  }
}
