import CNcurses
import Canvas

/// Which colours the user wants.
public enum ColorMode: String, CaseIterable, Hashable, Sendable {
  /// What the terminal has, unless the environment says NO_COLOR.
  case auto
  case full = "256"
  case sixteen = "16"
  case eight = "8"
  case none

  /// The depth to paint with on a terminal of `colors` colours.
  func depth(terminalColors colors: Int, isColorUnwanted: Bool) -> ColorDepth {
    let available: ColorDepth =
      colors >= 256 ? .full : colors >= 16 ? .sixteen : colors >= 8 ? .eight : .none
    switch self {
    case .auto: return isColorUnwanted ? .none : available
    case .full: return available
    case .sixteen: return min(available, .sixteen)
    case .eight: return min(available, .eight)
    case .none: return .none
    }
  }
}

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
