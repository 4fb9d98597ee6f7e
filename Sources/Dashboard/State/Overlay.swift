import ControlPlane

/// What lies over the panels and has the keys.
public enum Overlay: Hashable, Sendable {
  case help(offset: Int)
  case text(TextView)
  case prompt(Prompt)
  case filter(PanelID, LineEditor, before: String)
  case scale(ScaleDialog)
  case question(Question)
  case themes(ThemeChooser)
  case trace(TraceView)
  case finder(Finder)
  case requests(RequestsView)
  case why(WhyView)
  case review(EditReview)
}

/// Text to read: an object's description or YAML, or what a command printed.
public struct TextView: Hashable, Sendable {
  public var title: String
  public var lines: [String]
  /// The first visible line, and the first visible column.
  public var offset = 0
  public var column = 0
  /// What is looked for, while it is typed and after.
  public var search = ""
  public var searchEditor: LineEditor?

  static let lineLimit = 50_000
  static let columnLimit = 4_000

  public init(title: String, text: String) {
    self.title = title
    var all = text.split(separator: "\n", omittingEmptySubsequences: false)
    if all.last?.isEmpty == true { all.removeLast() }
    lines = all.prefix(Self.lineLimit).map { String($0) }
    if all.count > Self.lineLimit { lines.append("... \(all.count - Self.lineLimit) more lines") }
  }
}

/// The command line after `:`.
public struct Prompt: Hashable, Sendable {
  public var editor: LineEditor
  public var completions: [String] = []
  /// The completion that stands in the line now.
  public var chosen: Int?
  /// What was typed before completions were tried.
  public var typed = ""
  /// How far back in the history.
  public var historyIndex: Int?

  public init(_ text: String = "") { editor = LineEditor(text) }
}

/// Asks how many replicas a Deployment is to have.
public struct ScaleDialog: Hashable, Sendable {
  public var workload: WorkloadFigures
  public var editor = LineEditor("")

  public init(_ workload: WorkloadFigures) { self.workload = workload }

  /// What was typed, if it is a number of replicas.
  var replicas: Int? { Int(editor.text) }
}

/// Asks whether a command that loses something is meant.
public struct Question: Hashable, Sendable {
  public var text: String
  public var command: String

  public init(_ text: String, command: String) {
    self.text = text
    self.command = command
  }
}

/// Lists the themes; each is tried on as it is passed.
public struct ThemeChooser: Hashable, Sendable {
  public var index: Int
  /// The one to go back to.
  public var before: Int

  public init(index: Int) {
    self.index = index
    before = index
  }
}
