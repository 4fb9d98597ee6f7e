/// Text of objects made fit for a terminal. It comes from outside and may hold anything.
enum TextSafety {
  /// One cell of a table: the first line, with `...` where more followed
  /// (cli-runtime pkg/printers/tableprinter.go).
  static func cell(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard let end = scalars.firstIndex(where: { "\n\r\u{c}".unicodeScalars.contains($0) }) else {
      return escaped(text)
    }
    return escaped(String(scalars[..<end])) + "..."
  }

  /// Several lines, whose line ends are kept.
  static func lines(_ text: String) -> String {
    guard text.contains("\n") else { return escaped(text) }
    return text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { escaped(String($0)) }.joined(separator: "\n")
  }

  /// A message, whose line ends and tabs are kept.
  static func message(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { $0.isControl && $0 != "\n" && $0 != "\t" }) else {
      return text
    }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false)
        .map { escaped(String($0)) }.joined(separator: "\t")
    }.joined(separator: "\n")
  }

  /// Control characters written out; the escape character as `^[`, as kubectl writes it.
  static func escaped(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: \.isControl) else { return text }
    return text.split(separator: "\u{1b}", omittingEmptySubsequences: false)
      .map { String($0).escapingControls }.joined(separator: "^[")
  }
}

extension String {
  /// With control characters written out; nothing else changes.
  fileprivate var escapingControls: String {
    var result = ""
    for scalar in unicodeScalars {
      if scalar.isControl {
        result += String(scalar).printable
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
