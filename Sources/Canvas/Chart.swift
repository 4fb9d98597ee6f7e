/// What charts are drawn with.
public enum ChartStyle: String, CaseIterable, Hashable, Sendable {
  /// Eighths of a cell.
  case block
  /// Two by four dots a cell, for terminals whose font has them.
  case braille
  case ascii
}

/// Values over time with what is written at the axes.
public struct Chart: Hashable, Sendable {
  /// The oldest first; nil where nothing was measured.
  public var values: [Double?]
  public var title: String
  /// What stands at the upper end of the vertical axis: the maximum with its unit.
  public var top: String
  /// The value of the upper end.
  public var maximum: Double
  /// What stands at the left end of the time axis; `now` stands at the right one.
  public var start: String

  public init(
    _ title: String, values: [Double?], maximum: Double, top: String, start: String
  ) {
    (self.title, self.values, self.top, self.start) = (title, values, top, start)
    self.maximum = maximum.isFinite && maximum > 0 ? maximum : 1
  }
}

extension CellGrid {
  /// Draws `chart` into `area`: its title, the values, and both axes.
  public mutating func draw(
    _ chart: Chart, in area: Rect, role: Role = .chart1, style: ChartStyle = .block,
    symbols: SymbolSet = .unicode
  ) {
    guard area.height >= 4, area.width >= 16 else { return }
    let style = symbols.isUnicode ? style : .ascii
    put(chart.title, in: area, style: Style(.header, .bold), ellipsis: symbols.ellipsis)
    let axis = min(max(columns(of: chart.top), 2), 10) + 1
    let body = Rect(
      x: area.x + axis + 1, y: area.y + 1, width: area.width - axis - 1, height: area.height - 2)
    let side = Rect(x: area.x, y: area.y + 1, width: axis - 1, height: body.height)
    put(chart.top, in: side, style: .dim, .right, ellipsis: "")
    put("0", in: side, row: body.height - 1, style: .dim, .right, ellipsis: "")
    verticalLine(
      from: Point(area.x + axis, body.y), length: body.height, symbols.box.vertical, .border)
    let foot = Rect(x: body.x, y: body.maxY, width: body.width, height: 1)
    put(chart.start, in: foot, style: .dim, ellipsis: "")
    put("now", in: foot, style: .dim, .right, ellipsis: "")
    switch style {
    case .block: drawBars(chart, in: body, role, symbols.sparkSteps)
    case .ascii: drawBars(chart, in: body, role, ["_", "#"])
    case .braille: drawDots(chart, in: body, role)
    }
  }

  /// The value of each of `count` columns: the greatest of those that fall into it.
  private func resampled(_ values: [Double?], _ count: Int) -> [Double?] {
    guard !values.isEmpty, count > 0 else { return [] }
    return (0..<count).map { column in
      let first = column * values.count / count
      let last = max((column + 1) * values.count / count, first + 1)
      return values[first..<min(last, values.count)].compactMap { $0 }.max()
    }
  }

  private mutating func drawBars(_ chart: Chart, in body: Rect, _ role: Role, _ steps: [String]) {
    let levels = body.height * steps.count
    for (column, value) in resampled(chart.values, body.width).enumerated() {
      guard let value, value.isFinite else { continue }
      // Nothing is something else than not measured.
      if value <= 0 {
        put(steps[0], at: Point(body.x + column, body.maxY - 1), style: Style(.dim), in: body)
        continue
      }
      let part = min(max(value / chart.maximum, 0), 1)
      var level = Int(part * Double(levels) + 0.5)
      level = max(level, 1)
      for row in 0..<body.height {
        let filled = min(level - row * steps.count, steps.count)
        guard filled > 0 else { break }
        put(
          steps[filled - 1], at: Point(body.x + column, body.maxY - 1 - row), style: Style(role),
          in: body)
      }
    }
  }

  private mutating func drawDots(_ chart: Chart, in body: Rect, _ role: Role) {
    let values = resampled(chart.values, body.width * 2)
    var masks = [UInt32](repeating: 0, count: body.width * body.height)
    let height = body.height * 4
    // U+2800 and one bit for each dot: down the left column, then the right one.
    let bits: [[UInt32]] = [[0x40, 0x04, 0x02, 0x01], [0x80, 0x20, 0x10, 0x08]]
    for (column, value) in values.enumerated() {
      guard let value, value.isFinite else { continue }
      let part = min(max(value / chart.maximum, 0), 1)
      let top = min(Int(part * Double(height - 1) + 0.5), height - 1)
      for dot in 0...top {
        let cell = (body.height - 1 - dot / 4) * body.width + column / 2
        masks[cell] |= bits[column % 2][dot % 4]
      }
    }
    for (cell, mask) in masks.enumerated() where mask != 0 {
      guard let scalar = Unicode.Scalar(0x2800 + mask) else { continue }
      put(
        String(Character(scalar)),
        at: Point(body.x + cell % body.width, body.y + cell / body.width),
        style: Style(role), in: body)
    }
  }
}
