import Canvas

/// Turns the pictures of a dashboard, as they come, into the lines of an asciicast.
///
/// It holds no file and reads no clock: every call returns the lines that it adds. So the same
/// pictures at the same times give the same bytes.
public struct Recorder: Sendable {
  private var painter: ANSIPainter
  private var size: (columns: Int, rows: Int)
  private let title: String
  private let timestamp: Int64?
  private var hasHeader = false

  /// - Parameter timestamp: when the recording began, in seconds since 1970; nil leaves it out.
  public init(theme: Theme, columns: Int, rows: Int, title: String, timestamp: Int64? = nil) {
    painter = ANSIPainter(theme: theme)
    size = (columns, rows)
    self.title = title
    self.timestamp = timestamp
  }

  /// Adds a picture; nothing when it is the last one again.
  public mutating func add(_ grid: CellGrid, theme: Theme, at nanoseconds: Int64) -> String {
    var lines = header()
    if grid.width != size.columns || grid.height != size.rows {
      size = (grid.width, grid.height)
      lines += Asciicast.line(nanoseconds, .resize, "\(grid.width)x\(grid.height)")
    }
    if painter.theme != theme { painter.theme = theme }
    let output = painter.paint(grid)
    if !output.isEmpty { lines += Asciicast.line(nanoseconds, .output, output) }
    return lines
  }

  /// Adds a marker, at which players can stop.
  public mutating func mark(_ label: String, at nanoseconds: Int64) -> String {
    header() + Asciicast.line(nanoseconds, .marker, label)
  }

  /// What leaves a terminal fit for use, as the last event.
  public mutating func end(at nanoseconds: Int64) -> String {
    header()
      + Asciicast.line(nanoseconds, .output, "\u{1B}[0m\u{1B}[\(size.rows);1H\u{1B}[?25h\r\n")
  }

  private mutating func header() -> String {
    guard !hasHeader else { return "" }
    hasHeader = true
    return Asciicast.header(
      columns: size.columns, rows: size.rows, title: title, theme: painter.theme,
      timestamp: timestamp)
  }
}
