import SimulationCore

extension Console {
  /// Why `text` is no command, as far as that can be said without running it; nil when it may be
  /// one.
  public static func refusal(ofCommand text: String) -> (message: String, suggestion: String)? {
    for command in CommandReader.commands(in: text) {
      switch command {
      case .failure(let problem): return (problem.message, "write it as at the prompt")
      case .success(let line):
        do throws(CommandFailure) {
          guard try VerbFinder.find(line.words) == nil else { continue }
          return ("there is no command here", "write it as at the prompt")
        } catch {
          let names = Verbs.all.map(\.name)
          let word = line.words.first { $0 != "kubectl" && $0 != "k" } ?? ""
          let near = Suggestion.nearest(to: word, among: names).first
          return (
            "there is no command \(word.goQuoted)",
            near.map { "did you mean \"\($0)\"?" } ?? "'help' lists the commands"
          )
        }
      }
    }
    return nil
  }

  /// A duration as it is typed: `500ms`, `3s`, `1h30m`; nil for anything else.
  public static func duration(_ text: String) -> Duration? { DurationText.parse(text) }
}
