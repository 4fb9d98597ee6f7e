import Canvas

/// The nodes with their addresses: the first of the three networks.
struct NodesPanel: Panel {
  let id = PanelID.nodes
  let name = "Nodes"

  func subtitle(_ scene: Scene) -> [TextRun] {
    [TextRun(scene.snapshot.networks.nodes, Style(.nodeNetwork))]
  }

  func itemCount(_ scene: Scene) -> Int { scene.snapshot.nodes.count }

  func selectedItem(_ scene: Scene) -> Int? {
    scene.state.selection.node.flatMap { scene.snapshot.nodeIndex($0) }
  }

  func select(_ item: Int, _ state: inout DashboardState, _ snapshot: DashboardSnapshot) {
    state.selection.node = snapshot.nodes[item].name
  }

  func settle(_ state: inout DashboardState, _ snapshot: DashboardSnapshot, in area: Rect) {
    let scene = Scene(state: state, snapshot: snapshot)
    state.scroll.node = scrolled(
      state.scroll.node, toShow: selectedItem(scene), height: area.height - 1,
      count: snapshot.nodes.count)
  }

  func item(at place: Point, _ scene: Scene, in area: Rect) -> Int? {
    let item = scene.state.scroll.node + place.y - area.y - 1
    return place.y > area.y && item < itemCount(scene) ? item : nil
  }

  func emptyText(_ scene: Scene) -> String {
    scene.reasonForNothing("node", in: id)
      ?? "no nodes: start with --nodes 3, or \(scene.state.keymap.label(.promptOpened)) scale nodes 3"
  }

  func draw(_ scene: Scene, in area: Rect, on grid: inout CellGrid) {
    let visible = scene.visible(
      scene.state.scroll.node, scene.snapshot.nodes.count, area.height - 1)
    let rows = visible.map { row(scene.snapshot.nodes[$0], scene) }
    let table = Table(columns: scene.marked(columns(scene), in: id), rows: rows)
    let body = Rect(x: area.x + 1, y: area.y, width: area.width - 2, height: area.height)
    let lines = grid.draw(table, in: body, symbols: scene.symbols)
    for (line, index) in zip(lines, visible) {
      let node = scene.snapshot.nodes[index]
      let isSelected = node.name == scene.state.selection.node
      let isLinked = scene.snapshot.links.nodes.contains(node.name)
      let whole = Rect(x: area.x, y: line.y, width: area.width, height: 1)
      let mark = scene.mark(
        isSelected: isSelected, isLinked: isLinked,
        ObjectName(kind: "node", namespace: "", name: node.name))
      grid.put(mark.text, at: whole.origin, style: mark.style, in: whole)
      let ground = scene.ground(isSelected: isSelected, isLinked: isLinked, in: id)
      if ground != .text { grid.tint(whole, ground) }
    }
  }

  private func columns(_ scene: Scene) -> [TableColumn] {
    [
      TableColumn("NAME", minimum: 8, maximum: 40, weight: 1, priority: 9, truncation: .middle),
      TableColumn("STATUS", minimum: 7, priority: 8),
      TableColumn("INTERNAL-IP", minimum: 12, priority: 7),
      TableColumn("PODS", .right, minimum: 5, priority: 6),
      TableColumn("PROXY", minimum: 6, priority: 5),
      TableColumn("POD-CIDR", minimum: 13, priority: 4),
      TableColumn("ROLES", minimum: 5, priority: 3),
    ]
      + (scene.state.isWide
        ? [
          TableColumn("ZONE", minimum: 6, maximum: 24, priority: 2),
          TableColumn("VERSION", minimum: 7, maximum: 20, priority: 2),
          TableColumn("KERNEL", minimum: 8, maximum: 30, priority: 1),
          TableColumn("RUNTIME", minimum: 8, maximum: 30, priority: 1),
        ] : [])
  }

  private func row(_ node: NodeRow, _ scene: Scene) -> TableRow {
    let sign = node.sign.text(scene.symbols)
    return TableRow([
      TextRun(node.name), TextRun("\(sign) \(node.status)", Style(node.sign.role)),
      TextRun(node.internalIP, Style(.nodeNetwork)),
      TextRun("\(node.podCount)/\(node.podCapacity)"), proxy(node, scene),
      TextRun(node.podCIDR, Style(.podNetwork)), TextRun(node.roles, .dim),
      TextRun(node.zone.isEmpty ? "<none>" : node.zone), TextRun(node.version, .dim),
      TextRun(node.kernel, .dim), TextRun(node.runtime, .dim),
    ])
  }

  private func proxy(_ node: NodeRow, _ scene: Scene) -> TextRun {
    switch node.isProxyInSync {
    case nil: TextRun("-", .dim)
    case true?: TextRun(scene.symbols.check, Style(.healthy))
    case false?: TextRun("\(scene.symbols.starting) late", Style(.degraded))
    }
  }

  func object(_ scene: Scene) -> ObjectName? {
    selectedItem(scene).map {
      ObjectName(kind: "node", namespace: "", name: scene.snapshot.nodes[$0].name)
    }
  }

  func listHeight(_ scene: Scene, of height: Int) -> Int? {
    min(max(scene.snapshot.nodes.count + 1, 4), max(height / 5, 4))
  }

  func drawDetail(_ scene: Scene, in area: Rect, on grid: inout CellGrid) {
    guard let detail = scene.snapshot.node else { return }
    NodeZoom(detail: detail, scene: scene).draw(in: area, on: &grid)
  }
}
