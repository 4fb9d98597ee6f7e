import Canvas

extension CellGrid {
  /// Draws a list to find something in: what is typed, and under it what fits.
  mutating func draw(_ finder: Finder, _ scene: Scene, in area: Rect) {
    let longest =
      finder.items.prefix(200).map { columns(of: $0.title) + columns(of: $0.detail) }
      .max() ?? 0
    let isSmall = finder.kind != .palette
    let width = min(isSmall ? max(longest + 12, 44) : 100, area.width)
    let height = min(isSmall ? finder.items.count + 4 : max(area.height - 4, 10), area.height)
    let place = area.centred(width: width, height: height)
    let inside = openBox(place, finder.title, scene)
    tint(inside, .overlay)
    let line = inside.inset(columns: 1, rows: 0).row(0)
    cursor = putEditor("\(scene.symbols.selected) ", finder.editor, in: line)
    tint(line, .overlay)
    horizontalLine(
      from: Point(inside.x, inside.y + 1), length: inside.width, scene.symbols.box.horizontal,
      Style(.border, on: .overlay))
    let list = Rect(
      x: inside.x, y: inside.y + 2, width: inside.width, height: max(inside.height - 2, 0))
    if finder.matches.isEmpty {
      put("nothing fits", in: list.inset(columns: 1, rows: 0), style: Style(.dim, on: .overlay))
    }
    let first = scrolled(
      0, toShow: finder.index, height: list.height, count: finder.matches.count)
    for (row, index) in scene.visible(first, finder.matches.count, list.height).enumerated() {
      draw(finder.matches[index], isChosen: index == finder.index, scene, in: list.row(row))
    }
    putPosition(first, of: finder.matches.count, list.height, scene, on: place)
  }

  private mutating func draw(
    _ item: FinderItem, isChosen: Bool, _ scene: Scene, in line: Rect
  ) {
    let inside = line.inset(columns: 1, rows: 0)
    let detail = item.refusal.isEmpty ? item.detail : item.refusal
    let room = min(columns(of: detail), max(inside.width / 2, 0))
    let mark = isChosen ? scene.symbols.selected : " "
    let name = Rect(x: inside.x, y: line.y, width: inside.width - room - 2, height: 1)
    let isOff = !item.refusal.isEmpty
    put(
      "\(mark) \(item.title)", in: name, style: Style(isOff ? .hintDisabled : .text, on: .overlay),
      ellipsis: scene.cut)
    let rest = Rect(x: name.maxX + 2, y: line.y, width: room, height: 1)
    put(detail, in: rest, style: Style(.dim, on: .overlay), .right, ellipsis: scene.cut)
    if isChosen { tint(line, .selection) }
  }
}
