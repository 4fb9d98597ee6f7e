/// Why there can be no screen, in a sentence for the user.
public struct TerminalError: Error, Hashable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}

extension TerminalError {
  static let noTerminalForOutput = TerminalError(
    "standard output is not a terminal; run it in one, or use `kubarium exec` in scripts")
  static let noTerminalForInput = TerminalError(
    "standard input is not a terminal; run it in one, or use `kubarium exec` in scripts")
  static let noSettings = TerminalError("the terminal does not let its settings be read")
  static let noBuffer = TerminalError("there is no room for the screen's buffer in memory or /tmp")
  static let nameMissing = TerminalError(
    "TERM is not set, so the terminal's kind is unknown; try TERM=xterm-256color")

  static func notInteractive(_ terminal: String) -> TerminalError {
    TerminalError(
      "the terminal \"\(terminal)\" (TERM) cannot place text on the screen; "
        + "try TERM=xterm-256color, or use `kubarium exec`")
  }

  static func unknown(_ terminal: String) -> TerminalError {
    TerminalError(
      "nothing is known about the terminal \"\(terminal)\" (TERM) and terminal descriptions are "
        + "missing; install ncurses-base")
  }
}
