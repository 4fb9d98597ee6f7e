import Canvas

/// The chosen Service from its name down to its endpoints, as one picture.
struct ServiceZoom {
  let detail: ServiceDetail
  let row: ServiceRow?
  let scene: Scene

  /// Narrower than this the stations stand under each other.
  static let pictureWidth = 96

  func draw(in area: Rect, on grid: inout CellGrid) {
    let title = " \(scene.shown(detail.name.namespace, detail.name.name)) "
    grid.horizontalLine(from: area.origin, length: area.width, scene.symbols.box.horizontal)
    grid.put(title, at: Point(area.x + 1, area.y), style: .title, in: area)
    let body = Rect(
      x: area.x + 1, y: area.y + 1, width: area.width - 2, height: max(area.height - 1, 0))
    if area.width >= Self.pictureWidth, area.height >= 14 {
      drawPicture(in: body, &grid)
    } else {
      drawLines(in: body, &grid)
    }
  }

  // MARK: The picture

  private func drawPicture(in body: Rect, _ grid: inout CellGrid) {
    let wanted = max(detail.endpoints.count, detail.slices.count, facts.count, 3) + 2
    let top = min(max(wanted, 6), max(body.height * 2 / 5, 6))
    let rows = body.splitVertically([.fixed(top), .fixed(1), .fill()])
    drawChain(in: rows[0], &grid)
    let isTall = rows[2].height >= 14
    let sides = rows[2].splitHorizontally([.fill(weight: 5), .fill(weight: 5)], gap: 2)
    let left = sides[0].splitVertically([.fill(weight: 5), .fill(weight: isTall ? 4 : 0)])
    drawSelector(in: left[0], &grid)
    if isTall { drawProxies(in: left[1], &grid) }
    drawCharts(in: sides[1], &grid)
  }

  /// Facts that say what happens to the virtual address, without the name that has its own place.
  private var facts: [Fact] {
    let shown = detail.facts.filter { $0.name != "DNS name" && $0.name != "selector" }
    // The address first, then what leads to it, then the rest.
    func rank(_ fact: Fact) -> Int {
      fact.name == "virtual IP" ? 0 : fact.name.hasPrefix("port") ? 1 : 2
    }
    return shown.enumerated()
      .sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }.map(\.element)
  }

  private func drawChain(in area: Rect, _ grid: inout CellGrid) {
    let isWide = area.width >= 150
    let parts = area.splitHorizontally(
      [
        .fixed(isWide ? 40 : 22), .fixed(isWide ? 40 : 23), .fixed(isWide ? 34 : 20), .fill(),
      ], gap: 2)
    let name = detail.facts.first { $0.name == "DNS name" }?.text ?? ""
    let first = station("DNS name", .title, in: parts[0], &grid)
    for (row, line) in broken(name, to: first.width).prefix(first.height).enumerated() {
      grid.put(line, in: first, row: row, ellipsis: scene.cut)
    }
    let address = station("virtual IP", Style(.serviceNetwork, .bold), in: parts[1], &grid)
    var lines: [String] = []
    for fact in facts {
      let isPlain = fact.name == "virtual IP" || fact.name.hasPrefix("port")
      // What the address is good for is said by what stands behind it.
      let text = fact.text.split(separator: ", which").first.map { String($0) } ?? fact.text
      lines += wrapped(isPlain ? text : "\(fact.name) \(fact.text)", to: address.width)
    }
    for (row, line) in lines.prefix(address.height).enumerated() {
      grid.put(
        line, in: address, row: row, style: row == 0 ? Style(.serviceNetwork) : .text,
        ellipsis: scene.cut)
    }
    let slices = station(
      Format.count(detail.slices.count, "slice"), .title, in: parts[2], &grid)
    drawSlices(in: slices, &grid)
    let endpoints = station(
      Format.count(detail.endpoints.count, "endpoint"), Style(.podNetwork, .bold), in: parts[3],
      &grid)
    drawEndpoints(in: endpoints, &grid)
    for part in parts.dropFirst() {
      let middle = Point(part.x - 2, area.y + min(area.height / 2, 2))
      grid.put(
        scene.symbols.box.heavy + scene.symbols.arrow, at: middle, style: Style(.traffic, .bold))
    }
  }

  private func station(
    _ title: String, _ style: Style, in area: Rect, _ grid: inout CellGrid
  ) -> Rect {
    grid.box(area, title: [TextRun(title, style)], symbols: scene.symbols)
      .inset(columns: area.width > 20 ? 1 : 0, rows: 0)
  }

  /// A name in pieces that end with its dots.
  private func broken(_ name: String, to width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for part in name.split(separator: ".", omittingEmptySubsequences: false) {
      let piece = line.isEmpty ? String(part) : ".\(part)"
      if !line.isEmpty, columns(of: line) + columns(of: piece) > width {
        lines.append(line)
        line = piece
      } else {
        line += piece
      }
    }
    return lines + [line]
  }

  private func drawSlices(in area: Rect, _ grid: inout CellGrid) {
    if detail.slices.isEmpty { grid.put("none", in: area, style: .dim, ellipsis: scene.cut) }
    for (row, slice) in detail.slices.prefix(area.height).enumerated() {
      let line = area.row(row)
      let count = "\(slice.count)/\(SliceRow.capacity)"
      let parts = line.splitHorizontally([.fill(), .fixed(7), .fixed(max(count.count, 5))], gap: 1)
      let tail = "\(scene.cut)\(slice.name.split(separator: "-").last ?? "")"
      let name = columns(of: slice.name) <= parts[0].width ? slice.name : tail
      grid.put(name, in: parts[0], ellipsis: scene.cut)
      grid.gauge(
        Double(slice.count) / Double(SliceRow.capacity), in: parts[1], symbols: scene.symbols)
      grid.put(count, in: parts[2], .right, ellipsis: scene.cut)
    }
    drawRest(detail.slices.count, in: area, &grid)
  }

  private func drawEndpoints(in area: Rect, _ grid: inout CellGrid) {
    if detail.endpoints.isEmpty {
      let text = "\(scene.symbols.failing) none: nobody would answer"
      grid.put(text, in: area, style: Style(.failing), ellipsis: scene.cut)
    }
    let total = detail.endpoints.reduce(0) { $0 + $1.milliRequestsPerSecond }
    let address = min(detail.endpoints.prefix(60).map { columns(of: $0.address) }.max() ?? 0, 30)
    for (row, endpoint) in detail.endpoints.prefix(area.height).enumerated() {
      let parts = area.row(row).splitHorizontally(
        [.fixed(1), .fixed(address), .fixed(min(area.width / 5, 14)), .fill()], gap: 1)
      let sign = endpoint.condition.sign
      grid.put(sign.text(scene.symbols), in: parts[0], style: Style(sign.role), ellipsis: "")
      grid.put(endpoint.address, in: parts[1], style: Style(.podNetwork), ellipsis: scene.cut)
      grid.put(
        endpoint.node, in: parts[2], style: Style(.nodeNetwork), .left, .middle,
        ellipsis: scene.cut)
      guard endpoint.milliRequestsPerSecond > 0, total > 0 else {
        let note = endpoint.condition == .ready ? endpoint.note : endpoint.condition.rawValue
        grid.put(note, in: parts[3], style: .dim, ellipsis: scene.cut)
        continue
      }
      let share = Double(endpoint.milliRequestsPerSecond) / Double(total)
      let figures = parts[3].splitHorizontally([.minimum(3), .fixed(5), .fixed(7)], gap: 1)
      grid.gauge(share, in: figures[0], symbols: scene.symbols)
      grid.put("\(Int(share * 100 + 0.5)) %", in: figures[1], .right, ellipsis: scene.cut)
      let rate = Format.rate(milli: endpoint.milliRequestsPerSecond)
      grid.put("\(rate)/s", in: figures[2], style: .dim, .right, ellipsis: "")
    }
    drawRest(detail.endpoints.count, in: area, &grid)
  }

  private func drawRest(_ count: Int, in area: Rect, _ grid: inout CellGrid) {
    guard count > area.height, area.height > 0 else { return }
    let line = area.row(area.height - 1)
    grid.fill(line)
    let hidden = count - area.height + 1
    grid.put("\(scene.cut) \(Format.grouped(hidden)) more", in: line, style: .dim, ellipsis: "")
  }

  private func drawSelector(in area: Rect, _ grid: inout CellGrid) {
    let text = row?.selectorText ?? ""
    let title = [TextRun("selector ", .title), TextRun(text, Style(.accent))]
    let inside = grid.box(area, title: title, symbols: scene.symbols).inset(columns: 1, rows: 0)
    guard let view = detail.selector, row?.selector != nil else {
      grid.put(
        "none: the endpoints are made by hand", in: inside, style: .dim, ellipsis: scene.cut)
      return
    }
    var lines: [[TextRun]] = [
      [
        TextRun("matches ", .dim), TextRun(Format.count(view.matchedCount, "pod"), .text),
      ]
    ]
    let missed = min(view.missed.count, max(inside.height / 3, 3))
    let room = max(inside.height - 1 - (missed > 0 ? missed + 1 : 0), 1)
    for member in view.matched.prefix(room) {
      lines.append(line(member, width: inside.width))
    }
    if view.matchedCount > room, room > 0 {
      lines[lines.count - 1] = [
        TextRun("  \(scene.cut) \(view.matchedCount - room + 1) more", .dim)
      ]
    }
    if view.matchedCount == 0 {
      lines = [
        [TextRun("\(scene.symbols.failing) no pod has these labels", Style(.failing, .bold))]
      ]
    }
    if missed > 0 {
      lines.append([TextRun("just misses ", .dim), TextRun(Format.count(view.missed.count, "pod"))])
      for member in view.missed.prefix(missed) { lines.append(line(member, width: inside.width)) }
    }
    for (index, runs) in lines.prefix(inside.height).enumerated() {
      grid.put(runs, at: inside.row(index).origin, in: inside)
    }
  }

  private func line(_ member: SelectorView.Member, width: Int) -> [TextRun] {
    let isMissed = !member.reason.isEmpty
    let name = shortPodName(
      member.name.name, to: max(min(width / 2, 36), 12), ellipsis: scene.symbols.ellipsis)
    let sign = isMissed ? scene.symbols.cross : member.sign.text(scene.symbols)
    let role: Role = isMissed ? .warning : member.sign.role
    return [
      TextRun("  \(sign) ", Style(role)), TextRun(name.padded(to: max(min(width / 2, 36), 12) + 1)),
      TextRun(
        isMissed ? member.reason : member.node, isMissed ? Style(.warning) : Style(.nodeNetwork)),
    ]
  }

  private func drawProxies(in area: Rect, _ grid: inout CellGrid) {
    let late = detail.proxies.filter { !$0.isInSync }
    let rest = detail.proxies.filter(\.isInSync)
    let count = detail.proxies.count + detail.unlistedProxies
    let inSync = count - late.count - detail.unlistedLateProxies
    let title =
      "rules on each node \(scene.symbols.separator) \(Format.grouped(inSync)) of \(Format.grouped(count)) in sync"
    let inside = grid.box(area, title: [TextRun(title, .title)], symbols: scene.symbols)
      .inset(columns: 1, rows: 0)
    let shown = late + rest
    for (index, proxy) in shown.prefix(inside.height).enumerated() {
      let parts = inside.row(index).splitHorizontally([.fixed(18), .fixed(9), .fill()], gap: 1)
      let sign = proxy.isInSync ? StateSign.ready : .starting
      grid.put(
        proxy.node, in: parts[0], style: Style(.nodeNetwork), .left, .middle, ellipsis: scene.cut)
      grid.put(
        "\(sign.text(scene.symbols)) \(proxy.isInSync ? "in sync" : "late")", in: parts[1],
        style: Style(sign.role), ellipsis: scene.cut)
      grid.put(proxy.note, in: parts[2], style: .dim, ellipsis: scene.cut)
    }
    drawRest(count, in: inside, &grid)
  }

  // MARK: Charts

  private func drawCharts(in area: Rect, _ grid: inout CellGrid) {
    let charts = charts(span: 60)
    let count = area.height >= 15 ? 3 : area.height >= 10 ? 2 : 1
    let parts = area.splitVertically(Array(repeating: .fill(), count: count), gap: 0)
    let roles: [Role] = [.chart1, .chart2, .chart3]
    for (index, part) in parts.enumerated() {
      grid.draw(
        charts[index], in: part, role: index == 1 ? .error : roles[index],
        style: scene.state.chartStyle, symbols: scene.symbols)
    }
  }

  private func charts(span: Int) -> [Chart] {
    let now = scene.snapshot.header.now.nanoseconds / 1_000_000_000
    let series = detail.series
    let start = "-\(span) s"
    let rates: [Double?]
    if let history = row?.load?.history, !history.isEmpty {
      // The engine counts every second, whether somebody looks or not.
      let gap = [Double?](repeating: nil, count: max(span - history.count, 0))
      rates = gap + history.suffix(span).map { Double($0) }
    } else {
      rates = series.values(span, until: now) { Double($0.milliRate) / 1000 }
    }
    let failed = series.values(span, until: now) { Double($0.milliPercentFailed) / 1000 }
    let latency = series.values(span, until: now) { $0.p99.map { Double($0.nanoseconds) / 1e6 } }
    let rateTop = Self.niceMaximum(rates)
    let latencyTop = Self.niceMaximum(latency)
    return [
      Chart(
        "requests started, per second" + Self.last(rates) { Format.grouped(Int($0)) },
        values: rates, maximum: rateTop,
        top: "\(Format.grouped(Int(rateTop)))/s", start: start),
      Chart(
        "failed, of those that ended"
          + Self.last(failed) { Format.percent(milli: Int64($0 * 1000)) }, values: failed,
        maximum: 100, top: "100 %", start: start),
      Chart(
        "latency, 99th percentile"
          + Self.last(latency) { Format.duration(.microseconds(Int64(min($0, 1e9) * 1000))) },
        values: latency, maximum: latencyTop,
        top: Format.duration(.microseconds(Int64(min(latencyTop, 1e9) * 1000))), start: start),
    ]
  }

  /// The newest value behind a title.
  private static func last(_ values: [Double?], _ text: (Double) -> String) -> String {
    guard let value = values.last ?? nil else { return "" }
    return ": \(text(value))"
  }

  /// The next of 1, 2, 5, 10, 20 … above all values.
  static func niceMaximum(_ values: [Double?]) -> Double {
    let highest = min(values.compactMap { $0 }.max() ?? 0, 1e12)
    var unit = 1.0
    while true {
      for step in [1.0, 2, 5] where step * unit >= highest { return step * unit }
      unit *= 10
    }
  }

  // MARK: Lines, where there is no room for a picture

  private func drawLines(in body: Rect, _ grid: inout CellGrid) {
    let isLow = body.height < 18
    // What the list above says already can be left out.
    let facts = detail.facts.filter { !isLow || !["type", "selector"].contains($0.name) }
    let shown = Array(facts.prefix(max(body.height / 3, 3)))
    for (row, fact) in shown.enumerated() {
      let line = body.row(row)
      grid.put(fact.name.padded(to: 13), at: line.origin, style: .dim, in: line)
      let rest = Rect(x: line.x + 13, y: line.y, width: line.width - 13, height: line.height)
      grid.put(fact.text, in: rest, ellipsis: scene.cut)
    }
    let left = Rect(
      x: body.x, y: body.y + shown.count, width: body.width, height: body.height - shown.count)
    let slices = isLow ? 1 : min(detail.slices.count + 1, max(left.height / 4, 2))
    let proxies = isLow ? 1 : min(detail.proxies.count + 1, max(left.height / 4, 2))
    let missed = detail.selector?.missed.isEmpty == false ? 1 : 0
    let parts = left.splitVertically(
      [.fill(), .fixed(missed), .fixed(slices), .fixed(proxies)])
    grid.put("ENDPOINTS", in: parts[0], style: Style(.header, .bold), ellipsis: "")
    let rows = Rect(
      x: body.x, y: parts[0].y + 1, width: body.width, height: max(parts[0].height - 1, 0))
    drawEndpoints(in: rows, &grid)
    if missed > 0, let member = detail.selector?.missed.first {
      let runs = [TextRun("just misses", .dim)] + line(member, width: parts[1].width - 11)
      grid.put(runs, at: parts[1].origin, in: parts[1])
    }
    if isLow {
      drawSummaries(slices: parts[2], proxies: parts[3], &grid)
    } else {
      drawLists(slices: parts[2], proxies: parts[3], &grid)
    }
  }

  /// One line for the slices and one for the proxies.
  private func drawSummaries(slices: Rect, proxies: Rect, _ grid: inout CellGrid) {
    let total = detail.slices.reduce(0) { $0 + $1.count }
    let room = detail.slices.count * SliceRow.capacity
    let slice =
      "\(Format.count(detail.slices.count, "slice")), \(Format.grouped(total)) of "
      + "\(Format.grouped(room)) places taken"
    grid.put("slices".padded(to: 13), at: slices.origin, style: .dim, in: slices)
    grid.put(slice, at: Point(slices.x + 13, slices.y), in: slices)
    let late = detail.proxies.filter { !$0.isInSync }
    let count = detail.proxies.count + detail.unlistedProxies
    let inSync = count - late.count - detail.unlistedLateProxies
    var text = "\(Format.grouped(inSync)) of \(Format.grouped(count)) nodes in sync"
    if let first = late.first { text += "; \(first.node) late, \(first.note)" }
    grid.put("rules".padded(to: 13), at: proxies.origin, style: .dim, in: proxies)
    grid.put(
      text, at: Point(proxies.x + 13, proxies.y), style: Style(late.isEmpty ? .text : .degraded),
      in: proxies)
  }

  private func drawLists(slices: Rect, proxies: Rect, _ grid: inout CellGrid) {
    grid.put("SLICES", in: slices, style: Style(.header, .bold), ellipsis: "")
    drawSlices(
      in: Rect(
        x: slices.x, y: slices.y + 1, width: min(slices.width, 60), height: slices.height - 1),
      &grid)
    grid.put("RULES ON EACH NODE", in: proxies, style: Style(.header, .bold), ellipsis: "")
    let ordered = detail.proxies.filter { !$0.isInSync } + detail.proxies.filter(\.isInSync)
    for (index, proxy) in ordered.prefix(max(proxies.height - 1, 0)).enumerated() {
      let sign = proxy.isInSync ? StateSign.ready : .starting
      let text = "\(proxy.node.padded(to: 18)) \(sign.text(scene.symbols)) \(proxy.note)"
      grid.put(
        text, in: proxies.row(index + 1), style: Style(proxy.isInSync ? .text : .degraded),
        ellipsis: scene.cut)
    }
  }
}
