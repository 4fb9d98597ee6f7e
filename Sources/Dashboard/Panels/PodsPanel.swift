import Canvas

/// The pods on their nodes with their addresses: the network that the CNI makes.
struct PodsPanel: Panel {
  let id = PanelID.pods
  let name = "Pod network"

  func subtitle(_ scene: Scene) -> [TextRun] {
    let networks = scene.snapshot.networks
    return [
      TextRun(networks.pods, Style(.podNetwork)), TextRun(networks.cni, .dim),
      TextRun(page(scene), .dim),
    ]
  }

  /// `nodes 1-6 of 12` where not all find room.
  private func page(_ scene: Scene) -> String {
    let count = scene.snapshot.podColumns.blocks.count
    let inside = ScreenLayout(scene.state).panel(id)?.inside.inset(rows: 0) ?? .zero
    let shown = PodColumns.visibleCount(width: inside.width)
    guard count > shown, !scene.state.isWide else { return "" }
    let first = scene.state.scroll.podColumn
    let last = Format.grouped(min(first + shown, count))
    return "nodes \(Format.grouped(first + 1))-\(last) of \(Format.grouped(count))"
  }

  func itemCount(_ scene: Scene) -> Int { scene.snapshot.podColumns.itemCount }

  func selectedItem(_ scene: Scene) -> Int? {
    let selection = scene.state.selection
    return selection.pod.flatMap { pod in
      scene.snapshot.podColumns.item(of: pod, on: selection.podNode)
    }
  }

  func select(_ item: Int, _ state: inout DashboardState, _ snapshot: DashboardSnapshot) {
    let columns = snapshot.podColumns
    guard let place = columns.place(of: item) else { return }
    state.selection.pod = columns.blocks[place.block].pods[place.pod].name
    state.selection.podNode = columns.blocks[place.block].node
  }

  /// The pod at the same height of the next node that has pods.
  func item(beside item: Int, _ step: Int, _ scene: Scene) -> Int {
    let columns = scene.snapshot.podColumns
    guard let place = columns.place(of: item), step != 0 else { return item }
    var block = place.block
    repeat {
      block += step.signum()
    } while columns.blocks.indices.contains(block)
      && columns.blocks[block].pods.isEmpty
    guard columns.blocks.indices.contains(block) else { return item }
    return columns.blocks[block].firstItem + min(place.pod, columns.blocks[block].pods.count - 1)
  }

  func settle(_ state: inout DashboardState, _ snapshot: DashboardSnapshot, in outer: Rect) {
    if state.isWide { PodTable.settle(&state, snapshot, in: outer) }
    let area = outer.inset(rows: 0)
    let columns = snapshot.podColumns
    let shown = PodColumns.visibleCount(width: area.width)
    let selection = state.selection
    var wanted: Int?
    if state.focus == .nodes {
      wanted = selection.node.flatMap(columns.block)
    } else if let pod = selection.pod,
      let item = columns.item(of: pod, on: selection.podNode), let place = columns.place(of: item)
    {
      wanted = state.focus == .pods ? place.block : nil
      let rows = max(area.height - headerRows(columns, area) - 1, 1)
      if !state.isWide {
        state.scroll.podRow = scrolled(
          state.scroll.podRow, toShow: place.pod, height: rows,
          count: columns.blocks[place.block].pods.count)
      }
    }
    state.scroll.podColumn = scrolled(
      state.scroll.podColumn, toShow: wanted, height: shown, count: columns.blocks.count)
  }

  func item(at place: Point, _ scene: Scene, in area: Rect) -> Int? {
    if scene.state.isWide { return PodTable(scene).item(at: place, in: area) }
    for spot in spots(scene, in: area) where spot.area.contains(place) { return spot.item }
    return nil
  }

  func emptyText(_ scene: Scene) -> String {
    let keymap = scene.state.keymap
    if let reason = scene.reasonForNothing("pod", in: id) { return reason }
    return scene.state.showsSystem
      ? "no pods yet: create a Deployment with \(keymap.label(.promptOpened))"
      : "no pods yet: \(keymap.label(.systemToggled)) shows those of the system"
  }

  /// The nodes with their blocks of addresses are there before any pod.
  func drawsWhenEmpty(_ scene: Scene) -> Bool {
    scene.state.filters[.pods].isEmpty && !scene.snapshot.podColumns.blocks.isEmpty
  }

  func object(_ scene: Scene) -> ObjectName? {
    scene.state.selection.pod.flatMap { pod in
      selectedItem(scene).map { _ in
        ObjectName(kind: "pod", namespace: pod.namespace, name: pod.name)
      }
    }
  }

  func listHeight(_ scene: Scene, of height: Int) -> Int? {
    let longest = scene.snapshot.podColumns.blocks.lazy.map(\.pods.count).max() ?? 0
    return min(max(longest + 3, 5), max(height / 2, 4))
  }

  func drawDetail(_ scene: Scene, in area: Rect, on grid: inout CellGrid) {
    let map = NetworkMap(scene: scene)
    let columns = scene.snapshot.podColumns
    let inside = area.inset(columns: 1, rows: 0)
    let placed = placedBlocks(scene)
    let parts = inside.splitVertically([.fixed(NetworkMap.linkRows), .fixed(1), .fill()])
    map.drawLinks(under: placed, columns, in: parts[0], on: &grid)
    let isWide = parts[2].width >= 100
    let isMany = columns.blocks.count > PodColumns.visibleCount(width: inside.width)
    if isWide {
      let sides = parts[2].splitHorizontally([.fill(), .fill()], gap: 1)
      drawPod(scene, in: sides[0], &grid)
      if isMany {
        drawAll(HeatMap(scene: scene), map, in: sides[1], &grid)
      } else {
        map.drawEdges(in: sides[1], on: &grid)
      }
    } else if isMany {
      drawAll(HeatMap(scene: scene), map, in: parts[2], &grid)
    } else {
      let facts = (scene.snapshot.pod?.facts.count ?? 0) + 2
      let rows = parts[2].splitVertically([.fixed(min(facts, parts[2].height)), .fill()])
      drawPod(scene, in: rows[0], &grid)
      if rows[1].height >= 4 { map.drawEdges(in: rows[1], on: &grid) }
    }
  }

  /// Every node, and under them the busiest ways where there is room.
  private func drawAll(
    _ heat: HeatMap, _ map: NetworkMap, in area: Rect, _ grid: inout CellGrid
  ) {
    let height = min(heat.height(width: area.width), area.height)
    let rows = area.splitVertically([
      .fixed(area.height - height < 5 ? area.height : height), .fill(),
    ])
    heat.draw(in: rows[0], on: &grid)
    if rows[1].height >= 5 { map.drawEdges(in: rows[1], on: &grid) }
  }

  /// The visible blocks where the zoomed panel has them.
  private func placedBlocks(_ scene: Scene) -> [PodColumns.PlacedBlock] {
    guard let inside = ScreenLayout(scene.state).panel(id)?.inside else { return [] }
    let list = parts(of: inside, scene).list.inset(rows: 0)
    let columns = scene.snapshot.podColumns
    let rows = max(list.height - headerRows(columns, list), 0)
    return columns.placed(from: scene.state.scroll.podColumn, rows: rows, in: list)
  }

  private func drawPod(_ scene: Scene, in area: Rect, _ grid: inout CellGrid) {
    guard let detail = scene.snapshot.pod else { return }
    let title = scene.shown(detail.name.namespace, detail.name.name)
    let inside = grid.box(
      area, title: [TextRun(title, Style(.podNetwork, .bold))], symbols: scene.symbols
    ).inset(columns: 1, rows: 0)
    let names = detail.facts.map { columns(of: $0.name) }.max() ?? 0
    var row = 0
    for fact in detail.facts {
      for (index, line) in wrapped(fact.text, to: inside.width - names - 2).enumerated() {
        let place = inside.row(row)
        if index == 0 { grid.put(fact.name, at: place.origin, style: .dim, in: place) }
        grid.put(line, at: Point(place.x + names + 2, place.y), in: place)
        row += 1
      }
    }
  }
}
