import ClusterModel

/// Collects what the API server would refuse while an object is decoded.
final class FieldErrors {
  private(set) var all: [(path: FieldPath, detail: String)] = []

  func add(_ path: FieldPath, _ detail: String) {
    if all.count < ReadingLimits.diagnostics { all.append((path, detail)) }
  }

  /// The API server's words for a text that is none of the allowed ones.
  func unsupported(_ path: FieldPath, _ text: String, supported: [String]) {
    let allowed = supported.sorted().map(\.quoted).joined(separator: ", ")
    add(path, "Unsupported value: \(text.quoted): supported values: \(allowed)")
  }
}

/// Takes fields out of an object one by one; what is left over is kept as it is.
///
/// It reads what the schema has checked, so a field is absent or of its right type.
struct FieldReader {
  /// The fields not taken yet.
  private(set) var rest: Fields
  let path: FieldPath
  let errors: FieldErrors

  init(_ fields: Fields, path: FieldPath = .root, errors: FieldErrors) {
    rest = fields
    self.path = path
    self.errors = errors
  }

  mutating func take(_ name: String) -> Value? {
    guard let value = rest[name] else { return nil }
    rest[name] = nil
    return value
  }

  func has(_ name: String) -> Bool { rest[name] != nil }

  mutating func optionalText(_ name: String) -> String? { take(name)?.string }
  mutating func text(_ name: String) -> String { take(name)?.string ?? "" }

  mutating func optionalInteger(_ name: String) -> Int? {
    take(name)?.integer.map { Int(clamping: $0) }
  }
  mutating func integer(_ name: String, default absent: Int = 0) -> Int {
    optionalInteger(name) ?? absent
  }

  mutating func optionalFlag(_ name: String) -> Bool? { take(name)?.bool }
  mutating func flag(_ name: String) -> Bool { take(name)?.bool ?? false }

  mutating func time(_ name: String) -> Timestamp? { take(name)?.string.flatMap { Timestamp($0) } }

  mutating func texts(_ name: String) -> [String] {
    (take(name)?.array ?? []).compactMap(\.string)
  }

  mutating func labels(_ name: String) -> Labels { optionalLabels(name) ?? Labels() }

  mutating func optionalLabels(_ name: String) -> Labels? {
    take(name)?.fields.map { fields in
      Labels(fields.all.map { ($0.name, $0.value.string ?? "") })
    }
  }

  mutating func resources(_ name: String) -> ResourceList {
    let fields = take(name)?.fields ?? Fields()
    return ResourceList(
      fields.all.compactMap { field in
        guard let quantity = field.value.string.flatMap({ Quantity($0) }) else { return nil }
        return ResourceList.Entry(name: field.name, quantity: quantity)
      })
  }

  mutating func intOrString(_ name: String) -> IntOrString? {
    switch take(name) {
    case .integer(let number): .integer(Int(clamping: number))
    case .string(let text): .string(text)
    default: nil
    }
  }

  /// A reader for the object in the field; an empty one when the field is absent.
  mutating func object(_ name: String) -> FieldReader {
    FieldReader(take(name)?.fields ?? Fields(), path: path[name], errors: errors)
  }

  /// A reader for each object of the list in the field.
  mutating func objects(_ name: String) -> [FieldReader] {
    (take(name)?.array ?? []).enumerated().map { index, item in
      FieldReader(item.fields ?? Fields(), path: path[name][index], errors: errors)
    }
  }

  /// One of an enumeration's texts; reports others and gives nil.
  mutating func choice<Choice: RawRepresentable<String>>(
    _ name: String, of supported: [Choice]
  ) -> Choice? {
    guard let text = take(name)?.string, !text.isEmpty else { return nil }
    if let choice = Choice(rawValue: text), supported.contains(where: { $0.rawValue == text }) {
      return choice
    }
    errors.unsupported(path[name], text, supported: supported.map(\.rawValue))
    return nil
  }

  mutating func transport(_ name: String = "protocol") -> TransportProtocol {
    guard let text = take(name)?.string, !text.isEmpty else { return .tcp }
    if let transport = TransportProtocol(name: text) { return transport }
    errors.unsupported(path[name], text, supported: ["SCTP", "TCP", "UDP"])
    return .tcp
  }

  /// An address; reports a text that is none.
  mutating func address(_ name: String) -> IPAddress? {
    guard let text = take(name)?.string, !text.isEmpty else { return nil }
    return Self.address(text, path[name], errors)
  }

  static func address(_ text: String, _ path: FieldPath, _ errors: FieldErrors) -> IPAddress? {
    if let address = IPAddress(text) { return address }
    errors.add(
      path,
      "Invalid value: \(text.quoted): must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
    )
    return nil
  }
}

extension String {
  /// In double quotes, as Go's `%q` writes a text.
  var quoted: String {
    var text = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"", "\\": text += "\\\(scalar)"
      case "\n": text += "\\n"
      case "\t": text += "\\t"
      case "\r": text += "\\r"
      default: text += scalar.isControl ? String(scalar).escapedForTerminal() : String(scalar)
      }
    }
    return text + "\""
  }
}
