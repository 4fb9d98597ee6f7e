import Canvas

extension Keymap {
  /// What is done to the chosen object.
  static let objects: [Binding] = [
    bind(
      ["s"], .scaleChosen, hint: "scale", rank: 1, "scale its Deployment",
      command: "kubectl scale deployment NAME --replicas=N"),
    bind(
      [">"], .replicasChanged(by: 1), "one replica more",
      command: "kubectl scale deployment NAME --replicas=N+1"),
    bind(
      ["<"], .replicasChanged(by: -1), "one replica less",
      command: "kubectl scale deployment NAME --replicas=N-1"),
    bind(
      ["t"], .traceChosen, hint: "trace", rank: 4, "trace a packet to it",
      command: "trace FROM TO"),
    bind(
      ["w"], .notThereYet("why is not there yet; t traces a packet, d describes an object"),
      "why things are as they are"),
    bind(
      ["d"], .describeChosen, hint: "describe", rank: 2, "describe it",
      command: "kubectl describe KIND NAME"),
    bind(
      ["y"], .yamlChosen, hint: "yaml", rank: 4, "show it as YAML",
      command: "kubectl get KIND NAME -o yaml"),
    bind(
      ["e"], .notThereYet("editing is not there yet; : takes scale, set image, label and apply"),
      "edit it"),
    bind(
      ["D"], .deleteChosen, "delete it, after a question",
      command: "kubectl delete KIND NAME"),
    bind(
      ["x"], .notThereYet("faults are not there yet; D deletes a pod"), "the menu of faults"),
  ]

  /// What is done to time.
  static let time: [Binding] = [
    bind(
      [" "], .pauseToggled, hint: "pause", rank: 2, "let time stand still, or go on",
      command: "pause, resume"),
    bind(["."], .stepChosen, hint: "step", rank: 4, "let the next event happen", command: "step"),
    bind(["]"], .speedChanged(by: 1), hint: "faster", rank: 6, "faster", command: "speed N"),
    bind(["["], .speedChanged(by: -1), hint: "slower", rank: 6, "slower", command: "speed N"),
    bind([","], .notThereYet("going back in time is not there yet"), "back by one event"),
    bind(
      ["z"], .notThereYet("undo is not there yet; open the files again for a new start"), "undo"),
    bind(["Z"], .notThereYet("redo is not there yet"), "redo"),
  ]

  /// Moving about.
  static let moving: [Binding] = [
    bind(["j", .down], .selectionMoved(.by(1)), "down"),
    bind(["k", .up], .selectionMoved(.by(-1)), "up"),
    bind(["h", .left], .selectionMoved(.sideways(-1)), "to the left"),
    bind(["l", .right], .selectionMoved(.sideways(1)), "to the right"),
    bind(["g", .home], .selectionMoved(.first), "to the first"),
    bind(["G", .end], .selectionMoved(.last), "to the last, and follow it"),
    bind([.ctrl("d"), .pageDown], .selectionMoved(.halfPage(1)), "down by half a page"),
    bind([.ctrl("u"), .pageUp], .selectionMoved(.halfPage(-1)), "up by half a page"),
    bind([.tab], .panelStepped(by: 1), hint: "panel", rank: 3, "to the next panel"),
    bind([.backTab], .panelStepped(by: -1), "to the previous panel"),
    bind(["1"], .panelChosen(.nodes), "to the nodes"),
    bind(["2"], .panelChosen(.pods), "to the pod network"),
    bind(["3"], .panelChosen(.services), "to the service network"),
    bind(["4"], .panelChosen(.events), "to the events"),
    bind(["5", "@"], .panelChosen(.commands), "to the commands"),
    bind(["+", "=", .enter], .zoomed, hint: "zoom", rank: 3, "the whole screen for this panel"),
    bind(["_", "-"], .unzoomed, "all panels again"),
    bind([.escape], .wentBack, "back: zoom, filter"),
    bind(["q"], .quitChosen, "back, and at the root quit"),
  ]

  /// The rest.
  static let others: [Binding] = [
    bind([":"], .promptOpened, hint: "command", rank: 1, "type a command"),
    bind(["/"], .filterOpened, hint: "filter", rank: 3, "show only rows with these words"),
    bind(["0"], .systemToggled, "show or hide the system's namespaces"),
    bind(["T"], .themesOpened, "choose a theme"),
    bind(
      [.ctrl("p")], .notThereYet("the palette is not there yet; : completes commands with tab"),
      "the palette"),
    bind(["?"], .helpOpened, hint: "help", rank: 0, "this help"),
    bind([.ctrl("c")], in: .everywhere, .quitAtOnce, "quit"),
    bind([.ctrl("z")], in: .everywhere, .suspended, "to the shell; fg comes back"),
  ]
}
