import Foundation
import Testing

@Suite(.serialized, .enabled(if: TerminalSession.tmux != nil, "tmux is not installed"))
struct `The dashboard in a real terminal` {
  private func open(columns: Int = 120, rows: Int = 40, _ options: String = "") throws
    -> TerminalSession
  {
    let program = Program.path()
    let path = try #require(program)
    let session = try TerminalSession(columns: columns, rows: rows)
    try session.start("\(path) \(options)")
    _ = try session.waitFor("Service network")
    return session
  }

  private func expectGivenBack(_ session: TerminalSession) throws {
    _ = try session.wait("the prompt") { _ in !session.isAlternate }
    #expect(session.cursorIsVisible)
    // The line is echoed: the terminal is in its usual mode again.
    try session.type("echo back-$((40+2))\n")
    _ = try session.waitFor("back-42")
  }

  @Test func `opens on the shop, scales with keys and shows the new endpoints`() throws {
    let session = try open()
    _ = try session.waitFor("frontend")
    try session.type("]]]")
    try session.press("3")
    try session.type("/frontend\n")
    _ = try session.wait("two ready front ends", 60) { $0.contains("2/2") }
    try session.type("s5\n")
    let screen = try session.wait("five ready front ends", 60) { $0.contains("5/5") }
    #expect(screen.contains("$ kubectl scale deployment frontend --replicas=5"))
    #expect(screen.contains("deployment.apps/frontend scaled"))
    _ = try session.wait("a share for each", 60) { screen in
      screen.split(separator: "\n").count { $0.contains(":8080") && $0.contains("%") } == 5
    }
    try session.press("Escape")
    try session.type("q")
    _ = try session.wait("the end") { _ in
      if session.isAlternate { try? session.type("q") }
      return !session.isAlternate
    }
    try expectGivenBack(session)
  }

  @Test func `follows every size and says when one is too small`() throws {
    let session = try open()
    for (columns, rows) in [(80, 24), (200, 60), (60, 16), (120, 40)] {
      try session.resize(columns: columns, rows: rows)
      _ = try session.wait("\(columns)x\(rows)") { screen in
        let lines = screen.split(separator: "\n", omittingEmptySubsequences: false)
        return screen.contains("kubarium") && lines.count >= rows - 1
          && lines.contains { $0.count > columns - 6 }
      }
    }
    try session.resize(columns: 40, rows: 10)
    _ = try session.waitFor("40x10")
    try session.resize(columns: 120, rows: 40)
    _ = try session.waitFor("Service network")
    try session.press("C-c")
    try expectGivenBack(session)
  }

  @Test(arguments: ["TERM", "HUP", "SEGV", "ABRT"])
  func `gives the terminal back when it is ended`(signal: String) throws {
    let session = try open()
    let killer = try TerminalSession(columns: 80, rows: 24)
    let pid = try session.tell("display-message", "-p", "#{pane_pid}")
      .trimmingCharacters(in: .whitespacesAndNewlines)
    try killer.type("pkill -\(signal) -P \(pid)\n")
    _ = try session.wait("the end") { _ in !session.isAlternate }
    #expect(session.cursorIsVisible)
  }

  @Test func `stops and comes back`() throws {
    let session = try open()
    try session.press("C-z")
    _ = try session.wait("the shell") { _ in !session.isAlternate }
    try session.type("fg\n")
    _ = try session.waitFor("Service network")
    try session.press("C-c")
    try expectGivenBack(session)
  }

  @Test(arguments: ["vt100", "linux", "xterm-kitty"])
  func `draws on a terminal that can do less`(term: String) throws {
    let program = Program.path()
    let path = try #require(program)
    let session = try TerminalSession(columns: 100, rows: 30)
    try session.start("TERM=\(term) \(path)")
    _ = try session.waitFor("Service network")
    try session.press("C-c")
    _ = try session.waitFor("prompt> ")
  }

  @Test func `says so where it cannot draw`() throws {
    let result = try Program.run([])
    #expect(result.status == 2)
    #expect(result.errors.contains("terminal"))
    #expect(result.output == "")
  }
}
