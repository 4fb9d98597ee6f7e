/// Finds the verb that words begin with.
enum VerbFinder {
  struct Found {
    var verb: any Verb
    var path: [String]
    /// The words that are left for flags and arguments.
    var rest: [String]
  }

  /// The flags a verb knows, those that all know included.
  static func flags(of verb: any Verb) -> [Flag] {
    verb.flags + (verb.isKubectl || verb.operands == .places ? [.namespace, .help] : [.help])
  }

  /// - Returns: nil when there is no word at all.
  static func find(_ words: [String]) throws(CommandFailure) -> Found? {
    var rest = words[...]
    if let first = rest.first, first == "kubectl" || first == "k", rest.count > 1 {
      rest.removeFirst()
    }
    let leading = leadingFlags(&rest)
    guard let name = rest.popFirst() else {
      if leading.isEmpty { return nil }
      throw CommandFailure("error: a command must come with the flags\n\(Help.pointer)")
    }
    guard let verb = verb(name, among: Verbs.all) else {
      throw unknown(name, for: "kubectl", among: Verbs.all)
    }
    return try descend(verb, [verb.name], leading, rest)
  }

  static func verb(_ name: String, among verbs: [any Verb]) -> (any Verb)? {
    verbs.first { $0.name == name || $0.aliases.contains(name) }
  }

  private static func descend(
    _ verb: any Verb, _ path: [String], _ leading: [String], _ rest: ArraySlice<String>
  ) throws(CommandFailure) -> Found {
    guard !verb.subverbs.isEmpty, let name = rest.first, !name.hasPrefix("-") else {
      return Found(verb: verb, path: path, rest: leading + rest)
    }
    guard let subverb = self.verb(name, among: verb.subverbs) else {
      let whole = (verb.isKubectl ? "kubectl " : "") + path.joined(separator: " ")
      if verb.isKubectl {
        // cmdutil DefaultSubCommandRun.
        throw CommandFailure(
          "error: unknown command \(name.goQuoted)\nSee '\(whole) -h' for help and examples")
      }
      throw unknown(name, for: whole, among: verb.subverbs)
    }
    return try descend(subverb, path + [subverb.name], leading, rest.dropFirst())
  }

  /// `-n x get pods`: the flags before the verb are the same as after it.
  private static func leadingFlags(_ rest: inout ArraySlice<String>) -> [String] {
    var taken: [String] = []
    while let word = rest.first, word.hasPrefix("-"), word != "-" {
      taken.append(rest.removeFirst())
      if word == "-n" || word == "--namespace", let value = rest.popFirst() { taken.append(value) }
    }
    return taken
  }

  /// In the words of spf13/cobra command.go.
  private static func unknown(_ name: String, for command: String, among verbs: [any Verb])
    -> CommandFailure
  {
    let near = Suggestion.nearest(to: name, among: verbs.map(\.name))
    var text = "error: unknown command \(name.goQuoted) for \"\(command)\""
    if near.isEmpty {
      text += "\n\(Help.pointer)"
    } else {
      text += "\n\nDid you mean this?\n" + near.map { "\t\($0)" }.joined(separator: "\n")
    }
    return CommandFailure(text)
  }
}
