/// Turns pictures into what a terminal has to be sent to show them, one after the other.
///
/// It depends on nothing but the pictures and the theme, so the same pictures give the same bytes
/// on every machine, whatever terminal is looked at meanwhile.
public struct ANSIPainter: Sendable {
  public var theme: Theme {
    didSet {
      guard theme != oldValue else { return }
      shown = nil
      looks = [:]
    }
  }
  private let colors: ANSIColors
  private var shown: CellGrid?
  /// What styles look like in the theme, worked out when first needed.
  private var looks: [UInt32: Appearance] = [:]

  public init(theme: Theme, colors: ANSIColors = .direct) {
    self.theme = theme
    self.colors = colors
  }

  /// Returns what changes the terminal from the last picture to `grid`; empty when nothing differs.
  public mutating func paint(_ grid: CellGrid) -> String {
    if let shown, shown == grid { return "" }
    var text = ""
    var writer = SGRWriter(colors)
    let isWhole = shown?.width != grid.width || shown?.height != grid.height
    if isWhole {
      text += "\u{1B}[?25l"
      writer.write(theme.appearance(of: .text), to: &text)
      text += "\u{1B}[2J"
    }
    let old = isWhole ? CellGrid(width: grid.width, height: grid.height) : shown
    for run in changedRuns(from: old ?? grid, to: grid) {
      text += "\u{1B}[\(run.row + 1);\(run.columns.lowerBound + 1)H"
      write(run, of: grid, &writer, to: &text)
    }
    text += "\u{1B}[0m"
    text += cursor(of: grid)
    shown = grid
    return text
  }

  private func cursor(of grid: CellGrid) -> String {
    guard let place = grid.cursor else { return shown?.cursor == nil ? "" : "\u{1B}[?25l" }
    return "\u{1B}[\(place.y + 1);\(place.x + 1)H\u{1B}[?25h"
  }

  private mutating func look(_ cell: Cell) -> Appearance {
    if let known = looks[cell.styleBits] { return known }
    let look = theme.appearance(of: cell.style)
    looks[cell.styleBits] = look
    return look
  }

  private mutating func write(
    _ run: ChangedRun, of grid: CellGrid, _ writer: inout SGRWriter, to text: inout String
  ) {
    for x in run.columns {
      let cell = grid[x, run.row]
      guard cell.width > 0 else { continue }
      writer.write(look(cell), to: &text)
      text.unicodeScalars.append(cell.scalar)
    }
  }
}

extension CellGrid {
  /// The picture as lines with colours, to be printed where text is printed.
  public func ansiText(_ theme: Theme, colors: ANSIColors = .direct) -> String {
    var text = ""
    for y in 0..<height {
      var writer = SGRWriter(colors)
      for x in 0..<width {
        let cell = self[x, y]
        guard cell.width > 0 else { continue }
        writer.write(theme.appearance(of: cell.style), to: &text)
        text.unicodeScalars.append(cell.scalar)
      }
      text += "\u{1B}[0m\n"
    }
    return text
  }
}
