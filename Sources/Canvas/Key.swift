/// Something that the user did, or that befell the terminal.
public enum Key: Hashable, Sendable {
  case character(Unicode.Scalar)
  case up, down, left, right
  case home, end, pageUp, pageDown
  case enter, escape, tab, backTab, backspace, delete, insert
  /// F1 is `function(1)`.
  case function(Int)
  /// Control with a lower-case letter or one of `@[\]^_`.
  case ctrl(Unicode.Scalar)
  case alt(Unicode.Scalar)
  case mouse(MouseEvent)
  /// Text pasted as a whole; at most 64 KiB, not yet cleaned of control characters.
  case paste(String)
  case resize(columns: Int, rows: Int)
  /// The program was stopped and goes on: wall time has passed without it.
  case resumed
  /// The system or the terminal asks the program to end.
  case terminate
}

/// What the mouse did, at a place of the picture.
public struct MouseEvent: Hashable, Sendable {
  public enum Action: Hashable, Sendable {
    case press(MouseButton), release, drag
    case wheelUp, wheelDown
  }

  public var action: Action
  public var place: Point
  /// 2 when a press follows another at the same place within a moment, else 1.
  public var clicks: Int

  public init(_ action: Action, at place: Point, clicks: Int = 1) {
    self.action = action
    self.place = place
    self.clicks = clicks
  }
}

/// A button of the mouse.
public enum MouseButton: Hashable, Sendable { case left, middle, right }
