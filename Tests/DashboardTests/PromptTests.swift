import Canvas
import Testing

@testable import Dashboard

@Suite struct PromptTests {
  private func run(_ keys: [Key]) -> (state: DashboardState, effects: [DashboardEffect]) {
    var state = Fixture.state(80, 24)
    var effects: [DashboardEffect] = []
    for key in keys { effects += reduce(&state, .key(key), Fixture.snapshot) }
    return (state, effects)
  }

  private func prompt(_ state: DashboardState) -> Prompt? {
    if case .prompt(let prompt) = state.overlay { prompt } else { nil }
  }

  @Test func `what is typed runs as it is`() {
    let (state, effects) = run([":", .paste("get pods -A"), .enter])
    #expect(effects == [.run("get pods -A")])
    #expect(state.overlay == nil)
    #expect(state.history == ["get pods -A"])
  }

  @Test(arguments: [
    ("po", PanelID.pods), ("svc", .services), ("no", .nodes), ("ev", .events),
  ])
  func `words of k9s go to panels`(word: String, panel: PanelID) {
    let (state, effects) = run([":", .paste(word), .enter])
    #expect(state.focus == panel)
    #expect(effects == [])
  }

  @Test func `ns shows one namespace, q quits, an empty line does nothing`() {
    #expect(run([":", .paste("ns kube-system"), .enter]).state.onlyNamespace == "kube-system")
    #expect(
      run([":", .paste("ns a"), .enter, ":", .paste("ns all"), .enter]).state.onlyNamespace == nil)
    #expect(run([":", "q", .enter]).effects == [.quit])
    #expect(run([":", .enter]).effects == [])
  }

  @Test func `the only completion is put in, with a space`() {
    var (state, effects) = run([":", .paste("get no"), .tab])
    #expect(effects == [.complete("get no")])
    _ = reduce(&state, .completionsFound(["nodes"], for: "get no"), Fixture.snapshot)
    #expect(prompt(state)?.editor.text == "get nodes ")
  }

  @Test func `several are listed as far as they agree, and tab goes through them`() {
    var (state, _) = run([":", .paste("get n"), .tab])
    _ = reduce(
      &state, .completionsFound(["namespaces", "names"], for: "get n"), Fixture.snapshot)
    #expect(prompt(state)?.editor.text == "get names")
    _ = reduce(&state, .key(.tab), Fixture.snapshot)
    #expect(prompt(state)?.editor.text == "get namespaces")
    _ = reduce(&state, .key(.tab), Fixture.snapshot)
    #expect(prompt(state)?.editor.text == "get names")
    _ = reduce(&state, .key(.tab), Fixture.snapshot)
    #expect(prompt(state)?.editor.text == "get namespaces")
    _ = reduce(&state, .key("x"), Fixture.snapshot)
    #expect(prompt(state)?.completions == [])
  }

  @Test func `completions of a line that has changed meanwhile are dropped`() {
    var (state, _) = run([":", .paste("get n"), .tab, "o"])
    _ = reduce(&state, .completionsFound(["namespaces"], for: "get n"), Fixture.snapshot)
    #expect(prompt(state)?.editor.text == "get no")
  }

  @Test func `up and down go through what was typed`() {
    let typed: [Key] = [":", .paste("get a"), .enter, ":", .paste("get b"), .enter, ":"]
    #expect(prompt(run(typed + [.up]).state)?.editor.text == "get b")
    #expect(prompt(run(typed + [.up, .up, .up]).state)?.editor.text == "get a")
    #expect(prompt(run(typed + [.up, .down]).state)?.editor.text == "")
  }

  @Test func `control characters of a paste do not get in, and it is bounded`() {
    let (state, _) = run([
      ":", .paste("a\u{1B}[2J\nb\u{202E}c" + String(repeating: "x", count: 9999)),
    ])
    let text = prompt(state)?.editor.text ?? ""
    #expect(text.hasPrefix("a[2J bcx"))
    #expect(text.unicodeScalars.count == LineEditor.limit)
  }

  @Test(
    arguments: [
      ([.deleteBackwards], "one tw"), ([.deleteWord], "one "), ([.deleteToStart], ""),
      ([.start, .deleteForwards], "ne two"), ([.left, .left, .deleteToEnd], "one t"),
      ([.start, .left, .deleteBackwards], "one two"), ([.end, .right, .deleteForwards], "one two"),
    ] as [([LineEdit], String)])
  func `a line is edited as in a shell`(edits: [LineEdit], result: String) {
    var editor = LineEditor("one two")
    for edit in edits { editor.edit(edit) }
    #expect(editor.text == result)
  }
}
