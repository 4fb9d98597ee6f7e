/// A picture made of cells: what a view returns, a test reads and a terminal paints.
public struct CellGrid: Hashable, Sendable {
  public let width: Int
  public let height: Int
  /// The cells row by row; always `width * height` of them.
  public private(set) var cells: [Cell]
  /// Where the terminal's cursor blinks; hidden when there is none.
  public var cursor: Point?

  /// An empty picture; sizes are brought into 0…2,000 columns and 0…1,000 rows.
  public init(width: Int, height: Int) {
    self.width = min(max(width, 0), 2_000)
    self.height = min(max(height, 0), 1_000)
    cells = Array(repeating: .blank, count: self.width * self.height)
  }

  public var bounds: Rect { Rect(x: 0, y: 0, width: width, height: height) }

  /// The cell at a place; blank outside of the picture.
  public subscript(x: Int, y: Int) -> Cell {
    guard x >= 0, x < width, y >= 0, y < height else { return .blank }
    return cells[y * width + x]
  }

  /// Writes a cell that lies inside; a wide character that loses a half becomes a space.
  mutating func store(_ cell: Cell, x: Int, y: Int) {
    let index = y * width + x
    let old = cells[index]
    if old.width == 0, cell.width != 0, x > 0 {
      cells[index - 1] = Cell(" ", cells[index - 1].style, width: 1)
    }
    if old.width == 2 || cell.width == 2, x + 1 < width {
      blankHalf(at: index + 1, replacedBy: cell)
    }
    cells[index] = cell
  }

  /// Clears the cell right of one being written, where either of the two characters reaches it.
  private mutating func blankHalf(at index: Int, replacedBy cell: Cell) {
    let next = cells[index]
    if next.width == 2, cell.width == 2, (index + 1) % width != 0 {
      cells[index + 1] = Cell(" ", cells[index + 1].style, width: 1)
    }
    cells[index] =
      cell.width == 2 ? Cell(" ", cell.style, width: 0) : Cell(" ", next.style, width: 1)
  }

  /// Changes how the cells of `area` look and leaves what they say.
  mutating func restyle(_ area: Rect, _ change: (Style) -> Style) {
    let area = area.intersection(bounds)
    for y in area.y..<area.maxY {
      for index in (y * width + area.x)..<(y * width + area.maxX) {
        cells[index] = cells[index].restyled(change(cells[index].style))
      }
    }
  }
}

extension CellGrid {
  /// Puts `ground` under everything in `area`, as for a selected row.
  public mutating func tint(_ area: Rect, _ ground: Role) {
    restyle(area) { $0.on(ground) }
  }

  /// Adds emphasis to everything in `area`.
  public mutating func emphasize(_ area: Rect, _ emphasis: Emphasis) {
    restyle(area) { $0.with(emphasis) }
  }

  /// Fills `area` with a character of one column.
  public mutating func fill(
    _ area: Rect, with scalar: Unicode.Scalar = " ", style: Style = .text
  ) {
    let glyph = Glyphs(String(scalar)).first { $0.width == 1 }
    let cell = Cell(glyph?.scalar ?? " ", style, width: 1)
    let area = area.intersection(bounds)
    for y in area.y..<area.maxY {
      for x in area.x..<area.maxX { store(cell, x: x, y: y) }
    }
  }

  /// Copies another picture into this one, its top left corner at `origin`.
  public mutating func copy(_ other: CellGrid, to origin: Point) {
    let whole = Rect(x: origin.x, y: origin.y, width: other.width, height: other.height)
    let area = whole.intersection(bounds)
    for y in area.y..<area.maxY {
      var x = area.x
      while x < area.maxX {
        let cell = other[x - whole.x, y - whole.y]
        let fits = cell.width > 0 && x + cell.width <= area.maxX
        store(fits ? cell : Cell(" ", cell.style, width: 1), x: x, y: y)
        x += fits ? cell.width : 1
      }
    }
  }
}
