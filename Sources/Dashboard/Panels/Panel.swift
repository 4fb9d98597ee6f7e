import Canvas

/// What a panel draws from.
struct Scene {
  var state: DashboardState
  var snapshot: DashboardSnapshot
  var symbols: SymbolSet = .unicode
}

/// A part of the screen: a list with something selected in it.
///
/// Reading, drawing and moving are apart, so that a panel is an entry of `Panels.all` and nothing
/// else knows it. Items are counted from 0 in the order in which they are shown.
protocol Panel: Sendable {
  var id: PanelID { get }
  /// What stands in its frame behind the number.
  var name: String { get }
  /// What stands behind the name.
  func subtitle(_ scene: Scene) -> [TextRun]
  func itemCount(_ scene: Scene) -> Int
  /// The item that is selected; nil when there is none.
  func selectedItem(_ scene: Scene) -> Int?
  /// Selects an item that exists.
  func select(_ item: Int, _ state: inout DashboardState, _ snapshot: DashboardSnapshot)
  /// The item that lies `columns` beside `item`, where that means anything.
  func item(beside item: Int, _ columns: Int, _ scene: Scene) -> Int
  /// Brings what is visible in `area` to where the selection is.
  func settle(_ state: inout DashboardState, _ snapshot: DashboardSnapshot, in area: Rect)
  /// The item drawn at `place`.
  func item(at place: Point, _ scene: Scene, in area: Rect) -> Int?
  func draw(_ scene: Scene, in area: Rect, on grid: inout CellGrid)
  /// What stands under the list when the panel has the whole screen; nil for nothing.
  func drawDetail(_ scene: Scene, in area: Rect, on grid: inout CellGrid)
  /// How many rows the list needs when the detail takes what is left; nil when there is no detail.
  func listHeight(_ scene: Scene, of height: Int) -> Int?
  /// What the chosen item is for the commands.
  func object(_ scene: Scene) -> ObjectName?
  /// What to say when there is nothing to show.
  func emptyText(_ scene: Scene) -> String
  /// Whether there is something to see without items.
  func drawsWhenEmpty(_ scene: Scene) -> Bool
}

extension Panel {
  func item(beside item: Int, _ columns: Int, _ scene: Scene) -> Int { item }
  func drawDetail(_ scene: Scene, in area: Rect, on grid: inout CellGrid) {}
  func listHeight(_ scene: Scene, of height: Int) -> Int? { nil }
  func object(_ scene: Scene) -> ObjectName? { nil }
  func drawsWhenEmpty(_ scene: Scene) -> Bool { false }
}

/// The panels there are.
enum Panels {
  static let all: [any Panel] = [
    NodesPanel(), PodsPanel(), ServicesPanel(), EventsPanel(), CommandsPanel(),
  ]

  static func panel(_ id: PanelID) -> any Panel {
    // One for each: a test says so.
    all.first { $0.id == id } ?? ServicesPanel()
  }
}

/// An object as commands name it.
public struct ObjectName: Hashable, Sendable {
  /// As in `kubectl get KIND`.
  public var kind: String
  public var namespace: String
  public var name: String

  /// `pod/cart-5f6d8c7b9-8zwtn`.
  var text: String { "\(kind)/\(name)" }
}

extension Panel {
  /// The list's and the detail's part of what the frame encloses.
  func parts(of area: Rect, _ scene: Scene) -> (list: Rect, detail: Rect) {
    guard scene.state.isZoomed, scene.state.focus == id,
      let height = listHeight(scene, of: area.height)
    else { return (area, .zero) }
    let rows = area.splitVertically([.fixed(height), .fill()])
    return (rows[0], rows[1])
  }
}

/// The first of `count` rows to show so that `selected` is among the `height` visible ones, as
/// near to `offset` as can be.
func scrolled(_ offset: Int, toShow selected: Int?, height: Int, count: Int) -> Int {
  let height = max(height, 1)
  var offset = min(max(offset, 0), max(count - height, 0))
  guard let selected else { return offset }
  if selected < offset { offset = selected }
  if selected >= offset + height { offset = selected - height + 1 }
  return max(offset, 0)
}
