import ClusterModel
import Spelling

/// Checks a value against the schema as the API server's strict decoding does.
///
/// Fields that the API does not know are warned about and left out; a value of a wrong type is an
/// error. What remains fits the types, so that decoding it needs no further checks of shape.
struct SchemaChecker {
  let schema: Schema
  let file: String
  private(set) var diagnostics: [Diagnostic] = []

  init(schema: Schema, file: String) {
    self.schema = schema
    self.file = file
  }

  /// `value` without what does not belong there.
  ///
  /// - Parameter isOpen: Whether the object itself may have fields that the schema does not name.
  mutating func checked(
    _ value: Value, as name: String, _ places: PlaceTree, isOpen: Bool = false
  ) -> Fields {
    guard case .object(let fields) = value else { return Fields() }
    return object(fields, name, places, .root, isOpen: isOpen)
  }

  private mutating func object(
    _ fields: Fields, _ name: String, _ places: PlaceTree, _ path: FieldPath,
    isOpen: Bool = false
  ) -> Fields {
    guard let type = schema.structs[name] else { return fields }
    var kept = fields
    for (index, field) in fields.all.enumerated() {
      let place = places.child(index)
      guard let fieldType = type.fields[field.name] else {
        if isOpen { continue }
        warn(unknown: path[field.name], field.name, in: type, at: place.keyPlace)
        kept[field.name] = nil
        continue
      }
      let owner = Owner(name: name, type: fieldType, path: path[field.name])
      let value = checked(field.value, fieldType, place, path[field.name], owner)
      if value != field.value { kept[field.name] = value }
    }
    return kept
  }

  /// The struct field that Go would name for a fault.
  private struct Owner {
    var name: String
    var type: Schema.FieldType
    var path: FieldPath
  }

  /// The value, cleaned; nil for null and for what is of a wrong type.
  private mutating func checked(
    _ value: Value, _ type: Schema.FieldType, _ places: PlaceTree, _ path: FieldPath, _ owner: Owner
  ) -> Value? {
    switch (type, value) {
    case (_, .null): return nil
    case (.any, _), (.string, .string), (.bool, .bool), (.int64, .integer),
      (.intOrString, .string), (.intOrString, .integer):
      return value
    case (.int32, .integer(let number)) where Int32(exactly: number) != nil: return value
    case (.quantity, .string), (.quantity, .integer), (.quantity, .double):
      return quantity(value, places)
    case (.time, .string(let text)):
      if Timestamp(text) == nil { report(badTime: text, at: places.place) }
      return value
    case (.array(let element), .array(let items)):
      return array(items, element, places, path, owner)
    case (.map(let element), .object(let fields)):
      return map(fields, element, places, path, owner)
    case (.object(let name), .object(let fields)):
      return .object(object(fields, name, places, path))
    default:
      report(value, type, owner, at: places.place)
      return nil
    }
  }

  private mutating func array(
    _ items: [Value], _ element: Schema.FieldType, _ places: PlaceTree, _ path: FieldPath,
    _ owner: Owner
  ) -> Value {
    if case .any = element { return .array(items) }
    return .array(
      items.enumerated().map { index, item in
        checked(item, element, places.child(index), path[index], owner) ?? zero(of: element)
      })
  }

  private mutating func map(
    _ fields: Fields, _ element: Schema.FieldType, _ places: PlaceTree, _ path: FieldPath,
    _ owner: Owner
  ) -> Value {
    var kept = fields
    for (index, field) in fields.all.enumerated() {
      let value = checked(field.value, element, places.child(index), path[field.name], owner)
      if value != field.value { kept[field.name] = value ?? zero(of: element) }
    }
    return .object(kept)
  }

  /// What Go leaves where null stood in a list or map.
  private func zero(of type: Schema.FieldType) -> Value {
    switch type {
    case .string, .time: .string("")
    case .bool: .bool(false)
    case .int32, .int64, .intOrString: .integer(0)
    case .quantity: .string("0")
    case .any: .null
    case .array: .array([])
    case .map, .object: .object(Fields())
    }
  }

  /// A quantity as text; numbers are amounts, too.
  private mutating func quantity(_ value: Value, _ places: PlaceTree) -> Value {
    let text: String
    switch value {
    case .string(let written): text = written
    case .integer(let number): text = "\(number)"
    case .double(let number): text = JSONWriter.text(of: number)
    default: return value
    }
    if Quantity(text) == nil {
      add(
        .error, at: places.place,
        "quantities must match the regular expression "
          + "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$': \"\(text)\"",
        "write an amount such as 100m, 0.5, 64Mi or 2G")
    }
    return .string(text)
  }
}

// MARK: - Reports

extension SchemaChecker {
  private mutating func warn(
    unknown path: FieldPath, _ name: String, in type: Schema.Struct, at place: Place
  ) {
    let nearest = NearestName.of(name, in: type.names)
    add(
      .warning, at: place, "unknown field \"\(path.text)\"",
      nearest.map { "did you mean \"\($0)\"? It is ignored" } ?? "it is ignored")
  }

  private mutating func report(badTime text: String, at place: Place) {
    add(
      .error, at: place,
      "parsing time \"\(text)\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"\(text)\"",
      "write a time as 2026-01-01T00:00:00Z")
  }

  /// In the words of Go's decoder, which the API server passes on.
  private mutating func report(
    _ value: Value, _ type: Schema.FieldType, _ owner: Owner, at place: Place
  ) {
    add(
      .error, at: place,
      "json: cannot unmarshal \(Self.goName(of: value)) into Go struct field "
        + "\(owner.name).\(owner.path.textWithoutIndices) of type \(type.goName)",
      "write \(type.plainName)\(Self.hint(value, type))")
  }

  private static func goName(of value: Value) -> String {
    switch value {
    case .null: "null"
    case .bool: "bool"
    case .integer(let number): Int32(exactly: number) == nil ? "number \(number)" : "number"
    case .double(let number): "number \(JSONWriter.text(of: number))"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }

  private static func hint(_ value: Value, _ type: Schema.FieldType) -> String {
    switch (type, value) {
    case (.string, .integer(let number)): ": \"\(number)\" in quotes"
    case (.string, .bool), (.string, .double): ": put it in quotes"
    case (.int32, .string(let text)) where Int32(text) != nil: ": \(text) without quotes"
    case (.int32, .integer): " between -2147483648 and 2147483647"
    case (.bool, .string(let text)) where text == "true" || text == "false":
      ", without quotes"
    default: ""
    }
  }

  private mutating func add(
    _ severity: Diagnostic.Severity, at place: Place, _ message: String, _ suggestion: String
  ) {
    guard diagnostics.count < ReadingLimits.diagnostics else { return }
    diagnostics.append(
      Diagnostic(
        file: file, place: place, severity: severity, message: message, suggestion: suggestion))
  }
}
