import Canvas

/// The pods as a list with all their columns, node after node.
struct PodTable {
  let scene: Scene
  let columns: PodColumns

  init(_ scene: Scene) {
    self.scene = scene
    columns = scene.snapshot.podColumns
  }

  private static let titles = [
    TableColumn("NAMESPACE", minimum: 9, maximum: 24, priority: 3),
    TableColumn("NAME", minimum: 16, maximum: 64, priority: 10, truncation: .middle),
    TableColumn("READY", minimum: 5, priority: 7),
    TableColumn("STATUS", minimum: 9, maximum: 26, priority: 9),
    TableColumn("RESTARTS", .right, minimum: 8, priority: 4),
    TableColumn("IP", minimum: 11, maximum: 40, priority: 8),
    TableColumn("NODE", minimum: 8, maximum: 40, priority: 6),
    TableColumn("LABELS", minimum: 10, maximum: 200, weight: 1, priority: 1),
  ]

  private func visible(in area: Rect) -> Range<Int> {
    scene.visible(scene.state.scroll.podRow, columns.itemCount, area.height - 1)
  }

  static func settle(_ state: inout DashboardState, _ snapshot: DashboardSnapshot, in area: Rect) {
    let columns = snapshot.podColumns
    let item = state.selection.pod.flatMap { columns.item(of: $0, on: state.selection.podNode) }
    state.scroll.podRow = scrolled(
      state.scroll.podRow, toShow: item, height: area.height - 1, count: columns.itemCount)
  }

  func item(at place: Point, in area: Rect) -> Int? {
    let item = scene.state.scroll.podRow + place.y - area.y - 1
    return place.y > area.y && visible(in: area).contains(item) ? item : nil
  }

  func draw(in area: Rect, on grid: inout CellGrid) {
    let visible = visible(in: area)
    let rows = visible.map { item -> TableRow in
      guard let place = columns.place(of: item) else { return TableRow([]) }
      let block = columns.blocks[place.block]
      return row(block.pods[place.pod], block.node)
    }
    let table = Table(columns: scene.marked(Self.titles, in: .pods), rows: rows)
    let body = Rect(x: area.x + 1, y: area.y, width: area.width - 2, height: area.height)
    let lines = grid.draw(table, in: body, symbols: scene.symbols)
    for (line, item) in zip(lines, visible) {
      guard let pod = columns.pod(item) else { continue }
      let whole = Rect(x: area.x, y: line.y, width: area.width, height: 1)
      let isSelected = pod.name == scene.state.selection.pod
      let isLinked = scene.snapshot.links.pods.contains(pod.name)
      let object = ObjectName(kind: "pod", namespace: pod.name.namespace, name: pod.name.name)
      let mark = scene.mark(isSelected: isSelected, isLinked: isLinked, object)
      grid.put(mark.text, at: whole.origin, style: mark.style, in: whole)
      let ground = scene.ground(isSelected: isSelected, isLinked: isLinked, in: .pods)
      if ground != .text { grid.tint(whole, ground) }
    }
  }

  private func row(_ pod: PodRow, _ node: String) -> TableRow {
    TableRow([
      TextRun(pod.name.namespace, .dim), TextRun(pod.name.name), TextRun(pod.ready),
      TextRun("\(pod.sign.text(scene.symbols)) \(pod.status)", Style(pod.sign.role)),
      TextRun("\(pod.restarts)", pod.restarts > 0 ? Style(.warning) : .dim),
      TextRun(pod.address.isEmpty ? "<none>" : pod.address, Style(.podNetwork)),
      TextRun(node.isEmpty ? "<none>" : node, Style(.nodeNetwork)), TextRun(pod.labels.text, .dim),
    ])
  }
}

extension Scene {
  /// Columns of which the one that gives the order says so.
  func marked(_ columns: [TableColumn], in panel: PanelID) -> [TableColumn] {
    guard let order = state.sorting[panel] else { return columns }
    return columns.map { column in
      guard column.title == order.column else { return column }
      var column = column
      column.title += order.isDescending ? symbols.down : symbols.up
      return column
    }
  }
}
