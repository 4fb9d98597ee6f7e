import Canvas

extension Keymap {
  /// What keys mean while something lies over the panels.
  static let overlays: [Binding] =
    reading + prompt + filter + number + question + chooser + trace + prediction + finder + requests
    + why + review + search

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
    bind(["/"], in: .reading, .searchOpened, hint: "search", "look for words"),
    bind(["n"], in: .reading, .matchStepped(by: 1), hint: "next", "to the next place"),
    bind(["N"], in: .reading, .matchStepped(by: -1), "to the place before"),
    bind([.escape, "q", "?"], in: .reading, .closed, hint: "back", "back to the panels"),
  ]

  private static let search: [Binding] =
    editing(in: .search) + [
      bind([.enter], in: .search, .submitted, hint: "keep", "to the first place; n goes on"),
      bind([.escape], in: .search, .closed, hint: "back", "back without looking"),
    ]

  private static let trace: [Binding] = [
    bind(
      ["j", .down, "l", .right, " ", .enter], in: .trace, .hopStepped(by: 1), hint: "next hop",
      rank: 1, "the next hop"),
    bind(
      ["k", .up, "h", .left, .backspace], in: .trace, .hopStepped(by: -1), hint: "back a hop",
      rank: 2, "the hop before"),
    bind(["g", .home], in: .trace, .scrolled(.first), "the first hop"),
    bind(["G", .end], in: .trace, .scrolled(.last), hint: "last", rank: 5, "the last hop"),
    bind([.ctrl("d"), .pageDown], in: .trace, .scrolled(.halfPage(1)), "the text further down"),
    bind([.ctrl("u"), .pageUp], in: .trace, .scrolled(.halfPage(-1)), "the text further up"),
    bind(
      ["p"], in: .trace, .predictionAsked, hint: "predict", rank: 2,
      "hide what comes until you have said what it will be"),
    bind(["w"], in: .trace, .whyChosen, hint: "why", rank: 3, "why, and what would change it"),
    bind(
      [":", "t", "e"], in: .trace, .promptOpened, hint: "change", rank: 4, "trace another packet"),
    bind([.escape, "q"], in: .trace, .closed, hint: "back", rank: 0, "back to the panels"),
  ]

  private static let prediction: [Binding] = [
    bind(["j", .down], in: .prediction, .choiceStepped(by: 1), hint: "down", "the next answer"),
    bind(["k", .up], in: .prediction, .choiceStepped(by: -1), hint: "up", "the answer before"),
    bind([.enter], in: .prediction, .submitted, hint: "say it", "say it, and see what happens"),
    bind(
      ["p", .tab], in: .prediction, .predictionAsked, hint: "other question", "another question"),
    bind([.escape, "q"], in: .prediction, .closed, hint: "back", "back without saying it"),
  ]

  private static let finder: [Binding] =
    editing(in: .finder).filter { $0.action != .lineEdited(.deleteToEnd) } + [
      bind([.down, .ctrl("n"), .tab], in: .finder, .choiceStepped(by: 1), hint: "down", "down"),
      bind([.up, .ctrl("p"), .backTab], in: .finder, .choiceStepped(by: -1), hint: "up", "up"),
      bind([.enter], in: .finder, .submitted, hint: "do it", "do what is chosen"),
      bind([.escape], in: .finder, .closed, hint: "back", "back"),
    ]

  private static let requests: [Binding] = [
    bind(["j", .down], in: .requests, .scrolled(.by(1)), hint: "down", "down"),
    bind(["k", .up], in: .requests, .scrolled(.by(-1)), hint: "up", "up"),
    bind([.ctrl("d"), .pageDown], in: .requests, .scrolled(.halfPage(1)), "down by half a page"),
    bind([.ctrl("u"), .pageUp], in: .requests, .scrolled(.halfPage(-1)), "up by half a page"),
    bind(["g", .home], in: .requests, .scrolled(.first), "to the newest"),
    bind(["G", .end], in: .requests, .scrolled(.last), "to the oldest"),
    bind(
      ["t", .enter], in: .requests, .requestTraced, hint: "trace", "trace a packet the same way",
      command: "trace FROM TO"),
    bind(
      ["w"], in: .requests, .whyChosen, hint: "why", "why it ended so", command: "why FROM TO"),
    bind(["f", "!"], in: .requests, .failuresToggled, hint: "failures", "only those that failed"),
    bind(["r"], in: .requests, .readAgain, hint: "read again", "the newest requests"),
    bind([.escape, "q", "L"], in: .requests, .closed, hint: "back", "back to the panels"),
  ]

  private static let why: [Binding] = [
    bind(["j", .down], in: .why, .scrolled(.by(1)), "down"),
    bind(["k", .up], in: .why, .scrolled(.by(-1)), "up"),
    bind([.ctrl("d"), .pageDown, " "], in: .why, .scrolled(.halfPage(1)), "down by half a page"),
    bind([.ctrl("u"), .pageUp], in: .why, .scrolled(.halfPage(-1)), "up by half a page"),
    bind([.tab], in: .why, .choiceStepped(by: 1), hint: "other change", "the next change offered"),
    bind([.backTab], in: .why, .choiceStepped(by: -1), "the change before"),
    bind([.enter], in: .why, .agreed, hint: "change it", "make the change; z takes it back"),
    bind([.escape, "q"], in: .why, .closed, hint: "back", "back"),
  ]

  private static let review: [Binding] = [
    bind(["j", .down], in: .review, .scrolled(.by(1)), hint: "down", "down"),
    bind(["k", .up], in: .review, .scrolled(.by(-1)), hint: "up", "up"),
    bind(
      [.ctrl("d"), .pageDown, " "], in: .review, .scrolled(.halfPage(1)), "down by half a page"),
    bind([.ctrl("u"), .pageUp], in: .review, .scrolled(.halfPage(-1)), "up by half a page"),
    bind(["y", .enter], in: .review, .agreed, hint: "apply", "make the change; z takes it back"),
    bind(["e"], in: .review, .editChosen, hint: "edit again", "back to the editor"),
    bind(["n", "q", .escape], in: .review, .closed, hint: "discard", "leave it as it was"),
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
