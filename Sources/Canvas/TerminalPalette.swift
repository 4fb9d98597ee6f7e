/// How many colours a terminal can show.
public enum ColorDepth: Int, Hashable, Comparable, Sendable {
  case none = 0
  case eight = 8
  case sixteen = 16
  case full = 256

  public static func < (left: ColorDepth, right: ColorDepth) -> Bool {
    left.rawValue < right.rawValue
  }
}

extension RGB {
  /// The number of the nearest colour that a terminal of `depth` has; nil when it has none.
  public func terminalIndex(_ depth: ColorDepth) -> Int? {
    switch depth {
    case .none: nil
    case .eight: basicIndex & 7
    case .sixteen: basicIndex
    case .full: xtermIndex
    }
  }

  /// The nearest of xterm's fixed colours, the cube and the greys (16…255).
  ///
  /// The first sixteen are left out: users change them.
  public var xtermIndex: Int {
    let levels = [0, 95, 135, 175, 215, 255]
    func step(_ channel: UInt8) -> Int {
      let value = Int(channel)
      return value < 48 ? 0 : value < 116 ? 1 : (value - 36) / 40
    }
    let (r, g, b) = (step(red), step(green), step(blue))
    let grey = min(max((Int(red) * 30 + Int(green) * 59 + Int(blue) * 11) / 100 - 4, 0) / 10, 23)
    let greyLevel = 8 + 10 * grey
    let cubeDistance = distance(levels[r], levels[g], levels[b])
    let greyDistance = distance(greyLevel, greyLevel, greyLevel)
    return greyDistance < cubeDistance ? 232 + grey : 16 + 36 * r + 6 * g + b
  }

  /// Distance as the eye weighs the channels.
  private func distance(_ r: Int, _ g: Int, _ b: Int) -> Int {
    let (dr, dg, db) = (Int(red) - r, Int(green) - g, Int(blue) - b)
    return 30 * dr * dr + 59 * dg * dg + 11 * db * db
  }

  /// One of the sixteen named colours, by hue first: a pale red is still red, not grey.
  private var basicIndex: Int {
    let (r, g, b) = (Int(red), Int(green), Int(blue))
    let high = max(r, g, b)
    let low = min(r, g, b)
    if high - low < max(high / 5, 24) {
      return high < 50 ? 0 : high < 128 ? 8 : high < 200 ? 7 : 15
    }
    let middle = low + (high - low) / 2
    let hue = (r > middle ? 1 : 0) | (g > middle ? 2 : 0) | (b > middle ? 4 : 0)
    if high < 64 { return 0 }
    return hue + (high > 180 ? 8 : 0)
  }
}
