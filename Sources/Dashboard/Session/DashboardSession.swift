import Canvas
import Console

/// A dashboard at work: a console, what is chosen on its screen, and the newest snapshot.
///
/// It needs neither a terminal nor a clock: whoever owns it hands in what happened, lets time pass
/// in its console, and takes pictures. A terminal does so at the pace of the wall clock, a recording
/// at its own.
public struct DashboardSession {
  public var console: Console
  public private(set) var state = DashboardState() { didSet { still = nil } }
  /// The themes there are to choose from.
  public private(set) var themes: [Theme]
  /// The theme that the user sees, which while choosing is the one being tried on.
  public private(set) var theme: Theme
  /// What only the owner of a terminal can do, the oldest first.
  public private(set) var wishes: [Wish] = []
  /// The user asked to leave.
  public private(set) var isEnding = false

  /// What commands asked for that needs files or a clock; the owner takes it out and does it.
  public var requests: [HostRequest] = []

  private var maker: SnapshotMaker
  /// Requests on their way across the screen.
  private var dots = Dots()
  /// What lies under them; nil since something has changed.
  private var still: StillPicture?
  let files: any FileReading

  /// - Parameters:
  ///   - name: what the top line calls the cluster.
  ///   - theme: which of `themes` to begin with.
  public init(
    _ console: Console, name: String, themes: [Theme], theme: Int = 0,
    files: any FileReading = NoFiles()
  ) {
    self.console = console
    self.console.keepHistory()
    self.themes = themes.isEmpty ? [.monochrome] : themes
    self.files = files
    maker = SnapshotMaker(name: name)
    state.themes = self.themes.map(\.name)
    state.theme = self.themes.indices.contains(theme) ? theme : 0
    self.theme = self.themes[state.theme]
  }

  public var snapshot: DashboardSnapshot { maker.snapshot }

  /// Takes other themes, whose files have changed; the one in use stays in use by its name.
  public mutating func use(_ themes: [Theme]) {
    guard !themes.isEmpty else { return }
    let name = self.themes[state.theme].name
    self.themes = themes
    state.themes = themes.map(\.name)
    state.theme = themes.firstIndex { $0.name == name } ?? 0
    theme = themes[state.theme]
  }

  /// Begins as the user's settings say.
  public mutating func adopt(_ settings: Settings) { state.adopt(settings) }

  public mutating func resize(to size: ScreenSize) { state.size = size }

  public mutating func say(_ message: Message) { state.message = message }

  /// Writes into the log of commands what was said before the screen was there.
  public mutating func note(_ command: String, output: String = "", errors: String = "") {
    state.commands.append(command, output: output, errors: errors)
  }

  mutating func wish(_ wish: Wish) { wishes.append(wish) }

  /// Takes the oldest wish; nil when there is none.
  public mutating func nextWish() -> Wish? { wishes.isEmpty ? nil : wishes.removeFirst() }

  /// Tells the header whether simulated time keeps up.
  public mutating func note(isBehind: Bool) {
    still = nil
    maker.note(isBehind: isBehind)
  }

  /// Shows a sentence under the panels; an empty one takes it away.
  public mutating func narrate(_ text: String) { state.narration = text }

  /// Runs a command that nobody typed: it is not in the log.
  @discardableResult
  public mutating func run(_ command: String) -> CommandResult {
    let result = console.execute(command, reading: files)
    for request in result.requests { _ = answer(request) }
    return result
  }

  /// Whether a command succeeds, tried on a copy.
  public func holds(_ command: String) -> Bool {
    var copy = console
    return copy.execute(command, reading: files).status == 0
  }

  /// Brings the snapshot to the present.
  public mutating func update() { refresh() }

  /// Brings the snapshot to the present and returns the picture of it.
  public mutating func picture(_ symbols: SymbolSet = .unicode) -> CellGrid {
    refresh()
    return pictureAsItIs(symbols)
  }

  /// Lets the requests on the screen move on.
  public mutating func move(byMilliseconds milliseconds: Int) {
    guard showsMoving else {
      if !dots.dots.isEmpty { dots.clear() }
      return
    }
    let header = maker.snapshot.header
    guard !header.isPaused else { return }
    dots.advance(
      byMilliseconds: milliseconds, speed: header.speed ?? 1, maker.snapshot.flows)
  }

  /// Returns the picture without asking how the cluster is; where only requests have moved, only
  /// they are drawn anew.
  public mutating func pictureAsItIs(_ symbols: SymbolSet = .unicode) -> CellGrid {
    if still?.scene.symbols != symbols { still = StillPicture(state, maker.snapshot, symbols) }
    guard let still else { return CellGrid(width: 0, height: 0) }
    guard showsMoving, !dots.dots.isEmpty else { return still.grid }
    var grid = still.grid
    still.map.draw(dots, still.scene, on: &grid)
    return grid
  }

  /// Whether requests are drawn as they move.
  public var showsMoving: Bool {
    state.isAnimated && state.overlay == nil && !state.isZoomed
      && !ScreenLayout.isTooSmall(state.size)
  }

  /// Shows what there is to try.
  public mutating func beginTour() { state.tour = 0 }

  /// Whether requests are drawn as they move, whatever else is shown.
  public mutating func animate(_ isAnimated: Bool) { state.isAnimated = isAnimated }

  /// Brings the snapshot to the present and the state to the snapshot.
  private mutating func refresh() {
    // Nothing else may hold the snapshot while it is changed.
    still = nil
    maker.update(console, for: state)
    let (selection, scroll) = (state.selection, state.scroll)
    _ = reduce(&state, .refreshed, maker.snapshot)
    // What has been chosen because there was nothing before needs its details too.
    if state.selection != selection || state.scroll != scroll {
      maker.update(console, for: state)
    }
  }

  /// Reduces an action and does what follows from it.
  public mutating func take(_ action: DashboardAction) {
    let before = state
    let effects = reduce(&state, action, maker.snapshot)
    for effect in effects { perform(effect) }
    // The next key may be about what this one has chosen or changed.
    if !effects.isEmpty || state.selection != before.selection || state.focus != before.focus {
      refresh()
    }
  }

  /// Does what a command asks of the screen, or leaves it to the owner.
  private mutating func answer(_ request: HostRequest) -> (output: String, errors: String) {
    switch request {
    case .theme(let name):
      do throws(PictureProblem) {
        state.theme = try themeIndex(named: name)
        theme = themes[state.theme]
        return ("", "")
      } catch {
        return ("", "error: \(error.message)\n")
      }
    case .picture(let picture) where picture.file == nil:
      do throws(PictureProblem) {
        return (try self.picture(picture), "")
      } catch {
        return ("", "error: \(error.message)\n")
      }
    case .edit(let object):
      let name = object.name
      let kind = object.resource.qualifiedSingular
      let space = name.namespace.isEmpty ? "" : " -n \(name.namespace)"
      askToEdit(
        ObjectName(kind: kind, namespace: name.namespace, name: name.name),
        "kubectl patch \(kind) \(name.name)\(space) --type=merge -p ")
      return ("", "")
    case .picture, .startRecording, .stopRecording:
      requests.append(request)
      return ("", "")
    }
  }

  private mutating func perform(_ effect: DashboardEffect) {
    switch effect {
    case .run(let command):
      var result = console.execute(command, reading: files)
      for request in result.requests {
        let answer = answer(request)
        result.output += answer.output
        result.errors += answer.errors
      }
      take(.commandFinished(command, output: result.output, errors: result.errors))
    case .read(let command, let title):
      let result = console.execute(command, reading: files)
      take(.textRead(title: title, text: result.output + result.errors))
    case .trace(let command): trace(command)
    case .why(let command):
      let result = console.execute(command, reading: files)
      take(.whyRead(command, text: result.output + result.errors))
    case .readRequests(let object): readRequests(of: object)
    case .readWords: take(.wordsRead(console.completions(of: "")))
    case .edit(let object, let command): askToEdit(object, command)
    case .useMouse(let isUsed): wishes.append(.useMouse(isUsed))
    case .complete(let line):
      take(.completionsFound(console.completions(of: line), for: line))
    case .useTheme(let index):
      if themes.indices.contains(index) { theme = themes[index] }
    case .quit: isEnding = true
    }
  }
}
