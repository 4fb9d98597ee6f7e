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

  var testDescription: String { "\(name)-\(columns)x\(rows)" }
}

private let cases: [Case] = [
  Case(name: "main", columns: 80, rows: 24), Case(name: "main", columns: 120, rows: 40),
  Case(name: "main", columns: 200, rows: 60), Case(name: "main", columns: 60, rows: 16),
  Case(name: "main", columns: 59, rows: 15), Case(name: "main", columns: 80, rows: 48),
  Case(name: "main-ascii", columns: 120, rows: 36, symbols: .ascii),
  Case(name: "nodes", columns: 80, rows: 24, keys: ["1", "j", "j"]),
  Case(name: "pods", columns: 80, rows: 24, keys: ["2", "j", .right]),
  Case(name: "events", columns: 80, rows: 24, keys: ["4", "k"]),
  Case(name: "commands", columns: 80, rows: 24, keys: ["5"]),
  Case(name: "service-zoom", columns: 80, rows: 24, keys: [.enter]),
  Case(name: "service-zoom", columns: 120, rows: 40, keys: [.enter]),
  Case(name: "node-zoom", columns: 120, rows: 40, keys: ["1", "j", "j", .enter]),
  Case(name: "pod-zoom", columns: 120, rows: 40, keys: ["2", .enter]),
  Case(name: "help", columns: 80, rows: 24, keys: ["?"]),
  Case(name: "help", columns: 120, rows: 60, keys: ["?"]),
  Case(name: "scale", columns: 80, rows: 24, keys: ["s", "5"]),
  Case(name: "delete", columns: 80, rows: 24, keys: ["D"]),
  Case(name: "themes", columns: 80, rows: 24, keys: ["T", "j"]),
  Case(name: "prompt", columns: 80, rows: 24, keys: [":", .paste("get po")]),
  Case(name: "filter", columns: 80, rows: 24, keys: ["/", "c", "a"]),
  Case(name: "refusal", columns: 80, rows: 24, keys: ["x"]),
]

@Suite struct ScreenTests {
  @Test(arguments: cases)
  fileprivate func `the screen is as it was`(_ example: Case) throws {
    var state = Fixture.state(example.columns, example.rows)
    for key in example.keys { _ = reduce(&state, .key(key), Fixture.snapshot) }
    let picture = view(state, Fixture.snapshot, symbols: example.symbols)
    try expectGolden(picture.plainText, example.testDescription)
  }
}
