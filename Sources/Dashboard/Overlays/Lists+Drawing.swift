import Canvas

extension CellGrid {
  /// Draws the log of requests.
  mutating func draw(_ log: RequestsView, _ scene: Scene, in area: Rect) {
    let rows = log.rows
    let failures = log.all.count(where: \.isFailure)
    let title =
      "Requests \(scene.symbols.separator) \(log.title) \(scene.symbols.separator) "
      + "\(Format.count(log.all.count, "request")), \(Format.grouped(failures)) failed"
      + (log.failuresOnly ? ", only these" : "")
    let inside = openBox(area, title, scene)
    tint(inside, .overlay)
    guard !rows.isEmpty else {
      let text =
        log.all.isEmpty
        ? "no requests yet: they come when a Service has clients and endpoints"
        : "none of them failed; "
          + "\(scene.state.keymap.label(.failuresToggled, in: .requests)) shows all"
      putEmpty(text, in: inside)
      tint(inside, .overlay)
      return
    }
    let first = scrolled(
      max(log.index - inside.height / 2, 0), toShow: log.index, height: inside.height - 1,
      count: rows.count)
    let visible = scene.visible(first, rows.count, inside.height - 1)
    let columns = [
      TableColumn("TIME", .right, minimum: 8, priority: 9),
      TableColumn("CLIENT", minimum: 12, maximum: 48, priority: 8, truncation: .middle),
      TableColumn("SERVICE", minimum: 12, maximum: 40, priority: 10, truncation: .middle),
      TableColumn("ENDPOINT", minimum: 15, maximum: 46, priority: 6),
      TableColumn("TOOK", .right, minimum: 7, priority: 7),
      TableColumn("OUTCOME", minimum: 9, weight: 1, priority: 11),
    ]
    let table = Table(columns: columns, rows: visible.map { row(rows[$0], scene) })
    let lines = draw(table, in: inside.inset(columns: 1, rows: 0), symbols: scene.symbols)
    tint(inside, .overlay)
    for (line, index) in zip(lines, visible) where index == log.index {
      put(scene.symbols.selected, at: Point(inside.x, line.y), style: Style(.accent, on: .overlay))
      tint(Rect(x: inside.x, y: line.y, width: inside.width, height: 1), .selection)
    }
    putPosition(first, of: rows.count, inside.height - 1, scene, on: area)
  }

  private func row(_ request: RequestRow, _ scene: Scene) -> TableRow {
    let sign = request.isFailure ? scene.symbols.cross : scene.symbols.check
    let client = request.clientPod.isEmpty ? request.client : request.clientPod
    let service = scene.shown(request.service.namespace, request.service.name)
    return TableRow([
      TextRun(Format.clock(request.at).dropFirst(3).description, .dim),
      TextRun(client), TextRun("\(service):\(request.port)", Style(.serviceNetwork)),
      TextRun(request.endpoint.isEmpty ? "-" : request.endpoint, Style(.podNetwork)),
      TextRun(Format.duration(request.latency)),
      TextRun("\(sign) \(request.outcome)", Style(request.isFailure ? .error : .healthy)),
    ])
  }

  /// Draws an explanation, and under it what would change it.
  mutating func draw(_ why: WhyView, _ scene: Scene, in area: Rect) {
    let width = min(area.width, 110)
    let extra = why.fixes.isEmpty ? 0 : why.fixes.count + 2
    var flow = TextFlow(width: width - 4)
    for line in why.lines {
      if line.isEmpty {
        flow.gap()
      } else {
        let indent = line.prefix { $0 == " " }.count
        let isFix = WhyView.fix(line) != nil
        flow.paragraph(line, isFix ? Style(.input) : .text, indent: min(indent, 8))
      }
    }
    let height = min(max(flow.lines.count + extra + 2, 6), area.height)
    let place = area.centred(width: width, height: height)
    let inside = openBox(place, why.command, scene).inset(columns: 1, rows: 0)
    tint(place.inset(), .overlay)
    let body = Rect(
      x: inside.x, y: inside.y, width: inside.width, height: max(inside.height - extra, 1))
    let offset = min(why.offset, max(flow.lines.count - body.height, 0))
    for (row, runs) in flow.lines.dropFirst(offset).prefix(body.height).enumerated() {
      put(runs.map { TextRun($0.text, $0.style.on(.overlay)) }, at: body.row(row).origin, in: body)
    }
    guard extra > 0 else { return }
    let fixes = Rect(
      x: inside.x, y: body.maxY + 1, width: inside.width, height: inside.maxY - body.maxY - 1)
    put(
      "A change that would alter it", in: fixes, style: Style(.header, on: .overlay, .bold),
      ellipsis: scene.cut)
    for (index, fix) in why.fixes.enumerated() {
      let isChosen = index == why.choice
      let line = fixes.row(index + 1)
      let mark = isChosen ? scene.symbols.selected : " "
      put(
        "\(mark) $ \(fix)", in: line, style: Style(isChosen ? .accent : .text, on: .overlay),
        ellipsis: scene.cut)
      if isChosen { tint(line, .selection) }
    }
  }

  /// Draws what an edit would change.
  mutating func draw(_ review: EditReview, _ scene: Scene, in area: Rect) {
    let inside = openBox(area, "Edit \(scene.symbols.separator) \(review.object)", scene)
      .inset(columns: 1, rows: 0)
    tint(area.inset(), .overlay)
    var top = 0
    if !review.problem.isEmpty {
      put(
        review.problem, in: inside, style: Style(.error, on: .overlay, .bold), ellipsis: scene.cut)
      top = 2
    }
    let command = review.command.isEmpty ? "" : "$ \(review.command)"
    put(
      command, in: inside, row: inside.height - 1, style: Style(.dim, on: .overlay),
      ellipsis: scene.cut)
    let body = Rect(
      x: inside.x, y: inside.y + top, width: inside.width, height: max(inside.height - top - 2, 0))
    for (row, index) in scene.visible(review.offset, review.lines.count, body.height).enumerated() {
      let line = review.lines[index]
      let (sign, role): (String, Role) =
        switch line {
        case .same: (" ", .dim)
        case .removed: ("-", .error)
        case .added: ("+", .healthy)
        }
      put(
        "\(sign) \(line.text)", in: body, row: row, style: Style(role, on: .overlay),
        ellipsis: scene.cut)
    }
    putPosition(review.offset, of: review.lines.count, body.height, scene, on: area)
  }
}
