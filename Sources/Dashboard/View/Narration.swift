import Canvas

extension CellGrid {
  /// Draws what a demo tells, broken into lines at its words.
  mutating func drawNarration(_ scene: Scene, in area: Rect) {
    guard area.height > 0 else { return }
    let style = Style(.overlay)
    fill(area, style: style)
    let bar = scene.symbols.isUnicode ? "\u{258C}" : "|"
    let width = area.width - 4
    let lines = wrapped(scene.state.narration, to: width)
    let top = area.y + max((area.height - lines.count) / 2, 0)
    for row in area.y..<area.maxY {
      put(bar, at: Point(area.x, row), style: Style(.accent, on: .overlay))
    }
    for (index, line) in lines.prefix(area.height).enumerated() {
      let room = Rect(x: area.x + 2, y: top + index, width: width, height: 1)
      put(line, in: room, style: style.with(.bold), ellipsis: scene.symbols.ellipsis)
    }
  }

  private func wrapped(_ text: String, to width: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
      if let last = lines.last, columns(of: last) + 1 + columns(of: String(word)) <= width {
        lines[lines.count - 1] += " \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
