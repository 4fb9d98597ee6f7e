import Canvas
import Testing

@testable import Dashboard

/// The screens that the tests keep, each at its sizes.
private struct Case: Sendable, CustomTestStringConvertible {
  var name: String
  var columns: Int
  var rows: Int
  var keys: [Key] = []
  var symbols = SymbolSet.unicode
  /// What the engine answers before the last keys.
  var answer = Answer.none
  var lastKeys: [Key] = []

  enum Answer: Sendable { case none, trace, requests, why, palette, review }

  var testDescription: String { "\(name)-\(columns)x\(rows)" }
}

private let cases: [Case] =
  [
    Case(name: "main", columns: 80, rows: 24), Case(name: "main", columns: 120, rows: 40),
    Case(name: "main", columns: 200, rows: 60), Case(name: "main", columns: 60, rows: 16),
    Case(name: "main", columns: 59, rows: 15), Case(name: "main", columns: 80, rows: 48),
    Case(name: "main-ascii", columns: 120, rows: 36, symbols: .ascii),
    Case(name: "nodes", columns: 80, rows: 24, keys: ["1", "j", "j"]),
    Case(name: "pods", columns: 80, rows: 24, keys: ["2", "j", .right]),
    Case(name: "events", columns: 80, rows: 24, keys: ["4", "k"]),
    Case(name: "commands", columns: 80, rows: 24, keys: ["5"]),
    Case(name: "node-zoom", columns: 120, rows: 40, keys: ["1", "j", "j", .enter]),
    Case(name: "help", columns: 80, rows: 24, keys: ["?"]),
    Case(name: "help", columns: 120, rows: 60, keys: ["?"]),
    Case(name: "scale", columns: 80, rows: 24, keys: ["s", "5"]),
    Case(name: "delete", columns: 80, rows: 24, keys: ["D"]),
    Case(name: "themes", columns: 80, rows: 24, keys: ["T", "j"]),
    Case(name: "prompt", columns: 80, rows: 24, keys: [":", .paste("get po")]),
    Case(name: "filter", columns: 80, rows: 24, keys: ["/", "c", "a"]),
    Case(name: "refusal", columns: 80, rows: 24, keys: ["z"]),
    Case(name: "faults", columns: 80, rows: 24, keys: ["2", "x"]),
    Case(name: "faults-only", columns: 80, rows: 24, keys: ["!"]),
    Case(name: "sort", columns: 80, rows: 24, keys: ["o"]),
    Case(name: "marks", columns: 80, rows: 24, keys: ["2", "v", "v", "D"]),
  ]
  + [(80, 24), (120, 40), (200, 60)].flatMap { columns, rows in
    [
      Case(name: "trace", columns: columns, rows: rows, answer: .trace, lastKeys: ["j"]),
      Case(
        name: "trace-ascii", columns: columns, rows: rows, symbols: .ascii, answer: .trace,
        lastKeys: ["G"]),
      Case(
        name: "predict", columns: columns, rows: rows, answer: .trace, lastKeys: ["j", "p", "p"]),
      Case(
        name: "predicted", columns: columns, rows: rows, answer: .trace,
        lastKeys: ["p", "p", .enter, "G"]),
      Case(name: "requests", columns: columns, rows: rows, answer: .requests, lastKeys: ["j"]),
      Case(name: "why", columns: columns, rows: rows, answer: .why),
      Case(
        name: "palette", columns: columns, rows: rows, answer: .palette,
        lastKeys: ["f", "r", "n"]),
      Case(name: "pods-wide", columns: columns, rows: rows, keys: ["2", .ctrl("w"), "o", .enter]),
      Case(name: "network-map", columns: columns, rows: rows, keys: ["2", .enter]),
      Case(name: "service-zoom", columns: columns, rows: rows, keys: [.enter]),
      Case(
        name: "service-zoom-ascii", columns: columns, rows: rows, keys: [.enter], symbols: .ascii),
      Case(name: "review", columns: columns, rows: rows, answer: .review),
    ]
  }

extension Case {
  fileprivate func action() throws -> DashboardAction? {
    switch answer {
    case .none: return nil
    case .trace:
      let trace = Fixture.trace()
      return .traced(try #require(trace))
    case .requests: return .requestsRead(Fixture.requests, title: "service/frontend")
    case .why: return .whyRead("why svc/frontend", text: Fixture.whyText)
    case .palette: return .wordsRead(["apply", "describe", "fault", "get", "scale"])
    case .review: return .edited(Fixture.review)
    }
  }
}

@Suite struct ScreenTests {
  @Test(arguments: cases)
  fileprivate func `the screen is as it was`(_ example: Case) throws {
    var state = Fixture.state(example.columns, example.rows)
    for key in example.keys { _ = reduce(&state, .key(key), Fixture.snapshot) }
    if let answer = try example.action() { _ = reduce(&state, answer, Fixture.snapshot) }
    for key in example.lastKeys { _ = reduce(&state, .key(key), Fixture.snapshot) }
    let picture = view(state, Fixture.snapshot, symbols: example.symbols)
    try expectGolden(picture.plainText, example.testDescription)
  }

  /// Colours are roles: what is chosen, linked, healthy and so on.
  @Test func `the roles of the main screen are as they were`() throws {
    let picture = view(Fixture.state(80, 24), Fixture.snapshot)
    try expectGolden(picture.roleText, "main-80x24-roles")
    try expectGolden(picture.groundText, "main-80x24-grounds")
  }

  @Test(
    arguments: [1, 2, 19, 20, 59, 60, 80, 119, 120, 200, 400], [1, 5, 15, 16, 20, 24, 36, 100])
  func `a picture has the size of the screen, whatever it is`(columns: Int, rows: Int) {
    let picture = view(Fixture.state(columns, rows), Fixture.snapshot)
    #expect(picture.width == columns)
    #expect(picture.height == rows)
  }

  @Test func `in ASCII nothing else is drawn`() {
    for keys in [[], ["s"], ["?"], [.enter], ["1", .enter], ["2", .enter], ["T"], ["D"]] as [[Key]]
    {
      var state = Fixture.state(120, 40)
      for key in keys { _ = reduce(&state, .key(key), Fixture.snapshot) }
      let text = view(state, Fixture.snapshot, symbols: .ascii).plainText
      let others = text.unicodeScalars.filter { !$0.isASCII }.map { Character($0) }
      #expect(others == [], "\(keys)")
    }
  }
}
