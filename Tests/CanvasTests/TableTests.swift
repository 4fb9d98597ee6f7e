import Testing

@testable import Canvas

@Suite struct TableTests {
  static let table = Table(
    columns: [
      TableColumn("NAME", minimum: 8, weight: 1, priority: 9, truncation: .middle),
      TableColumn("STATUS", minimum: 6, priority: 5),
      TableColumn("IP", minimum: 10, priority: 3),
      TableColumn("PODS", .right, minimum: 4, priority: 1),
    ],
    rows: [
      TableRow([
        TextRun("frontend-7d9f-x7k2p"), TextRun("Ready", Style(.healthy)),
        TextRun("192.168.0.11"), TextRun("7"),
      ]),
      TableRow(
        [TextRun("cart"), TextRun("NotReady"), TextRun("192.168.0.9"), TextRun("110")],
        ground: .selection),
    ])

  static func drawn(_ width: Int, _ height: Int = 3, offset: Int = 0) -> CellGrid {
    var grid = CellGrid(width: width, height: height)
    grid.draw(table, in: grid.bounds, offset: offset)
    return grid
  }

  @Test func `with room enough everything is shown`() {
    #expect(
      TableTests.drawn(60).plainText == """
        NAME                            STATUS    IP            PODS
        frontend-7d9f-x7k2p             Ready     192.168.0.11     7
        cart                            NotReady  192.168.0.9    110
        """)
  }

  @Test func `when narrow the least important column goes and long names lose their middle`() {
    #expect(
      TableTests.drawn(32).plainText == """
        NAME          STATUS  IP
        fronte…x7k2p  Ready   192.168.0…
        cart          NotRe…  192.168.0…
        """)
    #expect(
      TableTests.drawn(10).plainText == """
        NAME
        front…7k2p
        cart
        """)
  }

  @Test func `rows start at the offset and a selected one is tinted over its whole width`() {
    let grid = TableTests.drawn(40, 2, offset: 1)
    #expect(grid.plainText.split(separator: "\n").last?.hasPrefix("cart") == true)
    let ground = grid.groundText.split(separator: "\n").last
    #expect(ground?.count == 40 && ground?.allSatisfy { $0 == "@" } == true)
  }

  @Test func `at any width and offset the table stays in its area`() {
    for width in 0..<70 {
      for offset in [-1, 0, 1, 2, .max] {
        var grid = CellGrid(width: 80, height: 5)
        let rects = grid.draw(
          TableTests.table, in: Rect(x: 5, y: 1, width: width, height: 3), offset: offset)
        #expect(rects.allSatisfy { $0.maxX == 5 + width && $0.maxY <= 4 })
        #expect((5 + width..<80).allSatisfy { grid[$0, 1] == .blank && grid[$0, 2] == .blank })
      }
    }
  }
}
