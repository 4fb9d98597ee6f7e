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
    // Once for the filter, once for the program.
    try session.press("Escape")
    _ = try session.waitFor("3550/TCP")
    try session.type("q")
    try expectGivenBack(session)
  }

  /// The way of somebody who has never seen the program: each step only by what the screen says.
  @Test func `a stranger finds a Service behind a pod, breaks it, asks why and takes it back`()
    throws
  {
    let session = try open()
    var keys = 0
    func type(_ text: String) throws {
      try session.type(text)
      keys += text.count
    }
    func press(_ key: String) throws {
      try session.press(key)
      keys += 1
    }
    // The tour is there the first time, and goes for good.
    _ = try session.waitFor("1 of 3")
    try press("Escape")
    _ = try session.wait("no tour") { !$0.contains("1 of 3") }
    try type("]]]")
    _ = try session.wait("the pods", 60) { $0.contains("● frontend") }
    // The palette finds a pod; what belongs to it lights up, and its Deployment is scaled.
    try press("C-p")
    try type("pod frontend\n")
    _ = try session.waitFor("▸2 Pod network")
    try type("s4\n")
    _ = try session.waitFor("replicas=4")
    try type("3/frontend\n")
    _ = try session.wait("four front ends with a share each", 90) { screen in
      screen.split(separator: "\n").count { $0.contains(":8080") && $0.contains("%") } == 4
    }
    // A selector that matches nothing: the Service has no endpoints, and why says so.
    try type(":patch service frontend -p '{\"spec\":{\"selector\":{\"app\":\"fronted\"}}}'\n")
    _ = try session.waitFor("0/0", seconds: 60)
    try type("w")
    let why = try session.waitFor("cause:", seconds: 60)
    #expect(why.contains("fix:"), "\(why)")
    try press("Escape")
    // Escape and a letter at once would be one key.
    _ = try session.wait("no explanation") { !$0.contains("cause:") }
    try type("z")
    _ = try session.waitFor("undone: patch service frontend")
    _ = try session.waitFor("4/4", seconds: 60)
    try press("C-c")
    try expectGivenBack(session)
    #expect(keys < 120, "\(keys) keys")
  }

  @Test func `a change in the editor is looked at before it is made`() throws {
    let program = Program.path()
    let path = try #require(program)
    let session = try TerminalSession(columns: 120, rows: 40)
    try session.start("EDITOR='sed -i s/9555/9556/' \(path)")
    _ = try session.waitFor("Service network")
    try session.press("Escape")
    try session.type("ge")
    let review = try session.waitFor("Edit ─ service/ads")
    #expect(
      review.contains("+     port: 9556") || review.contains("+   - port: 9556")
        || review.contains("9556"))
    try session.press("Enter")
    _ = try session.waitFor("service/ads patched")
    try session.type("z")
    _ = try session.waitFor("undone: kubectl patch service ads")
    try session.press("C-c")
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
    _ = try session.waitFor("prompt>")
  }

  @Test func `says so where it cannot draw`() throws {
    let result = try Program.run([])
    #expect(result.status == 2)
    #expect(result.errors.contains("terminal"))
    #expect(result.output == "")
  }
}
