import Canvas

extension ScreenLayout.PlacedPanel {
  /// The panels that share the place, as the frame names them.
  func tabTitles(_ scene: Scene) -> [(id: PanelID, text: String)] {
    let ids = tabs.isEmpty ? [id] : tabs
    return ids.map { tab in
      let panel = Panels.panel(tab)
      let mark = tab == id && scene.state.focus == id ? scene.symbols.selected : ""
      let isShort = ids.count > 4 && tab != id
      return (tab, "\(mark)\(tab.rawValue) \(isShort ? panel.shortName : panel.name)")
    }
  }

  /// The panel whose name stands at `place` in the frame.
  func tab(at place: Point, _ scene: Scene) -> PanelID? {
    var x = area.x + 2
    for title in tabTitles(scene) {
      let width = columns(of: title.text)
      if place.x >= x, place.x < x + width { return title.id }
      x += width + 3
    }
    return nil
  }
}

extension Panel {
  /// The first word of the name.
  var shortName: String { String(name.prefix { $0 != " " }) }
}
