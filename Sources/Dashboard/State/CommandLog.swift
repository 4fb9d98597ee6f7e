/// The commands of the session with what they said, as the fifth panel shows them.
///
/// It keeps the newest lines only; a line's number stays the same while older ones go.
public struct CommandLog: Hashable, Sendable {
  public struct Line: Hashable, Sendable {
    public enum Kind: Hashable, Sendable { case command, output, error }

    public var kind: Kind
    public var text: String
    /// How often the same command was given in a row.
    public var count = 1
  }

  public private(set) var lines: [Line] = []
  /// The number of the first line that is kept.
  public private(set) var firstNumber = 0

  static let limit = 2_000

  public init() {}

  /// One more than the number of the newest line.
  public var endNumber: Int { firstNumber + lines.count }

  /// Adds a command and what came of it; quiet repetitions of the last one are only counted.
  public mutating func append(_ command: String, output: String, errors: String) {
    if output.isEmpty, errors.isEmpty, lines.last?.kind == .command, lines.last?.text == command {
      lines[lines.count - 1].count += 1
      return
    }
    lines.append(Line(kind: .command, text: command))
    append(output, .output)
    append(errors, .error)
    let surplus = lines.count - Self.limit
    if surplus > 0 {
      lines.removeFirst(surplus)
      firstNumber += surplus
    }
  }

  private mutating func append(_ text: String, _ kind: Line.Kind) {
    var all = text.split(separator: "\n", omittingEmptySubsequences: false)
    if all.last?.isEmpty == true { all.removeLast() }
    for line in all.prefix(Self.limit) { lines.append(Line(kind: kind, text: String(line))) }
  }
}
