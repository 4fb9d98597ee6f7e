import CNcurses

/// What opening the terminal found out.
struct Session {
  var isUnicode: Bool
  var notices: [String] = []

  /// Enters full-screen mode, or says why that cannot be.
  init(_ options: ScreenOptions) throws(TerminalError) {
    guard kubarium_is_terminal(1) else { throw .noTerminalForOutput }
    let input = try Session.inputDescriptor(options)
    guard let terminal = environment("TERM") else { throw .nameMissing }
    isUnicode = kubarium_set_locale() && !options.isASCII
    guard try !Session.open(terminal, input, options) else { return }
    let substitute = "xterm-256color"
    guard try Session.open(substitute, input, options) else { throw .unknown(terminal) }
    notices.append("unknown terminal \"\(terminal)\" (TERM): treated as \(substitute)")
  }

  /// Opens `terminal` and returns true, or returns false when there is no description of it.
  private static func open(
    _ terminal: String, _ input: Int32, _ options: ScreenOptions
  ) throws(TerminalError) -> Bool {
    switch Int(kubarium_open(terminal, input, 1, options.usesMouse)) {
    case KUBARIUM_OPENED: return true
    case KUBARIUM_UNKNOWN_TERMINAL: return false
    case KUBARIUM_NO_CURSOR_ADDRESSING: throw .notInteractive(terminal)
    case KUBARIUM_NO_SETTINGS: throw .noSettings
    default: throw .noBuffer
    }
  }

  private static func inputDescriptor(_ options: ScreenOptions) throws(TerminalError) -> Int32 {
    if kubarium_is_terminal(0) { return 0 }
    guard options.readsKeysFromControllingTerminal else { throw .noTerminalForInput }
    let descriptor = kubarium_open_controlling_terminal()
    guard descriptor >= 0 else { throw .noTerminalForInput }
    return descriptor
  }
}
