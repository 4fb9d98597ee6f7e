import ClusterModel

/// RFC 6902: a list of operations on places.
enum JSONPatch {
  struct Problem: Error {
    var message: String
  }

  static func apply(_ patch: Value, to target: Value) throws(Problem) -> Value {
    guard let operations = patch.array else {
      throw Problem(message: "a JSON patch is a list of operations")
    }
    var result = target
    for operation in operations { result = try apply(one: operation, to: result) }
    return result
  }

  private static func apply(one operation: Value, to target: Value) throws(Problem) -> Value {
    guard let name = operation["op"]?.string, let text = operation["path"]?.string else {
      throw Problem(message: "an operation of a JSON patch needs `op` and `path`")
    }
    let path = try tokens(text)
    switch name {
    case "add": return try add(need("value", of: operation), at: path[...], in: target, text)
    case "replace":
      let removed = try remove(path[...], from: target, text)
      return try add(need("value", of: operation), at: path[...], in: removed, text)
    case "remove": return try remove(path[...], from: target, text)
    case "test":
      guard get(path[...], in: target) == (try need("value", of: operation)) else {
        throw Problem(message: "testing value \(text) failed: test failed")
      }
      return target
    case "copy", "move":
      let source = try tokens(operation["from"]?.string ?? "")
      guard let value = get(source[...], in: target) else { throw missing(name, text) }
      let rest = name == "move" ? try remove(source[...], from: target, text) : target
      return try add(value, at: path[...], in: rest, text)
    default: throw Problem(message: "Unexpected kind: \(name.printable)")
    }
  }

  private static func need(_ field: String, of operation: Value) throws(Problem) -> Value {
    guard let value = operation[field] else {
      throw Problem(message: "an operation of a JSON patch lacks `\(field)`")
    }
    return value
  }

  private static func missing(_ name: String, _ path: String) -> Problem {
    Problem(
      message: "\(name) operation does not apply: doc is missing path: \(path.printable): "
        + "missing value")
  }

  /// RFC 6901.
  private static func tokens(_ path: String) throws(Problem) -> [String] {
    if path.isEmpty { return [] }
    guard path.first == "/" else {
      throw Problem(message: "a path of a JSON patch begins with /: \(path.printable)")
    }
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    return parts.map { part in
      var token = ""
      var rest = part[...]
      while let character = rest.popFirst() {
        if character == "~", let code = rest.first, code == "0" || code == "1" {
          rest.removeFirst()
          token.append(code == "0" ? "~" : "/")
        } else {
          token.append(character)
        }
      }
      return token
    }
  }

  private static func get(_ path: ArraySlice<String>, in value: Value) -> Value? {
    guard let first = path.first else { return value }
    if let items = value.array {
      guard let index = Int(first), items.indices.contains(index) else { return nil }
      return get(path.dropFirst(), in: items[index])
    }
    return value[first].flatMap { get(path.dropFirst(), in: $0) }
  }

  private static func add(
    _ new: Value, at path: ArraySlice<String>, in value: Value, _ text: String
  ) throws(Problem) -> Value {
    guard let first = path.first else { return new }
    let rest = path.dropFirst()
    switch value {
    case .object(var fields):
      if rest.isEmpty {
        fields[first] = new
      } else {
        guard let inner = fields[first] else { throw missing("add", text) }
        fields[first] = try add(new, at: rest, in: inner, text)
      }
      return .object(fields)
    case .array(var items):
      let index = first == "-" && rest.isEmpty ? items.count : Int(first) ?? -1
      guard index >= 0, index < items.count + (rest.isEmpty ? 1 : 0) else {
        throw missing("add", text)
      }
      if rest.isEmpty {
        items.insert(new, at: index)
      } else {
        items[index] = try add(new, at: rest, in: items[index], text)
      }
      return .array(items)
    default: throw missing("add", text)
    }
  }

  private static func remove(
    _ path: ArraySlice<String>, from value: Value, _ text: String
  ) throws(Problem) -> Value {
    guard let first = path.first else { return .null }
    let rest = path.dropFirst()
    switch value {
    case .object(var fields):
      guard let inner = fields[first] else { throw missing("remove", text) }
      fields[first] = rest.isEmpty ? nil : try remove(rest, from: inner, text)
      return .object(fields)
    case .array(var items):
      guard let index = Int(first), items.indices.contains(index) else {
        throw missing("remove", text)
      }
      if rest.isEmpty {
        items.remove(at: index)
      } else {
        items[index] = try remove(rest, from: items[index], text)
      }
      return .array(items)
    default: throw missing("remove", text)
    }
  }
}
