/// Aligns cells that tabs end, as Go's `text/tabwriter` does.
///
/// A column is a run of lines that have a cell in it; the text after a line's last tab belongs to
/// no column and is never padded.
struct TabWriter {
  /// Columns are at least this wide.
  var minimumWidth: Int
  /// Spaces after the widest cell.
  var padding: Int

  /// What `kubectl get` writes with.
  static let table = TabWriter(minimumWidth: 6, padding: 3)
  /// What `kubectl describe` writes with.
  static let description = TabWriter(minimumWidth: 0, padding: 2)

  /// `lines` aligned, each with a line end; every cell but a line's last one was ended by a tab.
  func text(_ lines: [[String]]) -> String {
    let widths = widths(of: lines)
    var text = ""
    for (index, line) in lines.enumerated() {
      for (column, cell) in line.enumerated() {
        text += cell
        guard column < widths[index].count else { continue }
        let gap = widths[index][column] - cell.unicodeScalars.count
        text += String(repeating: " ", count: max(0, gap))
      }
      text += "\n"
    }
    return text
  }

  /// `text` aligned, whose cells are ended by tabs and its lines by line ends.
  func text(_ text: String) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
    if lines.last == [""] { lines.removeLast() }
    return self.text(lines)
  }

  /// The width of every cell that belongs to a column, by line.
  ///
  /// A line with a cell in one column has one in every column before it, so the columns can be
  /// looked at one by one.
  private func widths(of lines: [[String]]) -> [[Int]] {
    var widths: [[Int]] = Array(repeating: [], count: lines.count)
    let columns = lines.map { $0.count - 1 }.max() ?? 0
    for column in 0..<max(0, columns) {
      var line = 0
      while line < lines.count {
        let start = line
        var width = minimumWidth
        while line < lines.count, column < lines[line].count - 1 {
          width = max(width, lines[line][column].unicodeScalars.count + padding)
          line += 1
        }
        for index in start..<line { widths[index].append(width) }
        if line == start { line += 1 }
      }
    }
    return widths
  }
}
