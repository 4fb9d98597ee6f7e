import ClusterModel

/// Writes values as Go's `encoding/json` does, with `<`, `>` and `&` written as escapes.
public enum JSONWriter {
  /// With four spaces a level and a new line at the end, as `kubectl get -o json` prints it.
  public static func text(_ value: Value) -> String {
    var text = ""
    write(value, indent: 0, into: &text)
    return text + "\n"
  }

  /// On one line, without spaces and without a new line.
  public static func compactText(_ value: Value) -> String {
    var text = ""
    writeCompact(value, into: &text)
    return text
  }

  private static func write(_ value: Value, indent: Int, into text: inout String) {
    let inner = String(repeating: " ", count: (indent + 1) * 4)
    let outer = String(repeating: " ", count: indent * 4)
    switch value {
    case .array(let items) where !items.isEmpty:
      text += "["
      for (index, item) in items.enumerated() {
        text += index == 0 ? "\n\(inner)" : ",\n\(inner)"
        write(item, indent: indent + 1, into: &text)
      }
      text += "\n\(outer)]"
    case .object(let fields) where !fields.isEmpty:
      text += "{"
      for (index, field) in fields.all.enumerated() {
        text += index == 0 ? "\n\(inner)" : ",\n\(inner)"
        writeString(field.name, into: &text)
        text += ": "
        write(field.value, indent: indent + 1, into: &text)
      }
      text += "\n\(outer)}"
    default: writeCompact(value, into: &text)
    }
  }

  private static func writeCompact(_ value: Value, into text: inout String) {
    switch value {
    case .null: text += "null"
    case .bool(let flag): text += flag ? "true" : "false"
    case .integer(let number): text += "\(number)"
    case .double(let number): text += self.text(of: number)
    case .string(let string): writeString(string, into: &text)
    case .array(let items):
      text += "["
      for (index, item) in items.enumerated() {
        if index > 0 { text += "," }
        writeCompact(item, into: &text)
      }
      text += "]"
    case .object(let fields):
      text += "{"
      for (index, field) in fields.all.enumerated() {
        if index > 0 { text += "," }
        writeString(field.name, into: &text)
        text += ":"
        writeCompact(field.value, into: &text)
      }
      text += "}"
    }
  }

  private static func writeString(_ string: String, into text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{8}": text += "\\b"
      case "\u{c}": text += "\\f"
      case "<", ">", "&", "\u{0}"..."\u{1f}", "\u{2028}", "\u{2029}":
        let hex = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }

  /// Go's shortest form: plain from 1e-6 up to 1e21, else with an exponent.
  static func text(of number: Double) -> String {
    guard number.isFinite, number != 0 else { return number.isFinite ? "0" : "null" }
    let decimal = DecimalNumber(number)
    if number.magnitude < 1e-6 || number.magnitude >= 1e21 {
      return decimal.exponential(minimumExponentDigits: 1)
    }
    return decimal.plain
  }
}

/// The shortest decimal digits that read back as a number.
struct DecimalNumber {
  private var isNegative: Bool
  private var digits: [UInt8]
  /// Digits before the point; negative for zeros after it.
  private(set) var pointPosition: Int

  init(_ number: Double) {
    isNegative = number < 0
    var digits: [UInt8] = []
    var point: Int?
    var exponent = 0
    let text = number.magnitude.description
    for (offset, byte) in text.utf8.enumerated() {
      if byte == 46 {
        point = digits.count
      } else if byte == 101 {
        exponent = Int(text.dropFirst(offset + 1)) ?? 0
        break
      } else {
        digits.append(byte)
      }
    }
    var position = (point ?? digits.count) + exponent
    let leadingZeros = digits.prefix { $0 == 48 }.count
    digits.removeFirst(leadingZeros)
    position -= leadingZeros
    while digits.last == 48 { digits.removeLast() }
    self.digits = digits
    pointPosition = position
  }

  private var sign: String { isNegative ? "-" : "" }

  var plain: String {
    func text(_ digits: some Collection<UInt8>) -> String {
      String(decoding: Array(digits), as: UTF8.self)
    }
    func zeros(_ count: Int) -> String { String(repeating: "0", count: max(0, count)) }
    if pointPosition <= 0 { return "\(sign)0.\(zeros(-pointPosition))\(text(digits))" }
    if pointPosition >= digits.count {
      return "\(sign)\(text(digits))\(zeros(pointPosition - digits.count))"
    }
    return "\(sign)\(text(digits[..<pointPosition])).\(text(digits[pointPosition...]))"
  }

  func exponential(minimumExponentDigits: Int) -> String {
    let exponent = pointPosition - 1
    let first = String(decoding: digits.prefix(1), as: UTF8.self)
    let rest = String(decoding: digits.dropFirst(), as: UTF8.self)
    let number = String(abs(exponent))
    let padding = String(repeating: "0", count: max(0, minimumExponentDigits - number.count))
    let point = rest.isEmpty ? "" : ".\(rest)"
    return "\(sign)\(first)\(point)e\(exponent < 0 ? "-" : "+")\(padding)\(number)"
  }
}
