import Canvas

/// One row of the table of keys: which keys, where, what they mean, and what is said about it.
public struct Binding: Hashable, Sendable {
  public var keys: [Key]
  public var context: KeyContext
  public var action: DashboardAction
  /// The word in the bar of hints; empty for keys that are not shown there.
  public var hint = ""
  /// Where there is no room for all hints, those with the highest rank go first.
  public var rank = 5
  /// The line in the help.
  public var help: String
  /// The command that the key stands for; empty when it only moves about.
  public var command = ""

  /// The keys as text: `j down`.
  public var keyNames: String { keys.map(\.name).joined(separator: " ") }
}

/// The table of keys, from which keys are understood and the hints and the help are made.
public enum Keymap {
  public static let all: [Binding] = objects + time + moving + others + overlays

  /// What `key` means in `context`; nil when it means nothing.
  ///
  /// - Complexity: linear in the length of the table.
  public static func binding(for key: Key, in context: KeyContext) -> Binding? {
    all.first {
      ($0.context == context || $0.context == .everywhere) && $0.keys.contains(key)
    }
  }

  /// The rows of one context, in the order of the table.
  public static func bindings(in context: KeyContext) -> [Binding] {
    all.filter { $0.context == context }
  }

  static func bind(
    _ keys: [Key], in context: KeyContext = .panels, _ action: DashboardAction, hint: String = "",
    rank: Int = 5, _ help: String, command: String = ""
  ) -> Binding {
    Binding(
      keys: keys, context: context, action: action, hint: hint, rank: rank, help: help,
      command: command)
  }
}

extension Key: ExpressibleByUnicodeScalarLiteral {
  public init(unicodeScalarLiteral scalar: Unicode.Scalar) { self = .character(scalar) }
}
