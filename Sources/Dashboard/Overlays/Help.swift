import Canvas

/// The lines of the help, made from the table of keys.
enum Help {
  enum Line: Hashable {
    case sign(StateSign, String)
    case mark(isSelected: Bool, String)
    case title(String)
    case key(Binding)
    case text(String)
  }

  static func lines(_ keymap: Keymap) -> [Line] {
    var lines = signs
    for section in keymap.sections {
      lines.append(.text(""))
      lines.append(.title(section.title))
      lines += section.bindings.filter { !$0.keys.isEmpty && isTold($0) }.map(Line.key)
    }
    return lines + rest
  }

  /// The keys of a line of text are the same everywhere: once is enough.
  private static func isTold(_ binding: Binding) -> Bool {
    if binding.context == .prompt { return true }
    if case .lineEdited = binding.action { return false }
    return true
  }

  private static let signs: [Line] = [
    .title("Signs"),
    .sign(.ready, "ready"), .sign(.starting, "starting, or not ready"), .sign(.failing, "failing"),
    .sign(.terminating, "terminating"), .sign(.over, "over"),
    .mark(isSelected: true, "chosen"), .mark(isSelected: false, "belongs to what is chosen"),
  ]

  private static let rest: [Line] = [
    .text(""), .title("Mouse"),
    .text("A click chooses, the wheel moves, a double click zooms."),
    .text(""), .title("At the prompt"),
    .text("kubectl's commands, with or without the word kubectl; also pause, resume, speed N,"),
    .text("advance DURATION, step, trace FROM TO, traffic list. Tab completes."),
    .text(":po :svc :no :ev go to a panel, :ns NAME shows one namespace, :ns all, :q quits."),
  ]
}

extension CellGrid {
  /// Draws the help from line `offset` on.
  mutating func drawHelp(offset: Int, _ scene: Scene, in area: Rect) {
    let place = area.centred(width: min(area.width, 100), height: area.height)
    let inside = openBox(place, "Keys", scene).inset(columns: 1, rows: 0)
    let lines = Help.lines(scene.state.keymap)
    for (row, index) in scene.visible(offset, lines.count, inside.height).enumerated() {
      draw(lines[index], in: inside.row(row), scene)
    }
    putPosition(offset, of: lines.count, inside.height, scene, on: place)
    tint(place.inset(), .overlay)
  }

  private mutating func draw(_ line: Help.Line, in area: Rect, _ scene: Scene) {
    switch line {
    case .sign(let sign, let text):
      let runs = [TextRun("  \(sign.text(scene.symbols))", Style(sign.role)), TextRun("  \(text)")]
      put(runs, at: area.origin, in: area)
    case .mark(let isSelected, let text):
      let mark = scene.mark(isSelected: isSelected, isLinked: true)
      put([TextRun("  "), mark, TextRun("  \(text)")], at: area.origin, in: area)
    case .title(let text): put(text, in: area, style: Style(.header, .bold), ellipsis: scene.cut)
    case .text(let text): put("  \(text)", in: area, ellipsis: scene.symbols.ellipsis)
    case .key(let binding):
      let parts = area.splitHorizontally([.fixed(2), .fixed(18), .fill()])
      let isOff = refusal(of: binding.action, scene) != nil && binding.context == .panels
      put(
        binding.keyNames, in: parts[1], style: Style(isOff ? .hintDisabled : .hintKey),
        ellipsis: scene.symbols.ellipsis)
      let end = put(
        binding.help, at: parts[2].origin, style: Style(isOff ? .hintDisabled : .text),
        in: parts[2])
      let command = Rect(x: end + 2, y: area.y, width: area.maxX - end - 2, height: 1)
      put(binding.command, in: command, style: .dim, .right, ellipsis: scene.cut)
    }
  }
}
