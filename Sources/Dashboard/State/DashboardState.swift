import Canvas
import ControlPlane

/// The parts of the screen, with the numbers that choose them.
public enum PanelID: Int, CaseIterable, Hashable, Sendable {
  case nodes = 1
  case pods, services, events, commands
}

/// The size of the screen in cells.
public struct ScreenSize: Hashable, Sendable {
  public var columns: Int
  public var rows: Int

  public init(_ columns: Int, _ rows: Int) {
    self.columns = columns
    self.rows = rows
  }
}

/// What the user sees and has chosen; the cluster itself is in the snapshot.
///
/// What is selected is kept by name, so that it stays selected while the rows around it change.
public struct DashboardState: Hashable, Sendable {
  public var size: ScreenSize
  /// What keys mean.
  public var keymap = Keymap.standard
  public var focus = PanelID.services
  public var isZoomed = false
  /// The panel whose selection lights up what belongs to it in the others.
  public var linkSource = PanelID.services
  /// Which of the panels that share a place is in front.
  public var frontTab = PanelID.services
  public var selection = Selection()
  public var scroll = Scroll()
  /// The words that rows must contain, by panel.
  public var filters = Filters()
  /// Whether the pods and services of the system's own namespaces are shown.
  public var showsSystem = false
  /// The only namespace to show; nil for all.
  public var onlyNamespace: String?
  /// Whether only what has a fault is shown.
  public var showsFaultsOnly = false
  /// Whether lists have all their columns.
  public var isWide = false
  /// By which column the rows of a panel stand in order; by name where there is none.
  public var sorting = Sorting()
  public var chartStyle = ChartStyle.block
  /// Whether requests are drawn as they move.
  public var isAnimated = true
  /// What is marked, in the order in which it was.
  public var marks: [ObjectName] = []
  /// Whether the program has the mouse.
  public var usesMouse = true
  /// Where one came from, the newest last.
  public var trail: [Stop] = []
  /// The step of the tour that is shown; nil for none.
  public var tour: Int?
  public var overlay: Overlay?
  /// What lies under the overlay and comes back when it is closed.
  public var covered: [Overlay] = []
  public var message: Message?
  /// What a demo tells, under the panels; empty without one.
  public var narration = ""
  public var commands = CommandLog()
  /// What was typed at the prompt, the newest last.
  public var history: [String] = []
  /// The themes there are to choose from, and the one in use.
  public var themes: [String] = []
  public var theme = 0

  public init(size: ScreenSize = ScreenSize(80, 24)) { self.size = size }
}

/// What is selected in each panel.
public struct Selection: Hashable, Sendable {
  public var node: String?
  public var pod: NamespacedName?
  /// Where it was when it was selected; empty before it had a node.
  public var podNode = ""
  public var service: NamespacedName?
  /// The number of an event; nil follows the newest.
  public var event: UInt64?
  /// A line of the command log, from the first ever; nil follows the newest.
  public var commandLine: Int?

  public init() {}
}

/// The first thing visible in each panel.
public struct Scroll: Hashable, Sendable {
  public var node = 0
  /// A column of the pod network.
  public var podColumn = 0
  /// A row in its columns.
  public var podRow = 0
  public var service = 0

  public init() {}
}

/// A sentence in the bottom line, until the next key.
public struct Message: Hashable, Sendable {
  public enum Kind: Hashable, Sendable { case notice, warning, error }

  public var kind: Kind
  public var text: String

  public init(_ kind: Kind, _ text: String) {
    self.kind = kind
    self.text = text
  }
}

/// The words typed after `/`, by panel.
public struct Filters: Hashable, Sendable {
  private var texts: [PanelID: String] = [:]

  public init() {}

  public subscript(panel: PanelID) -> String {
    get { texts[panel] ?? "" }
    set { texts[panel] = newValue.isEmpty ? nil : newValue }
  }
}

/// A place one came from by going into something.
public struct Stop: Hashable, Sendable {
  public var focus: PanelID
  public var isZoomed: Bool
  public var selection: Selection
  /// What it is called in the line of crumbs.
  public var name: String
}

/// The order of the rows of each panel.
public struct Sorting: Hashable, Sendable {
  public struct Order: Hashable, Sendable {
    /// The title of a column.
    public var column: String
    public var isDescending = false
  }

  private var orders: [PanelID: Order] = [:]

  public init() {}

  public subscript(panel: PanelID) -> Order? {
    get { orders[panel] }
    set { orders[panel] = newValue }
  }
}
