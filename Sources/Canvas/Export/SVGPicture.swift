extension CellGrid {
  /// The picture as a scalable drawing, complete in itself.
  ///
  /// Lines and blocks are drawn as shapes, so that they meet whatever font there is; everything else
  /// is text, set word by word at its own column.
  public func svg(_ theme: Theme, title: String = "") -> String {
    SVGWriter(self, theme).document(title: title)
  }
}

/// Lengths in hundredths of a pixel, so that numbers are written the same everywhere.
struct SVGLength: Hashable {
  var hundredths: Int

  init(_ hundredths: Int) { self.hundredths = hundredths }

  var text: String {
    let (whole, part) = abs(hundredths).quotientAndRemainder(dividingBy: 100)
    let sign = hundredths < 0 ? "-" : ""
    if part == 0 { return "\(sign)\(whole)" }
    return part % 10 == 0
      ? "\(sign)\(whole).\(part / 10)" : "\(sign)\(whole).\(part < 10 ? "0" : "")\(part)"
  }
}

/// What a cell looks like once reverse and the terminal's own colours are worked out.
struct SVGLook: Hashable {
  var front: RGB
  var back: RGB
  var isBold = false
  var isDim = false
  var isUnderlined = false

  init(_ appearance: Appearance, _ variant: Theme.Variant) {
    let isDark = variant == .dark
    front = appearance.foreground.rgb ?? RGB(isDark ? 0xD8DEE9 : 0x24292F)
    back = appearance.background.rgb ?? RGB(isDark ? 0x16191F : 0xFBFAF7)
    if appearance.emphasis.contains(.reverse) { swap(&front, &back) }
    isBold = appearance.emphasis.contains(.bold)
    isDim = appearance.emphasis.contains(.dim)
    isUnderlined = appearance.emphasis.contains(.underline)
    if isDim { front = front.mixed(with: back, 0.35) }
  }
}

private struct SVGWriter {
  private let grid: CellGrid
  private let theme: Theme
  private let ground: RGB

  /// A cell of a 14 pixel monospaced font, whose characters are 0.602 of its size wide.
  private static let cellWidth = 843
  private static let cellHeight = 1800
  private static let baseline = 1350
  private static let margin = 1000

  init(_ grid: CellGrid, _ theme: Theme) {
    self.grid = grid
    self.theme = theme
    ground = SVGLook(theme.appearance(of: .text), theme.variant).back
  }

  private func look(_ cell: Cell) -> SVGLook {
    SVGLook(theme.appearance(of: cell.style), theme.variant)
  }

  func document(title: String) -> String {
    let width = SVGLength(grid.width * Self.cellWidth + 2 * Self.margin).text
    let height = SVGLength(grid.height * Self.cellHeight + 2 * Self.margin).text
    var text = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\""
    text += " viewBox=\"0 0 \(width) \(height)\" role=\"img\">\n"
    if !title.isEmpty { text += "<title>\(title.escapedForXML)</title>\n" }
    text += "<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"\(ground.hexText)\"/>\n"
    text += "<g transform=\"translate(\(SVGLength(Self.margin).text) "
    text += "\(SVGLength(Self.margin).text))\">\n"
    text += backgrounds() + shapes()
    text += "<g font-family=\"'DejaVu Sans Mono',Menlo,Consolas,monospace\" font-size=\"14\""
    text += " xml:space=\"preserve\">\n" + words() + "</g>\n"
    return text + "</g>\n</svg>\n"
  }

  /// One rectangle for neighbouring cells of one background.
  private func backgrounds() -> String {
    var text = ""
    for y in 0..<grid.height {
      var x = 0
      while x < grid.width {
        let back = look(grid[x, y]).back
        var end = x + 1
        while end < grid.width, look(grid[end, y]).back == back { end += 1 }
        if back != ground {
          text += "<rect x=\"\(left(x))\" y=\"\(SVGLength(y * Self.cellHeight).text)\""
          text += " width=\"\(left(end - x))\" height=\"\(SVGLength(Self.cellHeight).text)\""
          text += " fill=\"\(back.hexText)\"/>\n"
        }
        x = end
      }
    }
    return text
  }

  private func left(_ x: Int) -> String { SVGLength(x * Self.cellWidth).text }

  /// Lines and blocks, one path for each colour, in the order in which the colours appear.
  private func shapes() -> String {
    var order: [RGB] = []
    var fills: [RGB: String] = [:]
    for y in 0..<grid.height {
      for x in 0..<grid.width {
        let cell = grid[x, y]
        guard let shape = CellShape(cell.scalar) else { continue }
        let front = look(cell).front
        if fills[front] == nil { order.append(front) }
        fills[front, default: ""] += shape.path(
          x * Self.cellWidth, y * Self.cellHeight, Self.cellWidth, Self.cellHeight)
      }
    }
    return order.map { "<path fill=\"\($0.hexText)\" d=\"\(fills[$0] ?? "")\"/>\n" }.joined()
  }

  private func words() -> String {
    var text = ""
    for y in 0..<grid.height {
      var x = 0
      while x < grid.width {
        let cell = grid[x, y]
        guard !isEmpty(cell) else {
          x += 1
          continue
        }
        var word = String(Character(cell.scalar))
        var end = x + max(cell.width, 1)
        // Characters of other fonts may have another width, so each stands by itself.
        while end < grid.width, cell.scalar.isASCII, case let next = grid[end, y],
          next.scalar.isASCII, !isEmpty(next), next.styleBits == cell.styleBits
        {
          word.unicodeScalars.append(next.scalar)
          end += 1
        }
        text += element(word, look(cell), x, y)
        x = end
      }
    }
    return text
  }

  private func isEmpty(_ cell: Cell) -> Bool {
    cell.width == 0 || cell.scalar == " " || CellShape(cell.scalar) != nil
  }

  private func element(_ word: String, _ look: SVGLook, _ x: Int, _ y: Int) -> String {
    var text = "<text x=\"\(left(x))\""
    text += " y=\"\(SVGLength(y * Self.cellHeight + Self.baseline).text)\""
    text += " fill=\"\(look.front.hexText)\""
    if look.isBold { text += " font-weight=\"bold\"" }
    if look.isUnderlined { text += " text-decoration=\"underline\"" }
    return text + ">\(word.escapedForXML)</text>\n"
  }
}

extension RGB {
  /// `#rrggbb`.
  public var hexText: String {
    let digits = Array("0123456789abcdef")
    var text = "#"
    for channel in [red, green, blue] {
      text.append(digits[Int(channel >> 4)])
      text.append(digits[Int(channel & 15)])
    }
    return text
  }
}

extension String {
  /// With the characters that mean something in XML written as entities.
  fileprivate var escapedForXML: String {
    var text = ""
    for character in self {
      switch character {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      default: text.append(character)
      }
    }
    return text
  }
}
