import Spelling

extension String {
  /// In double quotes, with everything a terminal would act on written out (Go's strconv.Quote).
  var goQuoted: String { "\"" + escaped(quote: true) + "\"" }

  /// Fit to be shown: control characters are written out.
  var printable: String { escaped(quote: false) }

  private func escaped(quote: Bool) -> String {
    var result = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"" where quote: result += "\\\""
      case "\\" where quote: result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      default:
        if scalar.isControl {
          result += scalar.hexEscape
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result
  }
}

extension Unicode.Scalar {
  /// C0, DEL, C1, and what changes the direction of text or breaks lines.
  var isControl: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }

  fileprivate var hexEscape: String {
    let digits = String(value, radix: 16)
    if value < 0x100 { return "\\x" + String(repeating: "0", count: 2 - digits.count) + digits }
    return "\\u" + String(repeating: "0", count: 4 - min(4, digits.count)) + digits
  }
}

/// Finds what somebody may have meant.
enum Suggestion {
  /// The words nearest to `word`: at most two edits away, or one from short words, or beginning
  /// with it.
  static func nearest(to word: String, among words: [String]) -> [String] {
    let word = String(word.prefix(64)).lowercased()
    let limit = min(2, max(1, word.count / 2))
    return words.filter { candidate in
      EditDistance.between(word, candidate) <= limit || (!word.isEmpty && candidate.hasPrefix(word))
    }.sorted()
  }
}
