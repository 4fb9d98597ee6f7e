import Canvas

/// One row of the table of keys: which keys, where, what they mean, and what is said about it.
public struct Binding: Hashable, Sendable {
  /// What the user's `config.yaml` calls it, among those of its context.
  public var name: String
  /// Empty when the user wants none.
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

/// The table of keys, from which keys are understood and the hints, the help and the manual are
/// made.
public struct Keymap: Hashable, Sendable {
  public private(set) var bindings: [Binding]

  /// The keys as they are without a `config.yaml`.
  public static let standard = Keymap(bindings: objects + time + moving + others + overlays)

  /// What `key` means in `context`; nil when it means nothing.
  ///
  /// - Complexity: linear in the length of the table.
  public func binding(for key: Key, in context: KeyContext) -> Binding? {
    bindings.first {
      ($0.context == context || $0.context == .everywhere) && $0.keys.contains(key)
    }
  }

  /// The rows of one context, in the order of the table.
  public func bindings(in context: KeyContext) -> [Binding] {
    bindings.filter { $0.context == context }
  }

  /// The row of this name in a context.
  public func binding(named name: String, in context: KeyContext) -> Binding? {
    bindings.first { $0.context == context && $0.name == name }
  }

  /// The first key of what `action` means in a context, as sentences name it.
  func label(_ action: DashboardAction, in context: KeyContext = .panels) -> String {
    bindings.first { $0.context == context && $0.action == action }?.keys.first?.name ?? "(no key)"
  }

  /// Gives a row other keys; rows that can be meant at the same time lose them.
  mutating func bind(_ name: String, in context: KeyContext, to keys: [Key]) {
    for index in bindings.indices where bindings[index].context.overlaps(context) {
      if bindings[index].context == context, bindings[index].name == name {
        bindings[index].keys = keys
      } else {
        bindings[index].keys.removeAll(where: keys.contains)
      }
    }
  }

  static func bind(
    _ name: String, _ keys: [Key], in context: KeyContext = .panels, _ action: DashboardAction,
    hint: String = "", rank: Int = 5, _ help: String, command: String = ""
  ) -> Binding {
    Binding(
      name: name, keys: keys, context: context, action: action, hint: hint, rank: rank, help: help,
      command: command)
  }
}

extension Key: ExpressibleByUnicodeScalarLiteral {
  public init(unicodeScalarLiteral scalar: Unicode.Scalar) { self = .character(scalar) }
}
