/// A character that is drawn with rectangles and arcs: lines, corners and blocks.
struct CellShape {
  /// Which sides of the cell a line reaches, and how thick it is in hundredths of a pixel.
  private struct Arms {
    var up = false
    var right = false
    var down = false
    var left = false
    var thickness = 130
    var isRound = false
    var isDashed = false
    var isDouble = false
  }

  private enum Form {
    case line(Arms)
    /// Filled from the bottom, in eighths.
    case height(Int)
    /// Filled from the left, in eighths.
    case width(Int)
    /// A share of the cell in quarters of grey, as horizontal stripes.
    case shade(Int)
    case upperHalf
  }

  private let form: Form

  /// - Returns: nil for a character that is text.
  init?(_ scalar: Unicode.Scalar) {
    switch scalar.value {
    case 0x2581...0x2588: form = .height(Int(scalar.value) - 0x2580)
    case 0x2589...0x258F: form = .width(0x2590 - Int(scalar.value))
    case 0x2580: form = .upperHalf
    case 0x2591...0x2593: form = .shade(Int(scalar.value) - 0x2590)
    default:
      guard let arms = CellShape.arms(scalar) else { return nil }
      form = .line(arms)
    }
  }

  private static func arms(_ scalar: Unicode.Scalar) -> Arms? {
    let table: [(Unicode.Scalar, Arms)] = [
      ("─", Arms(right: true, left: true)), ("│", Arms(up: true, down: true)),
      ("╭", Arms(right: true, down: true, isRound: true)),
      ("╮", Arms(down: true, left: true, isRound: true)),
      ("╰", Arms(up: true, right: true, isRound: true)),
      ("╯", Arms(up: true, left: true, isRound: true)),
      ("┌", Arms(right: true, down: true)), ("┐", Arms(down: true, left: true)),
      ("└", Arms(up: true, right: true)), ("┘", Arms(up: true, left: true)),
      ("├", Arms(up: true, right: true, down: true)),
      ("┤", Arms(up: true, down: true, left: true)),
      ("┬", Arms(right: true, down: true, left: true)),
      ("┴", Arms(up: true, right: true, left: true)),
      ("┼", Arms(up: true, right: true, down: true, left: true)),
      ("━", Arms(right: true, left: true, thickness: 260)),
      ("┃", Arms(up: true, down: true, thickness: 260)),
      ("┏", Arms(right: true, down: true, thickness: 260)),
      ("┓", Arms(down: true, left: true, thickness: 260)),
      ("┗", Arms(up: true, right: true, thickness: 260)),
      ("┛", Arms(up: true, left: true, thickness: 260)),
      ("═", Arms(right: true, left: true, isDouble: true)),
      ("║", Arms(up: true, down: true, isDouble: true)),
      ("┄", Arms(right: true, left: true, isDashed: true)),
      ("┆", Arms(up: true, down: true, isDashed: true)),
    ]
    return table.first { $0.0 == scalar }?.1
  }

  /// The outline in the cell at `x`, `y`; lengths in hundredths of a pixel.
  func path(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> String {
    switch form {
    case .height(let eighths):
      let top = height * (8 - eighths) / 8
      return Self.rectangle(x, y + top, width, height - top)
    case .width(let eighths): return Self.rectangle(x, y, width * eighths / 8, height)
    case .upperHalf: return Self.rectangle(x, y, width, height / 2)
    case .shade(let quarters):
      return (0..<4).map { stripe in
        Self.rectangle(x, y + height * stripe / 4, width, height * quarters / 16)
      }.joined()
    case .line(let arms): return Self.line(arms, x, y, width, height)
    }
  }

  private static func rectangle(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> String {
    "M\(SVGLength(x).text) \(SVGLength(y).text)h\(SVGLength(width).text)"
      + "v\(SVGLength(height).text)h\(SVGLength(-width).text)z"
  }

  private static func line(_ arms: Arms, _ x: Int, _ y: Int, _ width: Int, _ height: Int)
    -> String
  {
    let half = arms.thickness / 2
    let (midX, midY) = (x + width / 2, y + height / 2)
    if arms.isRound { return corner(arms, x, y, width, height) }
    if arms.isDashed {
      return (0..<3).map { part in
        arms.right
          ? rectangle(x + width * part / 3, midY - half, width / 5, arms.thickness)
          : rectangle(midX - half, y + height * part / 3, arms.thickness, height / 5)
      }.joined()
    }
    if arms.isDouble {
      return [-180, 180].map { shift in
        arms.right
          ? rectangle(x, midY + shift - half, width, arms.thickness)
          : rectangle(midX + shift - half, y, arms.thickness, height)
      }.joined()
    }
    var text = ""
    if arms.left || arms.right {
      let from = arms.left ? x : midX - half
      let to = arms.right ? x + width : midX + half
      text += rectangle(from, midY - half, to - from, arms.thickness)
    }
    if arms.up || arms.down {
      let from = arms.up ? y : midY - half
      let to = arms.down ? y + height : midY + half
      text += rectangle(midX - half, from, arms.thickness, to - from)
    }
    return text
  }

  /// A quarter of a ring between two neighbouring sides, with straight ends to the cell's edges.
  private static func corner(_ arms: Arms, _ x: Int, _ y: Int, _ width: Int, _ height: Int)
    -> String
  {
    let half = arms.thickness / 2
    let (midX, midY) = (x + width / 2, y + height / 2)
    let radius = width / 2
    let sideways = arms.right ? 1 : -1
    let upright = arms.down ? 1 : -1
    let (inner, outer) = (radius - half, radius + half)
    // The middle of the ring lies a radius away from the cell's middle on both axes.
    let (centreX, centreY) = (midX + sideways * radius, midY + upright * radius)
    func text(_ value: Int) -> String { SVGLength(value).text }
    let sweep = sideways * upright > 0 ? 1 : 0
    var path = "M\(text(centreX - sideways * outer)) \(text(centreY))"
    path += "A\(text(outer)) \(text(outer)) 0 0 \(sweep) \(text(centreX)) "
    path += "\(text(centreY - upright * outer))V\(text(centreY - upright * inner))"
    path += "A\(text(inner)) \(text(inner)) 0 0 \(1 - sweep) \(text(centreX - sideways * inner)) "
    path += "\(text(centreY))z"
    let end = arms.down ? y + height : y
    path += rectangle(midX - half, min(centreY, end), arms.thickness, abs(end - centreY))
    return path
  }
}
