/// A place on the screen, counted from the top left corner.
public struct Point: Hashable, Sendable {
  public var x: Int
  public var y: Int

  public init(_ x: Int, _ y: Int) {
    self.x = x
    self.y = y
  }
}

/// A rectangle of cells; its size is never negative.
public struct Rect: Hashable, Sendable {
  public let x: Int
  public let y: Int
  public let width: Int
  public let height: Int

  /// Numbers beyond ±1,000,000 are brought to that bound, so that no sum of them can overflow.
  public init(x: Int, y: Int, width: Int, height: Int) {
    let bound = 1_000_000
    self.x = min(max(x, -bound), bound)
    self.y = min(max(y, -bound), bound)
    self.width = min(max(width, 0), bound)
    self.height = min(max(height, 0), bound)
  }

  public static let zero = Rect(x: 0, y: 0, width: 0, height: 0)

  /// One past the last column.
  public var maxX: Int { x + width }
  /// One past the last row.
  public var maxY: Int { y + height }
  public var origin: Point { Point(x, y) }
  public var isEmpty: Bool { width == 0 || height == 0 }

  public func contains(_ point: Point) -> Bool {
    point.x >= x && point.x < maxX && point.y >= y && point.y < maxY
  }

  public func intersection(_ other: Rect) -> Rect {
    let left = max(x, other.x)
    let top = max(y, other.y)
    return Rect(
      x: left, y: top, width: min(maxX, other.maxX) - left, height: min(maxY, other.maxY) - top)
  }

  /// The rectangle without `columns` at each side and `rows` above and below.
  public func inset(columns: Int = 1, rows: Int = 1) -> Rect {
    let columns = min(max(columns, 0), width)
    let rows = min(max(rows, 0), height)
    return Rect(
      x: x + columns, y: y + rows, width: width - 2 * columns, height: height - 2 * rows)
  }

  /// The row at `index`, counted from the top of the rectangle; empty outside of it.
  public func row(_ index: Int) -> Rect {
    guard index >= 0, index < height else { return Rect(x: x, y: y, width: 0, height: 0) }
    return Rect(x: x, y: y + index, width: width, height: 1)
  }

  /// A rectangle of the given size in the middle, made smaller where it would not fit.
  public func centred(width wanted: Int, height wantedHeight: Int) -> Rect {
    let columns = min(max(wanted, 0), width)
    let rows = min(max(wantedHeight, 0), height)
    return Rect(
      x: x + (width - columns) / 2, y: y + (height - rows) / 2, width: columns, height: rows)
  }
}
