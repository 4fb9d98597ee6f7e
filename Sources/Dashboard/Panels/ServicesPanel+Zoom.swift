import Canvas

extension ServicesPanel {
  /// Draws the chosen Service from its name down to its endpoints.
  func drawDetail(_ scene: Scene, in area: Rect, on grid: inout CellGrid) {
    guard let detail = scene.snapshot.service else { return }
    let row = scene.snapshot.serviceIndex(detail.name).map { scene.snapshot.services[$0] }
    ServiceZoom(detail: detail, row: row, scene: scene).draw(in: area, on: &grid)
  }
}
