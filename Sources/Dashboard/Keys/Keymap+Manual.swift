extension Keymap {
  /// The table of keys as a page of the manual, in Markdown.
  public static var manual: String {
    let sections: [(title: String, bindings: [Binding])] = [
      ("The chosen object", objects), ("Time", time), ("Moving about", moving),
      ("The rest", others), ("Typing a command, after `:`", bindings(in: .prompt)),
      ("Typing a filter, after `/`", bindings(in: .filter)),
      ("Reading a text", bindings(in: .reading)), ("Following a packet", bindings(in: .trace)),
      ("Predicting", bindings(in: .prediction)), ("The log of requests", bindings(in: .requests)),
      ("An explanation", bindings(in: .why)), ("A change in the editor", bindings(in: .review)),
      ("A list to find something in", bindings(in: .finder)),
    ]
    var text = """
      # Keys

      Made from the table in the code, as the help (`?`) and the bar of hints are.

      """
    for section in sections {
      text += "\n## \(section.title)\n\n| keys | what they do | command |\n|---|---|---|\n"
      for binding in section.bindings {
        let keys = binding.keys.map { "`\(Self.escaped($0.name))`" }.joined(separator: " ")
        let command = binding.command.isEmpty ? "" : "`\(binding.command)`"
        text += "| \(keys) | \(Self.escaped(binding.help)) | \(command) |\n"
      }
    }
    return text
  }

  private static func escaped(_ text: String) -> String {
    text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }
}
