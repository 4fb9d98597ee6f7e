import ClusterModel

/// Builds an object's fields, leaving out what Go's `omitempty` leaves out.
struct FieldWriter {
  private(set) var fields = Fields()

  /// Sets the field whatever the value.
  mutating func always(_ name: String, _ value: Value) { fields[name] = value }

  mutating func set(_ name: String, _ value: Value?) {
    if let value { fields[name] = value }
  }
  mutating func set(_ name: String, _ text: String) {
    if !text.isEmpty { fields[name] = .string(text) }
  }
  mutating func set(_ name: String, pointer text: String?) {
    if let text { fields[name] = .string(text) }
  }
  mutating func set(_ name: String, _ number: Int) {
    if number != 0 { fields[name] = .integer(Int64(number)) }
  }
  mutating func set(_ name: String, pointer number: Int?) {
    if let number { fields[name] = .integer(Int64(number)) }
  }
  mutating func set(_ name: String, _ flag: Bool) {
    if flag { fields[name] = .bool(true) }
  }
  mutating func set(_ name: String, pointer flag: Bool?) {
    if let flag { fields[name] = .bool(flag) }
  }
  mutating func set(_ name: String, _ time: Timestamp?) {
    if let time { fields[name] = .string(time.description) }
  }
  mutating func set(_ name: String, _ texts: [String]) {
    if !texts.isEmpty { fields[name] = .array(texts.map { .string($0) }) }
  }
  mutating func set(_ name: String, _ items: [Fields]) {
    if !items.isEmpty { fields[name] = .array(items.map { .object($0) }) }
  }
  mutating func set(_ name: String, _ labels: Labels) {
    if !labels.isEmpty { fields[name] = labels.asValue }
  }
  mutating func set(_ name: String, _ resources: ResourceList) {
    if !resources.isEmpty { fields[name] = resources.asValue }
  }
  mutating func set(_ name: String, _ object: Fields) {
    if !object.isEmpty { fields[name] = .object(object) }
  }

  /// A time that Go prints as null when there is none.
  mutating func always(_ name: String, _ time: Timestamp?) {
    fields[name] = time.map { .string($0.description) } ?? .null
  }

  /// Puts the kept fields in; where both have an object, its parts are joined.
  mutating func add(_ other: Fields) {
    for field in other.all {
      if case .object(let mine) = fields[field.name], case .object(let kept) = field.value {
        var joined = FieldWriter()
        joined.fields = mine
        joined.add(kept)
        fields[field.name] = .object(joined.fields)
      } else if fields[field.name] == nil || fields[field.name] == .null {
        fields[field.name] = field.value
      }
    }
  }
}

extension Labels {
  var asValue: ClusterModel.Value { .object(Fields(pairs.map { ($0.key, .string($0.value)) })) }
}

extension ResourceList {
  var asValue: Value { .object(Fields(entries.map { ($0.name, .string($0.quantity.text)) })) }
}

extension IntOrString {
  var asValue: Value {
    switch self {
    case .integer(let number): .integer(Int64(number))
    case .string(let text): .string(text)
    }
  }
}
