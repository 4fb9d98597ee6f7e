import Canvas

extension Keymap {
  /// What is done to the chosen object.
  static let objects: [Binding] = [
    bind(
      "scale", ["s"], .scaleChosen, hint: "scale", rank: 1, "scale its Deployment",
      command: "kubectl scale deployment NAME --replicas=N"),
    bind(
      "scale-up", [">"], .replicasChanged(by: 1), "one replica more",
      command: "kubectl scale deployment NAME --replicas=N+1"),
    bind(
      "scale-down", ["<"], .replicasChanged(by: -1), "one replica less",
      command: "kubectl scale deployment NAME --replicas=N-1"),
    bind(
      "trace", ["t"], .traceChosen, hint: "trace", rank: 4, "trace a packet to it",
      command: "trace FROM TO"),
    bind(
      "why", ["w"], .whyChosen, hint: "why", rank: 2,
      "why it is as it is, and what would change it",
      command: "why KIND/NAME"),
    bind(
      "describe", ["d"], .describeChosen, hint: "describe", rank: 2, "describe it",
      command: "kubectl describe KIND NAME"),
    bind(
      "yaml", ["y"], .yamlChosen, hint: "yaml", rank: 4, "show it as YAML",
      command: "kubectl get KIND NAME -o yaml"),
    bind(
      "edit", ["e"], .editChosen, hint: "edit", rank: 6,
      "change it in $EDITOR; the difference is shown before it is made",
      command: "kubectl patch KIND NAME"),
    bind(
      "requests", ["L"], .logOpened, hint: "log", rank: 5, "the last requests to it and from it"),
    bind(
      "faults", ["x"], .faultsOpened, hint: "break", rank: 5, "the menu of faults",
      command: "fault KIND TARGET"),
    bind(
      "delete", ["D"], .deleteChosen, "delete it, or all that are marked, after a question",
      command: "kubectl delete KIND NAME"),
    bind("mark", ["v"], .markToggled, "mark it, for D and for commands on several"),
    bind("mark-all", ["V"], .allMarkToggled, "mark all that are listed, or none"),
  ]

  /// What is done to time.
  static let time: [Binding] = [
    bind(
      "pause", [" "], .pauseToggled, hint: "pause", rank: 2, "let time stand still, or go on",
      command: "pause, resume"),
    bind(
      "step", ["."], .stepChosen, hint: "step", rank: 4, "let the next event happen",
      command: "step"),
    bind(
      "faster", ["]"], .speedChanged(by: 1), hint: "faster", rank: 6, "faster", command: "speed N"),
    bind(
      "slower", ["["], .speedChanged(by: -1), hint: "slower", rank: 6, "slower", command: "speed N"),
    bind(
      "step-back", [","], .stepBackChosen, hint: "back", rank: 6, "the last event has not happened",
      command: "back"),
    bind(
      "undo", ["z"], .commandChosen("undo"), hint: "undo", rank: 5,
      "take the last change back, and be just before it", command: "undo"),
    bind(
      "redo", ["Z"], .commandChosen("redo"), "do it again, and be where it was taken back",
      command: "redo"),
  ]

  /// Moving about.
  static let moving: [Binding] = [
    bind("down", ["j", .down], .selectionMoved(.by(1)), "down"),
    bind("up", ["k", .up], .selectionMoved(.by(-1)), "up"),
    bind("left", ["h", .left], .selectionMoved(.sideways(-1)), "to the left"),
    bind("right", [.right], .selectionMoved(.sideways(1)), "to the right"),
    bind(
      "right-or-requests", ["l"], .rightOrLog,
      "to the right in the pod network; elsewhere the log of requests"),
    bind("first", ["g", .home], .selectionMoved(.first), "to the first"),
    bind("last", ["G", .end], .selectionMoved(.last), "to the last, and follow it"),
    bind(
      "page-down", [.ctrl("d"), .pageDown], .selectionMoved(.halfPage(1)), "down by half a page"),
    bind("page-up", [.ctrl("u"), .pageUp], .selectionMoved(.halfPage(-1)), "up by half a page"),
    bind("next-panel", [.tab], .panelStepped(by: 1), hint: "panel", rank: 3, "to the next panel"),
    bind("previous-panel", [.backTab], .panelStepped(by: -1), "to the previous panel"),
    bind("nodes", ["1"], .panelChosen(.nodes), "to the nodes"),
    bind("pods", ["2"], .panelChosen(.pods), "to the pod network"),
    bind("services", ["3"], .panelChosen(.services), "to the service network"),
    bind("events", ["4"], .panelChosen(.events), "to the events"),
    bind("commands", ["5", "@"], .panelChosen(.commands), "to the commands"),
    bind(
      "zoom", ["+", "=", .enter], .zoomed, hint: "zoom", rank: 3, "the whole screen for this panel"),
    bind("unzoom", ["_", "-"], .unzoomed, "all panels again"),
    bind("back", [.escape], .wentBack, "back: the way one came, the zoom, the filter"),
    bind("quit", ["q"], .quitChosen, "back, and at the root quit"),
  ]

  /// The rest.
  static let others: [Binding] = [
    bind("command", [":"], .promptOpened, hint: "command", rank: 1, "type a command"),
    bind(
      "filter", ["/"], .filterOpened, hint: "filter", rank: 3,
      "show only rows with these words; !words, -l app=web, -f fuzzy"),
    bind("faults-only", ["!"], .faultsOnlyToggled, "show only what has a fault"),
    bind("sort", ["o"], .sortingOpened, "sort by a column"),
    bind("sort-reversed", ["O"], .sortReversed, "the other way round"),
    bind("wide", [.ctrl("w")], .wideToggled, "more columns, or the usual ones"),
    bind("namespaces", ["n"], .namespacesOpened, "choose a namespace", command: ":ns NAME"),
    bind("system", ["0"], .systemToggled, "show or hide the system's namespaces"),
    bind("themes", ["T"], .themesOpened, "choose a theme"),
    bind(
      "find", [.ctrl("p")], .paletteOpened, hint: "find", rank: 3,
      "find any command, object or key by typing some of its letters"),
    bind("charts", ["c"], .chartStyleStepped, "charts of blocks, of dots, or of ASCII"),
    bind("animation", ["a"], .animationToggled, "show requests as they move, or not"),
    bind("mouse", ["m"], .mouseToggled, "leave the mouse to the terminal, or take it back"),
    bind("help", ["?"], .helpOpened, hint: "help", rank: 0, "this help"),
    bind("quit", [.ctrl("c")], in: .everywhere, .quitAtOnce, "quit"),
    bind("suspend", [.ctrl("z")], in: .everywhere, .suspended, "to the shell; fg comes back"),
  ]
}
