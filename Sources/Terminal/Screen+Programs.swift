import CNcurses

extension Screen {
  /// Gives the terminal to another program until that ends, and returns its exit status; -1 when it
  /// could not be run. Afterwards the next picture is painted as a whole.
  public mutating func run(_ command: String) -> Int32 {
    kubarium_leave()
    let status = kubarium_run(command)
    kubarium_reenter()
    forgetFrame()
    _ = adoptSize()
    return status
  }

  /// Takes the mouse, or leaves it to the terminal, so that text can be marked and copied.
  public mutating func useMouse(_ isUsed: Bool) { kubarium_mouse(isUsed) }
}
