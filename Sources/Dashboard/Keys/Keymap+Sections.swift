/// A part of the table of keys as the help and the manual show it.
struct KeySection {
  var title: String
  var bindings: [Binding]
}

extension Keymap {
  /// The whole table in the order in which it is read.
  var sections: [KeySection] {
    let panels: [(String, [Binding])] = [
      ("The chosen object", Self.objects), ("Time", Self.time), ("Moving about", Self.moving),
      ("The rest", Self.others),
    ]
    return panels.map { KeySection(title: $0, bindings: rows(like: $1)) }
      + KeyContext.allCases.compactMap { context in
        context.title.map { KeySection(title: $0, bindings: bindings(in: context)) }
      }
  }

  /// The rows that `table` has without the user's own keys.
  private func rows(like table: [Binding]) -> [Binding] {
    table.compactMap { binding(named: $0.name, in: $0.context) }
  }

  /// The table of keys as a page of the manual, in Markdown.
  public var manual: String {
    var text = """
      # Keys

      Made from the table in the code, as the help and the bar of hints are. The names are those of
      [config.yaml](configuration.md), where every key can be another one.

      """
    for section in sections {
      let context = section.bindings.first?.context.rawValue ?? ""
      text += "\n## \(section.title) (`\(context)`)\n\n"
      text += "| keys | what they do | name | command |\n|---|---|---|---|\n"
      for binding in section.bindings {
        let keys = binding.keys.map { "`\(Self.escaped($0.name))`" }.joined(separator: " ")
        let command = binding.command.isEmpty ? "" : "`\(binding.command)`"
        let everywhere = binding.context == .everywhere ? " (`everywhere`)" : ""
        text += "| \(keys) | \(Self.escaped(binding.help)) | `\(binding.name)`\(everywhere) "
        text += "| \(command) |\n"
      }
    }
    return text
  }

  private static func escaped(_ text: String) -> String {
    text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }
}

extension KeyContext {
  /// What its keys stand under; nil where they stand with others.
  var title: String? {
    switch self {
    case .panels, .everywhere: nil
    case .reading: "Reading a text"
    case .prompt: "Typing a command"
    case .filter: "Typing a filter"
    case .number: "Typing a number of replicas"
    case .question: "Answering a question"
    case .themes: "Choosing a theme"
    case .trace: "Following a packet"
    case .prediction: "Predicting"
    case .finder: "A list to find something in"
    case .requests: "The log of requests"
    case .why: "An explanation"
    case .review: "A change in the editor"
    case .search: "Looking for words in a text"
    }
  }
}
