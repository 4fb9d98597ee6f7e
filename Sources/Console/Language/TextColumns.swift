/// Rows of cells in columns, as Go's text/tabwriter lays them out: the last one is not padded.
struct TextColumns {
  var padding = 3
  var minimum = 6

  /// One line for each row, each with a line end.
  func text(_ rows: [[String]]) -> String {
    let count = rows.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in
      let widest = rows.map { column < $0.count ? $0[column].unicodeScalars.count : 0 }.max() ?? 0
      return max(widest + padding, minimum)
    }
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        guard column < row.count - 1 else { return cell }
        let gap = widths[column] - cell.unicodeScalars.count
        return cell + String(repeating: " ", count: max(0, gap))
      }
      return cells.joined() + "\n"
    }.joined()
  }
}
