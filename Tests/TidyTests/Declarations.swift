import Foundation

/// A name with a type, and where in its file it means that.
struct Declaration {
  let name: String
  /// Nil where it is not written down; such a name still hides outer ones.
  let type: TypeText?
  /// Where the expression begins that gives it its value, if only that can tell the type.
  var initializer: Int?
  let offset: Int
  let scope: Range<Int>
  /// Whether it belongs to a type, and so is visible to other files.
  let isMember: Bool
}

/// Reads the declarations of one file with a few regular expressions and a count of braces.
///
/// It is not a parser of Swift: it knows as much as is needed to notice a dictionary or a set.
struct DeclarationReader {
  let code: String
  let characters: [Character]
  let aliases: [String: String]
  /// The ranges between matching braces, outermost first where they nest.
  let blocks: [(range: Range<Int>, isType: Bool)]

  init(_ source: SwiftSource, aliases: [String: String]) {
    characters = source.code
    code = String(characters)
    self.aliases = aliases
    blocks = Self.blocks(of: characters)
  }

  /// Returns the module's `typealias` names of types.
  static func aliases(in source: SwiftSource) -> [String: String] {
    let pattern = /typealias\s+(\w+)\s*=\s*([^\n]+)/
    return Dictionary(
      String(source.code).matches(of: pattern).map {
        (String($0.1), String($0.2).trimmedSpaces)
      }, uniquingKeysWith: { first, _ in first })
  }

  /// Returns what is declared with a type that is written down, or with an initializer that says it.
  func read() -> [Declaration] {
    bindings() + parameters() + results()
  }

  /// `let` and `var`, stored or computed or bound by `if`.
  private func bindings() -> [Declaration] {
    code.matches(of: /\b(?:let|var)\s+(\w+)/).compactMap { match in
      let offset = distance(to: match.range.lowerBound)
      let end = distance(to: match.range.upperBound)
      let type = annotatedType(after: end) ?? initialType(after: end)
      let initializer = type == nil ? initializer(after: end) : nil
      // `if let name {` is the outer name again.
      if type == nil, initializer == nil { return nil }
      let block = innermostBlock(at: offset)
      return Declaration(
        name: String(match.1), type: type, initializer: initializer, offset: offset,
        scope: block?.range ?? 0..<characters.count, isMember: block?.isType ?? true)
    }
  }

  /// The parameters of functions, initializers and subscripts, which mean something in the body.
  private func parameters() -> [Declaration] {
    code.matches(of: /\b(?:func\s+[^\s(<]+|init[?!]?|subscript)\s*(?:<[^(]*>)?\s*\(/)
      .flatMap { match -> [Declaration] in
        let open = distance(to: match.range.upperBound)
        let start = distance(to: match.range.lowerBound)
        if start > 0, characters[start - 1] == "." { return [] }
        guard let close = closing(of: open - 1), let body = bodyBlock(after: close) else {
          return []
        }
        return TypeText.split(Substring(String(characters[open..<close])), at: ",")
          .compactMap { parameter in
            let sides = TypeText.split(parameter, at: ":")
            guard sides.count == 2, let name = sides[0].split(separator: " ").last else {
              return nil
            }
            let type = TypeText.split(sides[1], at: "=")[0]
            return Declaration(
              name: String(name).trimmedSpaces, type: TypeText(type, aliases: aliases),
              offset: open, scope: body, isMember: false)
          }
      }
  }

  /// What functions return, under the name `f(`.
  private func results() -> [Declaration] {
    code.matches(of: /\bfunc\s+(\w+)\s*(?:<[^(]*>)?\s*\(/).compactMap { match in
      let open = distance(to: match.range.upperBound)
      guard let close = closing(of: open - 1) else { return nil }
      let rest = String(characters[(close + 1)..<min(close + 200, characters.count)])
      let pattern = /^\s*(?:throws(?:\([^)]*\))?\s*)?->\s*([^{}\n]+)/
      guard let type = rest.firstMatch(of: pattern)?.1 else { return nil }
      let bare = type.split(separator: " where ")[0]
      return Declaration(
        name: String(match.1) + "(", type: TypeText(bare, aliases: aliases), offset: open,
        scope: 0..<characters.count, isMember: true)
    }
  }

  // MARK: Types

  private func annotatedType(after end: Int) -> TypeText? {
    var position = end
    while position < characters.count, characters[position] == " " { position += 1 }
    guard position < characters.count, characters[position] == ":" else { return nil }
    position += 1
    let start = position
    var depth = 0
    while position < characters.count {
      let character = characters[position]
      if "([<".contains(character) { depth += 1 }
      if ")]>".contains(character) { depth -= 1 }
      if depth < 0 || (depth == 0 && "=,{\n;".contains(character)) { break }
      position += 1
    }
    return TypeText(String(characters[start..<position]), aliases: aliases)
  }

  /// Returns the type that a literal has on its face.
  private func initialType(after end: Int) -> TypeText? {
    guard let open = initializer(after: end), characters[open] == "[",
      let close = closing(of: open)
    else { return nil }
    let literal = String(characters[open...close])
    // A conditional has a colon too, and what a method makes of a literal is something else.
    guard !literal.contains(" ? "), !characters[(close + 1)...].starts(with: ".") else {
      return nil
    }
    return TypeText(literal, aliases: aliases)
  }

  /// Returns where the expression after `=` begins, after any `try`.
  private func initializer(after end: Int) -> Int? {
    let rest = String(characters[end..<min(end + 80, characters.count)])
    guard let match = rest.firstMatch(of: /^\s*=\s*(?:try[?!]?\s+)?(?=[\w\[])/) else { return nil }
    return end + rest.utf8.distance(from: rest.startIndex, to: match.range.upperBound)
  }

  // MARK: Braces

  /// Returns the smallest block around a place.
  func innermostBlock(at offset: Int) -> (range: Range<Int>, isType: Bool)? {
    blocks.filter { $0.range.contains(offset) }.min { $0.range.count < $1.range.count }
  }

  /// Returns the block that begins after a parameter list, unless the declaration has none.
  private func bodyBlock(after close: Int) -> Range<Int>? {
    guard let open = characters[close...].firstIndex(where: { "{}".contains($0) }) else {
      return nil
    }
    let between = String(characters[(close + 1)..<open])
    guard characters[open] == "{", between.firstMatch(of: /\b(?:func|var|let|init)\b/) == nil else {
      return nil
    }
    return blocks.first { $0.range.lowerBound == open }?.range
  }

  /// Returns where the bracket that opens at `open` closes.
  func closing(of open: Int) -> Int? {
    var depth = 0
    for position in open..<characters.count {
      if "([{".contains(characters[position]) { depth += 1 }
      if ")]}".contains(characters[position]) {
        depth -= 1
        if depth == 0 { return position }
      }
    }
    return nil
  }

  private static func blocks(of characters: [Character]) -> [(range: Range<Int>, isType: Bool)] {
    var result: [(range: Range<Int>, isType: Bool)] = []
    var open: [(offset: Int, isType: Bool)] = []
    var headerStart = 0
    for (position, character) in characters.enumerated() where "{}".contains(character) {
      if character == "{" {
        open.append((position, isTypeHeader(String(characters[headerStart..<position]))))
      } else if let last = open.popLast() {
        result.append((last.offset..<(position + 1), last.isType))
      }
      headerStart = position + 1
    }
    return result
  }

  /// Whether the text before a brace ends in the head of a type or an extension.
  private static func isTypeHeader(_ text: String) -> Bool {
    let pattern = /\b(struct|class|enum|extension|actor|protocol|func|init|subscript|var|let)\b/
    guard let last = text.matches(of: pattern).last?.1 else { return false }
    return !["func", "init", "subscript", "var", "let"].contains(last)
  }

  private func distance(to index: String.Index) -> Int {
    // One byte a character: the blanked code is ASCII.
    code.utf8.distance(from: code.startIndex, to: index)
  }
}

extension String {
  var trimmedSpaces: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
