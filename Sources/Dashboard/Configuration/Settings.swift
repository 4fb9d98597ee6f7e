import Canvas

/// What the user's `config.yaml` says of the dashboard; nil where it says nothing.
public struct Settings: Hashable, Sendable {
  /// The name of a theme.
  public var theme: String?
  public var color: ColorMode?
  public var isASCII: Bool?
  public var isAnimated: Bool?
  public var usesMouse: Bool?
  public var charts: ChartStyle?
  public var isWide: Bool?
  public var showsSystem: Bool?
  public var hasTour: Bool?
  public var keymap = Keymap.standard

  public init() {}
}

extension DashboardState {
  /// Begins as the user's settings say.
  mutating func adopt(_ settings: Settings) {
    keymap = settings.keymap
    if let isAnimated = settings.isAnimated { self.isAnimated = isAnimated }
    if let usesMouse = settings.usesMouse { self.usesMouse = usesMouse }
    if let charts = settings.charts { chartStyle = charts }
    if let isWide = settings.isWide { self.isWide = isWide }
    if let showsSystem = settings.showsSystem { self.showsSystem = showsSystem }
  }
}
