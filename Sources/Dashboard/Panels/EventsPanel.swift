import Canvas

/// What the components of the cluster say, the newest at the bottom.
struct EventsPanel: FollowingPanel {
  let id = PanelID.events
  let name = "Events"

  func subtitle(_ scene: Scene) -> [TextRun] {
    scene.state.selection.event == nil
      ? []
      : [TextRun("\(scene.state.keymap.label(.selectionMoved(.last))) follows the newest", .dim)]
  }

  func itemCount(_ scene: Scene) -> Int { scene.snapshot.events.count }

  func selectedItem(_ scene: Scene) -> Int? {
    let events = scene.snapshot.events
    guard !events.isEmpty else { return nil }
    guard let number = scene.state.selection.event else { return events.count - 1 }
    return min(events.firstIndexNotBefore { $0.number < number }, events.count - 1)
  }

  func select(_ item: Int, _ state: inout DashboardState, _ snapshot: DashboardSnapshot) {
    let isNewest = item >= snapshot.events.count - 1
    state.selection.event = isNewest ? nil : snapshot.events[item].number
  }

  func isFollowing(_ scene: Scene) -> Bool { scene.state.selection.event == nil }

  func emptyText(_ scene: Scene) -> String {
    scene.reasonForNothing("event", in: id)
      ?? "nothing has happened yet; \(scene.state.keymap.label(.pauseToggled)) "
      + (scene.snapshot.header.isPaused ? "lets time go on" : "stops time when it does")
  }

  func object(_ scene: Scene) -> ObjectName? {
    selectedItem(scene).flatMap { item in
      let event = scene.snapshot.events[item]
      let parts = event.object.split(separator: "/", maxSplits: 1)
      guard parts.count == 2 else { return nil }
      let isNode = parts[0] == "node"
      return ObjectName(
        kind: String(parts[0]), namespace: isNode ? "" : event.namespace, name: String(parts[1]))
    }
  }

  func draw(_ scene: Scene, in area: Rect, on grid: inout CellGrid) {
    let visible = visible(scene, height: area.height)
    let columns = [
      TableColumn("", .right, minimum: 4, priority: 9),
      TableColumn("", minimum: 10, maximum: 22, priority: 8),
      TableColumn("", minimum: 10, maximum: 34, priority: 7),
      TableColumn("", minimum: 8, maximum: 300, weight: 1, priority: 6),
    ]
    let rows = visible.map { row(scene.snapshot.events[$0], scene) }
    let lines = grid.draw(
      Table(columns: columns, rows: rows), in: area.inset(rows: 0), showsTitles: false,
      symbols: scene.symbols)
    guard scene.state.focus == id else { return }
    for (line, item) in zip(lines, visible) where item == selectedItem(scene) {
      grid.tint(Rect(x: area.x, y: line.y, width: area.width, height: 1), .selection)
    }
  }

  private func row(_ event: EventRow, _ scene: Scene) -> TableRow {
    let warning = "\(scene.symbols.warning) "
    let object = shortPodName(
      scene.shown(event.namespace, event.object), to: 34, ellipsis: scene.symbols.ellipsis)
    let times = event.count > 1 ? " (\(scene.symbols.times)\(event.count))" : ""
    return TableRow([
      TextRun(Format.shortClock(event.at), .dim),
      TextRun(
        (event.isWarning ? warning : "") + event.reason,
        event.isWarning ? Style(.warning) : .text),
      TextRun(object, Style(.accent)),
      TextRun(event.message + times, .dim),
    ])
  }
}
