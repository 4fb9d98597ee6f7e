import Testing

@testable import Canvas

/// A small generator (SplitMix64) so that a failing picture can be drawn again.
struct Noise {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(bound, 1))) }

  /// A number around the edges of a picture, now and then far out.
  mutating func coordinate() -> Int {
    below(20) == 0 ? [Int.min, .max, -1_000_000, 1_000_000][below(4)] : below(60) - 10
  }

  mutating func text() -> String {
    let kinds: [ClosedRange<UInt32>] = [
      0x20...0x7E, 0...0x1F, 0x80...0x2FF, 0x300...0x36F, 0x4E00...0x4FFF, 0x200B...0x206F,
      0x1F1E6...0x1F1FF, 0x1F300...0x1F6FF, 0x1F3FB...0x1F3FF, 0...0x10FFFF, 0x2500...0x25FF,
    ]
    var view = String.UnicodeScalarView()
    for _ in 0..<below(20) {
      let kind = kinds[below(kinds.count)]
      let value = kind.lowerBound + UInt32(below(kind.count))
      view.append(Unicode.Scalar(value) ?? "\u{200D}")
    }
    return String(view)
  }

  mutating func rect() -> Rect {
    Rect(x: coordinate(), y: coordinate(), width: coordinate(), height: coordinate())
  }

  mutating func scribble(_ grid: inout CellGrid, times: Int) {
    for _ in 0..<times {
      let style = Style(Role.allCases[below(Role.allCases.count)])
      switch below(8) {
      case 0: grid.box(rect(), style: style, title: [TextRun(text()), TextRun(text(), style)])
      case 1: grid.tint(rect(), .selection)
      case 2: grid.put(text(), in: rect(), row: coordinate(), style: style, .right, .middle)
      case 3: grid.gauge(Double(below(100)) / 60, in: rect())
      case 4: grid.fill(rect(), with: text().unicodeScalars.first ?? "x", style: style)
      default: grid.put(text(), at: Point(coordinate(), coordinate()), style: style)
      }
    }
  }
}

@Suite struct RandomPictureTests {
  @Test(arguments: [(0, 0), (1, 1), (20, 5), (80, 24), (200, 60), (400, 100), (-1, 7)])
  func `any text at any place draws a sound picture of any size`(width: Int, height: Int) {
    for seed in 0..<100 as Range<UInt64> {
      var noise = Noise(seed: seed)
      var grid = CellGrid(width: width, height: height)
      noise.scribble(&grid, times: 20)
      #expect(isSound(grid), "seed \(seed)")
      let isClean = grid.cells.allSatisfy { cell in
        cell.scalar.value >= 0x20 && !(0x7F...0x9F).contains(cell.scalar.value)
      }
      #expect(isClean, "seed \(seed)")
    }
  }

  @Test func `cut texts never exceed their width`() {
    for seed in 0..<500 as Range<UInt64> {
      var noise = Noise(seed: seed)
      let text = noise.text()
      for width in 0..<25 {
        #expect(columns(of: truncated(text, to: width, .middle)) <= width, "seed \(seed)")
        #expect(columns(of: padded(text, to: width)) == width, "seed \(seed)")
      }
    }
  }
}
