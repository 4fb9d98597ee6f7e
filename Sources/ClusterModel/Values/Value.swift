/// A JSON value as the API server keeps it: the common form of manifests, patches and output.
///
/// Objects keep their fields sorted by name, so that walking one is deterministic and printing
/// one needs no sorting.
public enum Value: Hashable, Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  case double(Double)
  case string(String)
  case array([Value])
  case object(Fields)
}

extension Value {
  public var string: String? { if case .string(let text) = self { text } else { nil } }
  public var integer: Int64? { if case .integer(let number) = self { number } else { nil } }
  public var bool: Bool? { if case .bool(let flag) = self { flag } else { nil } }
  public var array: [Value]? { if case .array(let items) = self { items } else { nil } }
  public var fields: Fields? { if case .object(let fields) = self { fields } else { nil } }

  /// The field of an object; nil for other values and for absent fields.
  public subscript(_ name: String) -> Value? { fields?[name] }

  /// What the value is, in the words of error messages.
  public var typeName: String {
    switch self {
    case .null: "null"
    case .bool: "boolean"
    case .integer, .double: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(stringLiteral text: String) { self = .string(text) }
  public init(integerLiteral number: Int64) { self = .integer(number) }
  public init(booleanLiteral flag: Bool) { self = .bool(flag) }
  public init(arrayLiteral items: Value...) { self = .array(items) }
  public init(dictionaryLiteral pairs: (String, Value)...) { self = .object(Fields(pairs)) }
}

/// The fields of an object, sorted by name.
public struct Fields: Hashable, Sendable {
  public struct Field: Hashable, Sendable {
    public var name: String
    public var value: Value

    public init(name: String, value: Value) {
      self.name = name
      self.value = value
    }
  }

  /// Sorted by `name`, each name once.
  public private(set) var all: [Field]

  public init() { all = [] }

  /// Of two pairs with one name the later wins.
  public init(_ pairs: [(String, Value)]) {
    all = []
    all.reserveCapacity(pairs.count)
    for (name, value) in pairs { self[name] = value }
  }

  public var isEmpty: Bool { all.isEmpty }
  public var count: Int { all.count }

  /// - Complexity: O(log n) to read, O(n) to insert in the middle.
  public subscript(_ name: String) -> Value? {
    get {
      let position = position(of: name)
      return position < all.count && all[position].name == name ? all[position].value : nil
    }
    set {
      let position = position(of: name)
      let isPresent = position < all.count && all[position].name == name
      switch (newValue, isPresent) {
      case (let value?, true): all[position].value = value
      case (let value?, false): all.insert(Field(name: name, value: value), at: position)
      case (nil, true): all.remove(at: position)
      case (nil, false): break
      }
    }
  }

  private func position(of name: String) -> Int {
    if let last = all.last, last.name < name { return all.count }
    var low = 0
    var high = all.count
    while low < high {
      let middle = (low + high) / 2
      if all[middle].name < name { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension Fields: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral pairs: (String, Value)...) { self.init(pairs) }
}
