import Foundation
import Testing

@Suite struct `The user's config.yaml` {
  @Test func `what is printed is fine, and names every part of the program`() throws {
    let folder = try TemporaryFolder()
    let printed = try Program.run(["config"])
    #expect(printed.status == 0)
    for part in ["panels:", "trace:", "everywhere:", "scale: [s]", "# theme: dark"] {
      #expect(printed.output.contains(part))
    }
    let path = try folder.file("config.yaml", printed.output)
    let checked = try Program.run(["config", "--check", path])
    #expect(checked.status == 0)
    #expect(checked.output == "\(path): fine\n")
  }

  @Test(arguments: [["config", "--check"], ["open", "--plain", "--config"], ["--config"]])
  func `a mistake ends the program with its place`(arguments: [String]) throws {
    let folder = try TemporaryFolder()
    let path = try folder.file(
      "config.yaml", "theme: drak\nkeys:\n  panels:\n    scael: F2\n    trace: [t, s]\n    why: s\n"
    )
    let result = try Program.run(arguments + [path])
    #expect(result.status == 2)
    #expect(result.output == "")
    #expect(
      result.errors == """
        \(path):1:8: there is no theme "drak"; did you mean "dark"?
        \(path):4:5: there is no row of panels "scael"; did you mean "scale"?
        \(path):6:10: s is already trace in panels; give one of them another key

        """)
  }

  @Test func `a file that is not there is said when it was asked for`() throws {
    let result = try Program.run(["open", "--config", "/nowhere/config.yaml"])
    #expect(result.status == 2)
    #expect(result.errors.hasPrefix("/nowhere/config.yaml:1:1: the path"))
  }

  @Test func `exec does the same for everybody`() throws {
    let result = try Program.exec(["frame --keys s"], files: ["demos/shop.yaml"])
    #expect(result.output.contains("s scale") || result.output.contains("replicas"))
  }
}

@Suite(.serialized, .enabled(if: TerminalSession.tmux != nil, "tmux is not installed"))
struct `Keys of one's own in a real terminal` {
  @Test func `the dashboard has the keys and settings of the file`() throws {
    let program = Program.path()
    let path = try #require(program)
    let folder = try TemporaryFolder()
    let config = try folder.file(
      "config.yaml",
      "theme: light\nascii: true\ntour: false\nkeys:\n  panels:\n    scale: X\n    quit: Q\n")
    let session = try TerminalSession(columns: 120, rows: 40)
    try session.start("\(path) --config \(config)")
    let screen = try session.waitFor("X scale")
    #expect(!screen.contains("1 of 3"))
    #expect(screen.contains("+ 1 Nodes"), "\(screen)")
    try session.type("X")
    _ = try session.waitFor("replicas")
    try session.press("Escape")
    _ = try session.wait("no dialog") { !$0.contains("replicas ") }
    try session.press("Escape")
    _ = try session.waitFor("Q quits")
    try session.type("Q")
    _ = try session.wait("the prompt") { _ in !session.isAlternate }
  }
}
