import ClusterModel

/// Label selectors as they are typed: `a=b,c!=d,e in (f,g),h notin (i),j,!k`
/// (apimachinery pkg/labels/selector.go Parse).
enum LabelSelectorText {
  static func parse(_ text: String) throws(CommandFailure) -> LabelSelector {
    var selector = LabelSelector()
    for part in parts(of: text) {
      guard let requirement = requirement(part) else {
        throw CommandFailure("unable to parse requirement: \(problem(with: part.trimmed))")
      }
      selector.matchExpressions.append(requirement)
    }
    return selector
  }

  /// What upstream's parser stumbles over.
  private static func problem(with part: String) -> String {
    let signs: Set<Character> = ["=", "!", "<", ">", "(", ")", " "]
    let body = part.afterPrefix("!") ?? part
    let key = String(body.prefix { !signs.contains($0) })
    if key.isEmpty {
      return "found '\(body.prefix(1))', expected: !, identifier, or 'end of string'"
    }
    let keyProblems = NameFormat.qualifiedName(key)
    if !keyProblems.isEmpty {
      return "key: Invalid value: \(key.goQuoted): \(keyProblems.joined(separator: "; "))"
    }
    let rest = body.dropFirst(key.count).drop { $0 == " " }
    let word = rest.prefix { !signs.contains($0) }
    let sign = rest.prefix { $0 == "=" || $0 == "!" || $0 == "<" || $0 == ">" }
    if word == "in" || word == "notin" {
      let after = rest.dropFirst(word.count).drop { $0 == " " }
      return "found '\(after.prefix { !signs.contains($0) })', expected: '('"
    }
    if sign.isEmpty {
      let found = word.isEmpty ? rest.prefix(1) : word
      return "found '\(found)', expected: in, notin, =, ==, !=, gt, lt"
    }
    let value = String(rest.dropFirst(sign.count)).trimmed
    let problems = NameFormat.labelValue(value)
    if !problems.isEmpty, !value.contains(" ") {
      return "values[0][\(key)]: Invalid value: \(value.goQuoted): "
        + problems.joined(separator: "; ")
    }
    let second = value.split(separator: " ").dropFirst().first ?? ""
    return "found '\(second)', expected: ',' or 'end of string'"
  }

  /// Split at the commas outside parentheses.
  private static func parts(of text: String) -> [String] {
    if text.trimmed.isEmpty { return [] }
    var parts: [String] = []
    var part = ""
    var depth = 0
    for character in text {
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      if character == ",", depth == 0 {
        parts.append(part)
        part = ""
      } else {
        part.append(character)
      }
    }
    return parts + [part]
  }

  private static func requirement(_ text: String) -> LabelSelector.Requirement? {
    let text = text.trimmed
    if let set = setRequirement(text) { return set }
    // The longer operators first: "!=" and "==" hold a "=".
    let operators: [(String, LabelSelector.Operator)] = [
      ("!=", .notIn), ("==", .in), ("=", .in), (">", .greaterThan), ("<", .lessThan),
    ]
    for (sign, meaning) in operators {
      guard let (left, right) = text.divided(at: sign) else { continue }
      let value = right.trimmed
      guard isKey(left.trimmed), isValue(value) else { return nil }
      if meaning == .greaterThan || meaning == .lessThan, Int64(value) == nil { return nil }
      return .init(key: left.trimmed, operator: meaning, values: [value])
    }
    if let key = text.afterPrefix("!")?.trimmed {
      return isKey(key) ? .init(key: key, operator: .doesNotExist) : nil
    }
    return isKey(text) ? .init(key: text, operator: .exists) : nil
  }

  /// `key in (a,b)` and `key notin (a,b)`.
  private static func setRequirement(_ text: String) -> LabelSelector.Requirement? {
    guard let open = text.firstIndex(of: "("), text.last == ")" else { return nil }
    let words = text[..<open].split(separator: " ").map(String.init)
    guard words.count == 2, isKey(words[0]), words[1] == "in" || words[1] == "notin" else {
      return nil
    }
    let inner = text[text.index(after: open)...].dropLast()
    let values = inner.split(separator: ",", omittingEmptySubsequences: false).map {
      String($0).trimmed
    }
    guard values.allSatisfy(isValue) else { return nil }
    return .init(key: words[0], operator: words[1] == "in" ? .in : .notIn, values: values)
  }

  /// `prefix/name` or `name`; `isKey("")` is false.
  static func isKey(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let name = parts.last, !name.isEmpty, isValue(String(name)) else {
      return false
    }
    guard parts.count == 2 else { return true }
    return !parts[0].isEmpty && parts[0].utf8.count <= 253
      && parts[0].utf8.allSatisfy { $0.isLowerAlphanumeric || $0 == 45 || $0 == 46 }
  }

  /// Empty, or up to 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends.
  static func isValue(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, let last = bytes.last else { return true }
    return bytes.count <= 63 && first.isAlphanumeric && last.isAlphanumeric
      && bytes.allSatisfy { $0.isAlphanumeric || [45, 46, 95].contains($0) }
  }
}

extension UInt8 {
  fileprivate var isLowerAlphanumeric: Bool {
    (48...57).contains(self) || (97...122).contains(self)
  }
  fileprivate var isAlphanumeric: Bool { isLowerAlphanumeric || (65...90).contains(self) }
}

extension String {
  /// Without white space at its ends.
  var trimmed: String {
    var rest = self[...]
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
  }

  /// What stands before and after the first `separator`; nil when it is not there.
  func divided(at separator: String) -> (String, String)? {
    guard !separator.isEmpty else { return nil }
    var rest = self[...]
    while !rest.isEmpty {
      if rest.hasPrefix(separator) {
        return (String(self[..<rest.startIndex]), String(rest.dropFirst(separator.count)))
      }
      rest.removeFirst()
    }
    return nil
  }
}
