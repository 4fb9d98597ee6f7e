import Testing

@testable import Canvas

@Suite struct LayoutTests {
  @Test(arguments: [
    (100, [Constraint.fixed(10), .fill(), .fill()], [10, 45, 45]),
    (10, [.fill(weight: 1), .fill(weight: 2)], [3, 7]),
    (20, [.minimum(5), .minimum(5, weight: 3)], [7, 13]),
    (8, [.minimum(5), .fixed(6)], [2, 6]),
    (0, [.fixed(3), .fill()], [0, 0]),
    (-5, [.minimum(.max, weight: .max), .fill(weight: .min)], [0, 0]),
    (7, [], []),
  ])
  func `a length is divided: fixed first, then minima, then shares`(
    length: Int, constraints: [Constraint], expected: [Int]
  ) {
    #expect(lengths(dividing: length, by: constraints) == expected)
  }

  @Test func `parts lie side by side, with gaps, inside the whole, at any size`() {
    let constraints: [Constraint] = [.fixed(7), .minimum(12, weight: 2), .fill(), .fixed(3)]
    for size in 0..<60 {
      let whole = Rect(x: 3, y: 4, width: size, height: size)
      for gap in 0...2 {
        let across = whole.splitHorizontally(constraints, gap: gap)
        let down = whole.splitVertically(constraints, gap: gap)
        #expect(zip(across, across.dropFirst()).allSatisfy { $0.maxX + gap == $1.x })
        #expect(zip(down, down.dropFirst()).allSatisfy { $0.maxY + gap == $1.y })
        #expect((across + down).allSatisfy { $0.isEmpty || $0.intersection(whole) == $0 })
        if size > 30 { #expect(across.last?.maxX == whole.maxX) }
      }
    }
  }

  @Test func `rectangles never have a negative size`() {
    let rect = Rect(x: 1, y: 1, width: 5, height: 3)
    #expect(rect.inset() == Rect(x: 2, y: 2, width: 3, height: 1))
    #expect(rect.inset(columns: 9, rows: 9).isEmpty)
    #expect(rect.intersection(Rect(x: 50, y: 0, width: 5, height: 5)).isEmpty)
    #expect(Rect(x: .min, y: .max, width: .max, height: .min).height == 0)
    #expect(rect.centred(width: 3, height: 1) == Rect(x: 2, y: 2, width: 3, height: 1))
    #expect(rect.row(3).isEmpty && rect.row(2).y == 3)
  }
}
