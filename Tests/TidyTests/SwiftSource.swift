/// A Swift file, and the same text with comments and string literals blanked out.
///
/// `code` has the lines and columns of `text` and is ASCII; what is interpolated into a string stays,
/// because it is code.
struct SwiftSource {
  let path: String
  let text: [Character]
  let code: [Character]
  /// Where each line begins.
  private let lineStarts: [Int]

  init(path: String, text: String) {
    self.path = path
    let characters = Array(text)
    self.text = characters
    var blanker = Blanker(text: characters)
    blanker.code(until: nil)
    code = blanker.result
    lineStarts = [0] + characters.indices.filter { characters[$0].isNewline }.map { $0 + 1 }
  }

  /// Returns the number of the line, from 1, that a character stands in.
  func line(at offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low + 1
  }

  /// Returns a line by its number, comments and all; empty where there is none.
  func textOfLine(_ number: Int) -> String {
    guard number >= 1, number <= lineStarts.count else { return "" }
    let end = number < lineStarts.count ? lineStarts[number] - 1 : text.count
    return String(text[lineStarts[number - 1]..<end])
  }

  var lineCount: Int { text.last?.isNewline == true ? lineStarts.count - 1 : lineStarts.count }

  /// The lines of `code`.
  var codeLines: [Substring] {
    String(code).split(separator: "\n", omittingEmptySubsequences: false)
  }
}

/// Replaces comments and strings by spaces, in one pass.
private struct Blanker {
  let text: [Character]
  var result: [Character]
  var position = 0

  init(text: [Character]) {
    self.text = text
    result = text.map { $0 == "\r\n" ? "\n" : $0.isASCII ? $0 : "_" }
  }

  /// Passes over code up to and including an unmatched `closer`, or to the end.
  mutating func code(until closer: Character?) {
    var depth = 0
    while position < text.count {
      let character = text[position]
      if starts(with: "//") {
        blank { $0.text[$0.position].isNewline }
      } else if starts(with: "/*") {
        blockComment()
      } else if let pounds = poundsOfLiteral() {
        literal(pounds: pounds)
      } else {
        if closer != nil, character == "(" { depth += 1 }
        if let closer, character == closer {
          position += 1
          if depth == 0 { return }
          depth -= 1
          continue
        }
        position += 1
      }
    }
  }

  private func starts(with word: String) -> Bool {
    text[position...].starts(with: word)
  }

  private mutating func erase(_ count: Int = 1) {
    for _ in 0..<count where position < text.count {
      if !text[position].isNewline { result[position] = " " }
      position += 1
    }
  }

  private mutating func blank(until isEnd: (Blanker) -> Bool) {
    while position < text.count, !isEnd(self) { erase() }
  }

  private mutating func blockComment() {
    var depth = 0
    repeat {
      if starts(with: "/*") {
        depth += 1
        erase(2)
      } else if starts(with: "*/") {
        depth -= 1
        erase(2)
      } else {
        erase()
      }
    } while depth > 0 && position < text.count
  }

  /// Returns how many `#` stand before the string literal that begins here, if one does.
  private func poundsOfLiteral() -> Int? {
    var end = position
    while end < text.count, text[end] == "#" { end += 1 }
    return end < text.count && text[end] == "\"" ? end - position : nil
  }

  private mutating func literal(pounds: Int) {
    let fence = String(repeating: "#", count: pounds)
    erase(pounds)
    let quotes = starts(with: "\"\"\"") ? "\"\"\"" : "\""
    erase(quotes.count)
    while position < text.count, !starts(with: quotes + fence) {
      // A broken literal ends with its line, so that it cannot swallow the rest of the file.
      if quotes.count == 1, text[position].isNewline { return }
      if starts(with: "\\" + fence + "(") {
        erase(2 + pounds)
        code(until: ")")
      } else if starts(with: "\\" + fence) {
        erase(2 + pounds)
      } else {
        erase()
      }
    }
    erase(quotes.count + pounds)
  }
}
