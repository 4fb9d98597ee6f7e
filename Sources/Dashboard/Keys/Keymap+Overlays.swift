import Canvas

extension Keymap {
  /// What keys mean while something lies over the panels.
  static let overlays: [Binding] =
    reading + prompt + filter + number + question + themes + trace + prediction + finder + requests
    + why + review + search

  private static let reading: [Binding] = [
    bind("down", ["j", .down], in: .reading, .scrolled(.by(1)), hint: "down", "down"),
    bind("up", ["k", .up], in: .reading, .scrolled(.by(-1)), hint: "up", "up"),
    bind(
      "page-down", [.ctrl("d"), .pageDown, " "], in: .reading, .scrolled(.halfPage(1)),
      hint: "half a page",
      "down by half a page"),
    bind(
      "page-up", [.ctrl("u"), .pageUp], in: .reading, .scrolled(.halfPage(-1)), "up by half a page"),
    bind("left", ["h", .left], in: .reading, .scrolled(.sideways(-1)), "to the left"),
    bind(
      "right", ["l", .right], in: .reading, .scrolled(.sideways(1)), hint: "right", "to the right"),
    bind("first", ["g", .home], in: .reading, .scrolled(.first), hint: "start", "to the start"),
    bind("last", ["G", .end], in: .reading, .scrolled(.last), hint: "end", "to the end"),
    bind("search", ["/"], in: .reading, .searchOpened, hint: "search", "look for words"),
    bind(
      "next-match", ["n"], in: .reading, .matchStepped(by: 1), hint: "next", "to the next place"),
    bind("previous-match", ["N"], in: .reading, .matchStepped(by: -1), "to the place before"),
    bind("back", [.escape, "q", "?"], in: .reading, .closed, hint: "back", "back to the panels"),
  ]

  private static let search: [Binding] =
    editing(in: .search) + [
      bind(
        "accept", [.enter], in: .search, .submitted, hint: "keep", "to the first place; n goes on"),
      bind("back", [.escape], in: .search, .closed, hint: "back", "back without looking"),
    ]

  private static let trace: [Binding] = [
    bind(
      "next", ["j", .down, "l", .right, " ", .enter], in: .trace, .hopStepped(by: 1),
      hint: "next hop",
      rank: 1, "the next hop"),
    bind(
      "previous", ["k", .up, "h", .left, .backspace], in: .trace, .hopStepped(by: -1),
      hint: "back a hop",
      rank: 2, "the hop before"),
    bind("first", ["g", .home], in: .trace, .scrolled(.first), "the first hop"),
    bind("last", ["G", .end], in: .trace, .scrolled(.last), hint: "last", rank: 5, "the last hop"),
    bind(
      "page-down", [.ctrl("d"), .pageDown], in: .trace, .scrolled(.halfPage(1)),
      "the text further down"),
    bind(
      "page-up", [.ctrl("u"), .pageUp], in: .trace, .scrolled(.halfPage(-1)), "the text further up"),
    bind(
      "predict", ["p"], in: .trace, .predictionAsked, hint: "predict", rank: 2,
      "hide what comes until you have said what it will be"),
    bind(
      "why", ["w"], in: .trace, .whyChosen, hint: "why", rank: 3, "why, and what would change it"),
    bind(
      "change", [":", "t", "e"], in: .trace, .promptOpened, hint: "change", rank: 4,
      "trace another packet"),
    bind("back", [.escape, "q"], in: .trace, .closed, hint: "back", rank: 0, "back to the panels"),
  ]

  private static let prediction: [Binding] = [
    bind(
      "down", ["j", .down], in: .prediction, .choiceStepped(by: 1), hint: "down", "the next answer"),
    bind(
      "up", ["k", .up], in: .prediction, .choiceStepped(by: -1), hint: "up", "the answer before"),
    bind(
      "accept", [.enter], in: .prediction, .submitted, hint: "say it",
      "say it, and see what happens"),
    bind(
      "other-question", ["p", .tab], in: .prediction, .predictionAsked, hint: "other question",
      "another question"),
    bind("back", [.escape, "q"], in: .prediction, .closed, hint: "back", "back without saying it"),
  ]

  private static let finder: [Binding] =
    editing(in: .finder).filter { $0.action != .lineEdited(.deleteToEnd) } + [
      bind(
        "down", [.down, .ctrl("n"), .tab], in: .finder, .choiceStepped(by: 1), hint: "next", "down"),
      bind(
        "up", [.up, .ctrl("p"), .backTab], in: .finder, .choiceStepped(by: -1), hint: "before", "up"
      ),
      bind("accept", [.enter], in: .finder, .submitted, hint: "do it", "do what is chosen"),
      bind("back", [.escape], in: .finder, .closed, hint: "back", "back"),
    ]

  private static let requests: [Binding] = [
    bind("down", ["j", .down], in: .requests, .scrolled(.by(1)), hint: "down", "down"),
    bind("up", ["k", .up], in: .requests, .scrolled(.by(-1)), hint: "up", "up"),
    bind(
      "page-down", [.ctrl("d"), .pageDown], in: .requests, .scrolled(.halfPage(1)),
      "down by half a page"),
    bind(
      "page-up", [.ctrl("u"), .pageUp], in: .requests, .scrolled(.halfPage(-1)), "up by half a page"
    ),
    bind("first", ["g", .home], in: .requests, .scrolled(.first), "to the newest"),
    bind("last", ["G", .end], in: .requests, .scrolled(.last), "to the oldest"),
    bind(
      "trace", ["t", .enter], in: .requests, .requestTraced, hint: "trace",
      "trace a packet the same way",
      command: "trace FROM TO"),
    bind(
      "why", ["w"], in: .requests, .whyChosen, hint: "why", "why it ended so",
      command: "why FROM TO"),
    bind(
      "failures", ["f", "!"], in: .requests, .failuresToggled, hint: "failures",
      "only those that failed"),
    bind("read-again", ["r"], in: .requests, .readAgain, hint: "read again", "the newest requests"),
    bind("back", [.escape, "q", "L"], in: .requests, .closed, hint: "back", "back to the panels"),
  ]

  private static let why: [Binding] = [
    bind("down", ["j", .down], in: .why, .scrolled(.by(1)), "down"),
    bind("up", ["k", .up], in: .why, .scrolled(.by(-1)), "up"),
    bind(
      "page-down", [.ctrl("d"), .pageDown, " "], in: .why, .scrolled(.halfPage(1)),
      "down by half a page"),
    bind(
      "page-up", [.ctrl("u"), .pageUp], in: .why, .scrolled(.halfPage(-1)), "up by half a page"),
    bind(
      "next-change", [.tab], in: .why, .choiceStepped(by: 1), hint: "other change",
      "the next change offered"),
    bind("previous-change", [.backTab], in: .why, .choiceStepped(by: -1), "the change before"),
    bind(
      "accept", [.enter], in: .why, .agreed, hint: "change it", "make the change; z takes it back"),
    bind("back", [.escape, "q"], in: .why, .closed, hint: "back", "back"),
  ]

  private static let review: [Binding] = [
    bind("down", ["j", .down], in: .review, .scrolled(.by(1)), hint: "down", "down"),
    bind("up", ["k", .up], in: .review, .scrolled(.by(-1)), hint: "up", "up"),
    bind(
      "page-down", [.ctrl("d"), .pageDown, " "], in: .review, .scrolled(.halfPage(1)),
      "down by half a page"),
    bind(
      "page-up", [.ctrl("u"), .pageUp], in: .review, .scrolled(.halfPage(-1)), "up by half a page"),
    bind(
      "accept", ["y", .enter], in: .review, .agreed, hint: "apply",
      "make the change; z takes it back"),
    bind("edit", ["e"], in: .review, .editChosen, hint: "edit again", "back to the editor"),
    bind("back", ["n", "q", .escape], in: .review, .closed, hint: "discard", "leave it as it was"),
  ]

  private static let prompt: [Binding] =
    editing(in: .prompt) + [
      bind("accept", [.enter], in: .prompt, .submitted, hint: "run", "run the command"),
      bind(
        "complete", [.tab], in: .prompt, .completionStepped(by: 1), hint: "complete",
        "the next completion"),
      bind(
        "complete-back", [.backTab], in: .prompt, .completionStepped(by: -1),
        "the previous completion"),
      bind(
        "earlier", [.up, .ctrl("p")], in: .prompt, .historyStepped(by: -1), hint: "earlier",
        "what was typed before"),
      bind(
        "later", [.down, .ctrl("n")], in: .prompt, .historyStepped(by: 1),
        "what was typed after that"),
      bind("back", [.escape], in: .prompt, .closed, hint: "back", "back without running it"),
    ]

  private static let filter: [Binding] =
    editing(in: .filter) + [
      bind("accept", [.enter], in: .filter, .submitted, hint: "keep", "keep the filter"),
      bind("back", [.escape], in: .filter, .closed, hint: "back", "back to how it was"),
    ]

  private static let number: [Binding] =
    editing(in: .number) + [
      bind("accept", [.enter], in: .number, .submitted, hint: "scale", "scale to this number"),
      bind("more", [.up], in: .number, .choiceStepped(by: 1), "one more"),
      bind("less", [.down], in: .number, .choiceStepped(by: -1), "one less"),
      bind("back", [.escape], in: .number, .closed, hint: "back", "back without scaling"),
    ]

  private static let question: [Binding] = [
    bind("accept", ["y", .enter], in: .question, .agreed, hint: "yes", "do it"),
    bind("back", ["n", "q", .escape], in: .question, .closed, hint: "no", "do not do it"),
  ]

  private static let themes: [Binding] = [
    bind(
      "down", ["j", .down], in: .themes, .choiceStepped(by: 1), hint: "down", "try the next one"),
    bind("up", ["k", .up], in: .themes, .choiceStepped(by: -1), hint: "up", "try the one before"),
    bind("accept", [.enter, "T"], in: .themes, .submitted, hint: "keep", "keep it"),
    bind("back", [.escape, "q"], in: .themes, .closed, hint: "back", "back to the theme before"),
  ]

  /// The keys of a line of text, which are the shell's.
  private static func editing(in context: KeyContext) -> [Binding] {
    [
      bind(
        "delete-left", [.backspace], in: context, .lineEdited(.deleteBackwards),
        "delete to the left"),
      bind(
        "delete-right", [.delete, .ctrl("d")], in: context, .lineEdited(.deleteForwards),
        "delete to the right"),
      bind("left", [.left, .ctrl("b")], in: context, .lineEdited(.left), "to the left"),
      bind("right", [.right, .ctrl("f")], in: context, .lineEdited(.right), "to the right"),
      bind("start", [.home, .ctrl("a")], in: context, .lineEdited(.start), "to the start"),
      bind("end", [.end, .ctrl("e")], in: context, .lineEdited(.end), "to the end"),
      bind("delete-word", [.ctrl("w")], in: context, .lineEdited(.deleteWord), "delete the word"),
      bind(
        "delete-to-start", [.ctrl("u")], in: context, .lineEdited(.deleteToStart),
        "delete to the start"),
      bind(
        "delete-to-end", [.ctrl("k")], in: context, .lineEdited(.deleteToEnd), "delete to the end"),
    ]
  }
}
