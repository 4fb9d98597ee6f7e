import Canvas

/// Returns the picture of the dashboard: a function of what is chosen, what there is, and what the
/// terminal can show.
public func view(
  _ state: DashboardState, _ snapshot: DashboardSnapshot, symbols: SymbolSet = .unicode
) -> CellGrid {
  var grid = CellGrid(width: state.size.columns, height: state.size.rows)
  guard !ScreenLayout.isTooSmall(state.size) else {
    grid.putTooSmall(state.size)
    return grid
  }
  let scene = Scene(state: state, snapshot: snapshot, symbols: symbols)
  let layout = ScreenLayout(state)
  grid.drawHeader(scene, in: layout.header)
  for placed in layout.panels { grid.draw(placed, scene) }
  grid.drawNarration(scene, in: layout.narration)
  grid.drawFooter(scene, in: layout.footer)
  if let tour = state.tour, state.overlay == nil {
    grid.drawTour(tour, scene, above: layout.footer)
  }
  if let overlay = state.overlay { grid.draw(overlay, scene, layout) }
  return grid
}

extension CellGrid {
  /// Says what size is needed, in as many cells as there are.
  fileprivate mutating func putTooSmall(_ size: ScreenSize) {
    let wanted = ScreenLayout.smallest
    let lines = [
      "\(size.columns)x\(size.rows) is too small",
      "kubarium needs \(wanted.columns)x\(wanted.rows)",
      "enlarge the window, or q quits",
    ]
    let top = max((height - lines.count) / 2, 0)
    for (index, line) in lines.enumerated() {
      let row = Rect(x: 0, y: top + index, width: width, height: 1).intersection(bounds)
      put(line, in: row, style: index == 0 ? Style(.warning, .bold) : .text, .centre, ellipsis: "")
    }
  }

  /// Draws a panel with its frame.
  fileprivate mutating func draw(_ placed: ScreenLayout.PlacedPanel, _ scene: Scene) {
    let panel = Panels.panel(placed.id)
    let isFocused = scene.state.focus == placed.id
    let frame = Style(isFocused ? .focusBorder : .border)
    let symbols = isFocused ? scene.symbols.heavyFrames : scene.symbols
    let inside = box(
      placed.area, style: frame, title: title(of: panel, placed, scene), symbols: symbols)
    guard panel.itemCount(scene) > 0 || panel.drawsWhenEmpty(scene) else {
      putEmpty(panel.emptyText(scene), in: inside)
      return
    }
    let parts = panel.parts(of: inside, scene)
    panel.draw(scene, in: parts.list, on: &self)
    if !parts.detail.isEmpty { panel.drawDetail(scene, in: parts.detail, on: &self) }
    if scene.state.isZoomed { drawCrumbs(panel, scene, on: placed.area) }
  }

  /// What led here, the newest last.
  private func crumbs(_ panel: any Panel, _ scene: Scene) -> [String] {
    var names: [String] = []
    for name in scene.state.trail.map(\.name) + [panel.object(scene)?.text ?? panel.name]
    where names.last != name {
      names.append(name)
    }
    return names
  }

  /// Writes the way that led here into the lower edge of the frame.
  private mutating func drawCrumbs(_ panel: any Panel, _ scene: Scene, on area: Rect) {
    guard !scene.state.trail.isEmpty, area.width > 20 else { return }
    let arrow = scene.symbols.arrow
    var text = crumbs(panel, scene).joined(separator: " \(arrow) ")
    let room = area.width - 6
    // The end is where one is.
    if columns(of: text) > room {
      text = scene.cut + String(text.suffix(room - columns(of: scene.cut)))
    }
    let back = scene.state.keymap.label(.wentBack)
    let edge = Rect(x: area.x + 2, y: area.maxY - 1, width: area.width - 4, height: 1)
    let end = put(" \(text) ", at: edge.origin, style: Style(.focusBorder, .bold), in: edge)
    let hint = "\(scene.symbols.separator) \(back) goes back "
    if end + columns(of: hint) <= edge.maxX {
      put(hint, at: Point(end, edge.y), style: .dim, in: edge)
    }
  }

  /// The number and the name, those of the tabs beside it, and what the panel adds.
  private func title(
    of panel: any Panel, _ placed: ScreenLayout.PlacedPanel, _ scene: Scene
  ) -> [TextRun] {
    let isFocused = scene.state.focus == panel.id
    let separator = TextRun(" \(scene.symbols.separator) ", .border)
    var runs: [TextRun] = []
    for title in placed.tabTitles(scene) {
      if !runs.isEmpty { runs.append(separator) }
      let front = Style(isFocused ? .focusBorder : .title, .bold)
      runs.append(TextRun(title.text, title.id == panel.id ? front : .dim))
    }
    let filter = scene.state.filters[panel.id]
    if !filter.isEmpty { runs += [separator, TextRun("/\(filter)", Style(.searchMatch))] }
    for run in panel.subtitle(scene) where !run.text.isEmpty && placed.tabs.count < 5 {
      runs += [separator, run]
    }
    return runs
  }
}

extension SymbolSet {
  /// The symbols with heavy lines around boxes, so that the panel with the keys stands out without
  /// colours too.
  var heavyFrames: SymbolSet {
    var heavy = self
    heavy.box.horizontal = box.heavy
    guard isUnicode else { return heavy }
    heavy.box.vertical = "┃"
    (heavy.box.topLeft, heavy.box.topRight) = ("┏", "┓")
    (heavy.box.bottomLeft, heavy.box.bottomRight) = ("┗", "┛")
    return heavy
  }
}
