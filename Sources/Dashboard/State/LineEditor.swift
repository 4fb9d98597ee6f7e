/// A line of text being typed. It holds no control characters and is bounded.
public struct LineEditor: Hashable, Sendable {
  public private(set) var scalars: [Unicode.Scalar]
  /// Before which scalar the next one goes.
  public private(set) var cursor: Int

  static let limit = 4_096

  public init(_ text: String) {
    scalars = Array(text.unicodeScalars.filter(Self.isAllowed).prefix(Self.limit))
    cursor = scalars.count
  }

  public var text: String { String(String.UnicodeScalarView(scalars)) }
  public var isEmpty: Bool { scalars.isEmpty }
  /// The text left of the cursor.
  public var textBeforeCursor: String { String(String.UnicodeScalarView(scalars[..<cursor])) }

  mutating func insert(_ scalar: Unicode.Scalar) {
    guard Self.isAllowed(scalar), scalars.count < Self.limit else { return }
    scalars.insert(scalar, at: cursor)
    cursor += 1
  }

  /// Adds what was pasted; line ends become spaces.
  mutating func insert(_ text: String) {
    let clean = text.unicodeScalars.map { $0 == "\n" || $0 == "\r" || $0 == "\t" ? " " : $0 }
      .filter(Self.isAllowed).prefix(Self.limit - scalars.count)
    scalars.insert(contentsOf: clean, at: cursor)
    cursor += clean.count
  }

  mutating func edit(_ edit: LineEdit) {
    switch edit {
    case .left: cursor = max(cursor - 1, 0)
    case .right: cursor = min(cursor + 1, scalars.count)
    case .start: cursor = 0
    case .end: cursor = scalars.count
    case .deleteBackwards: remove(max(cursor - 1, 0)..<cursor)
    case .deleteForwards: remove(cursor..<min(cursor + 1, scalars.count))
    case .deleteWord: remove(startOfWord..<cursor)
    case .deleteToStart: remove(0..<cursor)
    case .deleteToEnd: remove(cursor..<scalars.count)
    }
  }

  private var startOfWord: Int {
    var start = cursor
    while start > 0, scalars[start - 1] == " " { start -= 1 }
    while start > 0, scalars[start - 1] != " " { start -= 1 }
    return start
  }

  private mutating func remove(_ range: Range<Int>) {
    scalars.removeSubrange(range)
    cursor = range.lowerBound
  }

  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069: false
    default: true
    }
  }
}

/// What a key does to a line of text.
public enum LineEdit: Hashable, Sendable {
  case left, right, start, end
  case deleteBackwards, deleteForwards, deleteWord, deleteToStart, deleteToEnd
}
