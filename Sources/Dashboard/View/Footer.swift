import Canvas

extension CellGrid {
  /// Draws the bottom line: what is typed, else what there is to say, else the keys.
  mutating func drawFooter(_ scene: Scene, in line: Rect) {
    fill(line, style: Style(.hintText))
    switch scene.state.overlay {
    case .prompt(let prompt): cursor = putEditor(":", prompt.editor, in: line)
    case .filter(_, let editor, before: _): cursor = putEditor("/", editor, in: line)
    case .text(let text) where text.searchEditor != nil:
      cursor = putEditor("/", text.searchEditor ?? LineEditor(""), in: line)
    default:
      if let message = scene.state.message {
        putMessage(message, in: line, scene.symbols)
      } else {
        drawHints(scene, in: line)
      }
    }
  }

  /// Draws a line being typed, moved to the left where it is longer than the room, and returns
  /// where its cursor is.
  @discardableResult
  mutating func putEditor(_ mark: String, _ editor: LineEditor, in line: Rect) -> Point {
    let x = put(mark, at: Point(line.x, line.y), style: Style(.prompt), in: line)
    let room = Rect(x: x, y: line.y, width: line.maxX - x - 1, height: 1)
    let before = columns(of: editor.textBeforeCursor)
    let shift = max(before - room.width, 0)
    put(editor.text, at: Point(room.x - shift, line.y), style: Style(.input), in: room)
    return Point(room.x + before - shift, line.y)
  }

  private mutating func putMessage(_ message: Message, in line: Rect, _ symbols: SymbolSet) {
    let (role, sign): (Role, String) =
      switch message.kind {
      case .notice: (.notice, symbols.bullet)
      case .warning: (.warning, symbols.warning)
      case .error: (.error, symbols.cross)
      }
    let area = line.inset(columns: 1, rows: 0)
    put("\(sign) \(message.text)", in: area, style: Style(role), ellipsis: symbols.ellipsis)
  }

  /// Draws the keys of the table that have a hint, as many as there is room for.
  private mutating func drawHints(_ scene: Scene, in line: Rect) {
    for spot in HintSpot.all(scene, in: line) { putHint(spot.binding, at: spot.x, in: line, scene) }
  }

  private mutating func putHint(
    _ binding: Binding, at x: Int, in line: Rect, _ scene: Scene
  ) {
    let isOff = refusal(of: binding.action, scene) != nil
    let isGoing = binding.action == .pauseToggled && scene.snapshot.header.isPaused
    let runs = [
      TextRun(binding.keys.first?.name ?? "", Style(isOff ? .hintDisabled : .hintKey)),
      TextRun(
        " \(isGoing ? "resume" : binding.hint)", Style(isOff ? .hintDisabled : .hintText)),
    ]
    put(runs, at: Point(x, line.y), in: line)
  }
}

/// Where in the bottom line a key stands with its hint.
struct HintSpot {
  var binding: Binding
  var x: Int
  var width: Int

  /// Those there is room for, the most important ones, in the order of the table.
  static func all(_ scene: Scene, in line: Rect) -> [HintSpot] {
    let bindings = scene.state.keymap.bindings(in: scene.state.keyContext)
      .filter { !$0.hint.isEmpty && !$0.keys.isEmpty }
    var left = line.width - 2
    var shown: Set<Int> = []
    let order = bindings.indices.sorted { (bindings[$0].rank, $0) < (bindings[$1].rank, $1) }
    for index in order where width(bindings[index]) + (shown.isEmpty ? 0 : 2) <= left {
      left -= width(bindings[index]) + (shown.isEmpty ? 0 : 2)
      shown.insert(index)
    }
    var x = line.x + 1
    var spots: [HintSpot] = []
    for index in bindings.indices where shown.contains(index) {
      let isGoing =
        bindings[index].action == .pauseToggled && scene.snapshot.header.isPaused
      let width = width(bindings[index]) + (isGoing ? 1 : 0)
      spots.append(HintSpot(binding: bindings[index], x: x, width: width))
      x += width + 2
    }
    return spots
  }

  private static func width(_ binding: Binding) -> Int {
    columns(of: binding.keys.first?.name ?? "") + 1 + columns(of: binding.hint)
  }
}
