/// The fields of the API's objects and their types, as Go names them.
///
/// Written as text, one paragraph a type: its name, then lines of `type: field field …`. A type
/// that is not in the text is `any`: taken as it comes.
struct Schema: Sendable {
  indirect enum FieldType: Sendable {
    case string, bool, int32, int64, intOrString, quantity, time, any
    case array(FieldType)
    case map(FieldType)
    case object(String)
  }

  struct Struct: Sendable {
    var name: String
    var fields: [String: FieldType] = [:]
    /// Sorted, for suggestions.
    var names: [String] = []
  }

  private(set) var structs: [String: Struct] = [:]

  init(_ texts: [String]) {
    for text in texts {
      var current = Struct(name: "")
      for line in text.split(separator: "\n") {
        if line.first != " " {
          add(current)
          current = Struct(name: String(line))
          continue
        }
        let halves = line.split(separator: ":", maxSplits: 1)
        guard halves.count == 2 else { preconditionFailure("schema line without a type: \(line)") }
        let type = Self.type(halves[0].drop { $0 == " " })
        for name in halves[1].split(separator: " ") { current.fields[String(name)] = type }
      }
      add(current)
    }
  }

  private mutating func add(_ added: Struct) {
    guard !added.name.isEmpty else { return }
    var added = added
    added.names = added.fields.keys.sorted()
    structs[added.name] = added
  }

  private static func type(_ text: Substring) -> FieldType {
    if text.hasPrefix("[]") { return .array(type(text.dropFirst(2))) }
    if text.hasPrefix("map[string]") { return .map(type(text.dropFirst(11))) }
    switch text {
    case "string": return .string
    case "bool": return .bool
    case "int32": return .int32
    case "int64": return .int64
    case "IntOrString": return .intOrString
    case "Quantity": return .quantity
    case "Time": return .time
    case "any": return .any
    default: return .object(String(text))
    }
  }
}

extension Schema.FieldType {
  /// As Go spells the type in its error texts.
  var goName: String {
    switch self {
    case .string: "string"
    case .bool: "bool"
    case .int32: "int32"
    case .int64: "int64"
    case .intOrString: "intstr.IntOrString"
    case .quantity: "resource.Quantity"
    case .time: "v1.Time"
    case .any: "interface {}"
    case .array(let element): "[]\(element.goName)"
    case .map(let element): "map[string]\(element.goName)"
    case .object(let name): "v1.\(name)"
    }
  }

  /// In plain words, for suggestions.
  var plainName: String {
    switch self {
    case .string, .time: "a text"
    case .bool: "true or false"
    case .int32, .int64: "a whole number"
    case .intOrString: "a whole number or a text"
    case .quantity: "an amount such as 100m or 64Mi"
    case .any: "a value"
    case .array: "a list, each entry after '- '"
    case .map, .object: "fields as 'key: value'"
    }
  }
}
