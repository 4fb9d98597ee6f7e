import ClusterModel

/// Fills a template in.
struct GoTemplateEvaluator {
  private(set) var output = ""
  private var variables: [(name: String, value: Value?)]

  init(root: Value) { variables = [("$", root)] }

  mutating func run(_ nodes: [GoTemplate.Node], dot: Value?) throws(CommandFailure) {
    let depth = variables.count
    for node in nodes { try run(node, dot) }
    variables.removeLast(variables.count - depth)
  }

  private mutating func run(_ node: GoTemplate.Node, _ dot: Value?) throws(CommandFailure) {
    switch node {
    case .text(let text): output += text
    case .print(let pipeline): output += Self.printed(try value(of: pipeline, dot))
    case .assign(let name, let pipeline):
      let value = try value(of: pipeline, dot)
      if let index = variables.lastIndex(where: { $0.name == name }) {
        variables[index].value = value
      } else {
        variables.append((name, value))
      }
    case .condition(let pipeline, let then, let otherwise):
      try run(Self.isTrue(try value(of: pipeline, dot)) ? then : otherwise, dot: dot)
    case .with(let pipeline, let then, let otherwise):
      let value = try value(of: pipeline, dot)
      let isTrue = Self.isTrue(value)
      try run(isTrue ? then : otherwise, dot: isTrue ? value : dot)
    case .range(let index, let element, let pipeline, let body, let otherwise):
      try range(index, element, try value(of: pipeline, dot), body, otherwise, dot)
    }
  }

  private mutating func range(
    _ index: String?, _ element: String?, _ value: Value?, _ body: [GoTemplate.Node],
    _ otherwise: [GoTemplate.Node], _ dot: Value?
  ) throws(CommandFailure) {
    let entries: [(Value, Value)]
    switch value {
    case .array(let items):
      entries = items.enumerated().map { (.integer(Int64($0)), $1) }
    case .object(let fields): entries = fields.all.map { (.string($0.name), $0.value) }
    case nil, .null: entries = []
    case let other?: throw Self.failure("range can't iterate over \(Self.printed(other))")
    }
    if entries.isEmpty { return try run(otherwise, dot: dot) }
    for (key, item) in entries {
      let depth = variables.count
      if let index { variables.append((index, key)) }
      if let element { variables.append((element, item)) }
      try run(body, dot: item)
      variables.removeLast(variables.count - depth)
    }
  }

  private static func failure(_ message: String) -> CommandFailure {
    CommandFailure("error: error executing template: \(message.printable)")
  }

  // MARK: Values

  private func value(of pipeline: GoTemplate.Pipeline, _ dot: Value?) throws(CommandFailure)
    -> Value?
  {
    var last: [Value?] = []
    for command in pipeline.commands { last = [try call(command, last, dot)] }
    return last.first ?? nil
  }

  private func call(_ command: [GoTemplate.Term], _ piped: [Value?], _ dot: Value?)
    throws(CommandFailure) -> Value?
  {
    guard case .function(let name)? = command.first else {
      guard command.count == 1, piped.isEmpty, let term = command.first else {
        throw Self.failure("can't give argument to non-function")
      }
      return try self.value(of: term, dot)
    }
    var arguments: [Value?] = []
    for term in command.dropFirst() { arguments.append(try self.value(of: term, dot)) }
    return try Self.apply(name, arguments + piped)
  }

  private func value(of term: GoTemplate.Term, _ dot: Value?) throws(CommandFailure) -> Value? {
    switch term {
    case .literal(let value): return value
    case .function(let name): return try Self.apply(name, [])
    case .group(let pipeline, let fields): return Self.field(try value(of: pipeline, dot), fields)
    case .field(nil, let fields): return Self.field(dot, fields)
    case .field(let name?, let fields):
      guard let variable = variables.last(where: { $0.name == name }) else {
        throw Self.failure("undefined variable \(name.goQuoted)")
      }
      return Self.field(variable.value, fields)
    }
  }

  private static func field(_ value: Value?, _ fields: [String]) -> Value? {
    fields.reduce(value) { $0?[$1] }
  }

  static func isTrue(_ value: Value?) -> Bool {
    switch value {
    case nil, .null: false
    case .bool(let flag)?: flag
    case .integer(let number)?: number != 0
    case .double(let number)?: number != 0
    case .string(let text)?: !text.isEmpty
    case .array(let items)?: !items.isEmpty
    case .object(let fields)?: !fields.isEmpty
    }
  }

  static func printed(_ value: Value?) -> String {
    guard let value, value != .null else { return "<no value>" }
    return GoMapText.text(of: value)
  }

  // MARK: Functions

  private static func apply(_ name: String, _ arguments: [Value?]) throws(CommandFailure) -> Value?
  {
    switch name {
    case "index":
      return arguments.dropFirst().reduce(arguments.first ?? nil) { value, key in
        switch (value, key) {
        case (.array(let items)?, .integer(let index)?) where items.indices.contains(Int(index)):
          items[Int(index)]
        case (.object(let fields)?, .string(let name)?): fields[name]
        default: nil
        }
      }
    case "len":
      switch arguments.first ?? nil {
      case .array(let items)?: return .integer(Int64(items.count))
      case .object(let fields)?: return .integer(Int64(fields.count))
      case .string(let text)?: return .integer(Int64(text.utf8.count))
      default: throw failure("error calling len: len of nil pointer")
      }
    case "not": return .bool(!isTrue(arguments.first ?? nil))
    case "and": return arguments.first { !isTrue($0) } ?? arguments.last ?? nil
    case "or": return arguments.first { isTrue($0) } ?? arguments.last ?? nil
    case "eq":
      return .bool(arguments.dropFirst().contains { $0 == arguments.first ?? nil })
    case "ne": return .bool(arguments.first != arguments.last)
    case "lt", "le", "gt", "ge": return .bool(try compare(name, arguments))
    case "print": return .string(arguments.map { printed($0) }.joined())
    case "println": return .string(arguments.map { printed($0) }.joined(separator: " ") + "\n")
    case "printf": return .string(format(arguments))
    case "exists":
      return .bool(field(arguments.first ?? nil, arguments.dropFirst().map { printed($0) }) != nil)
    case "base64decode":
      return .string(Base64.decoded((arguments.first ?? nil)?.string ?? "") ?? "")
    default: throw GoTemplate.failure("function \(name.goQuoted) not defined")
    }
  }

  private static func compare(_ name: String, _ arguments: [Value?]) throws(CommandFailure) -> Bool
  {
    guard arguments.count == 2 else {
      throw failure("wrong number of args for \(name): want 2 got \(arguments.count)")
    }
    let (left, right) = (arguments[0], arguments[1])
    let isLess = ObjectSort.isLess(left, right)
    switch name {
    case "lt": return isLess
    case "ge": return !isLess
    case "gt": return ObjectSort.isLess(right, left)
    default: return !ObjectSort.isLess(right, left)
    }
  }

  /// `%s`, `%v`, `%d`, `%q` with widths: `%-20s`.
  private static func format(_ arguments: [Value?]) -> String {
    var rest = printed(arguments.first ?? nil)[...]
    var values = arguments.dropFirst()
    var text = ""
    while let character = rest.popFirst() {
      guard character == "%" else {
        text.append(character)
        continue
      }
      if rest.first == "%" {
        text.append(rest.removeFirst())
        continue
      }
      let flags = rest.prefix { $0 == "-" || $0.isNumber }
      rest = rest.dropFirst(flags.count)
      let verb = rest.popFirst()
      let value = printed(values.popFirst() ?? nil)
      let shown = verb == "q" ? value.goQuoted : value
      let width = min(abs(Int(flags) ?? 0), 1000)
      let padding = String(repeating: " ", count: max(0, width - shown.count))
      text += flags.hasPrefix("-") ? shown + padding : padding + shown
    }
    return text
  }
}
