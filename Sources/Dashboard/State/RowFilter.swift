import ClusterModel

/// What was typed after `/`, ready to be asked of many rows.
///
/// Words and regular expressions must occur, those after `!` must not; `-l` wants labels and `-f`
/// letters in their order.
struct RowFilter: Hashable, Sendable {
  private enum Word: Hashable, Sendable {
    case plain([UInt8])
    case pattern(Pattern)
  }

  private var wanted: [Word] = []
  private var unwanted: [Word] = []
  private var labels: [LabelWish] = []
  private var letters: FuzzyPattern?
  /// What cannot be understood; rows are then shown whatever they are.
  private(set) var problem: String?

  private struct LabelWish: Hashable, Sendable {
    var key: String
    /// Nil when any will do.
    var value: String?
    var isNegated: Bool
  }

  init(_ text: String) {
    let trimmed = text.drop { $0 == " " }
    if trimmed.hasPrefix("-l") {
      readLabels(String(trimmed.dropFirst(2).drop { $0 == " " }))
    } else if trimmed.hasPrefix("-f") {
      let pattern = String(trimmed.dropFirst(2))
      letters = pattern.contains { $0 != " " } ? FuzzyPattern(pattern) : nil
    } else {
      for word in text.split(separator: " ") {
        let isUnwanted = word.hasPrefix("!")
        let rest = isUnwanted ? word.dropFirst() : word
        guard !rest.isEmpty, let word = Self.word(String(rest)) else {
          if !rest.isEmpty { problem = "\(rest) is no regular expression" }
          continue
        }
        if isUnwanted { unwanted.append(word) } else { wanted.append(word) }
      }
    }
  }

  private static func word(_ text: String) -> Word? {
    // A dot alone is rather one of an address than any character.
    let isPattern = text.utf8.contains { "*+?[](){}|^$\\".utf8.contains($0) }
    guard isPattern else { return .plain(text.utf8.map(\.asLowercase)) }
    return Pattern(text).map(Word.pattern)
  }

  private mutating func readLabels(_ text: String) {
    for part in text.split(separator: ",") {
      let isAbsent = part.hasPrefix("!")
      let body = isAbsent ? part.dropFirst() : part
      let isUnequal = body.contains("!=")
      guard let equals = body.firstIndex(of: "=") else {
        labels.append(LabelWish(key: String(body), value: nil, isNegated: isAbsent))
        continue
      }
      var key = body[..<equals]
      if isUnequal, key.last == "!" { key.removeLast() }
      var value = body[body.index(after: equals)...]
      if value.first == "=" { value.removeFirst() }
      labels.append(
        LabelWish(key: String(key), value: String(value), isNegated: isUnequal || isAbsent))
    }
  }

  var isEmpty: Bool { wanted.isEmpty && unwanted.isEmpty && labels.isEmpty && letters == nil }

  /// Whether a row with this text and these labels is to be shown.
  func accepts(_ text: @autoclosure () -> String, _ labels: Labels = Labels()) -> Bool {
    if isEmpty { return true }
    guard self.labels.allSatisfy({ Self.holds($0, labels) }) else { return false }
    guard !wanted.isEmpty || !unwanted.isEmpty || letters != nil else { return true }
    let text = text()
    if let letters, letters.score(text) == nil { return false }
    let bytes = text.utf8.map(\.asLowercase)
    return wanted.allSatisfy { Self.occurs($0, in: bytes) }
      && !unwanted.contains { Self.occurs($0, in: bytes) }
  }

  private static func holds(_ wish: LabelWish, _ labels: Labels) -> Bool {
    guard let value = labels[wish.key] else { return wish.isNegated }
    return (wish.value == nil || wish.value == value) != wish.isNegated
  }

  private static func occurs(_ word: Word, in text: [UInt8]) -> Bool {
    switch word {
    case .pattern(let pattern): return pattern.occurs(in: text)
    case .plain(let word):
      guard word.count <= text.count else { return false }
      return (0...(text.count - word.count)).contains { start in
        text[start..<(start + word.count)].elementsEqual(word)
      }
    }
  }
}
