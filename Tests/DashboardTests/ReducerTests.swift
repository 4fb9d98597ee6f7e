import Canvas
import ControlPlane
import Testing

@testable import Dashboard

/// The whole change that a key makes: the state after it is the one before with this change.
private func expect(
  _ keys: [Key], from start: DashboardState = Fixture.state(120, 40),
  does effects: [DashboardEffect] = [], _ change: (inout DashboardState) -> Void,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  var state = start
  var done: [DashboardEffect] = []
  for key in keys { done += reduce(&state, .key(key), Fixture.snapshot) }
  var expected = start
  change(&expected)
  #expect(state == expected, sourceLocation: sourceLocation)
  #expect(done == effects, sourceLocation: sourceLocation)
}

@Suite struct ReducerTests {
  @Test func `down chooses the next Service, and not beyond the last`() {
    expect(["j"]) { $0.selection.service = Fixture.name("kubernetes") }
    expect(["j", "j", .down]) { $0.selection.service = Fixture.name("kubernetes") }
    expect(["k", .up]) { $0.selection.service = Fixture.name("catalogue") }
    expect(["g"]) { $0.selection.service = Fixture.name("cart") }
    expect(["g", "G"]) { $0.selection.service = Fixture.name("kubernetes") }
    expect([.ctrl("u")]) { $0.selection.service = Fixture.name("cart") }
  }

  @Test func `numbers and tab move the focus`() {
    expect(["1"]) {
      $0.focus = .nodes
      $0.frontTab = .nodes
      $0.linkSource = .nodes
    }
    expect([.tab]) {
      $0.focus = .events
      $0.frontTab = .events
    }
    expect([.tab, .backTab]) { _ in }
    expect(["@"]) {
      $0.focus = .commands
      $0.frontTab = .commands
    }
  }

  @Test func `sideways goes to the pod at the same height on the next node`() {
    expect(["2", "j", "l"]) {
      $0.focus = .pods
      $0.linkSource = .pods
      $0.selection.pod = Fixture.name("frontend-7d9c5b6f4-p2mzt")
      $0.selection.podNode = "node-2"
    }
  }

  @Test func `scaling asks for a number and runs kubectl`() {
    expect(["s"]) {
      $0.overlay = .scale(
        ScaleDialog(WorkloadFigures(Fixture.name("frontend"), replicas: 3, readyReplicas: 2)))
    }
    expect(
      ["s", "1", "x", "0", .enter],
      does: [.run("kubectl scale deployment frontend --replicas=10")]
    ) { _ in }
    expect(["s", .enter]) { _ in }
    expect(["s", "7", .escape]) { _ in }
    expect(["s", .up, .up, .enter], does: [.run("kubectl scale deployment frontend --replicas=5")])
    { _ in }
    expect([">"], does: [.run("kubectl scale deployment frontend --replicas=4")]) { _ in }
    expect(["<"], does: [.run("kubectl scale deployment frontend --replicas=2")]) { _ in }
  }

  @Test func `a Deployment elsewhere is named with its namespace`() {
    var snapshot = Fixture.snapshot
    snapshot.workload = WorkloadFigures(
      Fixture.name("web", "shop"), replicas: 0, readyReplicas: 0)
    var state = Fixture.state(120, 40)
    #expect(
      reduce(&state, .key(">"), snapshot)
        == [.run("kubectl scale deployment web --replicas=1 -n shop")])
    #expect(reduce(&state, .key("<"), snapshot) == [])
  }

  @Test func `time keys stand for commands`() {
    expect([" "], does: [.run("pause")]) { _ in }
    expect(["."], does: [.run("pause"), .run("step")]) { _ in }
    expect(["]"], does: [.run("speed 2")]) { _ in }
    expect(["["], does: [.run("speed 0.5")]) { _ in }
  }

  @Test(
    arguments: [
      (nil, 1, nil), (nil, -1, "speed 100"), (100, 1, "speed max"), (0.1, -1, nil),
      (3.0, 1, "speed 5"), (3.0, -1, "speed 2"), (0.25, -1, "speed 0.1"),
    ] as [(Double?, Int, String?)])
  func `the speed goes by the usual steps`(from speed: Double?, by step: Int, to command: String?) {
    var snapshot = Fixture.snapshot
    snapshot.header.speed = speed
    var state = Fixture.state(120, 40)
    let effects = reduce(&state, .speedChanged(by: step), snapshot)
    #expect(effects == (command.map { [.run($0)] } ?? []))
    #expect((state.message == nil) == (command != nil))
  }

  @Test func `a paused clock resumes, and steps without pausing again`() {
    var snapshot = Fixture.snapshot
    snapshot.header.isPaused = true
    var state = Fixture.state(120, 40)
    #expect(reduce(&state, .key(" "), snapshot) == [.run("resume")])
    #expect(reduce(&state, .key("."), snapshot) == [.run("step")])
  }

  @Test func `reading commands are run for their text`() {
    let describe = "kubectl describe service frontend"
    expect(["d"], does: [.read(describe, title: describe)]) { _ in }
    let yaml = "kubectl get service frontend -o yaml"
    expect(["y"], does: [.read(yaml, title: yaml)]) { _ in }
  }

  @Test func `deleting asks first`() {
    let question = Question("Delete service frontend?", command: "kubectl delete service frontend")
    expect(["D"]) { $0.overlay = .question(question) }
    expect(["D", "n"]) { _ in }
    expect(["D", "y"], does: [.run("kubectl delete service frontend")]) { _ in }
  }

  @Test func `enter zooms, and q comes back before it quits`() {
    expect([.enter]) {
      $0.trail = [
        Stop(focus: .services, isZoomed: false, selection: $0.selection, name: "service/frontend")
      ]
      $0.isZoomed = true
    }
    expect(["+", "_"]) { _ in }
    expect(["+", .escape]) { _ in }
    expect(["+", "q"]) { _ in }
    expect(["q"], does: [.quit]) { _ in }
    expect([.ctrl("c")], does: [.quit]) { _ in }
    expect([":", .ctrl("c")], does: [.quit]) { $0.overlay = .prompt(Prompt()) }
  }

  @Test func `a disabled key says why`() {
    expect(["z"]) {
      $0.message = Message(.warning, "nothing has been done that could be undone")
    }
    var snapshot = Fixture.snapshot
    snapshot.workload = nil
    var state = Fixture.state(120, 40)
    #expect(reduce(&state, .key("s"), snapshot) == [])
    #expect(state.message == Message(.warning, "no Deployment stands behind this Service"))
    #expect(state.overlay == nil)
  }

  @Test func `the filter is tried while it is typed, and escape undoes it`() {
    expect(["/", "c", "a", .enter]) { $0.filters[.services] = "ca" }
    expect(["/", "c", .escape]) { _ in }
    expect(["/", "c", .enter, .escape]) { _ in }
  }

  @Test func `a trace to an open Service comes from outside, to another from a pod`() {
    expect(["t"], does: [.trace("trace external node/node-3:30123")]) { _ in }
    expect(["g", "t"], does: [.trace("trace pod/cart-5f6d8c7b9-8zwtn svc/cart:7070")]) {
      $0.selection.service = Fixture.name("cart")
    }
  }

  @Test func `what a command says stands in the log, errors in the bottom line too`() {
    var state = Fixture.state(120, 40)
    let lines = state.commands.lines.count
    _ = reduce(
      &state, .commandFinished("get x", output: "", errors: "error: no\nmore\n"),
      Fixture.snapshot)
    #expect(state.commands.lines.dropFirst(lines).map(\.text) == ["get x", "error: no", "more"])
    #expect(state.message == Message(.error, "error: no"))
    _ = reduce(
      &state,
      .commandFinished("get all", output: String(repeating: "row\n", count: 30), errors: ""),
      Fixture.snapshot)
    #expect(
      state.overlay
        == .text(TextView(title: "get all", text: String(repeating: "row\n", count: 30))))
  }

  @Test func `a text is read in both directions, and no further than it goes`() {
    var state = Fixture.state(80, 24)
    let text = (1...50).map { "line \($0)" }.joined(separator: "\n")
    _ = reduce(&state, .textRead(title: "t", text: text), Fixture.snapshot)
    func press(_ keys: Key...) -> [Int]? {
      for key in keys { _ = reduce(&state, .key(key), Fixture.snapshot) }
      guard case .text(let view) = state.overlay else { return nil }
      return [view.offset, view.column]
    }
    #expect(press("j", "j", "k") == [1, 0])
    #expect(press(.ctrl("d")) == [11, 0])
    #expect(press("G", "j") == [30, 0])
    #expect(press("l", "l", "h") == [30, 16])
    #expect(press("g", "h", "h") == [0, 0])
    #expect(press("q") == nil)
  }
}
