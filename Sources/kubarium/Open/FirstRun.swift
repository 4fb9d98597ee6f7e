import Glibc

/// Whether somebody sees the program for the first time, which a file remembers.
enum FirstRun {
  /// Where what the program remembers is kept; nil when there is no home.
  private static var folder: String? {
    if let state = variable("XDG_STATE_HOME") { return "\(state)/kubarium" }
    return variable("HOME").map { "\($0)/.local/state/kubarium" }
  }

  private static var file: String? { folder.map { "\($0)/tour-seen" } }

  /// Where nothing can be remembered the tour is not shown: it would come every time.
  static var isNow: Bool {
    guard let file else { return false }
    return access(file, F_OK) != 0
  }

  /// The tour was taken or ended: it does not come again.
  static func remember() {
    guard let folder, let file else { return }
    var path = ""
    for part in folder.split(separator: "/") {
      path += "/\(part)"
      _ = mkdir(path, 0o700)
    }
    let descriptor = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    if descriptor >= 0 { close(descriptor) }
  }

  private static func variable(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee == UInt8(ascii: "/") else { return nil }
    return String(cString: value)
  }
}
