/// One command as it was typed.
public struct TypedCommand: Hashable, Sendable {
  /// The words without their quotes.
  public var words: [String]
  /// The line of the text on which the command begins, counted from 1.
  public var line: Int

  public init(words: [String], line: Int = 1) {
    self.words = words
    self.line = line
  }
}

/// What makes a text no command.
public struct SyntaxProblem: Error, Hashable, Sendable {
  public var line: Int
  public var message: String
}

/// Splits a text into commands and words as a POSIX shell does, without expanding anything.
///
/// `;` and line ends separate commands, `#` at the start of a word begins a comment, quotes and
/// backslashes mean what they mean in sh (XCU 2.2). Operators that would need a shell are refused.
public struct CommandReader {
  private var rest: Substring.UnicodeScalarView
  private var line = 1
  private var startLine = 1
  private var words: [String] = []
  private var word: String.UnicodeScalarView?

  private init(_ text: String) { rest = Substring(text).unicodeScalars }

  /// The commands of `text` in order; a part that cannot be read ends the list.
  public static func commands(in text: String) -> [Result<TypedCommand, SyntaxProblem>] {
    var reader = CommandReader(text)
    var commands: [Result<TypedCommand, SyntaxProblem>] = []
    do {
      while let command = try reader.next() { commands.append(.success(command)) }
    } catch {
      commands.append(.failure(error))
    }
    return commands
  }

  private mutating func next() throws(SyntaxProblem) -> TypedCommand? {
    words = []
    word = nil
    while let scalar = rest.popFirst() {
      if try isCommandEnd(after: scalar) {
        finishWord()
        if !words.isEmpty { return TypedCommand(words: words, line: startLine) }
      }
    }
    finishWord()
    return words.isEmpty ? nil : TypedCommand(words: words, line: startLine)
  }

  /// Takes in one scalar; true when it ends the command.
  private mutating func isCommandEnd(after scalar: Unicode.Scalar) throws(SyntaxProblem) -> Bool {
    switch scalar {
    case "\n":
      line += 1
      return true
    case ";": return true
    case " ", "\t", "\r": finishWord()
    case "'": try readSingleQuotes()
    case "\"": try readDoubleQuotes()
    case "\\": readBackslash()
    case "#" where word == nil: skipComment()
    case "|", "&", "<", ">":
      throw SyntaxProblem(
        line: line,
        message:
          "`\(scalar)` needs a shell, and this is none; put it in quotes to mean the character")
    default: append(scalar)
    }
    return false
  }

  private mutating func append(_ scalar: Unicode.Scalar) {
    beginWord()
    word?.append(scalar)
  }

  private mutating func beginWord() {
    guard word == nil else { return }
    if words.isEmpty { startLine = line }
    word = String.UnicodeScalarView()
  }

  private mutating func finishWord() {
    if let word { words.append(String(word)) }
    word = nil
  }

  private mutating func readSingleQuotes() throws(SyntaxProblem) {
    beginWord()
    let opened = line
    while let scalar = rest.popFirst() {
      if scalar == "'" { return }
      if scalar == "\n" { line += 1 }
      append(scalar)
    }
    throw SyntaxProblem(line: opened, message: "a single quote is never closed")
  }

  private mutating func readDoubleQuotes() throws(SyntaxProblem) {
    beginWord()
    let opened = line
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\"": return
      case "\\": readQuotedBackslash()
      case "\n":
        line += 1
        append(scalar)
      default: append(scalar)
      }
    }
    throw SyntaxProblem(line: opened, message: "a double quote is never closed")
  }

  /// Between double quotes a backslash keeps its meaning only before these.
  private mutating func readQuotedBackslash() {
    switch rest.first {
    case "\"", "\\", "$", "`":
      if let scalar = rest.popFirst() { append(scalar) }
    case "\n":
      line += 1
      rest.removeFirst()
    default: append("\\")
    }
  }

  private mutating func readBackslash() {
    guard let scalar = rest.popFirst() else { return append("\\") }
    if scalar == "\n" { line += 1 } else { append(scalar) }
  }

  private mutating func skipComment() {
    while let scalar = rest.first, scalar != "\n" { rest.removeFirst() }
  }
}
