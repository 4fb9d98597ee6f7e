import Canvas

/// A panel of what happens one after the other, the newest at the bottom; it stays there until
/// something older is selected.
protocol FollowingPanel: Panel {
  func isFollowing(_ scene: Scene) -> Bool
}

extension FollowingPanel {
  func settle(_ state: inout DashboardState, _ snapshot: DashboardSnapshot, in area: Rect) {}

  /// The last rows while the newest is followed, else those around the selected one.
  func visible(_ scene: Scene, height: Int) -> Range<Int> {
    let count = itemCount(scene)
    let last = isFollowing(scene) ? count : count - height
    let selected = selectedItem(scene)
    let offset = scrolled(
      max(min((selected ?? 0) - height / 2, last), 0), toShow: selected, height: height,
      count: count)
    return scene.visible(offset, count, height)
  }

  func item(at place: Point, _ scene: Scene, in area: Rect) -> Int? {
    let visible = visible(scene, height: area.height)
    let item = visible.lowerBound + place.y - area.y
    return visible.contains(item) ? item : nil
  }
}
