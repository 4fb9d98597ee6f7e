import Canvas
import Console
import Dashboard
import Demos
import Simulation
import SimulationCore
import Testing

@Suite struct MovingTests {
  private func session() throws -> DashboardSession {
    let demo = BuiltInDemos.standard
    let loaded = try SessionLoader.load(
      [SourceFile(name: "shop.yaml", bytes: demo.manifest)], configuration: WorldConfiguration())
    var session = DashboardSession(loaded.console, name: "shop", themes: [.monochrome])
    session.resize(to: ScreenSize(120, 40))
    session.console.world.advance(by: .seconds(60))
    return session
  }

  @Test func `between two looks at the cluster only requests move`() throws {
    var session = try session()
    let still = session.picture()
    #expect(session.pictureAsItIs() == still)
    session.move(byMilliseconds: 500)
    session.move(byMilliseconds: 300)
    let moved = session.pictureAsItIs()
    #expect(moved != still)
    #expect(session.picture() == moved)
    let changed = zip(still.cells, moved.cells).count { $0 != $1 }
    #expect(changed < 300, "\(changed) cells")
  }

  @Test func `a key, a size or a word changes the next picture`() throws {
    var session = try session()
    let before = session.picture()
    session.take(.key("?"))
    #expect(session.pictureAsItIs() != before)
    session.take(.key(.escape))
    session.say(Message(.notice, "somewhere else"))
    #expect(session.pictureAsItIs().plainText.contains("somewhere else"))
    session.resize(to: ScreenSize(80, 24))
    #expect(session.pictureAsItIs().width == 80)
    session.note(isBehind: true)
    session.resize(to: ScreenSize(120, 40))
    #expect(session.pictureAsItIs().plainText.contains("cannot keep up"))
  }
}
