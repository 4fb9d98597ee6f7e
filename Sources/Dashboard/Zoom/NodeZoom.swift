import Canvas

/// A node's machine drawn from the inside.
struct NodeZoom {
  let detail: NodeDetail
  let scene: Scene

  func draw(in area: Rect, on grid: inout CellGrid) {
    let address = scene.snapshot.nodeIndex(detail.name).map {
      scene.snapshot.nodes[$0].internalIP
    }
    let title = [
      TextRun(detail.name, Style(.nodeNetwork, .bold)),
      TextRun("  \(address ?? "")", Style(.nodeNetwork)),
    ]
    let inside = grid.box(
      area, style: Style(.nodeNetwork), title: title, symbols: scene.symbols
    ).inset(columns: 1, rows: 0)
    guard let machine = detail.machine else {
      return drawFacts(in: inside, &grid)
    }
    let routes = min(machine.routes.count + 1, max(inside.height / 4, 2))
    let bridges = machine.devices.filter(\.isBridge)
    let isLow = inside.height < 18
    let parts = inside.splitVertically([
      .fixed(isLow ? 4 : 5), .fixed(isLow ? 1 : 2), .fill(), .fixed(routes),
    ])
    drawDevices(machine.devices.filter { !$0.isBridge }, in: parts[0], &grid)
    drawBridge(bridges.first, in: parts[1], &grid)
    drawPods(machine, in: parts[2], &grid)
    drawRoutes(machine, in: parts[3], &grid)
  }

  private func drawFacts(in area: Rect, _ grid: inout CellGrid) {
    for (row, fact) in detail.facts.prefix(area.height).enumerated() {
      let line = area.row(row)
      grid.put(fact.name.padded(to: 15), at: line.origin, style: .dim, in: line)
      grid.put(fact.text, at: Point(line.x + 15, line.y), in: line)
    }
  }

  /// The way in and out: the card, the tunnel, and beside them what rewrites addresses.
  private func drawDevices(
    _ devices: [MachineView.Device], in area: Rect, _ grid: inout CellGrid
  ) {
    let shown = devices.prefix(max((area.width - 30) / 26, 1))
    let parts = area.splitHorizontally(
      shown.map { _ in Constraint.fixed(26) } + [.fill()], gap: 2)
    for (place, device) in zip(parts, shown) {
      let style = Style(device.isTunnel ? .accent : .nodeNetwork)
      let inside = grid.box(
        place, style: style, title: [TextRun(device.name, style.with(.bold))],
        symbols: scene.symbols
      ).inset(columns: 1, rows: 0)
      let lines = [device.addresses.first ?? "no address", device.kind, "mtu \(device.mtu)"]
      for (row, line) in lines.prefix(inside.height).enumerated() {
        grid.put(line, in: inside, row: row, style: row == 0 ? style : .dim, ellipsis: scene.cut)
      }
    }
    for place in parts.dropFirst().dropLast() {
      grid.put(
        scene.symbols.box.double + scene.symbols.box.double,
        at: Point(place.x - 2, area.y + area.height / 2), style: Style(.accent))
    }
    if let place = parts.last { drawProxy(in: place, &grid) }
  }

  private func drawProxy(in area: Rect, _ grid: inout CellGrid) {
    guard area.width >= 16 else { return }
    let proxy = detail.facts.first { $0.name == "proxy" }?.text ?? "none"
    let isLate = proxy.hasPrefix("late")
    let inside = grid.box(
      area, style: Style(.serviceNetwork),
      title: [TextRun(scene.snapshot.networks.proxy, Style(.serviceNetwork, .bold))],
      symbols: scene.symbols
    ).inset(columns: 1, rows: 0)
    let sign = isLate ? StateSign.starting : .ready
    let state = "\(sign.text(scene.symbols)) \(proxy)"
    for (row, line) in wrapped(state, to: inside.width).prefix(inside.height).enumerated() {
      grid.put(line, in: inside, row: row, style: Style(sign.role), ellipsis: scene.cut)
    }
    let rest = "rewrites the addresses of \(Format.count(scene.snapshot.services.count, "Service"))"
    if inside.height > 2 {
      grid.put(rest, in: inside, row: inside.height - 1, style: .dim, ellipsis: scene.cut)
    }
  }

  private func drawBridge(
    _ bridge: MachineView.Device?, in area: Rect, _ grid: inout CellGrid
  ) {
    let line = area.row(area.height - 1)
    let style = Style(.podNetwork, .bold)
    let sign = bridge == nil ? scene.symbols.box.dashed : scene.symbols.box.heavy
    grid.horizontalLine(from: line.origin, length: line.width, sign, Style(.podNetwork))
    let text =
      bridge.map { " \($0.name)  bridge  \($0.addresses.first ?? "")  mtu \($0.mtu) " }
      ?? " no bridge: the kernel routes to each pod's link "
    grid.put(text, at: Point(line.x + 2, line.y), style: style, in: line)
  }

  /// Each pod in its own namespace, with its end of the link and the node's.
  private func drawPods(_ machine: MachineView, in area: Rect, _ grid: inout CellGrid) {
    let pods = detail.pods.filter { !$0.isOnHostNetwork }
    let host = detail.pods.filter(\.isOnHostNetwork)
    guard area.height >= 2 else { return }
    // The last line is for the pods that have no namespace of their own.
    let hostRows = host.isEmpty || area.height < 6 ? 0 : 1
    let width = 28
    let perRow = max((area.width + 1) / (width + 1), 1)
    let height = 4
    let rows = max((area.height - hostRows) / height, 1)
    let fits = perRow * rows
    let shown = pods.prefix(pods.count > fits ? fits - 1 : fits)
    for (index, pod) in shown.enumerated() {
      let place = Rect(
        x: area.x + index % perRow * (width + 1), y: area.y + index / perRow * height,
        width: width, height: min(height, area.height - index / perRow * height))
      draw(pod, machine.links[pod.name], in: place, &grid)
    }
    if pods.count > shown.count {
      let index = shown.count
      let place = Point(
        area.x + index % perRow * (width + 1) + 2, area.y + index / perRow * height + 1)
      grid.put(
        "\(scene.cut) \(pods.count - shown.count) more pods", at: place, style: .dim, in: area)
    }
    if pods.isEmpty { grid.putEmpty("no pods with a network of their own", in: area) }
    guard hostRows > 0 else { return }
    let names = host.map(\.name.name).joined(separator: ", ")
    let runs = [TextRun("on the node's own network: ", .dim), TextRun(names)]
    grid.put(runs, at: area.row(area.height - 1).origin, in: area)
  }

  private func draw(
    _ pod: PodRow, _ link: String?, in place: Rect, _ grid: inout CellGrid
  ) {
    let name = shortPodName(pod.name.name, to: place.width - 6, ellipsis: scene.symbols.ellipsis)
    let title = [TextRun(pod.sign.text(scene.symbols) + " ", Style(pod.sign.role)), TextRun(name)]
    let isLinked =
      scene.snapshot.links.services.isEmpty == false
      && pod.name == scene.state.selection.pod
    let inside = grid.box(
      place, style: Style(isLinked ? .accent : .podNetwork), title: title, symbols: scene.symbols
    ).inset(columns: 1, rows: 0)
    let address = pod.address.isEmpty ? "no address yet" : "eth0 \(pod.address)"
    grid.put(address, in: inside, style: Style(.podNetwork), ellipsis: scene.cut)
    let state =
      pod.sign == .ready ? link.map { "\(scene.symbols.up) \($0)" } ?? pod.status : pod.status
    grid.put(
      state, in: inside, row: 1, style: pod.sign == .ready ? .dim : Style(pod.sign.role),
      ellipsis: scene.cut)
  }

  private func drawRoutes(_ machine: MachineView, in area: Rect, _ grid: inout CellGrid) {
    grid.put("ROUTES", in: area, style: Style(.header, .bold), ellipsis: "")
    let rows = Rect(
      x: area.x + 1, y: area.y + 1, width: area.width - 1, height: max(area.height - 1, 0))
    for (row, route) in machine.routes.prefix(rows.height).enumerated() {
      let isLast = row == rows.height - 1 && machine.routes.count > rows.height
      let hidden = machine.routes.count - rows.height + 1
      grid.put(
        isLast ? "\(scene.cut) \(hidden) more" : route, in: rows, row: row,
        style: isLast ? .dim : .text, ellipsis: scene.cut)
    }
  }
}
