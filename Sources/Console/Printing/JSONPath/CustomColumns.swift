import ClusterModel
import ControlPlane

/// `-o custom-columns=HEADER:PATH,…` (kubectl pkg/cmd/get/customcolumn.go).
struct CustomColumns {
  private struct Column {
    var header: String
    var template: JSONPathParser.Template
  }

  private var columns: [Column] = []

  init(_ specification: String) throws(CommandFailure) {
    guard !specification.isEmpty else {
      throw CommandFailure("error: custom-columns format specified but no custom columns given")
    }
    for part in specification.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard sides.count == 2 else {
        throw CommandFailure(
          "error: unexpected custom-columns spec: \(String(part).printable), "
            + "expected <header>:<json-path-expr>")
      }
      let path = try JSONPath.relaxed(String(sides[1]))
      columns.append(Column(header: String(sides[0]), template: try JSONPath.parse(path)))
    }
  }

  func text(of values: [Value], noHeaders: Bool) throws(CommandFailure) -> String {
    var lines: [[String]] = noHeaders ? [] : [columns.map { TextSafety.escaped($0.header) }]
    for value in values {
      var cells: [String] = []
      for column in columns { cells.append(try Self.cell(column.template, value)) }
      lines.append(cells)
    }
    return TabWriter.table.text(lines)
  }

  private static func cell(_ template: JSONPathParser.Template, _ value: Value)
    throws(CommandFailure) -> String
  {
    let results: [[Value]]
    do {
      results = try JSONPathEvaluator.results(template, on: value)
    } catch {
      throw CommandFailure("error: \(error.message.lines)")
    }
    guard results.first?.isEmpty == false else { return "<none>" }
    return results.joined().map { TextSafety.escaped(GoText.plain($0)) }.joined(separator: ",")
  }
}
