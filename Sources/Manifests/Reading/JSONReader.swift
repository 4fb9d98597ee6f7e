import ClusterModel

/// Reads a stream of JSON values, tabs and all, noting where their parts stand.
struct JSONReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0
  /// The place of the byte at `placedPosition`, carried along so that a long line costs no rescan.
  private var placed: Place
  private var placedPosition = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>, lineOffset: Int = 0) {
    self.bytes = bytes
    placed = Place(line: lineOffset + 1, column: 1)
  }

  /// The next value of the stream; nil at its end.
  mutating func next() throws(ReadingError) -> Document? {
    skipSpace()
    return position < bytes.count ? try value(depth: 0) : nil
  }

  private mutating func value(depth: Int) throws(ReadingError) -> Document {
    skipSpace()
    let place = place()
    guard position < bytes.count else { throw unexpectedEnd() }
    switch bytes[position] {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard depth < ReadingLimits.depth else { throw ReadingError.tooDeep(at: place) }
      return bytes[position] == UInt8(ascii: "{")
        ? try object(depth: depth + 1, at: place) : try array(depth: depth + 1, at: place)
    case UInt8(ascii: "\""):
      return Document(value: .string(try string()), places: PlaceTree(place))
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      return Document(value: try number(), places: PlaceTree(place))
    default: return Document(value: try word(), places: PlaceTree(place))
    }
  }

  private mutating func object(depth: Int, at place: Place) throws(ReadingError) -> Document {
    var fields = FieldCollector()
    position += 1
    skipSpace()
    if take(UInt8(ascii: "}")) {
      return Document(value: .object(Fields()), places: PlaceTree(place))
    }
    while true {
      skipSpace()
      let keyPlace = self.place()
      guard position < bytes.count else { throw unexpectedEnd() }
      guard bytes[position] == UInt8(ascii: "\"") else {
        throw unexpected("looking for beginning of object key string", "put keys in double quotes")
      }
      let name = try string()
      if name.hasUnfitKeyCharacters {
        throw ReadingError(keyPlace, "control characters in the key \"\(name)\"", "remove them")
      }
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw unexpected("after object key", "write a colon") }
      var member = try value(depth: depth)
      member.places.keyPlace = keyPlace
      fields.append(name, member.value, member.places)
      skipSpace()
      if take(UInt8(ascii: "}")) { break }
      guard take(UInt8(ascii: ",")) else {
        throw unexpected("after object key:value pair", "put a comma between the fields")
      }
    }
    let (value, places, duplicate) = fields.finished(at: place)
    if let duplicate { throw ReadingError.duplicate(duplicate) }
    return Document(value: value, places: places)
  }

  private mutating func array(depth: Int, at place: Place) throws(ReadingError) -> Document {
    var items: [Value] = []
    var places = PlaceTree(place)
    position += 1
    skipSpace()
    if take(UInt8(ascii: "]")) { return Document(value: .array([]), places: places) }
    while true {
      let item = try value(depth: depth)
      items.append(item.value)
      places.children.append(item.places)
      skipSpace()
      if take(UInt8(ascii: "]")) { break }
      guard take(UInt8(ascii: ",")) else {
        throw unexpected("after array element", "put a comma between the elements")
      }
    }
    return Document(value: .array(items), places: places)
  }

  private mutating func word() throws(ReadingError) -> Value {
    for (text, value) in [("true", Value.bool(true)), ("false", .bool(false)), ("null", .null)]
    where bytes[position...].starts(with: text.utf8) {
      position += text.utf8.count
      return value
    }
    throw unexpected("looking for beginning of value", "put texts in double quotes")
  }

  private mutating func number() throws(ReadingError) -> Value {
    let start = position
    while position < bytes.count, Self.isNumberByte(bytes[position]) { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    let digits = text.utf8.drop { $0 == 45 }
    let isPlausible = digits.first.map { (48...57).contains($0) } ?? false
    if isPlausible, digits.count == 1 || !digits.starts(with: "0".utf8) || text.contains(".") {
      if let integer = Int64(text) { return .integer(integer) }
    }
    guard isPlausible, let double = Double(text), double.isFinite else {
      position = start
      throw unexpected("in numeric literal", "write a number as 1, -2.5 or 1e3")
    }
    return YAMLScalars.normalized(double)
  }

  private static func isNumberByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, 43, 45, 46, 69, 101: true
    default: false
    }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 32, 9, 10, 13: position += 1
      default: return
      }
    }
  }
}

// MARK: - Strings

extension JSONReader {
  private mutating func string() throws(ReadingError) -> String {
    let start = position + 1
    position = start
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        defer { position += 1 }
        return try text(bytes[start..<position])
      case UInt8(ascii: "\\"): return try escapedString(from: start)
      case 0..<32: throw unexpected("in string literal", "write \\n for a new line, \\t for a tab")
      default: position += 1
      }
    }
    throw unexpectedEnd()
  }

  /// Reads on from the first backslash.
  private mutating func escapedString(from start: Int) throws(ReadingError) -> String {
    var contents = Array(bytes[start..<position])
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return try text(contents[...])
      case UInt8(ascii: "\\"): contents += Array(String(try escape()).utf8)
      case 0..<32:
        position -= 1
        throw unexpected("in string literal", "write \\n for a new line, \\t for a tab")
      default: contents.append(byte)
      }
    }
    throw unexpectedEnd()
  }

  private func text(_ contents: some Collection<UInt8>) throws(ReadingError) -> String {
    guard let text = String(validating: contents, as: UTF8.self) else {
      throw ReadingError(placed, "invalid UTF-8 in a string", "save the file as UTF-8")
    }
    return text
  }

  private mutating func escape() throws(ReadingError) -> Unicode.Scalar {
    guard position < bytes.count else { throw unexpectedEnd() }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape()
    default:
      position -= 1
      throw unexpected("in string escape code", "write the backslash twice")
    }
  }

  /// The four digits after `\u`, and the second half of a surrogate pair; a lone half becomes U+FFFD.
  private mutating func unicodeEscape() throws(ReadingError) -> Unicode.Scalar {
    let first = try hexDigits()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard (0xD800..<0xDC00).contains(first), bytes[position...].starts(with: "\\u".utf8) else {
      return "\u{FFFD}"
    }
    let before = position
    position += 2
    let second = try hexDigits()
    guard (0xDC00..<0xE000).contains(second) else {
      position = before
      return "\u{FFFD}"
    }
    return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
  }

  private mutating func hexDigits() throws(ReadingError) -> UInt32 {
    guard position + 4 <= bytes.count else { throw unexpectedEnd() }
    let digits = bytes[position..<(position + 4)]
    guard digits.first != 43, digits.first != 45,
      let number = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw unexpected("in \\u hexadecimal character escape", "write four hex digits") }
    position += 4
    return number
  }
}

// MARK: - Places and problems

extension JSONReader {
  /// The place of the next byte.
  private mutating func place() -> Place {
    while placedPosition < min(position, bytes.count) {
      if bytes[placedPosition] == 10 {
        placed = Place(line: placed.line + 1, column: 1)
      } else if bytes[placedPosition] & 0xC0 != 0x80 {
        placed.column += 1
      }
      placedPosition += 1
    }
    return placed
  }

  private mutating func unexpectedEnd() -> ReadingError {
    position = bytes.count
    return ReadingError(
      place(), "unexpected end of JSON input", "close the quotes and brackets that are open")
  }

  /// Go's words for a byte that does not fit.
  private mutating func unexpected(_ context: String, _ suggestion: String) -> ReadingError {
    guard position < bytes.count else { return unexpectedEnd() }
    let scalar = String(decoding: bytes[position...].prefix(4), as: UTF8.self).unicodeScalars.first
    let character = scalar.map { String($0) } ?? ""
    return ReadingError(place(), "invalid character '\(character)' \(context)", suggestion)
  }
}
