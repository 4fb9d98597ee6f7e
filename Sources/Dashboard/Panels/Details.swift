import Canvas

extension Scene {
  /// The facts as lines of a name and a text.
  func factLines(_ facts: [Fact]) -> [(name: String, text: String)] {
    facts.map { ($0.name, $0.text) }
  }

  /// A list of pods with whole names and addresses.
  func podTable(_ pods: [PodRow]) -> Table {
    let columns = [
      TableColumn("POD", minimum: 12, maximum: 70, priority: 9, truncation: .middle),
      TableColumn("STATUS", minimum: 9, priority: 8), TableColumn("IP", minimum: 11, priority: 7),
      TableColumn("LABELS", minimum: 10, maximum: 200, weight: 1, priority: 1),
    ]
    let rows = pods.map { pod in
      TableRow([
        TextRun(shown(pod.name.namespace, pod.name.name)),
        TextRun("\(pod.sign.text(symbols)) \(pod.status)", Style(pod.sign.role)),
        TextRun(pod.address, Style(.podNetwork)), TextRun(pod.labels.text, .dim),
      ])
    }
    return Table(columns: columns, rows: rows)
  }
}

extension CellGrid {
  /// Draws a line with a title and facts below it, and returns how many rows that took.
  @discardableResult
  mutating func put(
    heading: String, _ facts: [(name: String, text: String)], in area: Rect, _ symbols: SymbolSet
  ) -> Int {
    guard area.height > 0 else { return 0 }
    horizontalLine(
      from: area.origin, length: area.width, symbols.box.horizontal)
    put(" \(heading) ", at: Point(area.x + 1, area.y), style: .title, in: area)
    let area = area.inset(rows: 0)
    let names = facts.map { columns(of: $0.name) }.max() ?? 0
    for (index, fact) in facts.prefix(max(area.height - 1, 0)).enumerated() {
      let line = area.row(index + 1)
      put(fact.name, at: line.origin, style: .dim, in: line)
      let rest = Rect(
        x: line.x + names + 2, y: line.y, width: line.width - names - 2, height: 1)
      put(fact.text, in: rest, ellipsis: symbols.ellipsis)
    }
    return min(facts.count + 1, area.height)
  }
}
