import SimulationCore

/// The flags and the other words of a command, sorted out.
struct FlagValues: Hashable, Sendable {
  fileprivate var given: [(name: String, value: String)] = []
  /// The words that are no flags.
  var arguments: [String] = []
  /// The words after `--`; nil without one. They are not among the arguments.
  var trailing: [String]?

  static func == (left: Self, right: Self) -> Bool {
    left.arguments == right.arguments && left.trailing == right.trailing
      && left.given.elementsEqual(right.given) { $0 == $1 }
  }
  func hash(into hasher: inout Hasher) { hasher.combine(arguments) }

  func isGiven(_ name: String) -> Bool { given.contains { $0.name == name } }
  /// The last value given; nil when there is none.
  func text(_ name: String) -> String? { given.last { $0.name == name }?.value }
  func texts(_ name: String) -> [String] { given.filter { $0.name == name }.map(\.value) }
  func flag(_ name: String, default value: Bool = false) -> Bool {
    text(name).flatMap(Self.bool) ?? value
  }
  func number(_ name: String) -> Int? { text(name).flatMap { Int($0) } }
  func duration(_ name: String) -> Duration? { text(name).flatMap(DurationText.parse) }

  mutating func remove(_ name: String) { given.removeAll { $0.name == name } }

  /// The words that Go's strconv.ParseBool takes.
  static func bool(_ text: String) -> Bool? {
    switch text {
    case "1", "t", "T", "true", "TRUE", "True": true
    case "0", "f", "F", "false", "FALSE", "False": false
    default: nil
    }
  }
}

/// Reads flags as kubectl's library does (spf13/pflag flag.go), with its words for what is wrong.
struct FlagParser {
  private let flags: [Flag]
  private var rest: ArraySlice<String>
  private var values = FlagValues()
  /// Whether flags may stand behind the first word that is none.
  private let isInterspersed: Bool

  /// - Throws: the message without "error: ".
  static func parse(
    _ words: [String], flags: [Flag], isInterspersed: Bool = true
  ) throws(FlagProblem) -> FlagValues {
    var parser = FlagParser(flags: flags, rest: words[...], isInterspersed: isInterspersed)
    try parser.run()
    return parser.values
  }

  private init(flags: [Flag], rest: ArraySlice<String>, isInterspersed: Bool) {
    self.flags = flags
    self.rest = rest
    self.isInterspersed = isInterspersed
  }

  private mutating func run() throws(FlagProblem) {
    while let word = rest.popFirst() {
      if word == "--" {
        values.trailing = Array(rest)
        return
      } else if word.hasPrefix("--") {
        try readLong(word)
      } else if word.hasPrefix("-"), word != "-" {
        try readShort(word)
      } else {
        values.arguments.append(word)
        if !isInterspersed {
          values.arguments += rest
          return
        }
      }
    }
  }

  private mutating func readLong(_ word: String) throws(FlagProblem) {
    let body = word.dropFirst(2)
    let parts = body.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts.first ?? "")
    guard !name.isEmpty, name.first != "-" else {
      throw FlagProblem("bad flag syntax: \(word.printable)")
    }
    guard let flag = flags.first(where: { $0.name == name }) else {
      throw FlagProblem("unknown flag: --\(name.printable)")
    }
    if parts.count == 2 {
      try set(flag, String(parts[1]))
    } else if flag.takesNextWord {
      guard let value = rest.popFirst() else {
        throw FlagProblem("flag needs an argument: --\(name)")
      }
      try set(flag, value)
    } else {
      try set(flag, flag.valueWhenBare)
    }
  }

  /// `-A`, `-Aw`, `-n x`, `-nx`, `-n=x`.
  private mutating func readShort(_ word: String) throws(FlagProblem) {
    var letters = word.dropFirst()
    while let letter = letters.popFirst() {
      guard let flag = flags.first(where: { $0.short == letter }) else {
        throw FlagProblem(
          "unknown shorthand flag: '\(String(letter).printable)' in \(word.printable)")
      }
      if letters.first == "=", letters.count > 1 {
        return try set(flag, String(letters.dropFirst()))
      }
      guard flag.takesNextWord else {
        try set(flag, flag.valueWhenBare)
        continue
      }
      if !letters.isEmpty { return try set(flag, String(letters)) }
      guard let value = rest.popFirst() else {
        throw FlagProblem("flag needs an argument: '\(letter)' in \(word.printable)")
      }
      return try set(flag, value)
    }
  }

  private mutating func set(_ flag: Flag, _ value: String) throws(FlagProblem) {
    if let reason = flag.refusal(of: value) {
      throw FlagProblem(
        "invalid argument \(value.goQuoted) for \"\(flag.title)\" flag: \(reason)")
    }
    values.given.append((flag.name, value))
  }
}

/// What is wrong with the flags of a command.
struct FlagProblem: Error, Hashable {
  var message: String
  init(_ message: String) { self.message = message }
}

extension Flag {
  fileprivate var valueWhenBare: String {
    if case .optional(let value) = kind { value } else { "true" }
  }

  /// Why the flag cannot have this value, in Go's words; nil when it can.
  fileprivate func refusal(of value: String) -> String? {
    switch kind {
    case .text, .list, .optional: return nil
    case .toggle:
      return FlagValues.bool(value) == nil
        ? "strconv.ParseBool: parsing \(value.goQuoted): invalid syntax" : nil
    case .number:
      guard Int(value) == nil else {
        return Int32(value) == nil
          ? "strconv.ParseInt: parsing \(value.goQuoted): value out of range" : nil
      }
      return "strconv.ParseInt: parsing \(value.goQuoted): invalid syntax"
    case .duration: return DurationText.refusal(of: value)
    }
  }
}
