extension Prompt {
  /// Takes the ways in which the last word could go on.
  mutating func take(_ words: [String], for typed: String) {
    completions = Array(words.prefix(200))
    self.typed = typed
    chosen = nil
    guard let first = words.first else { return }
    if words.count == 1 {
      replaceLastWord(with: first + " ")
      completions = []
      return
    }
    // As far as all of them agree.
    let common = words.dropFirst().reduce(first) { prefix, word in
      String(
        String.UnicodeScalarView(
          zip(prefix.unicodeScalars, word.unicodeScalars)
            .prefix { $0.0 == $0.1 }.map(\.0)))
    }
    if common.unicodeScalars.count > lastWord(of: typed).unicodeScalars.count {
      replaceLastWord(with: common)
      self.typed = editor.text
    }
  }

  /// Puts the next completion into the line.
  mutating func stepCompletion(by step: Int) {
    guard !completions.isEmpty else { return }
    let count = completions.count
    let next = chosen.map { ($0 + step % count + count) % count } ?? (step > 0 ? 0 : count - 1)
    chosen = next
    replaceLastWord(with: completions[next])
  }

  /// Replaces the line by an earlier or a later one of the history.
  mutating func stepHistory(by step: Int, _ history: [String]) {
    guard !history.isEmpty else { return }
    let wanted = (historyIndex ?? history.count) + step
    completions = []
    if wanted >= history.count {
      historyIndex = nil
      editor = LineEditor("")
    } else {
      historyIndex = max(wanted, 0)
      editor = LineEditor(history[max(wanted, 0)])
    }
  }

  private func lastWord(of text: String) -> String {
    text.lastIndex(of: " ").map { String(text[text.index(after: $0)...]) } ?? text
  }

  private mutating func replaceLastWord(with word: String) {
    let text = chosen == nil ? editor.textBeforeCursor : editor.text
    let base = chosen == nil ? text : typed
    let start = base.dropLast(lastWord(of: base).count)
    editor = LineEditor(start + word)
  }
}
