/// Returns a bar of `width` columns of which `fraction` (0…1) is filled, in steps as fine as
/// `symbols` have.
///
/// Something that is not zero shows at least the smallest step.
public func gauge(
  _ fraction: Double, width: Int, symbols: SymbolSet = .unicode
) -> (filled: String, empty: String) {
  let width = min(max(width, 0), 10_000)
  let part = fraction.isFinite ? min(max(fraction, 0), 1) : 0
  let steps = max(symbols.gaugeSteps.count, 1)
  var filled = Int(part * Double(width * steps) + 0.5)
  if part > 0, width > 0 { filled = max(filled, 1) }
  var bar = String(repeating: symbols.gaugeSteps.last ?? "#", count: filled / steps)
  let rest = filled % steps
  if rest > 0, rest <= symbols.gaugeSteps.count { bar += symbols.gaugeSteps[rest - 1] }
  let used = (filled + steps - 1) / steps
  return (bar, String(repeating: symbols.gaugeEmpty, count: max(width - used, 0)))
}

/// Returns the last `width` of `values` as heights, the newest at the right edge.
///
/// A value as high as `maximum` (or as the highest shown, without one) is a full cell; zero is the
/// lowest step, and where there is no value yet stands a space.
public func sparkline(
  _ values: [Double], width: Int, maximum: Double? = nil, symbols: SymbolSet = .unicode
) -> String {
  let width = min(max(width, 0), 10_000)
  let shown = values.suffix(width).map { $0.isFinite ? max($0, 0) : 0 }
  let top = maximum.flatMap { $0.isFinite && $0 > 0 ? $0 : nil } ?? shown.max() ?? 0
  // Not the full cell: lines under each other stay apart.
  let highest = max(symbols.sparkSteps.count - 2, 0)
  var line = String(repeating: " ", count: width - shown.count)
  for value in shown {
    let height = top > 0 ? Int(min(value / top, 1) * Double(highest) + 0.5) : 0
    line += height < symbols.sparkSteps.count ? symbols.sparkSteps[height] : "?"
  }
  return line
}

extension CellGrid {
  /// Draws a gauge over the whole of `area`'s first row.
  public mutating func gauge(
    _ fraction: Double, in area: Rect, fill: Role = .gaugeFill, symbols: SymbolSet = .unicode
  ) {
    let line = area.row(0)
    let bar = Canvas.gauge(fraction, width: line.width, symbols: symbols)
    let runs = [TextRun(bar.filled, Style(fill)), TextRun(bar.empty, Style(.gaugeEmpty))]
    put(runs, at: line.origin, in: line)
  }
}
