import CNcurses
import Canvas

/// The theme's styles as emphasis and colour pairs of ncurses, worked out when first needed.
struct Palette {
  /// What ncurses needs to know of a style.
  struct Look {
    var emphasis: Int32
    var pair: Int32
  }

  private let theme: Theme
  private let depth: ColorDepth
  /// Where there are fewer colours than the theme means, its reverse and bold carry more.
  private let monochrome: Theme?
  private var looks: [UInt32: Look] = [:]
  private var pairs: [UInt32: Int32] = [:]
  private let pairLimit: Int

  init(theme: Theme, depth: ColorDepth) {
    self.theme = theme
    self.depth = depth
    monochrome = depth == .none ? .monochrome : nil
    pairLimit = Int(kubarium_color_pairs())
  }

  mutating func look(_ styleBits: UInt32) -> Look {
    if let known = looks[styleBits] { return known }
    let appearance = (monochrome ?? theme).appearance(of: Style(bits: styleBits))
    let look = Look(
      emphasis: Palette.bits(appearance.emphasis),
      pair: depth == .none ? 0 : pair(appearance))
    looks[styleBits] = look
    return look
  }

  private mutating func pair(_ appearance: Appearance) -> Int32 {
    var front = index(appearance.foreground)
    let back = index(appearance.background)
    if front >= 0, front == back { front = substitute(appearance.background) }
    guard front >= 0 || back >= 0 else { return 0 }
    let key = UInt32((front + 1) << 16 | (back + 1))
    if let known = pairs[key] { return known }
    let number = pairs.count + 1
    guard number < pairLimit, kubarium_define_pair(Int32(number), Int32(front), Int32(back)) else {
      return 0
    }
    pairs[key] = Int32(number)
    return Int32(number)
  }

  /// The terminal's number for a colour; -1 is its own.
  private func index(_ color: Color) -> Int {
    switch color {
    case .terminal: -1
    case .rgb(let rgb): rgb.terminalIndex(depth) ?? -1
    }
  }

  /// Black or white, where few colours have made text and background the same.
  private func substitute(_ background: Color) -> Int {
    guard case .rgb(let rgb) = background else { return -1 }
    return rgb.luminance < 0.18 ? 7 : 0
  }

  private static func bits(_ emphasis: Emphasis) -> Int32 {
    var result = 0
    if emphasis.contains(.bold) { result |= KUBARIUM_BOLD }
    if emphasis.contains(.dim) { result |= KUBARIUM_DIM }
    if emphasis.contains(.underline) { result |= KUBARIUM_UNDERLINE }
    if emphasis.contains(.reverse) { result |= KUBARIUM_REVERSE }
    return Int32(result)
  }
}
