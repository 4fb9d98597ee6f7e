import Canvas

/// Something that happened: a key, what a key means, or an answer to an effect.
public enum DashboardAction: Hashable, Sendable {
  case key(Key)
  case resized(ScreenSize)
  /// The message has been there long enough to be read.
  case messageRead
  /// There is a new snapshot.
  case refreshed
  /// A command has run.
  case commandFinished(String, output: String, errors: String)
  /// A command was run for its text alone.
  case textRead(title: String, text: String)
  case completionsFound([String], for: String)
  case traced(TraceView)
  case requestsRead([RequestRow], title: String)
  case whyRead(String, text: String)
  /// The words of the command language, for the palette.
  case wordsRead([String])
  case edited(EditReview)

  // What keys mean in the panels.
  case selectionMoved(SelectionMove)
  case panelChosen(PanelID)
  case panelStepped(by: Int)
  case zoomed
  case unzoomed
  case wentBack
  case quitChosen
  case quitAtOnce
  case pauseToggled
  case stepChosen
  case speedChanged(by: Int)
  case scaleChosen
  case replicasChanged(by: Int)
  case describeChosen
  case yamlChosen
  case traceChosen
  case deleteChosen
  case promptOpened
  case filterOpened
  case helpOpened
  case themesOpened
  case systemToggled
  /// A key that will have a meaning; the text says why it has none now.
  case notThereYet(String)
  /// A command that has a key of its own.
  case commandChosen(String)
  case stepBackChosen
  /// To the right in the pod network, else the log of requests.
  case rightOrLog
  case logOpened
  case whyChosen
  case faultsOpened
  case paletteOpened
  case namespacesOpened
  case editChosen
  case wideToggled
  case chartStyleStepped
  case animationToggled
  case sortingOpened
  case sortReversed
  case faultsOnlyToggled
  case markToggled
  case allMarkToggled
  case mouseToggled
  /// The terminal was given back while the program stood still.
  case suspended

  // What keys mean in overlays.
  case scrolled(SelectionMove)
  case lineEdited(LineEdit)
  case completionStepped(by: Int)
  case historyStepped(by: Int)
  case submitted
  case closed
  case agreed
  /// The theme, or the number of replicas.
  case choiceStepped(by: Int)
  case hopStepped(by: Int)
  case predictionAsked
  case searchOpened
  case matchStepped(by: Int)
  case failuresToggled
  case readAgain
  case requestTraced
}

/// Where a selection, or what is visible of a text, goes.
public enum SelectionMove: Hashable, Sendable {
  case by(Int)
  case sideways(Int)
  case halfPage(Int)
  case first, last
}

/// What the reducer wants done by those who hold the console, the screen and the program.
public enum DashboardEffect: Hashable, Sendable {
  /// Run a command and tell with `.commandFinished`.
  case run(String)
  /// Run a command and tell with `.textRead`; it is not noted down.
  case read(String, title: String)
  /// Look for completions and tell with `.completionsFound`.
  case complete(String)
  /// Trace a packet and tell with `.traced`.
  case trace(String)
  /// Explain and tell with `.whyRead`.
  case why(String)
  /// Read the log of requests that have to do with an object.
  case readRequests(ObjectName?)
  /// Read the words of the command language.
  case readWords
  /// Let the object be changed in an editor, and tell with `.edited`.
  case edit(ObjectName, command: String)
  case useMouse(Bool)
  case useTheme(Int)
  case quit
}
