import CNcurses
import Canvas

/// How a screen is to be opened.
public struct ScreenOptions: Hashable, Sendable {
  public var colorMode: ColorMode
  /// Whether clicks and the wheel come as keys; without, the terminal selects text with them.
  public var usesMouse: Bool
  /// Whether only ASCII is to be drawn, whatever the locale.
  public var isASCII: Bool
  /// Whether keys are read from the controlling terminal when standard input is something else,
  /// as when a manifest was piped in.
  public var readsKeysFromControllingTerminal: Bool

  public init(
    colorMode: ColorMode = .auto, usesMouse: Bool = true, isASCII: Bool = false,
    readsKeysFromControllingTerminal: Bool = false
  ) {
    self.colorMode = colorMode
    self.usesMouse = usesMouse
    self.isASCII = isASCII
    self.readsKeysFromControllingTerminal = readsKeysFromControllingTerminal
  }
}

/// The value of an environment variable that is set and not empty.
func environment(_ name: String) -> String? {
  guard let value = kubarium_environment(name).map({ String(cString: $0) }) else { return nil }
  return value.isEmpty ? nil : value
}
