import CNcurses
import Canvas

/// The terminal in full-screen mode: paints pictures and hands out keys.
///
/// There is one owner; when it goes, the terminal is given back as it was. It is also given back
/// while the program is stopped, when a signal ends it and when it crashes.
public struct Screen: ~Copyable {
  /// What the terminal can show; with `.ascii` it has no other characters.
  public let symbols: SymbolSet
  /// How many colours are used.
  public let colorDepth: ColorDepth
  /// Things to tell the user once the screen is up.
  public let notices: [String]
  /// Changing it repaints the screen with the next picture.
  public var theme: Theme {
    didSet { if theme != oldValue { forgetLooks() } }
  }
  /// The terminal's size.
  public private(set) var size: (columns: Int, rows: Int)

  var input = KeyInput()
  private var palette: Palette
  private var shown: CellGrid?

  /// Takes over the terminal.
  public init(theme: Theme, options: ScreenOptions = ScreenOptions()) throws(TerminalError) {
    let session = try Session(options)
    symbols = session.isUnicode ? .unicode : .ascii
    notices = session.notices
    colorDepth = options.colorMode.depth(
      terminalColors: Int(kubarium_colors()), isColorUnwanted: environment("NO_COLOR") != nil)
    self.theme = theme
    palette = Palette(theme: theme, depth: colorDepth)
    size = Screen.currentSize(80, 24)
    kubarium_resize(Int32(size.columns), Int32(size.rows))
  }

  deinit { kubarium_close() }

  /// Nanoseconds of a clock that only goes forward.
  public static func monotonicNanoseconds() -> Int64 { kubarium_nanoseconds() }

  /// Shows a picture, sending only what differs from the one before, in one write.
  ///
  /// What reaches beyond the terminal is cut off.
  public mutating func draw(_ grid: CellGrid) {
    if let shown, shown == grid { return }
    if shown?.width != grid.width || shown?.height != grid.height { forgetFrame() }
    kubarium_begin_frame()
    if shown == nil {
      let ground = palette.look(Style.text.bits)
      kubarium_clear(ground.emphasis, ground.pair)
    }
    // With nothing in common every row is painted.
    let old = shown ?? CellGrid(width: 0, height: 0)
    for run in changedRuns(from: old, to: grid) where run.row < size.rows { paint(run, of: grid) }
    if let cursor = grid.cursor, cursor.x < size.columns, cursor.y < size.rows {
      kubarium_cursor(Int32(clamping: cursor.x), Int32(clamping: cursor.y))
    } else {
      kubarium_cursor(-1, -1)
    }
    if !kubarium_send_frame() { input.hasEnded = true }
    shown = grid
  }

  /// Puts the cells of a run into the next frame, those of one style at a time.
  private mutating func paint(_ run: ChangedRun, of grid: CellGrid) {
    let first = run.row * grid.width
    var column = run.columns.lowerBound
    let end = min(run.columns.upperBound, size.columns)
    while column < end {
      let style = grid.cells[first + column].styleBits
      var next = column + 1
      while next < end, grid.cells[first + next].styleBits == style { next += 1 }
      let look = palette.look(style)
      grid.cells.withUnsafeBytes { cells in
        let start = cells.baseAddress?.assumingMemoryBound(to: UInt64.self)
        guard let start else { return }
        kubarium_put(
          Int32(run.row), Int32(column), start + first + column, Int32(next - column),
          look.emphasis, look.pair)
      }
      column = next
    }
  }

  private mutating func forgetLooks() {
    palette = Palette(theme: theme, depth: colorDepth)
    forgetFrame()
  }

  /// Makes the next picture be painted as a whole.
  mutating func forgetFrame() { shown = nil }

  /// Asks the system for the size again and returns whether it is another one.
  mutating func adoptSize() -> Bool {
    let new = Screen.currentSize(size.columns, size.rows)
    guard new != size else { return false }
    size = new
    kubarium_resize(Int32(new.columns), Int32(new.rows))
    shown = nil
    return true
  }

  private static func currentSize(_ columns: Int, _ rows: Int) -> (columns: Int, rows: Int) {
    var width = Int32(clamping: columns)
    var height = Int32(clamping: rows)
    kubarium_size(&width, &height)
    return (min(max(Int(width), 1), 2_000), min(max(Int(height), 1), 1_000))
  }
}
