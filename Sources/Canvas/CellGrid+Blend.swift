extension CellGrid {
  /// Puts a sign where nothing is written, and leaves alone what is.
  ///
  /// Returns whether there was room.
  @discardableResult
  public mutating func putOnBlank(_ sign: String, at place: Point, style: Style) -> Bool {
    guard bounds.contains(place) else { return false }
    let cell = self[place.x, place.y]
    guard cell.scalar == " ", cell.width == 1 else { return false }
    put(sign, at: place, style: style.on(cell.style.ground))
    return true
  }
}
