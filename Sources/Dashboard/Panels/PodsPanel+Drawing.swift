import Canvas

extension PodsPanel {
  /// Where one pod is drawn.
  struct Spot {
    var item: Int
    var block: Int
    var pod: Int
    var area: Rect
  }

  /// Rows above the pods: the node's name, and its addresses where both do not fit into one.
  func headerRows(_ columns: PodColumns, _ area: Rect) -> Int {
    let width =
      area.width / min(PodColumns.visibleCount(width: area.width), max(columns.blocks.count, 1))
    let isWide = columns.blocks.prefix(100).allSatisfy {
      $0.title.utf8.count + $0.podCIDR.utf8.count + 2 <= min(width, PodColumns.greatestWidth)
    }
    return isWide || area.height < 5 ? 1 : 2
  }

  /// Every pod that is visible, and where.
  func spots(_ scene: Scene, in outer: Rect) -> [Spot] {
    if scene.state.isWide { return [] }
    let area = outer.inset(rows: 0)
    let columns = scene.snapshot.podColumns
    let header = headerRows(columns, area)
    let rows = area.height - header
    guard rows > 0 else { return [] }
    return columns.placed(from: scene.state.scroll.podColumn, rows: rows, in: area).flatMap {
      spots(of: $0, columns.blocks[$0.index], top: area.y + header, rows: rows, scene)
    }
  }

  private func spots(
    of placed: PodColumns.PlacedBlock, _ block: PodColumns.Block, top: Int, rows: Int,
    _ scene: Scene
  ) -> [Spot] {
    let room = rows * placed.columns
    let width = (placed.area.width + 1) / placed.columns
    let offset = self.offset(in: block, room: room, scene)
    let isCut = block.pods.count > room
    // The last place says how many more there are.
    let count = isCut ? room - 1 : block.pods.count
    return (0..<max(min(count, block.pods.count - offset), 0)).map { index in
      Spot(
        item: block.firstItem + offset + index, block: placed.index, pod: offset + index,
        area: Rect(
          x: placed.area.x + index / rows * width, y: top + index % rows, width: width - 1,
          height: 1))
    }
  }

  private func offset(in block: PodColumns.Block, room: Int, _ scene: Scene) -> Int {
    let isSelected = block.pods.contains { $0.name == scene.state.selection.pod }
    return PodColumns.offset(
      scene.state.scroll.podRow, isSelected: isSelected, room: room - 1, count: block.pods.count)
  }

  func draw(_ scene: Scene, in outer: Rect, on grid: inout CellGrid) {
    if scene.state.isWide { return PodTable(scene).draw(in: outer, on: &grid) }
    let area = outer.inset(rows: 0)
    let columns = scene.snapshot.podColumns
    let header = headerRows(columns, area)
    let rows = max(area.height - header, 0)
    let placed = columns.placed(from: scene.state.scroll.podColumn, rows: rows, in: area)
    for block in placed {
      drawHeader(of: columns.blocks[block.index], in: block.area, rows: header, scene, &grid)
      drawRest(of: columns.blocks[block.index], block, rows: rows, header: header, scene, &grid)
    }
    for spot in spots(scene, in: outer) {
      let block = columns.blocks[spot.block]
      draw(block.pods[spot.pod], of: block, in: spot.area, scene, &grid)
    }
  }

  private func drawHeader(
    of block: PodColumns.Block, in area: Rect, rows: Int, _ scene: Scene, _ grid: inout CellGrid
  ) {
    let title = truncated(block.title, to: area.width, .middle, ellipsis: scene.symbols.ellipsis)
    let name = Style(block.node.isEmpty ? .degraded : .header, .bold)
    let end = grid.put(title, at: area.origin, style: name, in: area)
    if rows > 1 {
      grid.put(block.podCIDR, in: area, row: 1, style: Style(.podNetwork), ellipsis: scene.cut)
    } else {
      grid.put(block.podCIDR, at: Point(end + 1, area.y), style: Style(.podNetwork), in: area)
    }
    let isLinked = scene.snapshot.links.nodes.contains(block.node)
    let isSelected = scene.state.focus == .nodes && scene.state.selection.node == block.node
    if !block.node.isEmpty, isLinked || isSelected { grid.tint(area.row(0), .highlight) }
  }

  private func drawRest(
    of block: PodColumns.Block, _ placed: PodColumns.PlacedBlock, rows: Int, header: Int,
    _ scene: Scene, _ grid: inout CellGrid
  ) {
    let room = rows * placed.columns
    guard block.pods.count > room, room > 0 else { return }
    let hidden = block.pods.count - (room - 1)
    let width = (placed.area.width + 1) / placed.columns
    let corner = Rect(
      x: placed.area.x + (placed.columns - 1) * width, y: placed.area.y + header + rows - 1,
      width: width - 1, height: 1)
    grid.put("  \(scene.symbols.ellipsis) \(hidden) more", in: corner, style: .dim)
  }

  private func draw(
    _ pod: PodRow, of block: PodColumns.Block, in area: Rect, _ scene: Scene,
    _ grid: inout CellGrid
  ) {
    let tail = addressText(of: pod, block, area.width)
    let name = Rect(
      x: area.x + 2, y: area.y, width: area.width - 3 - max(columns(of: tail), 4), height: 1)
    grid.put(pod.sign.text(scene.symbols), at: area.origin, style: Style(pod.sign.role), in: area)
    let shown = scene.shown(pod.name.namespace, pod.name.name)
    let short = shortPodName(shown, to: name.width, ellipsis: scene.symbols.ellipsis)
    grid.put(short, in: name, style: pod.sign == .over ? .dim : .text, ellipsis: scene.cut)
    let address = Style(pod.isOnHostNetwork ? .dim : .podNetwork)
    grid.put(tail, in: area, style: address, .right, ellipsis: scene.cut)
    let isSelected = pod.name == scene.state.selection.pod
    let isLinked = scene.snapshot.links.pods.contains(pod.name)
    let ground = scene.ground(isSelected: isSelected, isLinked: isLinked, in: id)
    if scene.state.marks.contains(
      ObjectName(kind: "pod", namespace: pod.name.namespace, name: pod.name.name))
    {
      grid.put(scene.symbols.check, at: Point(area.x + 1, area.y), style: Style(.warning, .bold))
    } else if ground == .selection {
      grid.put(scene.symbols.selected, at: Point(area.x + 1, area.y), style: Style(.accent))
    }
    if ground != .text { grid.tint(area, ground) }
    if ground == .highlight { grid.emphasize(name, .bold) }
  }

  /// The address as far as there is room: all of it, or what tells it from its neighbours. A pod
  /// without one says what it waits for.
  private func addressText(of pod: PodRow, _ block: PodColumns.Block, _ width: Int) -> String {
    if pod.isOnHostNetwork { return "host" }
    if pod.address.isEmpty { return "-" }
    return width >= 36 ? pod.address : addressTail(pod.address, in: block.podCIDR)
  }
}
