/// Reads chains such as `self.pods[key]?.values.map` and follows their types from link to link.
struct ChainReader {
  let code: [Character]
  /// Returns the type of a name at a place; the flag says that nothing stands before it.
  let typeOf: (_ name: String, _ offset: Int, _ isBase: Bool) -> TypeText?

  /// The methods that pass on, or depend on, the order of what they walk over.
  private static let orderSensitive: Set = [
    "map", "flatMap", "compactMap", "filter", "forEach", "reduce", "first", "last", "enumerated",
    "lazy", "makeIterator", "prefix", "suffix", "dropFirst", "dropLast", "popFirst", "removeFirst",
    "joined", "reversed", "split", "elementsEqual", "starts", "shuffled", "randomElement",
    "startIndex", "description", "indices",
  ]
  /// Those that depend on it only where the caller's comparison can tie.
  private static let sensitiveToTies: Set = ["min", "max"]
  /// Initializers and arguments that turn a sequence into something with an order.
  private static let collectors = [
    "Array(", "ContiguousArray(", "Deque(", "OrderedSet(", "OrderedDictionary(", "zip(", "](",
    "contentsOf:", "+=", "+",
  ]

  /// Returns the places where an order that means nothing is walked over.
  func walks() -> [Int] {
    var result: [Int] = []
    var position = 0
    while position < code.count {
      guard code[position].isIdentifierPart else {
        position += 1
        continue
      }
      let start = position
      let name = word(from: &position)
      // The middle of a chain is reached from its beginning, and a label is not a value.
      if start > 0, code[start - 1] == "." || code[start - 1] == "@" { continue }
      if let place = follow(name, from: start, next: position) { result.append(place) }
    }
    return result
  }

  /// Returns the type of the chain that begins at a place.
  func type(at start: Int) -> TypeText? {
    var position = start
    let name = word(from: &position)
    return end(of: name, from: start, next: position).type
  }

  /// Follows one chain from its first name; returns where it walks over an unordered value.
  private func follow(_ name: String, from start: Int, next: Int) -> Int? {
    let (type, end, walk) = end(of: name, from: start, next: next)
    if let walk { return walk }
    guard type?.isUnordered == true else { return nil }
    return isCollected(from: start, to: end) ? start : nil
  }

  /// Returns the type at the end of a chain and where that is, or where the chain walks over an
  /// unordered value.
  private func end(
    of name: String, from start: Int, next: Int
  ) -> (type: TypeText?, end: Int, walk: Int?) {
    var position = next
    var type = link(name, at: start, position: &position, isBase: name != "self")
    while true {
      skipTests(&position)
      if peek(position) == "[" && !isAtLineStart(position) {
        guard let close = closing(of: position) else { break }
        type = type?.subscripted
        position = close + 1
      } else if let (member, place) = member(after: &position) {
        if type?.isUnordered == true, isWalk(member, at: position) { return (nil, position, place) }
        type = after(member, of: type, at: place, position: &position)
      } else {
        break
      }
    }
    return (type, position, nil)
  }

  private func link(_ name: String, at offset: Int, position: inout Int, isBase: Bool) -> TypeText?
  {
    if name == "self" { return nil }
    if isBase, name == "Set" || name == "Dictionary" { skipGenerics(&position) }
    guard peek(position) == "(", let close = closing(of: position) else {
      return typeOf(name, offset, isBase)
    }
    position = close + 1
    if isBase, name == "Set" || name == "Dictionary" { return TypeText(name) }
    return typeOf(name + "(", offset, isBase)
  }

  /// Returns the type of a member of a value.
  private func after(
    _ member: String, of type: TypeText?, at place: Int, position: inout Int
  ) -> TypeText? {
    if let type, type.isUnordered {
      if member == "keys" || member == "values", type.isDictionary { return .view }
      skipCall(&position)
      let stays = ["union", "subtracting", "intersection", "symmetricDifference", "mapValues"]
      return stays.contains(member) || member == "compactMapValues" || member == "merging"
        ? type : nil
    }
    return link(member, at: place, position: &position, isBase: false)
  }

  /// Whether a member of an unordered value walks over it in its order.
  private func isWalk(_ member: String, at position: Int) -> Bool {
    if Self.orderSensitive.contains(member) { return true }
    guard Self.sensitiveToTies.contains(member) else { return false }
    // `min()` needs no order; `min(by:)` and `min { }` may tie.
    return !(peek(position) == "(" && peek(position + 1) == ")")
  }

  /// Whether what stands around an unordered value walks over it: `for … in`, `Array(…)`, `+`.
  private func isCollected(from start: Int, to end: Int) -> Bool {
    var before = start
    while before > 0, code[before - 1] == " " || code[before - 1] == "\n" { before -= 1 }
    let text = String(code[max(0, before - 24)..<before])
    if text.hasSuffix(" in") || text.hasSuffix("\nin") { return isLoop(endingAt: before) }
    guard Self.collectors.contains(where: text.hasSuffix) else { return false }
    // `Array(names).sorted()` gives it an order at once.
    if peek(end) == ")", code[(end + 1)...].starts(with: ".sorted") { return false }
    return true
  }

  /// Whether an `in` belongs to a `for`, and not to a closure's head.
  private func isLoop(endingAt end: Int) -> Bool {
    var position = end - 3
    while position >= 0, !"{}\n".contains(code[position]) { position -= 1 }
    let head = String(code[(position + 1)..<end])
    return head.split(whereSeparator: { !$0.isIdentifierPart }).contains("for")
  }

  // MARK: Characters

  private func word(from position: inout Int) -> String {
    let start = position
    while position < code.count, code[position].isIdentifierPart { position += 1 }
    return String(code[start..<position])
  }

  private func peek(_ position: Int) -> Character? {
    position < code.count ? code[position] : nil
  }

  private func skipTests(_ position: inout Int) {
    while let character = peek(position), "?!".contains(character), peek(position + 1) != "?" {
      position += 1
    }
  }

  /// Passes over `<T>`.
  private func skipGenerics(_ position: inout Int) {
    guard peek(position) == "<" else { return }
    var depth = 0
    while let character = peek(position), character != "\n" {
      if character == "<" { depth += 1 }
      if character == ">" { depth -= 1 }
      position += 1
      if depth == 0 { return }
    }
  }

  /// Reads `.name`, which may stand on the next line; leaves the position where it was otherwise.
  private func member(after position: inout Int) -> (String, Int)? {
    var next = position
    while let character = peek(next), character.isWhitespace { next += 1 }
    guard peek(next) == ".", peek(next + 1)?.isIdentifierPart == true else { return nil }
    next += 1
    let place = next
    let name = word(from: &next)
    position = next
    return (name, place)
  }

  private func skipCall(_ position: inout Int) {
    if peek(position) == "(", let close = closing(of: position) { position = close + 1 }
  }

  private func isAtLineStart(_ position: Int) -> Bool {
    position == 0 || code[position - 1].isWhitespace
  }

  private func closing(of open: Int) -> Int? {
    var depth = 0
    for position in open..<code.count {
      if "([{".contains(code[position]) { depth += 1 }
      if ")]}".contains(code[position]) {
        depth -= 1
        if depth == 0 { return position }
      }
    }
    return nil
  }
}
