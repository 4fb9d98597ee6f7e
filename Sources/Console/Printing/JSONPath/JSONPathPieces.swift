/// The parts of an action that are read from a text of their own.
extension JSONPathNode.Slice {
  /// Reads `-?digits`, then up to two more behind colons.
  init(reading text: String) throws(JSONPathProblem) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count <= 3, parts.allSatisfy(Self.isIndex) else {
      throw JSONPathProblem("invalid array index \(text)")
    }
    var numbers: [Int?] = []
    for part in parts {
      let number = Int(part)
      if number == nil, !part.isEmpty {
        throw JSONPathProblem("array index \(part) is not a number")
      }
      numbers.append(number)
    }
    start = numbers.first ?? nil
    if parts.count > 1 {
      end = numbers[1]
    } else {
      end = (start ?? 0).addingReportingOverflow(1).partialValue
      isEndDerived = true
    }
    if parts.count > 2 { step = numbers[2] }
  }

  private static func isIndex(_ text: Substring) -> Bool {
    let digits = text.hasPrefix("-") ? text.dropFirst() : text
    return digits.utf8.allSatisfy { (48...57).contains($0) }
  }
}

extension JSONPathNode {
  /// The two sides of the first run of `!<>=`; nil when there is none or a side is empty.
  static func comparison(in content: [Unicode.Scalar]) -> (String, String, String)? {
    let signs: [Unicode.Scalar] = ["!", "<", ">", "="]
    guard let start = content.firstIndex(where: signs.contains), start > 0 else { return nil }
    let run = content[start...].prefix(while: signs.contains)
    // The right side needs a character, even if that takes one from the run.
    let end = run.endIndex < content.endIndex ? run.endIndex : run.endIndex - 1
    guard end > start else { return nil }
    return (String(content[..<start]), String(content[start..<end]), String(content[end...]))
  }
}

extension String {
  init(_ scalars: ArraySlice<Unicode.Scalar>) {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    self.init(view)
  }
}

extension Unicode.Scalar {
  /// A letter, a digit or an underscore.
  var isWordPart: Bool {
    self == "_" || properties.isAlphabetic || properties.numericType != nil
  }

  /// What a name in an action ends at.
  var endsWord: Bool {
    switch self {
    case " ", "\t", "\r", "\n", ".", ",", "[", "]", "$", "@", "{", "}": true
    default: false
    }
  }

  /// `U+0023 '#'` (Go's `%#U`).
  var describedByCode: String {
    let hex = String(value, radix: 16, uppercase: true)
    let code = "U+" + String(repeating: "0", count: 4 - min(4, hex.utf8.count)) + hex
    return isControl ? code : "\(code) '\(self)'"
  }
}
