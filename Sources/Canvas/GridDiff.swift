/// Neighbouring cells of one row that differ between two pictures.
public struct ChangedRun: Hashable, Sendable {
  public let row: Int
  public let columns: Range<Int>
}

/// Returns the runs that must be painted to turn `old` into `new`, from the top, left to right.
///
/// A run never begins or ends inside a wide character of `new`. Pictures of different sizes have
/// everything in common with nothing: every row of `new` is one run.
///
/// - Complexity: linear in the number of cells.
public func changedRuns(from old: CellGrid, to new: CellGrid) -> [ChangedRun] {
  guard old.width == new.width, old.height == new.height else {
    return (0..<new.height).map { ChangedRun(row: $0, columns: 0..<new.width) }
  }
  var runs: [ChangedRun] = []
  let width = new.width
  for row in 0..<new.height {
    let first = row * width
    var x = 0
    while x < width {
      if old.cells[first + x].bits == new.cells[first + x].bits {
        x += 1
        continue
      }
      var start = x
      while x < width, old.cells[first + x].bits != new.cells[first + x].bits { x += 1 }
      if start > 0, new.cells[first + start].width == 0 { start -= 1 }
      while x < width, new.cells[first + x].width == 0 { x += 1 }
      runs.append(ChangedRun(row: row, columns: start..<x))
    }
  }
  return runs
}
