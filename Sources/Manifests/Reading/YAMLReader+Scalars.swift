import ClusterModel

extension YAMLReader {
  /// The value of a scalar: its tag decides, else its style and text.
  static func value(
    of text: String, isPlain: Bool, tag: String?, at place: Place
  ) throws(ReadingError) -> Value {
    let value = isPlain || tag != nil ? YAMLScalars.resolve(text) : .string(text)
    switch tag {
    case nil where !isPlain: return .string(text)
    case nil, "!": return try tag == nil ? finite(value, text, at: place) : .string(text)
    case "tag:yaml.org,2002:int":
      if case .integer = value { return value }
    case "tag:yaml.org,2002:float":
      if case .integer = value { return value }
      if case .double = value { return try finite(value, text, at: place) }
    case "tag:yaml.org,2002:bool":
      if case .bool = value { return value }
    case "tag:yaml.org,2002:null":
      if case .null = value { return .null }
    default: return .string(text)
    }
    let name = tag?.split(separator: ":").last.map(String.init) ?? ""
    throw ReadingError(
      place, "cannot decode !!\(name) value '\(text)'", "remove the tag, or write such a value")
  }

  /// JSON, and so the API, has no infinities.
  private static func finite(_ value: Value, _ text: String, at place: Place) throws(ReadingError)
    -> Value
  {
    guard case .double(let number) = value, !number.isFinite else { return value }
    throw ReadingError(
      place, "unsupported value: \(text)", "quote it if it is a text; numbers must be finite")
  }

  /// The name that a key gives: a scalar's, in JSON's spelling.
  static func name(of key: Document) throws(ReadingError) -> String {
    let name: String
    switch key.value {
    case .string(let text): name = text
    case .integer(let number): name = "\(number)"
    case .bool(let flag): name = flag ? "true" : "false"
    case .double(let number): name = JSONWriter.text(of: number)
    case .null, .array, .object:
      throw ReadingError(
        key.places.place, "unsupported map key of type \(key.value.typeName)",
        "keys are texts: quote it, or check for a missing space after a colon")
    }
    if name.hasUnfitKeyCharacters {
      throw ReadingError(
        key.places.place, "control characters in the key \"\(name)\"", "remove them")
    }
    return name
  }

  /// The mappings that the value of a `<<` key brings in.
  static func merged(_ node: Document) throws(ReadingError) -> [Document] {
    switch node.value {
    case .object: return [node]
    case .array(let items):
      var mappings: [Document] = []
      for (index, item) in items.enumerated() {
        guard case .object = item else { throw ReadingError.badMerge(at: node.places.place) }
        mappings.append(Document(value: item, places: node.places.child(index)))
      }
      return mappings
    default: throw ReadingError.badMerge(at: node.places.place)
    }
  }
}

extension ReadingError {
  fileprivate static func badMerge(at place: Place) -> ReadingError {
    ReadingError(
      place, "map merge requires map or sequence of maps as the value",
      "write '<<: *NAME' with the anchor of a mapping")
  }

  static func duplicate(_ duplicate: FieldCollector.Duplicate) -> ReadingError {
    ReadingError(
      duplicate.second, "key \"\(duplicate.name)\" already set in map at \(duplicate.first)",
      "keep one of the two")
  }
}
