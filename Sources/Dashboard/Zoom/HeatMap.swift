import Canvas

/// Every node at a glance, by zones: one a cell, or several where there are more than cells.
///
/// A cell is as high as its nodes are full of pods. Its colour and, where somebody should look, its
/// sign say how they are.
struct HeatMap {
  let scene: Scene
  private var zones: [Zone] = []

  private struct Zone {
    var name: String
    var nodes: [Int] = []
  }

  init(scene: Scene) {
    self.scene = scene
    var places: [String: Int] = [:]
    for (index, node) in scene.snapshot.nodes.enumerated() {
      let place = places[node.zone] ?? zones.count
      if place == zones.count {
        places[node.zone] = place
        zones.append(Zone(name: node.zone))
      }
      zones[place].nodes.append(index)
    }
    zones.sort { $0.name < $1.name }
  }

  /// Rows that it would like to have.
  func height(width: Int) -> Int {
    rows(width: max(width - 2, 1), perCell: 1) + zones.count + 3
  }

  private func rows(width: Int, perCell: Int) -> Int {
    zones.reduce(0) { $0 + ($1.nodes.count + width * perCell - 1) / (width * perCell) }
  }

  /// How many nodes a cell stands for, so that all find room.
  private func perCell(width: Int, rows room: Int) -> Int {
    var count = 1
    while count < 1_000, rows(width: width, perCell: count) > room { count += 1 }
    return count
  }

  func draw(in area: Rect, on grid: inout CellGrid) {
    // A row for each zone's name and one for the legend.
    let perCell = perCell(
      width: max(area.width - 2, 1), rows: max(area.height - 3 - zones.count, 1))
    let each = perCell == 1 ? "a cell is one" : "a cell is \(perCell)"
    let title = "\(Format.count(scene.snapshot.nodes.count, "node")), \(each)"
    let inside = grid.box(area, title: [TextRun(title, .title)], symbols: scene.symbols)
    guard inside.height > 2 else { return }
    drawLegend(in: inside.row(inside.height - 1), &grid)
    let body = Rect(x: inside.x, y: inside.y, width: inside.width, height: inside.height - 1)
    var y = body.y
    for zone in zones where y < body.maxY {
      drawName(of: zone, in: Rect(x: body.x, y: y, width: body.width, height: 1), &grid)
      y += 1
      let cells = (zone.nodes.count + perCell - 1) / perCell
      for cell in 0..<cells {
        let place = Point(body.x + cell % body.width, y + cell / body.width)
        guard place.y < body.maxY else { break }
        let end = min((cell + 1) * perCell, zone.nodes.count)
        draw(zone.nodes[(cell * perCell)..<end], at: place, &grid)
      }
      y += (cells + body.width - 1) / body.width
    }
  }

  private func drawName(of zone: Zone, in line: Rect, _ grid: inout CellGrid) {
    let nodes = scene.snapshot.nodes
    let faulty = zone.nodes.count { nodes[$0].sign == .failing }
    let cordoned = zone.nodes.count { !nodes[$0].isSchedulable }
    let late = zone.nodes.count { nodes[$0].isProxyInSync == false }
    let name = zone.name.isEmpty ? "" : "zone \(zone.name): "
    var runs = [TextRun("\(name)\(Format.count(zone.nodes.count, "node"))", Style(.header, .bold))]
    if faulty > 0 { runs.append(TextRun(", \(Format.grouped(faulty)) not ready", Style(.failing))) }
    if cordoned > 0 {
      runs.append(TextRun(", \(Format.grouped(cordoned)) cordoned", Style(.degraded)))
    }
    if late > 0 {
      runs.append(TextRun(", \(Format.grouped(late)) with late rules", Style(.degraded)))
    }
    grid.put(runs, at: line.origin, in: line)
  }

  private func drawLegend(in line: Rect, _ grid: inout CellGrid) {
    let symbols = scene.symbols
    var runs = [
      TextRun("\(symbols.sparkSteps.first ?? "") ", Style(.healthy)), TextRun("few pods  ", .dim),
      TextRun("\(symbols.sparkSteps.last ?? "") ", Style(.healthy)), TextRun("full  ", .dim),
      TextRun("\(symbols.starting) ", Style(.degraded)), TextRun("rules late, cordoned  ", .dim),
      TextRun("\(symbols.failing) ", Style(.failing)), TextRun("not ready", .dim),
    ]
    let chosen = scene.state.selection.podNode
    if !chosen.isEmpty {
      runs += [TextRun("  "), TextRun(" \(chosen) ", Style(.text, on: .selection))]
    }
    grid.put(runs, at: line.origin, in: line)
  }

  private func draw(_ indices: ArraySlice<Int>, at place: Point, _ grid: inout CellGrid) {
    let steps = scene.symbols.sparkSteps
    var (used, room) = (0, 0)
    var (isFailing, isLate, isChosen) = (false, false, false)
    for index in indices {
      used += scene.snapshot.nodes[index].podCount
      room += scene.snapshot.nodes[index].podCapacity
      isFailing = isFailing || scene.snapshot.nodes[index].sign == .failing
      isLate =
        isLate || scene.snapshot.nodes[index].isProxyInSync == false
        || !scene.snapshot.nodes[index].isSchedulable
      isChosen = isChosen || scene.snapshot.nodes[index].name == scene.state.selection.podNode
    }
    let level = min(max(used * steps.count / max(room, 1), 0), steps.count - 1)
    let (sign, role): (String, Role) =
      isFailing
      ? (scene.symbols.failing, .failing)
      : isLate ? (scene.symbols.starting, .degraded) : (steps[level], .healthy)
    grid.put(sign, at: place, style: Style(role, on: isChosen ? .selection : .text))
  }
}
