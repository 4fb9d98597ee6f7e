import Canvas

/// What joins the nodes of the pod network: the links with what travels on them, and, where there
/// are more nodes than columns, all of them at a glance.
struct NetworkMap {
  let scene: Scene

  /// Rows that the links under the visible nodes take.
  static let linkRows = 3

  /// Draws a link under each visible node down to the network that joins them.
  func drawLinks(
    under blocks: [PodColumns.PlacedBlock], _ columns: PodColumns, in area: Rect,
    on grid: inout CellGrid
  ) {
    guard area.height >= Self.linkRows else { return }
    let names = scene.snapshot.networks
    let isTunnel = names.encapsulation != nil
    let symbols = scene.symbols
    let line = isTunnel ? symbols.box.double : symbols.box.heavy
    let style = Style(isTunnel ? .accent : .nodeNetwork)
    let bus = area.row(2)
    grid.horizontalLine(from: bus.origin, length: bus.width, line, style)
    let text = " \(names.encapsulation ?? "no tunnel: routed") over \(names.nodes) "
    grid.put(text, in: bus, style: style.with(.bold), .centre, ellipsis: scene.cut)
    for placed in blocks {
      let node = columns.blocks[placed.index].node
      guard !node.isEmpty else { continue }
      let x = placed.area.x + 1
      let sign = isTunnel ? (symbols.isUnicode ? "║" : "#") : symbols.box.vertical
      for row in 0..<2 { grid.put(sign, at: Point(x, area.y + row), style: style) }
      let (sent, received) = traffic(of: node)
      let out = "\(symbols.up) \(Format.rate(milli: sent))/s to others"
      let back = "\(symbols.down) \(Format.rate(milli: received))/s from others"
      for (row, text) in [out, back].enumerated() {
        let room = Rect(x: x + 2, y: area.y + row, width: placed.area.width - 3, height: 1)
        grid.put(text, in: room, style: Style(.traffic), ellipsis: scene.cut)
      }
    }
  }

  /// Requests from pods of a node to other nodes, and from those to it.
  private func traffic(of node: String) -> (sent: Int64, received: Int64) {
    var (sent, received) = (Int64(0), Int64(0))
    for flow in scene.snapshot.flows where flow.clientNode != flow.endpointNode {
      if flow.clientNode == node, !flow.endpointNode.isEmpty { sent += flow.milliRate }
      if flow.endpointNode == node { received += flow.milliRate }
    }
    return (sent, received)
  }

  /// The busiest pairs of nodes.
  func drawEdges(in area: Rect, on grid: inout CellGrid) {
    var edges: [(from: String, to: String, rate: Int64, lost: Int64)] = []
    for flow in scene.snapshot.flows where !flow.endpointNode.isEmpty {
      let from = flow.clientNode.isEmpty ? "outside" : flow.clientNode
      let lost = flow.end == .answered ? 0 : flow.milliRate
      if let index = edges.firstIndex(where: { $0.from == from && $0.to == flow.endpointNode }) {
        edges[index].rate += flow.milliRate
        edges[index].lost += lost
      } else {
        edges.append((from, flow.endpointNode, flow.milliRate, lost))
      }
    }
    edges.sort { ($1.rate, $0.from, $0.to) < ($0.rate, $1.from, $1.to) }
    let inside = grid.box(
      area, title: [TextRun("requests from node to node", .title)], symbols: scene.symbols
    ).inset(columns: 1, rows: 0)
    if edges.isEmpty {
      grid.put("no requests yet", in: inside, style: .dim, ellipsis: scene.cut)
    }
    let top = edges.first?.rate ?? 1
    for (row, edge) in edges.prefix(inside.height).enumerated() {
      let isLocal = edge.from == edge.to
      let way = isLocal ? "stays on the bridge" : edge.from == "outside" ? "" : link
      let parts = inside.row(row).splitHorizontally(
        [.fixed(32), .minimum(6), .fixed(9), .fixed(20)], gap: 1)
      let arrow = isLocal ? scene.symbols.bullet : scene.symbols.arrow
      let runs = [
        TextRun(
          truncated(edge.from, to: 14, .middle, ellipsis: scene.cut).padded(to: 14),
          Style(.nodeNetwork)),
        TextRun(" \(arrow) ", Style(.traffic)),
        TextRun(truncated(edge.to, to: 14, .middle, ellipsis: scene.cut), Style(.nodeNetwork)),
      ]
      grid.put(runs, at: parts[0].origin, in: parts[0])
      grid.gauge(
        Double(edge.rate) / Double(max(top, 1)), in: parts[1],
        fill: edge.lost > 0 ? .error : .traffic, symbols: scene.symbols)
      grid.put("\(Format.rate(milli: edge.rate))/s", in: parts[2], .right, ellipsis: "")
      let note = edge.lost > 0 ? "\(Format.rate(milli: edge.lost))/s lost" : way
      grid.put(note, in: parts[3], style: edge.lost > 0 ? Style(.error) : .dim, ellipsis: scene.cut)
    }
  }

  private var link: String { scene.snapshot.networks.encapsulation ?? "routed" }

  /// Every node as one cell, or several nodes a cell: how full it is, and how it is.
  func drawHeatMap(in area: Rect, on grid: inout CellGrid) {
    let nodes = scene.snapshot.nodes
    var zones: [(name: String, nodes: [Int])] = []
    for (index, node) in nodes.enumerated() {
      if let place = zones.firstIndex(where: { $0.name == node.zone }) {
        zones[place].nodes.append(index)
      } else {
        zones.append((node.zone, [index]))
      }
    }
    zones.sort { $0.name < $1.name }
    // Rows for the cells, beside one for each zone's name.
    let width = max(area.width - 2, 1)
    let rows = max(area.height - 2 - zones.count, 1)
    var perCell = 1
    while zones.reduce(0, { $0 + ($1.nodes.count + width * perCell - 1) / (width * perCell) })
      > rows,
      perCell < 1_000
    {
      perCell += 1
    }
    let each = perCell == 1 ? "a cell is a node" : "a cell is \(perCell) nodes"
    let title = "\(Format.count(nodes.count, "node")): \(each), as high as it is full of pods"
    let inside = grid.box(area, title: [TextRun(title, .title)], symbols: scene.symbols)
      .inset(columns: 0, rows: 0)
    var y = inside.y
    for zone in zones where y < inside.maxY {
      let name = zone.name.isEmpty ? "no zone" : "zone \(zone.name)"
      let faulty = zone.nodes.count { nodes[$0].sign != .ready }
      let late = zone.nodes.count { nodes[$0].isProxyInSync == false }
      var text = "\(name)  \(Format.count(zone.nodes.count, "node"))"
      if faulty > 0 { text += ", \(faulty) not ready" }
      if late > 0 { text += ", \(late) proxies late" }
      let line = Rect(x: inside.x, y: y, width: inside.width, height: 1)
      grid.put(text, in: line, style: Style(faulty > 0 ? .failing : .header), ellipsis: scene.cut)
      y += 1
      var x = inside.x
      var start = 0
      while start < zone.nodes.count, y < inside.maxY {
        let group = zone.nodes[start..<min(start + perCell, zone.nodes.count)].map { nodes[$0] }
        drawCell(group, at: Point(x, y), &grid)
        start += perCell
        x += 1
        if x >= inside.maxX { (x, y) = (inside.x, y + 1) }
      }
      if x > inside.x { y += 1 }
    }
  }

  private func drawCell(_ nodes: [NodeRow], at place: Point, _ grid: inout CellGrid) {
    let steps = scene.symbols.sparkSteps
    let used = nodes.reduce(0) { $0 + $1.podCount }
    let room = max(nodes.reduce(0) { $0 + $1.podCapacity }, 1)
    let level = min(used * steps.count / room, steps.count - 1)
    let worst: StateSign =
      nodes.contains { $0.sign == .failing }
      ? .failing
      : nodes.contains { $0.sign != .ready || $0.isProxyInSync == false } ? .starting : .ready
    let isChosen = nodes.contains { $0.name == scene.state.selection.podNode }
    let sign = worst == .failing ? scene.symbols.failing : steps[max(level, 0)]
    grid.put(sign, at: place, style: Style(worst.role, on: isChosen ? .selection : .text))
  }
}
