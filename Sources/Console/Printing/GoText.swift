import ClusterModel
import Manifests

/// Values as Go's `fmt` prints them: `%v`, and `%#v` in debugging output.
enum GoText {
  /// `map[a:1 b:[x y]]`.
  static func plain(_ value: Value) -> String {
    switch value {
    case .null: "<nil>"
    case .bool(let flag): flag ? "true" : "false"
    case .integer(let number): "\(number)"
    case .double: JSONWriter.compactText(value)
    case .string(let text): text
    case .array(let items): "[" + items.map(plain).joined(separator: " ") + "]"
    case .object(let fields):
      "map[" + fields.all.map { "\($0.name):\(plain($0.value))" }.joined(separator: " ") + "]"
    }
  }

  /// `map[string]interface {}{"a":1, "b":[]interface {}{"x", "y"}}`.
  static func debug(_ value: Value) -> String {
    switch value {
    case .null: "interface {}(nil)"
    case .bool, .integer, .double: plain(value)
    case .string(let text): text.goQuoted
    case .array(let items):
      "[]interface {}{" + items.map(debug).joined(separator: ", ") + "}"
    case .object(let fields):
      "map[string]interface {}{"
        + fields.all.map { "\($0.name.goQuoted):\(debug($0.value))" }.joined(separator: ", ") + "}"
    }
  }

  /// The Go type of a value of decoded JSON.
  static func typeName(_ value: Value) -> String {
    switch value {
    case .null: "interface {}"
    case .bool: "bool"
    case .integer: "int64"
    case .double: "float64"
    case .string: "string"
    case .array: "[]interface {}"
    case .object: "map[string]interface {}"
    }
  }
}
