import Canvas

extension ServicesPanel {
  /// The chosen Service from its name down to its endpoints.
  func drawDetail(_ scene: Scene, in area: Rect, on grid: inout CellGrid) {
    guard let detail = scene.snapshot.service else { return }
    let title = scene.shown(detail.name.namespace, detail.name.name)
    let facts = scene.factLines(detail.facts)
    let used = grid.put(heading: title, facts, in: area, scene.symbols) + 1
    let below = Rect(
      x: area.x + 1, y: area.y + used, width: area.width - 2, height: area.height - used)
    let isWide = below.width >= 110
    let sides = below.splitHorizontally(
      isWide ? [.fill(weight: 5), .fill(weight: 3)] : [.fill(), .fixed(0)], gap: isWide ? 3 : 0)
    if isWide {
      drawEndpoints(detail, scene, in: sides[0], &grid)
      let right = sides[1].splitVertically([
        .fixed(min(detail.slices.count + 3, sides[1].height / 2)), .fill(),
      ])
      drawSlices(detail, scene, in: right[0], &grid)
      drawProxies(detail, scene, in: right[1], &grid)
    } else {
      let slices = min(detail.slices.count + 2, max(below.height / 4, 2))
      let proxies = min(detail.proxies.count + 1, max(below.height / 4, 2))
      let rows = below.splitVertically([.fill(), .fixed(slices), .fixed(proxies)])
      drawEndpoints(detail, scene, in: rows[0], &grid)
      drawSlices(detail, scene, in: rows[1], &grid)
      drawProxies(detail, scene, in: rows[2], &grid)
    }
  }

  private func drawEndpoints(
    _ detail: ServiceDetail, _ scene: Scene, in area: Rect, _ grid: inout CellGrid
  ) {
    grid.put("ENDPOINTS", in: area, style: Style(.header, .bold), ellipsis: scene.cut)
    let rows = area.inset(columns: 1, rows: 0)
    for (index, endpoint) in detail.endpoints.prefix(max(area.height - 1, 0)).enumerated() {
      drawEndpoint(endpoint, in: rows.row(index + 1), scene, &grid)
    }
    if detail.endpoints.isEmpty {
      grid.put("none", in: rows, row: 1, style: .dim, ellipsis: scene.cut)
    }
    let hidden = detail.endpoints.count - (area.height - 1)
    if hidden > 0, area.height > 1 {
      let line = area.row(area.height - 1)
      grid.fill(line)
      grid.put("\(scene.symbols.ellipsis) \(hidden + 1) more", in: line, style: .dim)
    }
  }

  private func drawSlices(
    _ detail: ServiceDetail, _ scene: Scene, in area: Rect, _ grid: inout CellGrid
  ) {
    grid.put("ENDPOINT SLICES", in: area, style: Style(.header, .bold), ellipsis: scene.cut)
    if detail.slices.isEmpty {
      grid.put("none", in: area, row: 1, style: .dim, ellipsis: scene.cut)
    }
    for (index, slice) in detail.slices.prefix(max(area.height - 1, 0)).enumerated() {
      let parts = area.row(index + 1).splitHorizontally(
        [.fill(weight: 2), .fixed(4), .fixed(12), .fixed(7), .fixed(1)], gap: 1)
      grid.put(slice.name, in: parts[0], .left, .middle, ellipsis: scene.symbols.ellipsis)
      grid.put(slice.addressType, in: parts[1], style: .dim, ellipsis: scene.cut)
      let fill = Double(slice.count) / Double(SliceRow.capacity)
      grid.gauge(fill, in: parts[2], symbols: scene.symbols)
      grid.put("\(slice.count)/\(SliceRow.capacity)", in: parts[3], .right, ellipsis: scene.cut)
    }
  }

  private func drawProxies(
    _ detail: ServiceDetail, _ scene: Scene, in area: Rect, _ grid: inout CellGrid
  ) {
    grid.put("PROXY OF EACH NODE", in: area, style: Style(.header, .bold), ellipsis: scene.cut)
    let late = detail.proxies.filter { !$0.isInSync } + detail.proxies.filter(\.isInSync)
    for (index, proxy) in late.prefix(max(area.height - 1, 0)).enumerated() {
      let parts = area.row(index + 1).splitHorizontally(
        [.fixed(20), .fixed(10), .fill()], gap: 1)
      let sign = proxy.isInSync ? StateSign.ready : .starting
      grid.put(
        proxy.node, in: parts[0], style: Style(.nodeNetwork), .left, .middle, ellipsis: scene.cut)
      let text = "\(sign.text(scene.symbols)) \(proxy.isInSync ? "in sync" : "late")"
      grid.put(text, in: parts[1], style: Style(sign.role), ellipsis: scene.cut)
      grid.put(proxy.note, in: parts[2], style: .dim, ellipsis: scene.cut)
    }
  }
}
