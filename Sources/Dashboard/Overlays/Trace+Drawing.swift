import Canvas

extension CellGrid {
  /// Draws the way of a packet: the map at the left, what happens at one hop at the right.
  mutating func draw(_ trace: TraceView, _ scene: Scene, in area: Rect) {
    let ends = trace.places.joined(separator: " \(scene.symbols.arrow) ")
    let inside = openBox(area, "Trace \(scene.symbols.separator) \(ends)", scene)
    let map = min(max(inside.width * 2 / 5, 26), 48)
    let parts = inside.inset(columns: 1, rows: 0).splitHorizontally(
      [.fixed(map), .fill()], gap: 2)
    tint(inside, .overlay)
    drawMap(trace, scene, in: parts[0])
    verticalLine(
      from: Point(parts[1].x - 1, inside.y), length: inside.height, scene.symbols.box.vertical,
      Style(.border, on: .overlay))
    let body = parts[1].inset(columns: 1, rows: 0)
    var text = TextFlow(width: body.width)
    if let prediction = trace.prediction, !prediction.isCommitted {
      text.ask(prediction, scene)
    } else {
      text.tell(trace, scene)
    }
    let lines = text.lines
    let offset = min(trace.offset, max(lines.count - body.height, 0))
    for (row, runs) in lines.dropFirst(offset).prefix(body.height).enumerated() {
      put(runs.map { TextRun($0.text, $0.style.on(.overlay)) }, at: body.row(row).origin, in: body)
    }
  }

  // MARK: The map

  private enum MapLine {
    case open(String)
    case hop(Int)
    case close
    case link(String, isTunnel: Bool)
    case turn
    /// What comes is not to be seen yet.
    case hidden
  }

  private func mapLines(_ trace: TraceView) -> [MapLine] {
    var lines: [MapLine] = []
    for (index, hop) in trace.hops.enumerated() {
      if index > trace.revealed {
        if trace.hops[index - 1].node.isEmpty == false { lines.append(.close) }
        return lines + [.hidden]
      }
      let before = index > 0 ? trace.hops[index - 1] : nil
      let isNew = before == nil || before?.node != hop.node || before?.isReply != hop.isReply
      if isNew {
        if let before, !before.node.isEmpty { lines.append(.close) }
        if let before, before.isReply != hop.isReply {
          lines.append(.turn)
        } else if before != nil {
          lines.append(.link(hop.outer, isTunnel: !hop.outer.isEmpty))
        }
        if !hop.node.isEmpty { lines.append(.open(hop.node)) }
      }
      lines.append(.hop(index))
    }
    if trace.hops.last?.node.isEmpty == false { lines.append(.close) }
    return lines
  }

  private mutating func drawMap(_ trace: TraceView, _ scene: Scene, in area: Rect) {
    let lines = mapLines(trace)
    let current = lines.firstIndex {
      if case .hop(trace.index) = $0 { true } else { false }
    }
    // The hop in the middle, where there are more than rows.
    let offset = min(
      max((current ?? 0) - area.height / 2, 0), max(lines.count - area.height, 0))
    for (row, line) in lines.dropFirst(offset).prefix(area.height).enumerated() {
      draw(line, trace, scene, in: area.row(row))
    }
    if offset + area.height < lines.count, area.height > 0 {
      let more = " \(scene.symbols.down) "
      put(more, in: area.row(area.height - 1), style: Style(.dim, on: .overlay), .right)
    }
  }

  private mutating func draw(
    _ line: MapLine, _ trace: TraceView, _ scene: Scene, in row: Rect
  ) {
    let box = scene.symbols.box
    let frame = Style(.nodeNetwork, on: .overlay)
    switch line {
    case .open(let node):
      horizontalLine(from: row.origin, length: row.width, box.horizontal, frame)
      put(box.topLeft, at: row.origin, style: frame)
      put(box.topRight, at: Point(row.maxX - 1, row.y), style: frame)
      let name = truncated(" \(node) ", to: row.width - 4, .middle, ellipsis: scene.cut)
      put(name, at: Point(row.x + 2, row.y), style: frame.with(.bold), in: row)
    case .close:
      horizontalLine(from: row.origin, length: row.width, box.horizontal, frame)
      put(box.bottomLeft, at: row.origin, style: frame)
      put(box.bottomRight, at: Point(row.maxX - 1, row.y), style: frame)
    case .link(let text, let isTunnel):
      let sign = isTunnel ? (scene.symbols.isUnicode ? "║" : "#") : box.vertical
      let style = Style(isTunnel ? .accent : .border, on: .overlay)
      put(sign, at: Point(row.x + 2, row.y), style: style)
      let rest = Rect(x: row.x + 4, y: row.y, width: row.width - 4, height: 1)
      put(text, in: rest, style: style, ellipsis: scene.cut)
    case .turn:
      put(
        "\(scene.symbols.up) the answer", at: row.origin, style: Style(.dim, on: .overlay), in: row)
    case .hidden:
      put(" ?", at: row.origin, style: Style(.accent, on: .overlay, .bold), in: row)
    case .hop(let index): drawHop(index, trace, scene, in: row)
    }
  }

  private mutating func drawHop(
    _ index: Int, _ trace: TraceView, _ scene: Scene, in row: Rect
  ) {
    let hop = trace.hops[index]
    let isInside = !hop.node.isEmpty
    let box = scene.symbols.box
    if isInside {
      let frame = Style(.nodeNetwork, on: .overlay)
      put(box.vertical, at: row.origin, style: frame)
      put(box.vertical, at: Point(row.maxX - 1, row.y), style: frame)
    }
    let line = isInside ? row.inset(columns: 1, rows: 0) : row
    let isEnd = index == trace.lastHop
    let isDead = isEnd && !trace.isDelivered
    let sign =
      isDead
      ? scene.symbols.cross
      : index == trace.index
        ? scene.symbols.ready
        : index < trace.index ? scene.symbols.bullet : scene.symbols.terminating
    let role: Role = isDead ? .error : index <= trace.index ? .traffic : .dim
    put(" \(sign) ", at: line.origin, style: Style(role, on: .overlay, .bold), in: line)
    let next = index + 1 < trace.hops.count && index < trace.revealed ? trace.hops[index + 1] : nil
    let change = next.map { hop.changes(to: $0).joined(separator: " ") } ?? ""
    let room = Rect(
      x: line.x + 3, y: line.y, width: line.width - 4 - columns(of: change), height: 1)
    put(
      hop.place(in: room.width, scene.cut), in: room,
      style: Style(index <= trace.index ? .text : .dim, on: .overlay),
      ellipsis: scene.cut)
    put(change, in: line.inset(columns: 1, rows: 0), style: Style(.warning, on: .overlay), .right)
    if index == trace.index { tint(line, .selection) }
  }
}

extension TraceHop {
  /// The device, where in the kernel, and the chain that decided.
  fileprivate func place(in width: Int, _ ellipsis: String) -> String {
    var point = point
    if point.hasPrefix("pod "), let name = point.split(separator: "/").last {
      point = "pod \(shortPodName(String(name), to: max(width - 15, 9), ellipsis: ellipsis))"
    } else if rule.hasPrefix("-A ") {
      point += " \(rule.dropFirst(3).prefix { $0 != " " })"
    }
    guard !device.isEmpty else { return point }
    return device.padded(to: 10) + (point.isEmpty ? "" : " " + point)
  }
}

extension String {
  /// With spaces behind it, up to a width.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(width - columns(of: self), 0))
  }
}
