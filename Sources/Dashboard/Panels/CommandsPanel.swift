import Canvas

/// The commands that changed something, each with what it said, the newest at the bottom.
struct CommandsPanel: FollowingPanel {
  let id = PanelID.commands
  let name = "Commands"

  func subtitle(_ scene: Scene) -> [TextRun] {
    scene.state.selection.commandLine == nil ? [] : [TextRun("G follows the newest", .dim)]
  }

  func itemCount(_ scene: Scene) -> Int { scene.state.commands.lines.count }

  func selectedItem(_ scene: Scene) -> Int? {
    let log = scene.state.commands
    guard !log.lines.isEmpty else { return nil }
    guard let number = scene.state.selection.commandLine else { return log.lines.count - 1 }
    return min(max(number - log.firstNumber, 0), log.lines.count - 1)
  }

  func select(_ item: Int, _ state: inout DashboardState, _ snapshot: DashboardSnapshot) {
    let isNewest = item >= state.commands.lines.count - 1
    state.selection.commandLine = isNewest ? nil : state.commands.firstNumber + item
  }

  func isFollowing(_ scene: Scene) -> Bool { scene.state.selection.commandLine == nil }

  func emptyText(_ scene: Scene) -> String {
    let keymap = scene.state.keymap
    return "\(keymap.label(.scaleChosen)) scales what is chosen, "
      + "\(keymap.label(.promptOpened)) takes any command"
  }

  func draw(_ scene: Scene, in area: Rect, on grid: inout CellGrid) {
    let inside = area.inset(rows: 0)
    let visible = visible(scene, height: area.height)
    for (row, index) in visible.enumerated() {
      let line = area.row(row)
      draw(scene.state.commands.lines[index], in: inside.row(row), scene, &grid)
      let isSelected = scene.state.focus == id && index == selectedItem(scene)
      if isSelected, scene.state.selection.commandLine != nil { grid.tint(line, .selection) }
    }
  }

  private func draw(
    _ line: CommandLog.Line, in area: Rect, _ scene: Scene, _ grid: inout CellGrid
  ) {
    switch line.kind {
    case .command:
      let times = line.count > 1 ? "  \(scene.symbols.times)\(line.count)" : ""
      grid.put("$ ", at: area.origin, style: Style(.prompt), in: area)
      let rest = Rect(x: area.x + 2, y: area.y, width: area.width - 2, height: 1)
      grid.put(line.text + times, in: rest, ellipsis: scene.symbols.ellipsis)
    case .output, .error:
      let rest = Rect(x: area.x + 2, y: area.y, width: area.width - 2, height: 1)
      let style = line.kind == .error ? Style(.error) : .dim
      grid.put(line.text, in: rest, style: style, ellipsis: scene.symbols.ellipsis)
    }
  }
}
