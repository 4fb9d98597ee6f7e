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
    let over = names.nodes.isEmpty ? "the nodes' network" : names.nodes
    let text = " \(names.encapsulation ?? "no tunnel: routed") over \(over) "
    grid.put(text, in: bus, style: style.with(.bold), .centre, ellipsis: scene.cut)
    for placed in blocks {
      let node = columns.blocks[placed.index].node
      guard !node.isEmpty else { continue }
      let x = placed.area.x + 1
      let sign = isTunnel ? (symbols.isUnicode ? "║" : "#") : symbols.box.vertical
      for row in 0..<2 { grid.put(sign, at: Point(x, area.y + row), style: style) }
      let (sent, received) = traffic(of: node)
      let out = "\(symbols.up) \(Format.rate(milli: sent))/s out"
      let back = "\(symbols.down) \(Format.rate(milli: received))/s in"
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
    let names = edges.prefix(inside.height).flatMap { [columns(of: $0.from), columns(of: $0.to)] }
    let width = min(max(names.max() ?? 7, 7), inside.width >= 80 ? 20 : 14)
    for (row, edge) in edges.prefix(inside.height).enumerated() {
      let isLocal = edge.from == edge.to
      let way = isLocal ? "same node" : edge.from == "outside" ? "from outside" : link
      let parts = inside.row(row).splitHorizontally(
        [.fixed(2 * width + 3), .minimum(6), .fixed(8), .fixed(12)], gap: 1)
      let arrow = isLocal ? scene.symbols.bullet : scene.symbols.arrow
      let runs = [
        TextRun(
          truncated(edge.from, to: width, .middle, ellipsis: scene.cut).padded(to: width),
          Style(.nodeNetwork)),
        TextRun(" \(arrow) ", Style(.traffic)),
        TextRun(truncated(edge.to, to: width, .middle, ellipsis: scene.cut), Style(.nodeNetwork)),
      ]
      grid.put(runs, at: parts[0].origin, in: parts[0])
      // As thick as the way is: double where it runs through a tunnel.
      let box = scene.symbols.box
      let sign =
        isLocal || edge.from == "outside" || scene.snapshot.networks.encapsulation == nil
        ? box.heavy : box.double
      let longest = min(parts[1].width, 40)
      let length = max(Int(Int64(longest) * edge.rate / max(top, 1)), 1)
      grid.put(
        String(repeating: sign, count: length), at: parts[1].origin,
        style: Style(edge.lost > 0 ? .error : .traffic, .bold), in: parts[1])
      grid.put("\(Format.rate(milli: edge.rate))/s", in: parts[2], .right, ellipsis: "")
      let note = edge.lost > 0 ? "\(Format.rate(milli: edge.lost))/s lost" : way
      grid.put(note, in: parts[3], style: edge.lost > 0 ? Style(.error) : .dim, ellipsis: scene.cut)
    }
  }

  private var link: String { scene.snapshot.networks.encapsulation ?? "routed" }
}
