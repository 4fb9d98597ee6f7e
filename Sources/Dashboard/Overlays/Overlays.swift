import Canvas

extension CellGrid {
  /// Draws what lies over the panels.
  mutating func draw(_ overlay: Overlay, _ scene: Scene, _ layout: ScreenLayout) {
    let middle = bounds.inset(columns: 0, rows: 1)
    switch overlay {
    case .help(let offset): drawHelp(offset: offset, scene, in: middle)
    case .text(let text): draw(text, scene, in: middle)
    case .prompt(let prompt): drawCompletions(of: prompt, scene, above: layout.footer)
    case .filter: break
    case .scale(let dialog): draw(dialog, scene, in: middle)
    case .question(let question): draw(question, scene, in: middle)
    case .themes(let chooser): draw(chooser, scene, in: middle)
    case .trace(let trace): draw(trace, scene, in: middle)
    case .finder(let finder): draw(finder, scene, in: middle)
    case .requests(let log): draw(log, scene, in: middle)
    case .why(let why): draw(why, scene, in: middle)
    case .review(let review): draw(review, scene, in: middle)
    }
  }

  /// Clears a place for an overlay, draws its frame and returns what that encloses.
  mutating func openBox(_ area: Rect, _ title: String, _ scene: Scene) -> Rect {
    fill(area, style: Style(.overlay))
    let runs = [TextRun(title, Style(.focusBorder, .bold))]
    return box(area, style: Style(.focusBorder), title: runs, symbols: scene.symbols.heavyFrames)
  }

  private mutating func draw(_ text: TextView, _ scene: Scene, in area: Rect) {
    let inside = openBox(area, text.title, scene)
    let body = inside.inset(columns: 1, rows: 0)
    let isYAML = text.title.hasSuffix("-o yaml")
    let filter = RowFilter(text.search)
    tint(inside, .overlay)
    for (row, index) in scene.visible(text.offset, text.lines.count, body.height).enumerated() {
      let line = body.row(row)
      putLine(text.lines[index], isYAML: isYAML, from: text.column, scene, in: line)
      tint(line, .overlay)
      if !text.search.isEmpty, filter.accepts(text.lines[index]) { tint(line, .searchMatch) }
    }
    putPosition(text.offset, of: text.lines.count, body.height, scene, on: area)
  }

  /// Writes a line of text; in YAML the keys stand out.
  private mutating func putLine(
    _ text: String, isYAML: Bool, from column: Int, _ scene: Scene, in line: Rect
  ) {
    let shown = column == 0 ? truncated(text, to: line.width, ellipsis: scene.cut) : text
    let start = Point(line.x - column, line.y)
    let key = isYAML ? yamlKey(of: shown) : 0
    put(shown, at: start, in: line)
    guard key > 0 else { return }
    put(String(shown.prefix(key)), at: start, style: Style(.accent), in: line)
  }

  /// How many characters a line's key takes, with what is before it.
  private func yamlKey(of line: String) -> Int {
    var count = 0
    for byte in line.utf8 {
      if byte == UInt8(ascii: ":") { return count }
      let isInside = byte.isLetterOrDigit || " -_./".utf8.contains(byte)
      guard isInside, byte < 128 else { return 0 }
      count += 1
    }
    return 0
  }

  /// Writes `1-40 of 92` into the lower edge of a frame.
  mutating func putPosition(
    _ offset: Int, of count: Int, _ height: Int, _ scene: Scene, on area: Rect
  ) {
    guard count > height, area.height > 1, height > 0 else { return }
    let text = " \(offset + 1)-\(min(offset + height, count)) of \(count) "
    let edge = Rect(x: area.x + 2, y: area.maxY - 1, width: area.width - 4, height: 1)
    put(text, in: edge, style: Style(.focusBorder), .right, ellipsis: scene.cut)
  }

  private mutating func draw(_ dialog: ScaleDialog, _ scene: Scene, in area: Rect) {
    let name = dialog.workload.name
    let command = scaleCommand(
      dialog.workload.name, replicas: dialog.replicas.map(String.init) ?? "N", scene.snapshot)
    let place = area.centred(width: min(max(columns(of: command) + 8, 46), area.width), height: 7)
    let inside = openBox(place, "Scale \(scene.shown(name.namespace, name.name))", scene)
      .inset(columns: 1, rows: 0)
    let now = "now \(dialog.workload.replicas), \(dialog.workload.readyReplicas) ready"
    put(now, in: inside, row: 0, style: .dim, ellipsis: scene.cut)
    let line = inside.row(2)
    put("replicas ", at: line.origin, style: .text, in: line)
    let field = Rect(x: line.x + 9, y: line.y, width: line.width - 9, height: 1)
    cursor = putEditor("", dialog.editor, in: field)
    put("$ ", at: inside.row(4).origin, style: Style(.prompt), in: inside)
    let rest = Rect(x: inside.x + 2, y: inside.row(4).y, width: inside.width - 2, height: 1)
    put(command, in: rest, style: .dim, ellipsis: scene.cut)
    tint(place.inset(), .overlay)
  }

  private mutating func draw(_ question: Question, _ scene: Scene, in area: Rect) {
    let longest = max(columns(of: question.text), columns(of: question.command) + 2)
    let place = area.centred(width: min(longest + 6, area.width), height: 7)
    let inside = openBox(place, "Sure?", scene).inset(columns: 1, rows: 0)
    put(question.text, in: inside, row: 0, style: Style(.warning, .bold), ellipsis: scene.cut)
    put("$ \(question.command)", in: inside, row: 2, style: .dim, ellipsis: scene.cut)
    let keymap = scene.state.keymap
    let answers =
      "\(keymap.label(.agreed, in: .question))  yes    \(keymap.label(.closed, in: .question))  no"
    put(answers, in: inside, row: 4, style: Style(.hintKey), ellipsis: scene.cut)
    tint(place.inset(), .overlay)
  }

  private mutating func draw(_ chooser: ThemeChooser, _ scene: Scene, in area: Rect) {
    let names = scene.state.themes
    let width = (names.map { columns(of: $0) }.max() ?? 0) + 10
    let place = area.centred(width: max(width, 24), height: min(names.count + 2, area.height))
    let inside = openBox(place, "Theme", scene)
    tint(inside, .overlay)
    let first = scrolled(0, toShow: chooser.index, height: inside.height, count: names.count)
    for (row, index) in scene.visible(first, names.count, inside.height).enumerated() {
      let mark = index == chooser.index ? scene.symbols.selected : " "
      put("\(mark) \(names[index])", in: inside, row: row, ellipsis: scene.cut)
      if index == chooser.index { tint(inside.row(row), .selection) }
    }
  }

  /// Lists what the line could become above the line.
  private mutating func drawCompletions(
    of prompt: Prompt, _ scene: Scene, above footer: Rect
  ) {
    let all = prompt.completions
    guard !all.isEmpty else { return }
    let height = min(all.count, 8)
    let width = min((all.map { columns(of: $0) }.max() ?? 0) + 4, footer.width)
    let area = Rect(
      x: footer.x, y: footer.y - height - 2, width: max(width, 20), height: height + 2)
    let inside = openBox(area, "tab", scene)
    tint(inside, .overlay)
    let first = scrolled(0, toShow: prompt.chosen, height: height, count: all.count)
    for (row, index) in scene.visible(first, all.count, height).enumerated() {
      put(all[index], in: inside.inset(rows: 0), row: row, ellipsis: scene.symbols.ellipsis)
      if index == prompt.chosen { tint(inside.row(row), .selection) }
    }
    putPosition(first, of: all.count, height, scene, on: area)
  }
}
