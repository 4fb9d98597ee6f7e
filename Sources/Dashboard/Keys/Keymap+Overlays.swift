import Canvas

extension Keymap {
  /// What keys mean while something lies over the panels.
  static let overlays: [Binding] = reading + prompt + filter + number + question + chooser

  private static let reading: [Binding] = [
    bind(["j", .down], in: .reading, .scrolled(.by(1)), hint: "down", "down"),
    bind(["k", .up], in: .reading, .scrolled(.by(-1)), hint: "up", "up"),
    bind(
      [.ctrl("d"), .pageDown, " "], in: .reading, .scrolled(.halfPage(1)), hint: "half a page",
      "down by half a page"),
    bind(
      [.ctrl("u"), .pageUp], in: .reading, .scrolled(.halfPage(-1)), "up by half a page"),
    bind(["h", .left], in: .reading, .scrolled(.sideways(-1)), "to the left"),
    bind(["l", .right], in: .reading, .scrolled(.sideways(1)), hint: "right", "to the right"),
    bind(["g", .home], in: .reading, .scrolled(.first), hint: "start", "to the start"),
    bind(["G", .end], in: .reading, .scrolled(.last), hint: "end", "to the end"),
    bind([.escape, "q", "?"], in: .reading, .closed, hint: "back", "back to the panels"),
  ]

  private static let prompt: [Binding] =
    editing(in: .prompt) + [
      bind([.enter], in: .prompt, .submitted, hint: "run", "run the command"),
      bind([.tab], in: .prompt, .completionStepped(by: 1), hint: "complete", "the next completion"),
      bind([.backTab], in: .prompt, .completionStepped(by: -1), "the previous completion"),
      bind(
        [.up, .ctrl("p")], in: .prompt, .historyStepped(by: -1), hint: "earlier",
        "what was typed before"),
      bind([.down, .ctrl("n")], in: .prompt, .historyStepped(by: 1), "what was typed after that"),
      bind([.escape], in: .prompt, .closed, hint: "back", "back without running it"),
    ]

  private static let filter: [Binding] =
    editing(in: .filter) + [
      bind([.enter], in: .filter, .submitted, hint: "keep", "keep the filter"),
      bind([.escape], in: .filter, .closed, hint: "back", "back to how it was"),
    ]

  private static let number: [Binding] =
    editing(in: .number) + [
      bind([.enter], in: .number, .submitted, hint: "scale", "scale to this number"),
      bind([.up], in: .number, .choiceStepped(by: 1), "one more"),
      bind([.down], in: .number, .choiceStepped(by: -1), "one less"),
      bind([.escape], in: .number, .closed, hint: "back", "back without scaling"),
    ]

  private static let question: [Binding] = [
    bind(["y", .enter], in: .question, .agreed, hint: "yes", "do it"),
    bind(["n", "q", .escape], in: .question, .closed, hint: "no", "do not do it"),
  ]

  private static let chooser: [Binding] = [
    bind(["j", .down], in: .chooser, .choiceStepped(by: 1), hint: "down", "try the next one"),
    bind(["k", .up], in: .chooser, .choiceStepped(by: -1), hint: "up", "try the one before"),
    bind([.enter, "T"], in: .chooser, .submitted, hint: "keep", "keep it"),
    bind([.escape, "q"], in: .chooser, .closed, hint: "back", "back to the theme before"),
  ]

  /// The keys of a line of text, which are the shell's.
  private static func editing(in context: KeyContext) -> [Binding] {
    [
      bind(
        [.backspace, .ctrl("h")], in: context, .lineEdited(.deleteBackwards), "delete to the left"),
      bind(
        [.delete, .ctrl("d")], in: context, .lineEdited(.deleteForwards), "delete to the right"),
      bind([.left, .ctrl("b")], in: context, .lineEdited(.left), "to the left"),
      bind([.right, .ctrl("f")], in: context, .lineEdited(.right), "to the right"),
      bind([.home, .ctrl("a")], in: context, .lineEdited(.start), "to the start"),
      bind([.end, .ctrl("e")], in: context, .lineEdited(.end), "to the end"),
      bind([.ctrl("w")], in: context, .lineEdited(.deleteWord), "delete the word"),
      bind([.ctrl("u")], in: context, .lineEdited(.deleteToStart), "delete to the start"),
      bind([.ctrl("k")], in: context, .lineEdited(.deleteToEnd), "delete to the end"),
    ]
  }
}
