import Canvas

/// Where the parts of the screen are.
///
/// From 120x30 on all five panels are side by side. Below, they are stacked, and those that find no
/// room share a place as tabs. Nothing is ever left out: it is one key away.
public struct ScreenLayout: Hashable, Sendable {
  public var header: Rect
  /// The bottom line.
  public var footer: Rect
  public var panels: [PlacedPanel]
  /// Where a demo tells what is going on; without height when it does not.
  public var narration: Rect

  /// A panel that can be seen, and those that share its place with it.
  public struct PlacedPanel: Hashable, Sendable {
    public var id: PanelID
    public var area: Rect
    /// All that share the place, this one too; empty when it has the place for itself.
    public var tabs: [PanelID] = []
  }

  public static let smallest = ScreenSize(60, 16)

  public static func isTooSmall(_ size: ScreenSize) -> Bool {
    size.columns < smallest.columns || size.rows < smallest.rows
  }

  public init(_ state: DashboardState) {
    let whole = Rect(x: 0, y: 0, width: state.size.columns, height: state.size.rows)
    header = whole.row(0)
    footer = whole.row(max(whole.height - 1, 0))
    let height = state.narration.isEmpty ? 0 : whole.height < 30 ? 2 : 3
    narration = Rect(x: 0, y: footer.y - height, width: whole.width, height: height)
    let middle = Rect(x: 0, y: 1, width: whole.width, height: max(whole.height - 2 - height, 0))
    panels = []
    if state.isZoomed {
      panels = [PlacedPanel(id: state.focus, area: middle)]
    } else if whole.width >= 120, whole.height >= 30 {
      panels = Self.sideBySide(middle)
    } else if whole.height >= 36 {
      panels = Self.tall(middle, front: Self.front(of: [.nodes, .events, .commands], state))
    } else if whole.height >= 20 {
      let tabs: [PanelID] = [.nodes, .services, .events, .commands]
      panels = Self.stacked(middle, tabs, front: Self.front(of: tabs, state))
    } else {
      panels = [PlacedPanel(id: state.focus, area: middle, tabs: PanelID.allCases)]
    }
  }

  public func panel(_ id: PanelID) -> PlacedPanel? { panels.first { $0.id == id } }

  public func panel(at place: Point) -> PlacedPanel? { panels.first { $0.area.contains(place) } }

  private static func front(of tabs: [PanelID], _ state: DashboardState) -> PanelID {
    if tabs.contains(state.focus) { return state.focus }
    return tabs.contains(state.frontTab) ? state.frontTab : tabs[0]
  }

  private static func sideBySide(_ area: Rect) -> [PlacedPanel] {
    let rows = area.splitVertically([.fill(weight: 10), .fill(weight: 14), .fill(weight: 10)])
    // As wide as the columns of a usual cluster: all of them, or the first four.
    let nodes = area.width >= 160 ? 82 : 48
    let top = rows[0].splitHorizontally([.fixed(nodes), .fill()])
    let bottom = rows[2].splitHorizontally([.fill(weight: 6), .fill(weight: 5)])
    return [
      PlacedPanel(id: .nodes, area: top[0]), PlacedPanel(id: .pods, area: top[1]),
      PlacedPanel(id: .services, area: rows[1]),
      PlacedPanel(id: .events, area: bottom[0]), PlacedPanel(id: .commands, area: bottom[1]),
    ]
  }

  private static func tall(_ area: Rect, front: PanelID) -> [PlacedPanel] {
    let rows = area.splitVertically([.fill(weight: 10), .fill(weight: 14), .fill(weight: 9)])
    return [
      PlacedPanel(id: .pods, area: rows[0]), PlacedPanel(id: .services, area: rows[1]),
      PlacedPanel(id: front, area: rows[2], tabs: [.nodes, .events, .commands]),
    ]
  }

  private static func stacked(_ area: Rect, _ tabs: [PanelID], front: PanelID) -> [PlacedPanel] {
    let rows = area.splitVertically([.fill(weight: 9), .fill(weight: 13)])
    return [
      PlacedPanel(id: .pods, area: rows[0]), PlacedPanel(id: front, area: rows[1], tabs: tabs),
    ]
  }
}

extension ScreenLayout.PlacedPanel {
  /// What the panel's frame encloses.
  public var inside: Rect { area.inset() }
}
