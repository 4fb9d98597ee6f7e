import SimulationCore

/// An option of a verb, such as `-o, --output`.
struct Flag: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    /// `--watch`, `--watch=false`.
    case toggle
    case text
    /// May be given several times, and holds commas as they are.
    case list
    case number
    case duration
    /// A text that may be left out: `--dry-run` means `--dry-run=VALUE`.
    case optional(String)
  }

  /// What completion offers as the value.
  enum Candidates: Hashable, Sendable {
    case none
    case words([String])
    case namespaces
    case nodes
  }

  var name: String
  var short: Character?
  var kind: Kind
  var help: String
  var candidates = Candidates.none

  init(
    _ name: String, short: Character? = nil, _ kind: Kind, _ help: String,
    offers candidates: Candidates = .none
  ) {
    self.name = name
    self.short = short
    self.kind = kind
    self.help = help
    self.candidates = candidates
  }

  /// A flag with a text.
  init(
    _ name: String, short: Character? = nil, _ help: String, offers candidates: Candidates = .none
  ) {
    self.init(name, short: short, .text, help, offers: candidates)
  }

  /// Whether the next word is the value when none is attached.
  var takesNextWord: Bool {
    switch kind {
    case .toggle, .optional: false
    case .text, .list, .number, .duration: true
    }
  }

  /// How messages name it: `-w, --watch`.
  var title: String { short.map { "-\($0), --\(name)" } ?? "--\(name)" }
}

extension Flag {
  static let namespace = Flag(
    "namespace", short: "n", "The namespace to work in", offers: .namespaces)
  static let allNamespaces = Flag(
    "all-namespaces", short: "A", .toggle, "Every namespace, not only one")
  static let selector = Flag(
    "selector", short: "l", "Only objects with these labels: a=b,c!=d,e in (f,g),!h")
  static let fieldSelector = Flag("field-selector", "Only objects with these fields: a.b=c,d!=e")
  static let filename = Flag("filename", short: "f", .list, "A file, a directory or - for input")
  static let all = Flag("all", .toggle, "Every object of the type")
  static let dryRun = Flag(
    "dry-run", .optional("unchanged"), "none, client or server: show, but do not do it",
    offers: .words(["none", "client", "server"]))
  static let timeout = Flag("timeout", .duration, "How long to wait, such as 30s")
  static let overwrite = Flag("overwrite", .toggle, "Allow existing values to change")
  static let help = Flag("help", short: "h", .toggle, "Show this help")

  static func output(_ words: [String]) -> Flag {
    Flag(
      "output", short: "o", "How to print: \(words.joined(separator: ", "))", offers: .words(words))
  }
}
