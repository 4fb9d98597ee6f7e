/// Some text in one style.
public struct TextRun: Hashable, Sendable {
  public var text: String
  public var style: Style

  public init(_ text: String, _ style: Style = .text) {
    self.text = text
    self.style = style
  }
}

extension CellGrid {
  /// Writes `text` from `origin` to the right, clipped to `area`, and returns the column after it.
  ///
  /// A wide character that the area cuts in half becomes a space.
  @discardableResult
  public mutating func put(
    _ text: String, at origin: Point, style: Style = .text, in area: Rect? = nil
  ) -> Int {
    let area = (area ?? bounds).intersection(bounds)
    guard origin.y >= area.y, origin.y < area.maxY else { return origin.x }
    var x = origin.x
    for glyph in Glyphs(text) {
      if x >= area.maxX { break }
      put(glyph, x: x, y: origin.y, style, from: area.x, to: area.maxX)
      x += glyph.width
    }
    return x
  }

  /// Writes several pieces of text one after the other.
  @discardableResult
  public mutating func put(_ runs: [TextRun], at origin: Point, in area: Rect? = nil) -> Int {
    var place = origin
    for run in runs { place.x = put(run.text, at: place, style: run.style, in: area) }
    return place.x
  }

  /// Writes `text` into the one-row or higher `area`, cut with an ellipsis and aligned.
  public mutating func put(
    _ text: String, in area: Rect, row: Int = 0, style: Style = .text,
    _ alignment: Alignment = .left, _ truncation: Truncation = .end, ellipsis: String = "…"
  ) {
    let line = area.row(row)
    let cut = truncated(text, to: line.width, truncation, ellipsis: ellipsis)
    let free = max(line.width - columns(of: cut), 0)
    let start =
      switch alignment {
      case .left: line.x
      case .right: line.x + free
      case .centre: line.x + free / 2
      }
    put(cut, at: Point(start, line.y), style: style, in: line)
  }

  /// Writes one glyph, of which only the columns in `left..<right` are allowed.
  private mutating func put(
    _ glyph: Glyph, x: Int, y: Int, _ style: Style, from left: Int, to right: Int
  ) {
    if x >= left, x + glyph.width <= right {
      store(Cell(glyph.scalar, style, width: glyph.width), x: x, y: y)
    } else if glyph.width == 2 {
      let visible = x >= left ? x : x + 1
      if visible >= left, visible < right {
        store(Cell(" ", style, width: 1), x: visible, y: y)
      }
    }
  }
}
