import Canvas

extension DashboardState {
  /// A click chooses, a double click zooms, the wheel moves.
  mutating func follow(
    _ event: MouseEvent, _ snapshot: DashboardSnapshot
  ) -> [DashboardEffect] {
    switch event.action {
    case .wheelUp: return turnWheel(by: -3, at: event.place, snapshot)
    case .wheelDown: return turnWheel(by: 3, at: event.place, snapshot)
    case .press(.left):
      if let key = hintedKey(at: event.place, snapshot) { return press(key, &self, snapshot) }
      guard overlay == nil else { return [] }
      click(at: event.place, snapshot)
      if event.clicks == 2, ScreenLayout(self).panel(at: event.place) != nil {
        return goIn(snapshot)
      }
    case .press, .release, .drag: break
    }
    return []
  }

  /// The key whose hint stands at a place in the bottom line.
  private func hintedKey(at place: Point, _ snapshot: DashboardSnapshot) -> Key? {
    let line = ScreenLayout(self).footer
    guard line.contains(place), message == nil, !keyContext.takesText else { return nil }
    let scene = Scene(state: self, snapshot: snapshot)
    return HintSpot.all(scene, in: line)
      .first { place.x >= $0.x && place.x < $0.x + $0.width }?.binding.keys.first
  }

  private mutating func turnWheel(
    by lines: Int, at place: Point, _ snapshot: DashboardSnapshot
  ) -> [DashboardEffect] {
    if overlay != nil { return followInOverlay(.scrolled(.by(lines)), snapshot) }
    guard let panel = ScreenLayout(self).panel(at: place) else { return [] }
    focusOn(panel.id)
    moveSelection(.by(lines.signum()), snapshot)
    return []
  }

  private mutating func click(at place: Point, _ snapshot: DashboardSnapshot) {
    let scene = Scene(state: self, snapshot: snapshot)
    guard let placed = ScreenLayout(self).panel(at: place) else { return }
    if place.y == placed.area.y {
      focusOn(placed.tab(at: place, scene) ?? placed.id)
      return
    }
    focusOn(placed.id)
    let panel = Panels.panel(placed.id)
    let list = panel.parts(of: placed.inside, scene).list
    guard list.contains(place), let item = panel.item(at: place, scene, in: list),
      item < panel.itemCount(scene)
    else { return }
    panel.select(item, &self, snapshot)
  }
}
