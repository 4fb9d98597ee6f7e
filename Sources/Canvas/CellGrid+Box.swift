extension CellGrid {
  /// Draws a frame along the inside of `area`, with a title in its upper edge, and returns what it
  /// encloses.
  @discardableResult
  public mutating func box(
    _ area: Rect, style: Style = .border, title: [TextRun] = [], symbols: SymbolSet = .unicode
  ) -> Rect {
    guard area.width >= 2, area.height >= 2 else { return .zero }
    let lines = symbols.box
    let right = area.maxX - 1
    let bottom = area.maxY - 1
    horizontalLine(from: Point(area.x, area.y), length: area.width, lines.horizontal, style)
    horizontalLine(from: Point(area.x, bottom), length: area.width, lines.horizontal, style)
    verticalLine(from: Point(area.x, area.y), length: area.height, lines.vertical, style)
    verticalLine(from: Point(right, area.y), length: area.height, lines.vertical, style)
    put(lines.topLeft, at: area.origin, style: style)
    put(lines.topRight, at: Point(right, area.y), style: style)
    put(lines.bottomLeft, at: Point(area.x, bottom), style: style)
    put(lines.bottomRight, at: Point(right, bottom), style: style)
    let edge = Rect(x: area.x + 1, y: area.y, width: area.width - 2, height: 1)
    putTitle(title, style: style, in: edge, symbols.ellipsis)
    return area.inset()
  }

  /// Draws `character` from a place to the right.
  public mutating func horizontalLine(
    from start: Point, length: Int, _ character: String = "─", _ style: Style = .border
  ) {
    let line = Rect(x: start.x, y: start.y, width: length, height: 1).intersection(bounds)
    fill(line, with: character.unicodeScalars.first ?? "-", style: style)
  }

  /// Draws `character` from a place downwards.
  public mutating func verticalLine(
    from start: Point, length: Int, _ character: String = "│", _ style: Style = .border
  ) {
    let line = Rect(x: start.x, y: start.y, width: 1, height: length).intersection(bounds)
    fill(line, with: character.unicodeScalars.first ?? "|", style: style)
  }

  /// Writes a title with a space before and after it into the upper edge of a frame.
  private mutating func putTitle(
    _ title: [TextRun], style: Style, in edge: Rect, _ ellipsis: String
  ) {
    guard !title.isEmpty, edge.width >= 3 else { return }
    var room = edge.width - 2
    var x = put(" ", at: edge.origin, style: style, in: edge)
    for run in title where room > 0 {
      let text = truncated(run.text, to: room, ellipsis: ellipsis)
      room -= columns(of: text)
      x = put(text, at: Point(x, edge.y), style: run.style, in: edge)
    }
    put(" ", at: Point(x, edge.y), style: style, in: edge)
  }
}
