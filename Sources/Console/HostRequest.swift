import ControlPlane

/// Something that a command asks of the program around the console, which has a screen and files.
public enum HostRequest: Hashable, Sendable {
  case picture(PictureRequest)
  /// Write what the screen shows from now on into a file.
  case startRecording(String)
  case stopRecording
  /// Use the theme of this name.
  case theme(String)
  /// Let an object be changed in the user's editor.
  case edit(StoredObject)
}

/// What picture of the dashboard is wanted.
public struct PictureRequest: Hashable, Sendable {
  public enum Format: String, CaseIterable, Hashable, Sendable {
    case text, ansi, svg
  }

  public var columns = 120
  public var rows = 40
  public var format = Format.text
  /// Nil for the theme in use.
  public var theme: String?
  public var isASCII = false
  /// The names of keys to press before the picture is taken.
  public var keys: [String] = []
  /// Where to write it; nil for the command's output.
  public var file: String?

  public init() {}
}
