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
  ///
  /// - Complexity: O(n) in the number of cells.
  func text(_ lines: [[String]]) -> String {
    var layout = Layout(lines: lines, writer: self)
    layout.format(0..<lines.count, column: 0)
    var text = ""
    for (index, line) in lines.enumerated() {
      for (column, cell) in line.enumerated() {
        text += cell
        guard column < line.count - 1 else { continue }
        let gap = layout.widths[index][column] - cell.unicodeScalars.count
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

  /// The widths of the cells of every line, found column by column.
  private struct Layout {
    let lines: [[String]]
    let writer: TabWriter
    var widths: [[Int]]

    init(lines: [[String]], writer: TabWriter) {
      self.lines = lines
      self.writer = writer
      widths = Array(repeating: [], count: lines.count)
    }

    /// Sets the widths of the columns from `column` on in a block of lines.
    ///
    /// The depth of this recursion is the number of columns, not of lines.
    mutating func format(_ block: Range<Int>, column: Int) {
      var line = block.lowerBound
      while line < block.upperBound {
        guard column < lines[line].count - 1 else {
          line += 1
          continue
        }
        var end = line
        var width = writer.minimumWidth
        while end < block.upperBound, column < lines[end].count - 1 {
          width = max(width, lines[end][column].unicodeScalars.count + writer.padding)
          end += 1
        }
        for index in line..<end { widths[index].append(width) }
        format(line..<end, column: column + 1)
        line = end
      }
    }
  }
}
