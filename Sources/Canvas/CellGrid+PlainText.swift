extension CellGrid {
  /// The picture as lines of text without spaces at their ends, for golden screens and pipes.
  public var plainText: String {
    lines { cell in cell.width == 0 ? nil : Character(cell.scalar) }
  }

  /// The letters of the cells' roles in the shape of the picture; `.` is plain text.
  public var roleText: String {
    lines { cell in Role(rawValue: UInt8(truncatingIfNeeded: cell.styleBits))?.letter ?? "?" }
  }

  /// The letters of the roles that lie under the text; `.` is a role's own background.
  public var groundText: String {
    lines { cell in Role(rawValue: UInt8(truncatingIfNeeded: cell.styleBits >> 8))?.letter ?? "?" }
  }

  private func lines(_ character: (Cell) -> Character?) -> String {
    var result = ""
    for y in 0..<height {
      if y > 0 { result.append("\n") }
      var line = ""
      for cell in cells[(y * width)..<((y + 1) * width)] {
        if let character = character(cell) { line.append(character) }
      }
      while line.last == " " { line.removeLast() }
      result += line
    }
    return result
  }
}
