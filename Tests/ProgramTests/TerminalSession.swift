import Foundation
import Testing

/// A tmux server of its own with the program in its one window: keys in, screen out.
///
/// Nothing sleeps for a fixed time: every expectation polls until it holds or a deadline passes.
final class TerminalSession {
  private let socket = "kubarium-test-\(UUID().uuidString.prefix(8))"
  private let home: TemporaryFolder

  /// Nil where tmux is not installed.
  static let tmux: String? = ["/usr/bin/tmux", "/usr/local/bin/tmux", "/opt/homebrew/bin/tmux"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  /// Starts a shell, so that what the program leaves behind can be seen.
  init(columns: Int, rows: Int, term: String = "tmux-256color") throws {
    home = try TemporaryFolder()
    try tell(
      "-f", "/dev/null", "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)",
      "env -i PATH=/usr/bin:/bin TERM=\(term) LC_ALL=C.UTF-8 TZ=UTC HOME=\(home.folder.path) "
        + "PS1='prompt> ' sh")
    _ = try waitFor("prompt> ")
  }

  deinit { _ = try? tell("kill-server") }

  @discardableResult
  func tell(_ arguments: String...) throws -> String {
    let process = Process()
    let tmux = Self.tmux
    process.executableURL = URL(filePath: try #require(tmux))
    process.arguments = ["-L", socket] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }

  func start(_ command: String) throws {
    try type("\(command)\n")
  }

  /// Types text as it is.
  func type(_ text: String) throws {
    for part in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if part.offset > 0 { try press("Enter") }
      if !part.element.isEmpty { try tell("send-keys", "-l", String(part.element)) }
    }
  }

  /// Presses keys by tmux's names: `Enter`, `Escape`, `C-c`.
  func press(_ keys: String...) throws {
    for key in keys { try tell("send-keys", key) }
  }

  func resize(columns: Int, rows: Int) throws {
    try tell("resize-window", "-x", "\(columns)", "-y", "\(rows)")
  }

  var screen: String { (try? tell("capture-pane", "-p")) ?? "" }

  /// Whether an alternate screen is shown.
  var isAlternate: Bool {
    (try? tell("display-message", "-p", "#{alternate_on}"))?.hasPrefix("1") ?? false
  }

  var cursorIsVisible: Bool {
    (try? tell("display-message", "-p", "#{cursor_flag}"))?.hasPrefix("1") ?? false
  }

  /// Waits until the screen holds `text`.
  func waitFor(_ text: String, seconds: Double = 30) throws -> String {
    try wait("“\(text)”", seconds) { $0.contains(text) }
  }

  func wait(_ what: String, _ seconds: Double = 30, until condition: (String) -> Bool) throws -> String {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while true {
      let now = screen
      if condition(now) { return now }
      if Date() > deadline {
        Issue.record("waited \(seconds) s for \(what); the screen:\n\(now)")
        return now
      }
      usleep(20_000)
    }
  }
}
