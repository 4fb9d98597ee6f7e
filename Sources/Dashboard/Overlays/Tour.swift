import Canvas

/// Three things to try, for somebody who sees the program for the first time. Each is done by doing
/// it; escape ends the tour for good.
enum Tour {
  struct Step {
    var title: String
    var text: String
  }

  static func steps(_ keymap: Keymap) -> [Step] {
    func key(_ action: DashboardAction, in context: KeyContext = .panels) -> String {
      keymap.label(action, in: context)
    }
    let (down, up) = (key(.selectionMoved(.by(1))), key(.selectionMoved(.by(-1))))
    return [
      Step(
        title: "Scale",
        text: "Choose frontend with \(down) and \(up), then press \(key(.scaleChosen)), type 5 and "
          + "\(key(.submitted, in: .number)). Watch its pods start, become ready, and get their "
          + "share of the requests."),
      Step(
        title: "Follow a packet",
        text: "Press \(key(.traceChosen)): a request is traced hop by hop, with the rule that "
          + "decided at each. \(key(.hopStepped(by: 1), in: .trace)) goes on, "
          + "\(key(.predictionAsked, in: .trace)) lets you guess first."),
      Step(
        title: "Take it back",
        text: "Press \(key(.commandChosen("undo"))): the change is undone, as if it had never been "
          + "made. \(key(.commandChosen("redo"))) brings it back, \(key(.pauseToggled)) stops time, "
          + "\(key(.helpOpened)) lists every key."),
    ]
  }

  static let count = 3

  /// Whether what was done is what a step asks for.
  static func isDone(_ step: Int, _ effects: [DashboardEffect], _ state: DashboardState) -> Bool {
    switch step {
    case 0:
      effects.contains { effect in
        if case .run(let command) = effect { command.hasPrefix("kubectl scale ") } else { false }
      }
    case 1: effects.contains { if case .trace = $0 { true } else { false } }
    default: effects.contains(.run("undo")) || state.overlay == .help(offset: 0)
    }
  }
}

extension DashboardState {
  /// Goes on with the tour when its step was done.
  mutating func followTour(_ effects: [DashboardEffect]) {
    guard let step = tour, Tour.isDone(step, effects, self) else { return }
    tour = step + 1 < Tour.count ? step + 1 : nil
    if tour == nil {
      message = Message(
        .notice,
        "that was the tour; \(keymap.label(.paletteOpened)) finds anything, "
          + "\(keymap.label(.helpOpened)) helps")
    }
  }
}

extension CellGrid {
  /// Draws the present step in the lower right corner, over what is the least in the way.
  mutating func drawTour(_ step: Int, _ scene: Scene, above footer: Rect) {
    let steps = Tour.steps(scene.state.keymap)
    guard steps.indices.contains(step) else { return }
    let width = min(footer.width, 58)
    let lines = wrapped(steps[step].text, to: width - 4)
    let height = lines.count + 2
    let area = Rect(
      x: footer.maxX - width, y: footer.y - height, width: width, height: height)
    fill(area, style: Style(.overlay))
    let title = [
      TextRun("\(step + 1) of \(steps.count) ", Style(.accent, .bold)),
      TextRun(steps[step].title, Style(.accent, .bold)),
      TextRun(
        " \(scene.symbols.separator) \(scene.state.keymap.label(.wentBack)) ends the tour", .dim),
    ]
    let inside = box(area, style: Style(.accent), title: title, symbols: scene.symbols)
    for (row, line) in lines.enumerated() {
      put(line, in: inside.inset(columns: 1, rows: 0), row: row, ellipsis: "")
    }
    tint(inside, .overlay)
  }
}
