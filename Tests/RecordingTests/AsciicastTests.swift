import Canvas
import Testing

@testable import Recording

@Suite struct `Asciicasts` {
  private func grid(_ text: String) -> CellGrid {
    var grid = CellGrid(width: 10, height: 2)
    grid.put(text, at: Point(0, 0), style: .text)
    return grid
  }

  @Test func `a recording is a header and one line for each thing that happens`() {
    var recorder = Recorder(theme: .generated(.dark), columns: 10, rows: 2, title: "a \"b\"")
    var text = recorder.mark("first", at: 0)
    text += recorder.add(grid("one"), theme: .generated(.dark), at: 0)
    text += recorder.add(grid("one"), theme: .generated(.dark), at: 100_000_000)
    text += recorder.add(grid("two"), theme: .generated(.dark), at: 1_500_000_000)
    text += recorder.end(at: 2_000_000_000)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
    #expect(lines.count == 6 && lines[5] == "")
    #expect(
      lines[0].hasPrefix(
        "{\"version\": 2, \"width\": 10, \"height\": 2, \"title\": \"a \\\"b\\\"\""))
    #expect(lines[1] == "[0.000000, \"m\", \"first\"]")
    #expect(lines[2].hasPrefix("[0.000000, \"o\", \"\\u001b[?25l"))
    #expect(lines[3].hasPrefix("[1.500000, \"o\", ") && lines[3].contains("two"))
    #expect(lines[4].hasPrefix("[2.000000, \"o\", "))
  }

  @Test func `a change of size is an event before the picture`() {
    var recorder = Recorder(theme: .generated(.dark), columns: 10, rows: 2, title: "")
    _ = recorder.add(grid("one"), theme: .generated(.dark), at: 0)
    let lines = recorder.add(
      CellGrid(width: 4, height: 3), theme: .generated(.dark), at: 1_000_000
    ).split(separator: "\n")
    #expect(lines.first == "[0.001000, \"r\", \"4x3\"]")
    #expect(lines.count == 2)
  }

  @Test(arguments: [
    ("a\u{1B}[0m\n", "\"a\\u001b[0m\\n\""), ("\\\"", "\"\\\\\\\"\""), ("網●", "\"網●\""),
    ("\u{0}\u{7F}\t\r", "\"\\u0000\\u007f\\t\\r\""),
  ])
  func `text is quoted as JSON wants it`(text: String, quoted: String) {
    #expect(text.jsonQuoted == quoted)
  }
}
