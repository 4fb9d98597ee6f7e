import Canvas
import Console
import Dashboard
import Demos
import Simulation
import SimulationCore
import Testing

@testable import Scenario

@Suite struct `Demos` {
  private func script(_ text: String) -> (demo: DemoScript?, problems: [String]) {
    let (demo, problems) = DemoScript.read(Array(text.utf8), file: "x.demo.yaml")
    return (demo, problems.map(\.description))
  }

  @Test func `a file becomes steps`() {
    let (demo, problems) = script(
      """
      name: x
      title: A title
      size: 80x24
      steps:
        - chapter: One
        - say: Hello.
        - keys: 3 j enter ctrl-d
        - type: get pods
        - until: get pod web
          limit: 5s
        - pause: 500ms
      """)
    #expect(problems == [])
    #expect(demo?.columns == 80)
    #expect(
      demo?.steps == [
        .chapter("One"), .say("Hello."),
        .keys([.character("3"), .character("j"), .enter, .ctrl("d")]), .type("get pods"),
        .until("get pod web", limit: .seconds(5)), .pause(.milliseconds(500)),
      ])
  }

  @Test(
    arguments: [
      ("  - chaptr: One", "5:5: there is no \"chaptr\" here; did you mean \"chapter\"?"),
      ("  - keys: 3 foo", "5:11: there is no key \"foo\"; write keys as in the help"),
      ("  - type: kubectl scael x", "5:11: there is no command \"scael\"; did you mean \"scale\"?"),
      ("  - pause: long", "5:12: the time cannot be read; write 500ms, 3s or 2m"),
      ("  - say: a\n    run: get pods", "5:5: a step is one of: chapter, say"),
    ])
  func `what cannot be used is named with its place and the nearest name`(
    step: String, expected: String
  ) {
    let (demo, problems) = script("name: x\ntitle: A title\nsize: 80x24\nsteps:\n\(step)\n")
    #expect(demo == nil)
    #expect(problems.first?.hasPrefix("x.demo.yaml:\(expected)") == true, "\(problems)")
  }

  /// Plays a demo to its end on a clock that nobody waits for.
  private func play(_ demo: Demo, seed: UInt64) throws -> (screens: [String], length: Duration) {
    let (script, problems) = DemoScript.read(demo.script, file: demo.name)
    #expect(problems.map(\.description) == [])
    let loaded = try SessionLoader.load(
      [SourceFile(name: "shop.yaml", bytes: demo.manifest)],
      configuration: WorldConfiguration())
    var session = DashboardSession(loaded.console, name: demo.name, themes: [.monochrome])
    var player = DemoPlayer(try #require(script), seed: seed)
    session.resize(to: ScreenSize(player.script.columns, player.script.rows))
    var screens: [String] = []
    var now = Duration.zero
    while !player.isFinished, now < .minutes(10) {
      player.advance(to: now, &session)
      screens.append(session.picture().plainText)
      session.console.world.advance(by: .milliseconds(500))
      now = now + .milliseconds(500)
    }
    #expect(player.isFinished)
    return (screens, now)
  }

  @Test(arguments: BuiltInDemos.all.map(\.name))
  func `every demo plays to its end, within minutes, and no command of it fails`(
    name: String
  ) throws {
    let demo = try #require(BuiltInDemos.all.first { $0.name == name })
    let (screens, length) = try play(demo, seed: 1)
    #expect(length < .minutes(5))
    #expect(!screens.contains { $0.contains("error: ") || $0.contains("Error from server") })
    #expect(screens.contains { $0.contains("$ kubectl") })
  }

  @Test func `skipping does what is left of a step without its pauses`() throws {
    var script = DemoScript(name: "x", title: "x")
    script.steps = [.say("One."), .pause(.minutes(5)), .run("create namespace blue"), .say("Two.")]
    var player = DemoPlayer(script, seed: 1)
    var session = DashboardSession(
      Console(world: World(configuration: WorldConfiguration())), name: "x", themes: [])
    player.skip(at: .zero, &session)
    #expect(session.state.narration == "One.")
    player.skip(at: .zero, &session)
    player.skip(at: .zero, &session)
    #expect(session.console.world.store.namespaces["", "blue"] != nil)
    #expect(!player.isFinished)
    player.skip(at: .zero, &session)
    #expect(player.isFinished)
    #expect(session.state.narration == "Two.")
  }
}
