extension CellGrid {
  /// Draws `table` into `area`: its titles, then the rows from `offset` on, as many as there is
  /// room for.
  ///
  /// Returns the rectangle of each row drawn, the one at `offset` first.
  @discardableResult
  public mutating func draw(
    _ table: Table, in area: Rect, offset: Int = 0, showsTitles: Bool = true,
    symbols: SymbolSet = .unicode
  ) -> [Rect] {
    guard !area.isEmpty else { return [] }
    let titleRows = showsTitles ? 1 : 0
    let first = min(max(offset, 0), table.rows.count)
    let visible = first..<min(first + max(area.height - titleRows, 0), table.rows.count)
    let placed = table.placedColumns(width: area.width, visible: visible)
    if showsTitles {
      let titles = table.columns.map { TextRun($0.title, Style(.header)) }
      draw(titles, of: table, placed, in: area.row(0), symbols)
    }
    return visible.map { index in
      let line = area.row(titleRows + index - first)
      draw(table.rows[index].cells, of: table, placed, in: line, symbols)
      if table.rows[index].ground != .text { tint(line, table.rows[index].ground) }
      return line
    }
  }

  private mutating func draw(
    _ cells: [TextRun], of table: Table, _ placed: [PlacedColumn], in line: Rect,
    _ symbols: SymbolSet
  ) {
    for column in placed where column.index < cells.count {
      let cell = cells[column.index]
      let wanted = table.columns[column.index]
      put(
        cell.text, in: Rect(x: line.x + column.x, y: line.y, width: column.width, height: 1),
        style: cell.style, wanted.alignment, wanted.truncation, ellipsis: symbols.ellipsis)
    }
  }
}
