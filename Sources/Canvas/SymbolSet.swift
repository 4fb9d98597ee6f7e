/// The characters that lines and corners are made of.
public struct BoxSymbols: Hashable, Sendable {
  public var horizontal, vertical: String
  public var topLeft, topRight, bottomLeft, bottomRight: String
  /// The heavy line of a path in focus, the double one of encapsulation, the dashed one of refusal.
  public var heavy, double, dashed: String
}

/// Every sign that the screen uses, so that a terminal without them can have others.
///
/// All are one column wide and none has an emoji form by default.
public struct SymbolSet: Hashable, Sendable {
  public var isUnicode: Bool
  // States; never told by colour alone.
  public var ready, starting, failing, terminating: String
  // Marks beside text.
  public var selected, expanded, collapsed, ellipsis, bullet, check, cross, arrow: String
  public var up, down, warning: String
  // The clock.
  public var running, paused: String
  /// What a request in flight looks like.
  public var packet, packetDropped, trail: String
  public var times, separator: String
  public var box: BoxSymbols
  /// Filled shares of a cell from left to right, the last one full.
  public var gaugeSteps: [String]
  public var gaugeEmpty: String
  /// Heights from lowest to highest.
  public var sparkSteps: [String]
}

extension SymbolSet {
  public static let unicode = SymbolSet(
    isUnicode: true,
    ready: "●", starting: "◐", failing: "⊗", terminating: "○",
    selected: "▸", expanded: "▾", collapsed: "▸", ellipsis: "…", bullet: "•", check: "✓",
    cross: "✗", arrow: "→", up: "↑", down: "↓", warning: "▲",
    running: "▶", paused: "‖",
    packet: "•", packetDropped: "✗", trail: "·", times: "×", separator: "─",
    box: BoxSymbols(
      horizontal: "─", vertical: "│", topLeft: "╭", topRight: "╮", bottomLeft: "╰",
      bottomRight: "╯", heavy: "━", double: "═", dashed: "┄"),
    gaugeSteps: ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"], gaugeEmpty: " ",
    sparkSteps: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"])

  public static let ascii = SymbolSet(
    isUnicode: false,
    ready: "*", starting: "~", failing: "!", terminating: "o",
    selected: ">", expanded: "v", collapsed: ">", ellipsis: "~", bullet: "-", check: "+",
    cross: "x", arrow: ">", up: "^", down: "v", warning: "!",
    running: ">", paused: "=",
    packet: "o", packetDropped: "x", trail: ".", times: "x", separator: "-",
    box: BoxSymbols(
      horizontal: "-", vertical: "|", topLeft: "+", topRight: "+", bottomLeft: "+",
      bottomRight: "+", heavy: "=", double: "=", dashed: "."),
    gaugeSteps: ["#"], gaugeEmpty: ".",
    sparkSteps: ["_", ".", "-", "=", "+", "*", "#", "@"])
}
