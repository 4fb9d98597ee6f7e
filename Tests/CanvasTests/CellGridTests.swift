import Testing

@testable import Canvas

@Suite struct CellGridTests {
  @Test func `a box carries its title in the upper edge`() {
    var grid = CellGrid(width: 20, height: 4)
    let inside = grid.box(
      grid.bounds, title: [TextRun("1 Nodes", .title), TextRun(" ─ 3", .dim)])
    grid.put("node-1", at: inside.origin, in: inside)
    #expect(
      grid.plainText == """
        ╭ 1 Nodes ─ 3 ─────╮
        │node-1            │
        │                  │
        ╰──────────────────╯
        """)
    #expect(grid.roleText.split(separator: "\n").first == "bbTTTTTTTddddbbbbbbb")
  }

  @Test func `in ASCII a box is drawn with plus and minus`() {
    var grid = CellGrid(width: 8, height: 3)
    grid.box(grid.bounds, title: [TextRun("a long title")], symbols: .ascii)
    #expect(grid.plainText == "+ a l~ +\n|      |\n+------+")
  }

  @Test func `text stays inside its area`() {
    var grid = CellGrid(width: 10, height: 2)
    grid.put("abcdefghij", at: Point(0, 0), in: Rect(x: 2, y: 0, width: 3, height: 1))
    grid.put("outside", at: Point(0, 1), in: Rect(x: 0, y: 0, width: 10, height: 1))
    grid.put("far", at: Point(.max, .max))
    grid.put("far", at: Point(.min, 0))
    #expect(grid.plainText == "  cde\n")
  }

  @Test func `a wide character cut at an edge becomes a space`() {
    var grid = CellGrid(width: 3, height: 1)
    grid.put("a網路", at: Point(0, 0))
    #expect(grid.plainText == "a網")
    grid.put("a網路", at: Point(-2, 0))
    #expect(grid.plainText == " 路")
    grid.put("網網", at: Point(0, 0))
    #expect(grid.plainText == "網")
    #expect(grid[2, 0].width == 1)
  }

  @Test func `overwriting half of a wide character leaves no other half`() {
    for place in 0..<4 {
      var grid = CellGrid(width: 4, height: 1)
      grid.put("網路", at: Point(0, 0))
      grid.put("x", at: Point(place, 0))
      #expect(isSound(grid))
      grid.put("字", at: Point(place, 0))
      #expect(isSound(grid))
    }
  }

  @Test func `control characters become visible`() {
    var grid = CellGrid(width: 12, height: 1)
    grid.put("a\u{1B}[2Jb\nc\u{7F}\u{9B}d", at: Point(0, 0))
    #expect(grid.plainText == "a·[2Jb·c··d")
  }

  @Test func `a tint changes what lies under the text and nothing else`() {
    var grid = CellGrid(width: 4, height: 2)
    grid.put("ok", at: Point(0, 0), style: Style(.healthy, .bold))
    grid.tint(Rect(x: 0, y: 0, width: 4, height: 1), .selection)
    #expect(grid[0, 0].style == Style(.healthy, on: .selection, .bold))
    #expect(grid.groundText == "@@@@\n....")
    #expect(grid.plainText == "ok\n")
  }

  @Test func `a cell is eight bytes and keeps what was put into it`() {
    #expect(MemoryLayout<Cell>.stride == 8)
    for role in Role.allCases {
      let style = Style(role, on: .highlight, [.bold, .reverse])
      let cell = Cell("\u{1F600}", style, width: 2)
      #expect(cell.style == style && cell.scalar == "\u{1F600}" && cell.width == 2)
    }
  }

  @Test func `roles have names and letters of their own`() {
    #expect(Set(Role.allCases.map(\.letter)).count == Role.allCases.count)
    #expect(Role.allCases.allSatisfy { Role(name: $0.name) == $0 })
  }

  @Test func `copying a picture into another cuts it at the edges`() {
    var small = CellGrid(width: 4, height: 1)
    small.put("網路", at: Point(0, 0))
    var grid = CellGrid(width: 4, height: 1)
    grid.copy(small, to: Point(-1, 0))
    #expect(grid.plainText == " 路" && isSound(grid))
    grid.copy(small, to: Point(1, 0))
    #expect(isSound(grid))
  }
}

/// Whether every wide character has both its halves and no half stands alone.
func isSound(_ grid: CellGrid) -> Bool {
  for y in 0..<grid.height {
    for x in 0..<grid.width {
      switch grid[x, y].width {
      case 0: if x == 0 || grid[x - 1, y].width != 2 { return false }
      case 1: continue
      case 2: if x + 1 >= grid.width || grid[x + 1, y].width != 0 { return false }
      default: return false
      }
    }
  }
  return true
}
