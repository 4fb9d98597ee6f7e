/// The text behind `--help` and `help`.
enum Help {
  static let pointer = "See 'help' for the commands there are."

  /// Every command with its line.
  static func overview() -> String {
    let cluster = Verbs.all.filter(\.isKubectl)
    let own = Verbs.all.filter { !$0.isKubectl }
    return "Commands of kubectl:\n" + rows(cluster.map { ($0.name, $0.summary) })
      + "\nCommands for time, traffic and packets:\n" + rows(own.map { ($0.name, $0.summary) })
      + "\nUse 'COMMAND --help' for more about one.\n"
  }

  static func text(of verb: any Verb, path: [String]) -> String {
    let command = (verb.isKubectl ? "kubectl " : "") + path.joined(separator: " ")
    var text = verb.summary + ".\n"
    if !verb.examples.isEmpty {
      text += "\nExamples:\n" + verb.examples.map { "  \($0)\n" }.joined()
    }
    if !verb.subverbs.isEmpty {
      text += "\nAvailable Commands:\n" + rows(verb.subverbs.map { ($0.name, $0.summary) })
    }
    let flags = VerbFinder.flags(of: verb)
    text += "\nOptions:\n" + rows(flags.map { (title($0), $0.help) })
    return text + "\nUsage:\n  \(command)\(verb.usage.isEmpty ? "" : " " + verb.usage)\n"
  }

  private static func title(_ flag: Flag) -> String {
    switch flag.kind {
    case .toggle: flag.title
    case .text: "\(flag.title)=''"
    case .list: "\(flag.title)=[]"
    case .number: "\(flag.title)=N"
    case .duration: "\(flag.title)=DURATION"
    case .optional(let value): "\(flag.title)[=\(value)]"
    }
  }

  private static func rows(_ rows: [(String, String)]) -> String {
    let width = (rows.map(\.0.count).max() ?? 0) + 2
    return rows.map { row in
      "  \(row.0)\(String(repeating: " ", count: width - row.0.count))\(row.1)\n"
    }.joined()
  }
}
