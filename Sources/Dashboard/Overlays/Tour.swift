import Canvas

/// Three things to try, for somebody who sees the program for the first time. Each is done by doing
/// it; escape ends the tour for good.
enum Tour {
  struct Step {
    var title: String
    var text: String
  }

  static let steps = [
    Step(
      title: "Scale",
      text: "Choose frontend with j and k, then press s, type 5 and enter. Watch its pods start,"
        + " become ready, and get their share of the requests."),
    Step(
      title: "Follow a packet",
      text: "Press t: a request is traced hop by hop, with the rule that decided at each."
        + " j goes on, p lets you guess first."),
    Step(
      title: "Take it back",
      text: "Press z: the change is undone, as if it had never been made. Z brings it back,"
        + " space stops time, ? lists every key."),
  ]

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
    tour = step + 1 < Tour.steps.count ? step + 1 : nil
    if tour == nil {
      message = Message(.notice, "that was the tour; ctrl-p finds anything, ? helps")
    }
  }
}

extension CellGrid {
  /// Draws the present step in the lower right corner, over what is the least in the way.
  mutating func drawTour(_ step: Int, _ scene: Scene, above footer: Rect) {
    guard Tour.steps.indices.contains(step) else { return }
    let width = min(footer.width, 58)
    let lines = wrapped(Tour.steps[step].text, to: width - 4)
    let height = lines.count + 2
    let area = Rect(
      x: footer.maxX - width, y: footer.y - height, width: width, height: height)
    fill(area, style: Style(.overlay))
    let title = [
      TextRun("\(step + 1) of \(Tour.steps.count) ", Style(.accent, .bold)),
      TextRun(Tour.steps[step].title, Style(.accent, .bold)),
      TextRun(" \(scene.symbols.separator) esc ends the tour", .dim),
    ]
    let inside = box(area, style: Style(.accent), title: title, symbols: scene.symbols)
    for (row, line) in lines.enumerated() {
      put(line, in: inside.inset(columns: 1, rows: 0), row: row, ellipsis: "")
    }
    tint(inside, .overlay)
  }
}
