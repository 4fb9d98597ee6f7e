import Canvas

extension ServicesPanel {
  private static let titles = [
    TableColumn("NAME", minimum: 11, maximum: 40, priority: 10, truncation: .middle),
    TableColumn("TYPE", minimum: 9, priority: 3),
    TableColumn("CLUSTER-IP", minimum: 15, priority: 7),
    TableColumn("PORT(S)", minimum: 9, maximum: 28, priority: 5),
    TableColumn("SELECTOR", minimum: 10, maximum: 36, priority: 1),
    TableColumn("READY", .right, minimum: 5, priority: 9),
    TableColumn("REQ/S", .right, minimum: 5, priority: 8),
    TableColumn("P99", .right, minimum: 6, priority: 6),
    TableColumn("FAIL", .right, minimum: 5, priority: 2),
    TableColumn("TRAFFIC", minimum: 8, weight: 1, priority: 4),
  ]

  /// With all columns there is less room for the line of traffic.
  private func titles(_ scene: Scene) -> [TableColumn] {
    guard scene.state.isWide else { return Self.titles }
    var titles = Self.titles
    titles.insert(TableColumn("EXTERNAL-IP", minimum: 11, maximum: 30, priority: 2), at: 3)
    titles.insert(TableColumn("POLICY", minimum: 7, maximum: 24, priority: 1), at: 6)
    return titles
  }

  func draw(_ scene: Scene, in area: Rect, on grid: inout CellGrid) {
    let lines = lines(scene, height: area.height - 1)
    let rows = lines.map { line in
      if case .service(let index) = line {
        row(scene.snapshot.services[index], scene)
      } else {
        TableRow([])
      }
    }
    let table = Table(columns: scene.marked(titles(scene), in: id), rows: rows)
    let body = Rect(x: area.x + 1, y: area.y, width: area.width - 2, height: area.height)
    let placed = table.placedColumns(width: body.width, visible: 0..<rows.count)
    let traffic = placed.first { $0.index == table.columns.count - 1 }
    for (line, place) in zip(lines, grid.draw(table, in: body, symbols: scene.symbols)) {
      let whole = Rect(x: area.x, y: place.y, width: area.width, height: 1)
      switch line {
      case .service(let index):
        let chart = traffic.map { Rect(x: body.x + $0.x, y: place.y, width: $0.width, height: 1) }
        finish(scene.snapshot.services[index], in: whole, chart: chart, scene, &grid)
      case .endpoint(let endpoint, _):
        drawEndpoint(endpoint, in: whole.inset(columns: 3, rows: 0), scene, &grid)
      case .rest(let count, _):
        let text =
          "\(scene.symbols.ellipsis) \(Format.count(count, "more endpoint")): "
          + "\(scene.state.keymap.label(.zoomed)) shows all"
        grid.put(text, in: whole.inset(columns: 3, rows: 0), style: .dim, ellipsis: scene.cut)
      case .none:
        let sign = StateSign.failing
        let isMatched = !scene.snapshot.links.pods.isEmpty
        let reason = isMatched ? "its pods are in no slice yet" : "no pod matches the selector"
        let text = "\(sign.text(scene.symbols)) no endpoints: \(reason)"
        grid.put(
          text, in: whole.inset(columns: 3, rows: 0), style: Style(sign.role), ellipsis: scene.cut)
      }
    }
  }

  private func row(_ service: ServiceRow, _ scene: Scene) -> TableRow {
    let isReady = service.endpoints > 0 && service.readyEndpoints == service.endpoints
    let ready = service.readyEndpoints == 0 ? Role.failing : isReady ? .healthy : .degraded
    let load = service.load
    let failed = load?.milliPercentFailed ?? 0
    var first = [
      TextRun(scene.shown(service.name.namespace, service.name.name)),
      TextRun(service.type, .dim), TextRun(service.clusterIP, Style(.serviceNetwork)),
    ]
    if scene.state.isWide { first.append(TextRun(service.externalIP)) }
    first += [TextRun(service.ports), TextRun(service.selectorText, .dim)]
    if scene.state.isWide { first.append(TextRun(service.policies, .dim)) }
    return TableRow(
      first + [
        TextRun("\(service.readyEndpoints)/\(service.endpoints)", Style(ready)),
        TextRun(load.map { Format.rate(milli: $0.milliRequestsPerSecond) } ?? "-"),
        TextRun(load?.p99.map(Format.duration) ?? "-"),
        TextRun(
          load == nil ? "-" : Format.percent(milli: failed),
          failed > 0 ? Style(.error) : .dim),
        // Room for the line that is drawn later.
        TextRun(scene.state.isWide ? "        " : "                    "),
      ])
  }

  /// Adds to a Service's row what a table does not have: the mark, the line of its traffic and
  /// what lies under it.
  private func finish(
    _ service: ServiceRow, in line: Rect, chart: Rect?, _ scene: Scene, _ grid: inout CellGrid
  ) {
    let isSelected = service.name == scene.state.selection.service
    let isLinked = scene.snapshot.links.services.contains(service.name)
    let mark = scene.mark(
      isSelected: isSelected, isLinked: isLinked,
      ObjectName(
        kind: "service", namespace: service.name.namespace, name: service.name.name))
    grid.put(mark.text, at: line.origin, style: mark.style, in: line)
    if let chart { grid.fill(chart) }
    if let chart, let history = service.load?.history {
      let values = history.suffix(chart.width).map(Double.init)
      let text = sparkline(values, width: min(chart.width, 60), symbols: scene.symbols)
      grid.put(text, in: chart, style: Style(.traffic), .left, ellipsis: "")
    }
    let ground = scene.ground(isSelected: isSelected, isLinked: isLinked, in: id)
    if ground != .text { grid.tint(line, ground) }
  }

  /// `10.244.1.5:8080  node-1  ● ready  ██████ 51 %  210/s`
  func drawEndpoint(
    _ endpoint: EndpointRow, in line: Rect, _ scene: Scene, _ grid: inout CellGrid
  ) {
    let widths = endpointWidths(scene)
    let parts = line.splitHorizontally(
      [.fixed(widths.address), .fixed(widths.node), .fixed(widths.state), .fill()], gap: 2)
    let sign = endpoint.condition.sign
    grid.put(endpoint.address, in: parts[0], style: Style(.podNetwork), ellipsis: scene.cut)
    grid.put(
      endpoint.node, in: parts[1], style: Style(.nodeNetwork), .left, .middle, ellipsis: scene.cut)
    let state = "\(sign.text(scene.symbols)) \(endpoint.condition.rawValue)"
    grid.put(state, in: parts[2], style: Style(sign.role), ellipsis: scene.cut)
    let total = scene.snapshot.service?.endpoints.reduce(0) { $0 + $1.milliRequestsPerSecond } ?? 0
    if endpoint.milliRequestsPerSecond > 0, total > 0 {
      drawShare(of: endpoint, total: total, in: parts[3], scene, &grid)
    } else {
      grid.put(endpoint.note, in: parts[3], style: .dim, ellipsis: scene.cut)
    }
  }

  private func drawShare(
    of endpoint: EndpointRow, total: Int64, in area: Rect, _ scene: Scene, _ grid: inout CellGrid
  ) {
    let share = Double(endpoint.milliRequestsPerSecond) / Double(total)
    let parts = area.splitHorizontally([.minimum(4), .fixed(5), .fixed(9)], gap: 1)
    let bar = Rect(
      x: parts[0].x, y: area.y, width: min(parts[0].width, 40), height: min(area.height, 1))
    grid.gauge(share, in: bar, symbols: scene.symbols)
    let after = bar.maxX - parts[0].maxX
    func moved(_ part: Rect) -> Rect {
      Rect(x: part.x + after, y: part.y, width: part.width, height: part.height)
    }
    grid.put("\(Int(share * 100 + 0.5)) %", in: moved(parts[1]), .right, ellipsis: scene.cut)
    let rate = Format.rate(milli: endpoint.milliRequestsPerSecond)
    grid.put("\(rate)/s", in: moved(parts[2]), .right, ellipsis: scene.cut)
  }

  /// The widths that the endpoints of the selected Service have in common.
  private func endpointWidths(_ scene: Scene) -> (address: Int, node: Int, state: Int) {
    var widths = (address: 12, node: 6, state: 8)
    for endpoint in scene.snapshot.service?.endpoints.prefix(200) ?? [] {
      widths.address = max(widths.address, columns(of: endpoint.address))
      widths.node = max(widths.node, columns(of: endpoint.node))
      widths.state = max(widths.state, endpoint.condition.rawValue.utf8.count + 2)
    }
    return (min(widths.address, 46), min(widths.node, 20), widths.state)
  }
}
