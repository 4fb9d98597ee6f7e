import ClusterModel

/// Writes values as YAML in the form of `kubectl get -o yaml` (sigs.k8s.io/yaml over goyaml.v2).
public struct YAMLWriter {
  private var text = ""
  /// Scalars in the line being written.
  private var column = 0

  /// One document, with a new line at its end.
  public static func text(_ value: Value) -> String {
    var writer = YAMLWriter()
    writer.write(value, indent: 0)
    return writer.text
  }

  /// Writes a value whose first line stands at the current column.
  private mutating func write(_ value: Value, indent: Int) {
    switch value {
    case .object(let fields) where !fields.isEmpty: mapping(fields, indent: indent)
    case .array(let items) where !items.isEmpty: sequence(items, indent: indent)
    default:
      scalar(value, indent: indent)
      newLine()
    }
  }

  /// Fields in lines of their own, the first one where the line already stands.
  private mutating func mapping(_ fields: Fields, indent: Int) {
    for (index, field) in YAMLKeyOrder.sorted(fields).enumerated() {
      if index > 0 { put(String(repeating: " ", count: indent)) }
      let isSimple = key(field.name, indent: indent)
      switch field.value {
      case .object(let inner) where !inner.isEmpty && isSimple:
        continueLine(indent: indent + 2)
        mapping(inner, indent: indent + 2)
      case .array(let items) where !items.isEmpty && isSimple:
        continueLine(indent: indent)
        sequence(items, indent: indent)
      default:
        put(" ")
        write(field.value, indent: indent + 2)
      }
    }
  }

  private mutating func sequence(_ items: [Value], indent: Int) {
    for (index, item) in items.enumerated() {
      if index > 0 { put(String(repeating: " ", count: indent)) }
      put("- ")
      write(item, indent: indent + 2)
    }
  }

  /// A key and its colon; false for what is too long and gets the `?` form.
  private mutating func key(_ name: String, indent: Int) -> Bool {
    guard name.unicodeScalars.contains("\n") || name.utf8.count > 128 else {
      // A plain `<<` would bring its value's fields in.
      scalarText(name, name == "<<" ? .doubleQuoted : .of(name), indent: indent, folds: false)
      put(":")
      return true
    }
    put("? ")
    scalarText(name, .of(name), indent: indent + 2)
    continueLine(indent: indent)
    put(":")
    return false
  }

  private mutating func scalar(_ value: Value, indent: Int) {
    switch value {
    case .null: put("null")
    case .bool(let flag): put(flag ? "true" : "false")
    case .integer(let number): put("\(number)")
    case .double(let number): put(Self.text(of: number))
    case .string(let string): scalarText(string, .of(string), indent: indent)
    case .array: put("[]")
    case .object: put("{}")
    }
  }

  /// A number as it comes back from its JSON text: whole when it fits, else Go's `%g`.
  private static func text(of number: Double) -> String {
    let json = JSONWriter.text(of: number)
    if UInt64(json) != nil || Int64(json) != nil { return json }
    let decimal = DecimalNumber(number)
    let exponent = decimal.pointPosition - 1
    if exponent < -4 || exponent >= 6 {
      return decimal.exponential(minimumExponentDigits: 2)
    }
    return decimal.plain
  }

  private mutating func put(_ piece: String) {
    text += piece
    column += piece.utf8.count
  }

  private mutating func newLine() {
    text += "\n"
    column = 0
  }
}

// MARK: - Scalars

extension YAMLWriter {
  /// Lines are folded at a space once they are longer.
  private static let width = 80

  private mutating func scalarText(
    _ string: String, _ style: YAMLScalarStyle, indent: Int, folds: Bool = true
  ) {
    switch style {
    case .plain: flow(string, quote: nil, indent: indent, folds: folds)
    case .singleQuoted: flow(string, quote: "'", indent: indent, folds: folds)
    case .doubleQuoted: doubleQuoted(string, indent: indent, folds: folds)
    case .literal: literal(string, indent: indent)
    }
  }

  /// Plain and single-quoted text.
  private mutating func flow(_ string: String, quote: Unicode.Scalar?, indent: Int, folds: Bool) {
    let scalars = Array(string.unicodeScalars)
    if let quote { put(quote) }
    for (index, scalar) in scalars.enumerated() {
      let isInside = index > 0 && index < scalars.count - 1
      if scalar == " ", folds, isInside, column > Self.width, scalars[index - 1] != " ",
        scalars[index + 1] != " "
      {
        continueLine(indent: indent)
      } else {
        put(scalar)
        if scalar == quote { put(scalar) }
      }
    }
    if let quote { put(quote) }
  }

  private mutating func doubleQuoted(_ string: String, indent: Int, folds: Bool) {
    let scalars = Array(string.unicodeScalars)
    put("\"")
    for (index, scalar) in scalars.enumerated() {
      if let escaped = Self.escape(scalar) {
        put(escaped)
      } else if scalar == " ", folds, column > Self.width, index > 0, index < scalars.count - 1,
        scalars[index - 1] != " "
      {
        continueLine(indent: indent)
        if scalars[index + 1] == " " { put("\\") }
      } else {
        put(scalar)
      }
    }
    put("\"")
  }

  private mutating func continueLine(indent: Int) {
    newLine()
    put(String(repeating: " ", count: indent))
  }

  private mutating func put(_ scalar: Unicode.Scalar) {
    text.unicodeScalars.append(scalar)
    column += 1
  }

  private mutating func literal(_ string: String, indent: Int) {
    let indent = max(indent, 2)
    put("|")
    if string.first == " " || string.unicodeScalars.first == "\n" { put("2") }
    let lines = string.unicodeScalars.split(
      separator: "\n", omittingEmptySubsequences: false)
    let isTerminated = string.unicodeScalars.last == "\n"
    if !isTerminated {
      put("-")
    } else if lines.dropLast().last?.isEmpty ?? true {
      put("+")
    }
    for line in isTerminated ? lines.dropLast() : lines[...] {
      newLine()
      if !line.isEmpty { put(String(repeating: " ", count: indent) + String(line)) }
    }
  }

  /// libyaml's escapes; nil for what may stand as it is.
  private static func escape(_ scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "\0": return "\\0"
    case "\u{7}": return "\\a"
    case "\u{8}": return "\\b"
    case "\t": return "\\t"
    case "\n": return "\\n"
    case "\u{b}": return "\\v"
    case "\u{c}": return "\\f"
    case "\r": return "\\r"
    case "\u{1b}": return "\\e"
    case "\"": return "\\\""
    case "\\": return "\\\\"
    case "\u{85}": return "\\N"
    case "\u{a0}": return "\\_"
    case "\u{2028}": return "\\L"
    case "\u{2029}": return "\\P"
    default: break
    }
    if YAMLScalarStyle.isPrintable(scalar) { return nil }
    let hex = String(scalar.value, radix: 16, uppercase: true)
    let (letter, width) =
      scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
    return "\\\(letter)\(String(repeating: "0", count: width - hex.count))\(hex)"
  }
}
