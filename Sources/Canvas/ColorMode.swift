/// Which colours the user wants.
public enum ColorMode: String, CaseIterable, Hashable, Sendable {
  /// What the terminal has, unless the environment says NO_COLOR.
  case auto
  case full = "256"
  case sixteen = "16"
  case eight = "8"
  case none

  /// The depth to paint with on a terminal of `colors` colours.
  public func depth(terminalColors colors: Int, isColorUnwanted: Bool) -> ColorDepth {
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
