/// One column of a table.
public struct TableColumn: Hashable, Sendable {
  public var title: String
  public var alignment: Alignment
  public var truncation: Truncation
  /// Narrower than this the column is of no use and is left out instead.
  public var minimum: Int
  /// Wider than this it never gets for its content alone.
  public var maximum: Int
  /// Its share of the room that is left when every column has what its content needs.
  public var weight: Int
  /// Columns with the lowest priority go first when the table is too narrow.
  public var priority: Int

  public init(
    _ title: String, _ alignment: Alignment = .left, minimum: Int = 1, maximum: Int = 60,
    weight: Int = 0, priority: Int = 1, truncation: Truncation = .end
  ) {
    self.title = title
    self.alignment = alignment
    self.truncation = truncation
    self.minimum = min(max(minimum, 1), 1_000)
    self.maximum = min(max(maximum, self.minimum), 1_000)
    self.weight = weight
    self.priority = priority
  }
}

/// One row of a table: a cell for each column, and what lies under them.
public struct TableRow: Hashable, Sendable {
  public var cells: [TextRun]
  /// `.selection` or `.highlight` for a row that is chosen or linked to the choice.
  public var ground: Role

  public init(_ cells: [TextRun], ground: Role = .text) {
    self.cells = cells
    self.ground = ground
  }
}

/// Rows of aligned cells that fit themselves into the room there is.
public struct Table: Hashable, Sendable {
  public var columns: [TableColumn]
  public var rows: [TableRow]
  /// Columns of space between two columns.
  public var gap: Int

  public init(columns: [TableColumn], rows: [TableRow], gap: Int = 2) {
    self.columns = columns
    self.rows = rows
    self.gap = min(max(gap, 0), 100)
  }
}

/// Where a column ended up.
public struct PlacedColumn: Hashable, Sendable {
  /// Index into the table's columns.
  public var index: Int
  /// Its first screen column, counted from the table's left edge.
  public var x: Int
  public var width: Int
}

extension Table {
  /// Returns the columns that fit into `width`, from left to right, sized for the titles and for
  /// `visible` rows.
  public func placedColumns(width: Int, visible: Range<Int>) -> [PlacedColumn] {
    let wanted = contentWidths(visible)
    let kept = keptColumns(width: width, wanted: wanted)
    var widths = kept.map { min(wanted[$0], columns[$0].minimum) }
    var left = width - widths.reduce(0, +) - gap * max(kept.count - 1, 0)
    // The rest goes to content first, the most important column first, and then by weight.
    for place in kept.indices.sorted(by: { isBefore(kept[$0], kept[$1]) }) {
      let more = min(max(wanted[kept[place]] - widths[place], 0), max(left, 0))
      widths[place] += more
      left -= more
    }
    share(max(left, 0), by: kept.map { max(columns[$0].weight, 0) }, into: &widths)
    var x = 0
    return zip(kept, widths).map { index, columnWidth in
      defer { x += columnWidth + gap }
      return PlacedColumn(index: index, x: x, width: min(columnWidth, max(width - x, 0)))
    }
  }

  private func contentWidths(_ visible: Range<Int>) -> [Int] {
    var wanted = columns.map { Canvas.columns(of: $0.title) }
    for row in rows[visible.clamped(to: rows.indices)] {
      for (index, cell) in row.cells.enumerated() where index < wanted.count {
        wanted[index] = max(wanted[index], Canvas.columns(of: cell.text))
      }
    }
    return zip(wanted, columns).map { min(max($0, 1), max($1.maximum, $1.minimum)) }
  }

  /// The columns whose least widths fit, dropping those of lowest priority, the rightmost first.
  private func keptColumns(width: Int, wanted: [Int]) -> [Int] {
    var kept = Array(columns.indices)
    func needed() -> Int {
      kept.reduce(gap * max(kept.count - 1, 0)) { $0 + min(wanted[$1], columns[$1].minimum) }
    }
    while kept.count > 1, needed() > width {
      guard let last = kept.max(by: isBefore) else { break }
      kept.removeAll { $0 == last }
    }
    return width > 0 ? kept : []
  }

  /// Whether the column at `left` is served before the one at `right`.
  private func isBefore(_ left: Int, _ right: Int) -> Bool {
    (-columns[left].priority, left) < (-columns[right].priority, right)
  }
}
