import Testing

@testable import Canvas

/// A terminal that understands what the painter sends, and nothing else.
private struct SmallTerminal {
  private(set) var rows: [[Character]]
  private var place = Point(0, 0)

  init(width: Int, height: Int) {
    rows = Array(repeating: Array(repeating: " ", count: width), count: height)
  }

  var text: String {
    rows.map { row in
      var line = String(row.filter { $0 != "\u{0}" })
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }

  mutating func take(_ sent: String) {
    var rest = Array(sent.unicodeScalars)[...]
    while let scalar = rest.popFirst() {
      guard scalar == "\u{1B}" else {
        put(scalar)
        continue
      }
      rest = rest.dropFirst()
      let body = rest.prefix { !($0.value >= 0x40 && $0.value <= 0x7E) }
      rest = rest.dropFirst(body.count)
      obey(rest.popFirst() ?? "m", String(String.UnicodeScalarView(body)))
    }
  }

  private mutating func put(_ scalar: Unicode.Scalar) {
    rows[place.y][place.x] = Character(scalar)
    let width = columns(of: String(scalar))
    if width == 2 { rows[place.y][place.x + 1] = "\u{0}" }
    place.x += width
  }

  private mutating func obey(_ final: Unicode.Scalar, _ body: String) {
    let numbers = body.split(separator: ";").compactMap { Int($0) }
    switch final {
    case "H": place = Point(numbers[1] - 1, numbers[0] - 1)
    case "J":
      rows = rows.map { $0.map { _ in " " } }
    default: break
    }
  }
}

@Suite struct `Pictures outside of a terminal` {
  private func grid(_ text: String, width: Int = 20) -> CellGrid {
    var grid = CellGrid(width: width, height: 3)
    for (y, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      grid.put(String(line), at: Point(0, y), style: Style(y == 1 ? .failing : .text))
    }
    return grid
  }

  @Test func `a terminal that is sent one picture after the other shows each`() {
    var painter = ANSIPainter(theme: .generated(.dark))
    var terminal = SmallTerminal(width: 20, height: 3)
    for text in ["one\ntwo\nthree", "one\n網 two\nthree!", "", "─│╭╮\n\nend", "─│╭╮\n\nend"] {
      terminal.take(painter.paint(grid(text)))
      #expect(terminal.text == grid(text).plainText)
    }
  }

  @Test func `random pictures arrive as they were`() {
    var random = SystemIndependentRandom(state: 7)
    var painter = ANSIPainter(theme: .generated(.light), colors: .indexed(.full))
    var terminal = SmallTerminal(width: 30, height: 6)
    for _ in 0..<200 {
      var grid = CellGrid(width: 30, height: 6)
      for _ in 0..<6 {
        let place = Point(random.below(34) - 2, random.below(6))
        let word = ["pod", "网络", "x", "●◐", "a b"][random.below(5)]
        let role = Role.allCases[random.below(Role.allCases.count)]
        grid.put(word, at: place, style: Style(role))
      }
      terminal.take(painter.paint(grid))
      #expect(terminal.text == grid.plainText)
    }
  }

  @Test func `the same picture again sends nothing, and a small change little`() {
    var painter = ANSIPainter(theme: .generated(.dark))
    let first = painter.paint(grid("one\ntwo\nthree"))
    #expect(painter.paint(grid("one\ntwo\nthree")) == "")
    let second = painter.paint(grid("one\ntwo\nthrea"))
    #expect(second.utf8.count < first.utf8.count)
    #expect(second.contains("\u{1B}[3;5H"))
  }

  @Test func `another theme or size paints everything`() {
    var painter = ANSIPainter(theme: .generated(.dark))
    _ = painter.paint(grid("one"))
    painter.theme = .generated(.light)
    #expect(painter.paint(grid("one")).contains("one"))
    #expect(painter.paint(grid("one", width: 10)).contains("\u{1B}[2J"))
  }

  @Test func `text with colours has a line for each row and ends each without colours`() {
    let lines = grid("one\ntwo").ansiText(.generated(.dark)).split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines.allSatisfy { $0.hasSuffix("\u{1B}[0m") })
  }

  @Test func `a drawing escapes what XML takes for itself and draws lines as shapes`() {
    let svg = grid("a<b & \"c\"\n─█").svg(.generated(.dark), title: "<t>")
    #expect(svg.contains("<title>&lt;t&gt;</title>"))
    #expect(svg.contains(">a&lt;b</text>"))
    #expect(svg.contains(">&amp;</text>"))
    #expect(svg.contains("<path fill="))
    #expect(!svg.contains("─") && !svg.contains("█"))
    #expect(svg.hasSuffix("</svg>\n"))
  }
}

/// Numbers for tests: the same on every machine.
private struct SystemIndependentRandom {
  var state: UInt64

  mutating func below(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }
}
