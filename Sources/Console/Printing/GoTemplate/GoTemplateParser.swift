import ClusterModel

/// Reads a template: text, and actions between braces.
struct GoTemplateParser {
  private enum Piece {
    case text(String)
    case action(String)
  }

  private var pieces: ArraySlice<Piece>

  init(_ text: String) {
    var found: [Piece] = []
    var rest = text[...]
    while let start = rest.firstRange(of: "{{") {
      var before = String(rest[..<start.lowerBound])
      rest = rest[start.upperBound...]
      guard let end = Self.end(of: rest) else {
        found += [.text(before), .action("\0")]
        rest = ""
        break
      }
      var action = String(rest[..<end])
      rest = rest[rest.index(end, offsetBy: 2)...]
      if action.hasPrefix("- ") {
        action.removeFirst()
        while before.last?.isWhitespace == true { before.removeLast() }
      }
      if action.hasSuffix(" -") {
        action.removeLast()
        rest = rest.drop(while: \.isWhitespace)
      }
      found += [.text(before), .action(action)]
    }
    pieces = (found + [.text(String(rest))])[...]
  }

  /// The braces that end an action are not those within a text.
  private static func end(of text: Substring) -> String.Index? {
    var quote: Character?
    var index = text.startIndex
    while index < text.endIndex {
      let character = text[index]
      if let open = quote {
        if character == "\\", open == "\"" {
          index = text.index(after: index)
          if index == text.endIndex { return nil }
        } else if character == open {
          quote = nil
        }
      } else if character == "\"" || character == "`" {
        quote = character
      } else if text[index...].hasPrefix("}}") {
        return index
      }
      index = text.index(after: index)
    }
    return nil
  }

  mutating func template() throws(CommandFailure) -> [GoTemplate.Node] {
    let (nodes, end) = try list(depth: 0)
    if let end { throw GoTemplate.failure("unexpected {{\(end)}}") }
    return nodes
  }

  /// - Returns: the nodes up to `else` or `end`, and which of them it was.
  private mutating func list(depth: Int) throws(CommandFailure) -> ([GoTemplate.Node], String?) {
    guard depth < 64 else { throw GoTemplate.failure("too many actions inside each other") }
    var nodes: [GoTemplate.Node] = []
    while let piece = pieces.popFirst() {
      switch piece {
      case .text(let text): if !text.isEmpty { nodes.append(.text(text)) }
      case .action(let text):
        if text == "\0" { throw GoTemplate.failure("unclosed action") }
        if text.hasPrefix("/*") { continue }
        var words = GoTemplateWords(text)
        switch words.peek {
        case nil: throw GoTemplate.failure("missing value for command")
        case .name("end"): return (nodes, "end")
        case .name("else"): return (nodes, String(text.drop(while: \.isWhitespace)))
        case .name("if"), .name("with"), .name("range"):
          nodes.append(try block(&words, depth))
        default: nodes.append(try action(&words))
        }
      }
    }
    return (nodes, nil)
  }

  private mutating func action(_ words: inout GoTemplateWords) throws(CommandFailure)
    -> GoTemplate.Node
  {
    if let name = words.declared {
      return .assign(name, try words.pipeline())
    }
    return .print(try words.pipeline())
  }

  private mutating func block(_ words: inout GoTemplateWords, _ depth: Int)
    throws(CommandFailure) -> GoTemplate.Node
  {
    guard case .name(let kind)? = words.next() else {
      throw GoTemplate.failure("missing value for command")
    }
    let names = kind == "range" ? words.declaredPair : nil
    let pipeline = try words.pipeline()
    let (body, end) = try list(depth: depth + 1)
    var otherwise: [GoTemplate.Node] = []
    if let end, end.hasPrefix("else") {
      var rest = GoTemplateWords(String(end.dropFirst(4)))
      if rest.peek == .name("if") {
        otherwise = [try block(&rest, depth + 1)]
      } else {
        let (nodes, last) = try list(depth: depth + 1)
        guard last == "end" else { throw GoTemplate.failure("unexpected EOF") }
        otherwise = nodes
      }
    } else if end == nil {
      throw GoTemplate.failure("unexpected EOF")
    }
    switch kind {
    case "if": return .condition(pipeline, then: body, otherwise: otherwise)
    case "with": return .with(pipeline, then: body, otherwise: otherwise)
    default:
      return .range(
        index: names?.index, element: names?.element, pipeline, body: body, otherwise: otherwise)
    }
  }
}

/// The words of one action.
struct GoTemplateWords {
  enum Word: Hashable {
    case name(String)
    case field([String])
    case variable(String, [String])
    case literal(Value)
    case open, pipe, comma, assign
    /// `)` with the fields behind it.
    case close([String])
  }

  private var words: ArraySlice<Word>
  private var problem: String?

  init(_ text: String) {
    var found: [Word] = []
    var rest = text[...]
    while let first = rest.first {
      switch first {
      case _ where first.isWhitespace: rest.removeFirst()
      case "(":
        rest.removeFirst()
        found.append(.open)
      case ")":
        rest.removeFirst()
        found.append(.close(Self.fields(&rest)))
      case "|":
        rest.removeFirst()
        found.append(.pipe)
      case ",":
        rest.removeFirst()
        found.append(.comma)
      case ":" where rest.hasPrefix(":="):
        rest.removeFirst(2)
        found.append(.assign)
      case "=":
        rest.removeFirst()
        found.append(.assign)
      case ".":
        let fields = Self.fields(&rest)
        if fields.isEmpty { rest.removeFirst() }
        found.append(.field(fields))
      case "$":
        rest.removeFirst()
        let name = Self.identifier(&rest)
        found.append(.variable("$" + name, Self.fields(&rest)))
      case "\"", "`":
        guard let text = Self.quoted(&rest) else {
          problem = "unterminated quoted string"
          rest = ""
          continue
        }
        found.append(.literal(.string(text)))
      case "-", "+", "0"..."9":
        let digits = rest.prefix { $0.isNumber || $0 == "-" || $0 == "+" || $0 == "." }
        rest = rest.dropFirst(digits.count)
        if let number = Int64(digits) {
          found.append(.literal(.integer(number)))
        } else if let number = Double(digits) {
          found.append(.literal(.double(number)))
        } else {
          problem = "bad number syntax: \(digits)"
        }
      default:
        let name = Self.identifier(&rest)
        if name.isEmpty {
          problem = "unexpected \(String(first).goQuoted) in command"
          rest = ""
        } else if name == "true" || name == "false" {
          found.append(.literal(.bool(name == "true")))
        } else if name == "nil" {
          found.append(.literal(.null))
        } else {
          found.append(.name(name))
        }
      }
    }
    words = found[...]
  }

  private static func identifier(_ rest: inout Substring) -> String {
    let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    rest = rest.dropFirst(name.count)
    return String(name)
  }

  private static func fields(_ rest: inout Substring) -> [String] {
    var fields: [String] = []
    while rest.first == ".", let second = rest.dropFirst().first, second.isLetter || second == "_" {
      rest.removeFirst()
      fields.append(identifier(&rest))
    }
    return fields
  }

  private static func quoted(_ rest: inout Substring) -> String? {
    let quote = rest.removeFirst()
    var text = ""
    while let character = rest.popFirst() {
      if character == quote { return text }
      guard character == "\\", quote == "\"", let next = rest.popFirst() else {
        text.append(character)
        continue
      }
      switch next {
      case "n": text.append("\n")
      case "t": text.append("\t")
      case "r": text.append("\r")
      default: text.append(next)
      }
    }
    return nil
  }

  var peek: Word? { words.first }
  mutating func next() -> Word? { words.popFirst() }

  /// The variable of `$x := …`.
  var declared: String? {
    mutating get {
      guard words.count > 1, case .variable(let name, []) = words[words.startIndex],
        words[words.startIndex + 1] == .assign
      else { return nil }
      words.removeFirst(2)
      return name
    }
  }

  /// The variables of `range $i, $x := …`.
  var declaredPair: (index: String?, element: String?)? {
    mutating get {
      if let name = declared { return (nil, name) }
      guard words.count > 3, case .variable(let index, []) = words[words.startIndex],
        words[words.startIndex + 1] == .comma,
        case .variable(let element, []) = words[words.startIndex + 2],
        words[words.startIndex + 3] == .assign
      else { return nil }
      words.removeFirst(4)
      return (index, element)
    }
  }

  mutating func pipeline(depth: Int = 0) throws(CommandFailure) -> GoTemplate.Pipeline {
    if let problem { throw GoTemplate.failure(problem) }
    guard depth < 32 else { throw GoTemplate.failure("too many parentheses") }
    var commands: [[GoTemplate.Term]] = [[]]
    loop: while let word = words.first {
      switch word {
      case .close: break loop
      case .pipe: commands.append([])
      case .name(let name): commands[commands.count - 1].append(.function(name))
      case .field(let fields):
        commands[commands.count - 1].append(.field(variable: nil, fields))
      case .variable(let name, let fields):
        commands[commands.count - 1].append(.field(variable: name, fields))
      case .literal(let value): commands[commands.count - 1].append(.literal(value))
      case .comma, .assign: throw GoTemplate.failure("unexpected \",\" in command")
      case .open:
        words.removeFirst()
        let inner = try pipeline(depth: depth + 1)
        guard case .close(let fields)? = words.first else {
          throw GoTemplate.failure("unclosed left paren")
        }
        commands[commands.count - 1].append(.group(inner, fields))
      }
      words.removeFirst()
    }
    guard commands.allSatisfy({ !$0.isEmpty }) else {
      throw GoTemplate.failure("missing value for command")
    }
    return GoTemplate.Pipeline(commands: commands)
  }
}
