/// How colours are written in control sequences.
public enum ANSIColors: Hashable, Sendable {
  /// 24 bits, with semicolons: what players and converters of recordings understand.
  case direct
  /// The numbers of a terminal with as many colours.
  case indexed(ColorDepth)
}

/// Writes "select graphic rendition" sequences (ECMA-48, 8.3.117), as short as the change allows.
struct SGRWriter {
  private let colors: ANSIColors
  private var current: Appearance?

  init(_ colors: ANSIColors) { self.colors = colors }

  /// Forgets what the terminal was told, as after a reset by somebody else.
  mutating func forget() { current = nil }

  /// Appends what changes the terminal's state to `next`.
  mutating func write(_ next: Appearance, to text: inout String) {
    guard current != next else { return }
    var codes: [String] = []
    var known = current
    if known == nil || known?.emphasis != next.emphasis {
      codes.append("0")
      codes += SGRWriter.codes(next.emphasis)
      known = Appearance(.terminal, on: .terminal, next.emphasis)
    }
    if known?.foreground != next.foreground { codes.append(code(next.foreground, base: 30)) }
    if known?.background != next.background { codes.append(code(next.background, base: 40)) }
    text += "\u{1B}[" + codes.joined(separator: ";") + "m"
    current = next
  }

  private static func codes(_ emphasis: Emphasis) -> [String] {
    var codes: [String] = []
    if emphasis.contains(.bold) { codes.append("1") }
    if emphasis.contains(.dim) { codes.append("2") }
    if emphasis.contains(.underline) { codes.append("4") }
    if emphasis.contains(.reverse) { codes.append("7") }
    return codes
  }

  /// `base` is 30 for the foreground and 40 for the background; +9 is the terminal's own.
  private func code(_ color: Color, base: Int) -> String {
    guard case .rgb(let rgb) = color else { return "\(base + 9)" }
    switch colors {
    case .direct: return "\(base + 8);2;\(rgb.red);\(rgb.green);\(rgb.blue)"
    case .indexed(let depth):
      guard let index = rgb.terminalIndex(depth) else { return "\(base + 9)" }
      if depth == .full { return "\(base + 8);5;\(index)" }
      return index < 8 ? "\(base + index)" : "\(base + 60 + index - 8)"
    }
  }
}
