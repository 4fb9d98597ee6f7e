/// What the text of a type says about the order of its elements.
struct TypeText: Hashable {
  let text: String

  /// - Parameter text: a type as it is written, with or without `inout`, `?` and the like.
  init(_ text: some StringProtocol, aliases: [String: String] = [:]) {
    var words = text.split(whereSeparator: \.isWhitespace)
    while let first = words.first, Self.modifiers.contains(String(first)) || first.hasPrefix("@") {
      words.removeFirst()
    }
    var bare = words.joined(separator: " ")
    while let last = bare.last, "?!".contains(last) { bare.removeLast() }
    if bare.hasPrefix("Swift.") { bare.removeFirst("Swift.".count) }
    self.text = aliases[bare] ?? bare
  }

  private static let modifiers: Set = [
    "inout", "borrowing", "consuming", "sending", "some", "any", "__owned",
  ]

  /// A dictionary's keys or its values.
  static let view = TypeText("Dictionary<_, _>.View")

  /// Whether walking over a value of this type gives another order in every process.
  var isUnordered: Bool {
    if text.hasPrefix("Set<") || text == "Set" || text == "Dictionary" { return true }
    return isDictionary || self == .view
  }

  var isDictionary: Bool {
    guard !text.hasSuffix(".View") else { return false }
    return text.hasPrefix("Dictionary<") || (bracketed?.colon != nil)
  }

  /// The type of what a subscript with a key or an index gives.
  var subscripted: TypeText? {
    if let bracketed { return TypeText(bracketed.colon ?? bracketed.whole) }
    guard text.hasPrefix("Dictionary<"), text.hasSuffix(">") else { return nil }
    let parts = Self.split(text.dropFirst("Dictionary<".count).dropLast(), at: ",")
    return parts.count == 2 ? TypeText(parts[1]) : nil
  }

  /// What stands between the brackets of `[T]` or `[K: V]`, and what follows the colon.
  private var bracketed: (whole: Substring, colon: Substring?)? {
    guard text.first == "[", text.last == "]" else { return nil }
    let inner = text.dropFirst().dropLast()
    // `[A].B[C]` is not one pair of brackets.
    guard Self.balance(of: inner) == 0, !Self.closesEarly(inner) else { return nil }
    let parts = Self.split(inner, at: ":")
    return (inner, parts.count >= 2 ? parts[1] : nil)
  }

  private static func balance(of text: Substring) -> Int {
    text.reduce(0) { $0 + ($1 == "[" ? 1 : $1 == "]" ? -1 : 0) }
  }

  private static func closesEarly(_ text: Substring) -> Bool {
    var depth = 0
    for character in text {
      if character == "[" { depth += 1 }
      if character == "]" { depth -= 1 }
      if depth < 0 { return true }
    }
    return false
  }

  /// Splits where `separator` stands outside all brackets.
  static func split(_ text: Substring, at separator: Character) -> [Substring] {
    var parts: [Substring] = []
    var depth = 0
    var start = text.startIndex
    var previous: Character?
    for index in text.indices {
      let character = text[index]
      if "([{<".contains(character) { depth += 1 }
      if ")]}".contains(character) || (character == ">" && previous != "-") { depth -= 1 }
      if character == separator, depth == 0 {
        parts.append(text[start..<index])
        start = text.index(after: index)
      }
      previous = character
    }
    return parts + [text[start...]]
  }
}
