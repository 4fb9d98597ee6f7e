import Canvas
import ClusterModel
import ControlPlane
import Testing

@testable import Dashboard

/// What keys do in what lies over the panels: the whole state after them.
private func expect(
  after action: DashboardAction, _ keys: [Key], does effects: [DashboardEffect] = [],
  _ change: (inout DashboardState) -> Void, sourceLocation: SourceLocation = #_sourceLocation
) {
  var state = Fixture.state(120, 40)
  var done = reduce(&state, action, Fixture.snapshot)
  for key in keys { done += reduce(&state, .key(key), Fixture.snapshot) }
  var expected = Fixture.state(120, 40)
  change(&expected)
  #expect(state == expected, sourceLocation: sourceLocation)
  #expect(done == effects, sourceLocation: sourceLocation)
}

@Suite struct OverlayTests {
  private func shown() throws -> TraceView {
    let trace = Fixture.trace()
    return try #require(trace)
  }

  @Test func `a trace goes hop by hop, forward and back, and no further`() throws {
    let first = try shown()
    var trace = first
    expect(after: .traced(first), ["j", "j", "k"]) {
      trace.index = 1
      $0.overlay = .trace(trace)
    }
    expect(after: .traced(first), ["G", "j"]) {
      trace.index = 4
      $0.overlay = .trace(trace)
    }
    expect(after: .traced(first), ["k", .escape]) { _ in }
  }

  @Test func `a prediction hides what comes until it is said`() throws {
    let first = try shown()
    var trace = first
    expect(after: .traced(first), ["j", "p", "p", "j"]) {
      trace.index = 1
      trace.revealed = 1
      trace.prediction = Prediction(
        question: .endpoint,
        options: ["10.244.1.5:8080", "10.244.2.4:8080", "none: it does not arrive"], choice: 1)
      $0.overlay = .trace(trace)
    }
    expect(after: .traced(first), ["j", "p", "p", "j", .enter]) {
      trace.index = 2
      trace.revealed = 4
      trace.prediction?.isCommitted = true
      $0.overlay = .trace(trace)
    }
    #expect(trace.answer(to: .endpoint) == "10.244.2.4:8080")
    #expect(trace.answer(to: .verdict) == "delivered")
    #expect(trace.answer(to: .source) == "10.244.1.6")
    expect(after: .traced(first), ["p", .escape, .escape]) { _ in }
  }

  @Test func `a trace asks why, and a change that is offered is made by enter`() throws {
    let first = try shown()
    let why = "why pod/cart-5f6d8c7b9-8zwtn svc/frontend:80"
    expect(after: .traced(first), ["w"], does: [.why(why)]) {
      $0.overlay = .trace(first)
    }
    let fix = "kubectl patch service frontend -p '{\"spec\":{\"selector\":{\"app\":\"frontend\"}}}'"
    expect(after: .whyRead(why, text: Fixture.whyText), [.enter], does: [.run(fix)]) { _ in }
    expect(after: .whyRead(why, text: "It works.\n"), [.enter]) {
      $0.overlay = .why(WhyView(command: why, text: "It works.\n"))
      $0.message = Message(.notice, "no change is offered here")
    }
  }

  @Test func `a request of the log is traced, and coming back the log is there`() {
    let log = RequestsView(title: "all", rows: Fixture.requests)
    let command = "trace pod/frontend-7d9c5b6f4-x7kqp svc/cart:7070"
    expect(
      after: .requestsRead(Fixture.requests, title: "all"), ["j", .enter], does: [.trace(command)]
    ) {
      var log = log
      log.index = 1
      $0.overlay = .requests(log)
      $0.covered = [.requests(log)]
    }
    expect(after: .requestsRead(Fixture.requests, title: "all"), ["f"]) {
      var log = log
      log.failuresOnly = true
      $0.overlay = .requests(log)
      #expect(log.rows.count == 6)
    }
  }

  @Test func `the palette finds keys, commands and objects by some of their letters`() {
    var state = Fixture.state(120, 40)
    func find(_ text: String) -> FinderItem? {
      _ = reduce(&state, .wordsRead(["apply", "get"]), Fixture.snapshot)
      _ = reduce(&state, .key(.paste(text)), Fixture.snapshot)
      guard case .finder(let finder) = state.overlay else { return nil }
      return finder.matches.first
    }
    #expect(find("appl")?.act == .prompt("apply "))
    #expect(find("podredis")?.act == .pod(Fixture.name("redis-0"), node: "node-2"))
    #expect(find("xqzw") == nil)
    #expect(find("servcata")?.act == .service(Fixture.name("catalogue")))
    #expect(find("choosetheme")?.detail == "T")
    _ = reduce(&state, .key(.enter), Fixture.snapshot)
    #expect(state.overlay == .themes(ThemeChooser(index: 0)))
  }

  @Test func `marked objects are deleted together, after a question`() {
    var state = Fixture.state(120, 40)
    for key in ["2", "v", "v", "D"] as [Key] { _ = reduce(&state, .key(key), Fixture.snapshot) }
    let command = "kubectl delete pod cart-5f6d8c7b9-8zwtn checkout-6c8f9d5b7-w4txk"
    #expect(state.overlay == .question(Question("Delete the 2 objects marked?", command: command)))
    #expect(reduce(&state, .key("y"), Fixture.snapshot) == [.run(command)])
  }

  @Test func `one goes in from a Service to its pod to its node, and back the same way`() {
    var state = Fixture.state(120, 40)
    var snapshot = Fixture.snapshot
    snapshot.service?.endpoints[0].pod = "frontend-7d9c5b6f4-x7kqp"
    let start = state
    for _ in 0..<3 { _ = reduce(&state, .key(.enter), snapshot) }
    #expect(state.focus == .nodes && state.isZoomed)
    #expect(state.selection.node == "node-1")
    let pod = "pod/frontend-7d9c5b6f4-x7kqp"
    #expect(state.trail.map(\.name) == ["service/frontend", "service/frontend", pod])
    #expect(view(state, snapshot).plainText.contains("service/frontend → \(pod) → node/node-1 "))
    for _ in 0..<3 { _ = reduce(&state, .key(.escape), snapshot) }
    #expect(state.focus == start.focus && !state.isZoomed && state.selection == start.selection)
  }

  @Test func `a click on a hint is its key`() throws {
    let state = Fixture.state(120, 40)
    let scene = Scene(state: state, snapshot: Fixture.snapshot)
    let spots = HintSpot.all(scene, in: ScreenLayout(state).footer)
    let spot = try #require(spots.first { $0.binding.action == .describeChosen })
    var clicked = state
    let event = MouseEvent(.press(.left), at: Point(spot.x + 2, 39), clicks: 1)
    let effects = reduce(&clicked, .key(.mouse(event)), Fixture.snapshot)
    let describe = "kubectl describe service frontend"
    #expect(effects == [.read(describe, title: describe)])
    #expect(clicked == state)
  }

  @Test func `going back in time pauses first`() {
    var state = Fixture.state(120, 40)
    #expect(reduce(&state, .key(","), Fixture.snapshot) == [.run("pause"), .run("back")])
    var snapshot = Fixture.snapshot
    snapshot.header.isUndoable = true
    snapshot.header.isRedoable = true
    #expect(reduce(&state, .key("z"), snapshot) == [.run("undo")])
    #expect(reduce(&state, .key("Z"), snapshot) == [.run("redo")])
  }

  @Test(arguments: [
    ("cart", true), ("CART", true), ("!cart", false), ("cart !redis", true), ("ca.t", false),
    ("c[a-z]rt", true), ("^default/c", true), ("8zwtn$", true), ("(redis|cart)", true),
    ("ca*rt+", true), ("x?cart", true), ("[", true), ("-f crt8", true), ("-f 8crt", false),
    ("-l app=cart", true), ("-l app!=cart", false), ("-l app,!tier", true), ("-l tier", false),
  ])
  func `filters know words, patterns, labels and letters`(text: String, isShown: Bool) {
    let labels = Labels([("app", "cart")])
    #expect(RowFilter(text).accepts("default/cart-5f6d8c7b9-8zwtn", labels) == isShown, "\(text)")
  }

  @Test func `a pattern takes its time from the text alone`() {
    let pattern = Pattern("(a*)*b")
    #expect(pattern?.occurs(in: Array(repeating: UInt8(ascii: "a"), count: 20_000)) == false)
    #expect(Pattern("(") == nil && Pattern("*a") == nil && Pattern("[a") == nil)
  }

  @Test func `an edit becomes a merge patch`() {
    let old: Value = ["a": .integer(1), "b": ["c": .string("x"), "d": .bool(true)]]
    let new: Value = ["a": .integer(1), "b": ["c": .string("y")], "e": .array([])]
    let expected: Value = ["b": ["c": .string("y"), "d": .null], "e": .array([])]
    #expect(MergePatch.between(old, new) == expected)
    #expect(MergePatch.between(old, old) == nil)
  }
}

@Suite struct DotTests {
  /// Half a minute of pictures.
  private func run(_ flows: [FlowRow], speed: Double = 1, _ body: (Dots) -> Void = { _ in }) -> Dots
  {
    var dots = Dots()
    for _ in 0..<600 {
      dots.advance(byMilliseconds: 50, speed: speed, flows)
      body(dots)
    }
    return dots
  }

  @Test func `dots leave in proportion to the rates`() {
    var left: [FlowRow: Int] = [:]
    _ = run(Fixture.flows) { dots in
      for dot in dots.dots where dot.age == 0 { left[dot.flow, default: 0] += 1 }
    }
    let counts = Fixture.flows.map { flow in
      var key = flow
      key.milliRate = 0
      return left[key] ?? 0
    }
    let scale = run(Fixture.flows).scale
    for (flow, count) in zip(Fixture.flows, counts) {
      let expected = Int(flow.milliRate) * 30 / 1000 / scale
      #expect(abs(count - expected) <= 1, "\(flow.service.name): \(count), not \(expected)")
    }
  }

  @Test(arguments: [0.1, 1, 100]) func `there are never too many`(speed: Double) {
    let dots = run(Fixture.flows, speed: speed) { #expect($0.dots.count <= Dots.limit) }
    #expect(!dots.dots.isEmpty)
    #expect(run([]).dots.isEmpty)
  }

  @Test func `dots cover nothing that is written`() {
    let state = Fixture.state(120, 40)
    let plain = view(state, Fixture.snapshot)
    var grid = plain
    let scene = Scene(state: state, snapshot: Fixture.snapshot)
    DotMap(scene, ScreenLayout(state)).draw(run(Fixture.flows), scene, on: &grid)
    let legend = ScreenLayout(state).panel(.services)?.area.maxY ?? 0
    var moved = 0
    for y in 0..<plain.height where y != legend - 1 {
      for x in 0..<plain.width where plain[x, y] != grid[x, y] {
        #expect(plain[x, y].scalar == " ")
        moved += 1
      }
    }
    #expect(moved > 0)
    let edge = (0..<plain.width).map { Character(grid[$0, legend - 1].scalar) }
    #expect(String(edge).contains("• = 50 requests"))
  }

  @Test func `the tour goes on by doing, and escape ends it`() {
    var state = Fixture.state(120, 40)
    state.tour = 0
    for key in ["s", "5", .enter] as [Key] { _ = reduce(&state, .key(key), Fixture.snapshot) }
    #expect(state.tour == 1)
    _ = reduce(&state, .key("t"), Fixture.snapshot)
    #expect(state.tour == 2)
    _ = reduce(&state, .key("?"), Fixture.snapshot)
    #expect(state.tour == nil)
    state.overlay = nil
    state.tour = 1
    _ = reduce(&state, .key(.escape), Fixture.snapshot)
    #expect(state.tour == nil)
  }
}
