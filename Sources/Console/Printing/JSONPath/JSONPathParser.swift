import ClusterModel

/// Reads a JSONPath template: text with actions in braces (client-go util/jsonpath/parser.go).
struct JSONPathParser {
  /// One entry for each text between actions and one for each action.
  typealias Template = [[JSONPathNode]]

  private let input: [Unicode.Scalar]
  private var position = 0
  /// Unions and filters read their parts with a parser of their own; this bounds how deep.
  private let depth: Int

  static let mostDepth = 16
  static let mostScalars = 100_000

  private init(_ text: String, depth: Int) {
    input = Array(text.unicodeScalars)
    self.depth = depth
  }

  static func parse(_ text: String) throws(JSONPathProblem) -> Template {
    var parser = JSONPathParser(text, depth: 0)
    guard parser.input.count <= mostScalars else { throw JSONPathProblem("template too long") }
    return try parser.template()
  }

  /// The nodes of one action, given without its braces.
  private func action(_ text: String) throws(JSONPathProblem) -> [JSONPathNode] {
    guard depth < Self.mostDepth else { throw JSONPathProblem("expression nested too deeply") }
    var parser = JSONPathParser("{\(text)}", depth: depth + 1)
    return try parser.template().first ?? []
  }

  private mutating func template() throws(JSONPathProblem) -> Template {
    var template: Template = []
    while position < input.count {
      let start = position
      while position < input.count, input[position] != "{" { position += 1 }
      if position > start { template.append([.text(text(start..<position))]) }
      guard position < input.count else { break }
      position += 1
      template.append(try insideAction())
    }
    return template
  }

  private mutating func insideAction() throws(JSONPathProblem) -> [JSONPathNode] {
    var nodes: [JSONPathNode] = []
    while true {
      if skip("}") { return nodes }
      if skip("[?(") {
        nodes.append(try filter())
      } else if skip("..") {
        if nodes.last == .recursive { throw JSONPathProblem("invalid multiple recursive descent") }
        nodes.append(.recursive)
        if let next = peek, next.isWordPart { nodes.append(field()) }
      } else {
        try part(&nodes)
      }
    }
  }

  private mutating func part(_ nodes: inout [JSONPathNode]) throws(JSONPathProblem) {
    guard let scalar = peek, scalar != "\n", scalar != "\r" else {
      throw JSONPathProblem("unclosed action")
    }
    switch scalar {
    case " ", "@", "$": position += 1
    case "[": nodes += try array()
    case "\"", "'": nodes.append(try quote(scalar))
    case ".":
      position += 1
      nodes.append(field())
    case "+", "-", "0"..."9": nodes.append(try number())
    default:
      guard scalar.isWordPart else {
        throw JSONPathProblem("unrecognized character in action: \(scalar.describedByCode)")
      }
      nodes.append(identifier())
    }
  }

  /// A name up to the next character that ends one; a backslash takes the character after it along.
  private mutating func field() -> JSONPathNode {
    let start = position
    while let scalar = peek {
      if scalar == "\\" {
        position += 1
      } else if scalar.endsWord {
        break
      }
      position = min(position + 1, input.count)
    }
    let name = text(start..<position)
    return name == "*" ? .wildcard : .field(String(name.filter { $0 != "\\" }))
  }

  private mutating func identifier() -> JSONPathNode {
    let start = position
    while let scalar = peek, !scalar.endsWord { position += 1 }
    let name = text(start..<position)
    return switch name {
    case "true": .bool(true)
    case "false": .bool(false)
    default: .identifier(name)
    }
  }

  private mutating func number() throws(JSONPathProblem) -> JSONPathNode {
    let start = position
    position += 1
    while let scalar = peek, scalar == "." || (48...57).contains(scalar.value) { position += 1 }
    let text = text(start..<position)
    if let number = Int64(text) { return .integer(number) }
    guard let number = Double(text) else { throw JSONPathProblem("cannot parse number \(text)") }
    return .double(number)
  }

  private mutating func quote(_ end: Unicode.Scalar) throws(JSONPathProblem) -> JSONPathNode {
    let start = position
    position += 1
    while true {
      guard let scalar = peek, scalar != "\n" else {
        throw JSONPathProblem("unterminated quoted string")
      }
      position += 1
      if scalar == end, input[position - 2] != "\\" { break }
    }
    let quoted = text(start..<position)
    guard let text = QuotedText.unquoted(quoted) else {
      throw JSONPathProblem("unquote string \(quoted) error invalid syntax")
    }
    return .text(text)
  }

  private mutating func array() throws(JSONPathProblem) -> [JSONPathNode] {
    let start = position
    while true {
      guard let scalar = peek, scalar != "\n" else { throw JSONPathProblem("unterminated array") }
      position += 1
      if scalar == "]" { break }
    }
    let content = text((start + 1)..<(position - 1))
    let parts = content.split(separator: ",", omittingEmptySubsequences: false)
    if parts.count > 1 {
      var union: [[JSONPathNode]] = []
      for part in parts { union.append(try action("[\(String(part).trimmedSpaces)]")) }
      return [.union(union)]
    }
    if content.utf8.count >= 2, content.hasPrefix("'"), content.hasSuffix("'"),
      !content.dropFirst().dropLast().contains("'")
    {
      return try action(".\(content.dropFirst().dropLast())")
    }
    return [.slice(try JSONPathNode.Slice(reading: content == "*" ? ":" : content))]
  }

  /// `?(LEFT OPERATOR RIGHT)` or `?(LEFT)` up to the bracket that closes it.
  private mutating func filter() throws(JSONPathProblem) -> JSONPathNode {
    let start = position
    var quote: Unicode.Scalar?
    var isClosed = false
    while true {
      guard let scalar = peek, scalar != "\n" else { throw JSONPathProblem("unterminated filter") }
      position += 1
      if scalar == "\"" || scalar == "'" {
        if quote == nil {
          quote = scalar
        } else if input[position - 2] != "\\", scalar == quote {
          isClosed = true
        }
      } else if scalar == ")", (quote != nil) == isClosed {
        break
      }
    }
    let content = Array(input[start..<(position - 1)])
    guard skip("]") else { throw JSONPathProblem("unclosed array expect ]") }
    guard let (left, comparison, right) = JSONPathNode.comparison(in: content) else {
      return .filter(left: try action(String(content[...])), right: [], operator: "exists")
    }
    return .filter(left: try action(left), right: try action(right), operator: comparison)
  }

  // MARK: Characters

  private var peek: Unicode.Scalar? { position < input.count ? input[position] : nil }

  private mutating func skip(_ text: String) -> Bool {
    guard input[position...].starts(with: text.unicodeScalars) else { return false }
    position += text.unicodeScalars.count
    return true
  }

  private func text(_ range: Range<Int>) -> String { String(input[range]) }
}

extension String {
  fileprivate var trimmedSpaces: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
