import Canvas

/// What the keys are for at the moment.
public enum KeyContext: String, CaseIterable, Hashable, Sendable {
  /// The panels, with nothing over them.
  case panels
  /// A text or the help to read.
  case reading
  /// The command line after `:`.
  case prompt
  /// The words after `/`.
  case filter
  /// A number to type.
  case number
  /// A question to answer.
  case question
  /// The list of themes.
  case themes
  /// The way of a packet.
  case trace
  /// What is said before it is shown.
  case prediction
  /// A list to find something in by typing.
  case finder
  /// The log of requests.
  case requests
  /// An explanation with what it offers.
  case why
  /// A change to be looked at before it is made.
  case review
  /// The words to look for in a text.
  case search
  /// Each of the above.
  case everywhere

  /// Whether characters that have no meaning of their own are typed.
  var takesText: Bool { [.prompt, .filter, .number, .finder, .search].contains(self) }

  /// Whether keys of both can be meant at the same time.
  func overlaps(_ other: KeyContext) -> Bool {
    self == other || self == .everywhere || other == .everywhere
  }
}

extension DashboardState {
  public var keyContext: KeyContext {
    switch overlay {
    case nil: .panels
    case .text(let text) where text.searchEditor != nil: .search
    case .help, .text: .reading
    case .prompt: .prompt
    case .filter: .filter
    case .scale: .number
    case .question: .question
    case .themes: .themes
    case .trace(let trace):
      trace.prediction.map { $0.isCommitted ? .trace : .prediction } ?? .trace
    case .finder: .finder
    case .requests: .requests
    case .why: .why
    case .review: .review
    }
  }
}

extension Key {
  /// The key as the help and the bar of hints write it.
  var name: String {
    switch self {
    case .character(" "): "space"
    case .character(let scalar): String(Character(scalar))
    case .up: "up"
    case .down: "down"
    case .left: "left"
    case .right: "right"
    case .home: "home"
    case .end: "end"
    case .pageUp: "pgup"
    case .pageDown: "pgdn"
    case .enter: "enter"
    case .escape: "esc"
    case .tab: "tab"
    case .backTab: "shift-tab"
    case .backspace: "backspace"
    case .delete: "del"
    case .insert: "ins"
    case .function(let number): "F\(number)"
    case .ctrl(let scalar): "ctrl-\(Character(scalar))"
    case .alt(let scalar): "alt-\(Character(scalar))"
    case .mouse, .paste, .resize, .resumed, .terminate: ""
    }
  }
}
