import Demos
import Simulation
import SimulationCore
import Testing

@testable import Console

/// The demo cluster with its past kept.
private func shop() throws -> Console {
  let file = SourceFile(name: "shop.yaml", bytes: BuiltInDemos.standard.manifest)
  var console = try SessionLoader.load([file], configuration: WorldConfiguration()).console
  console.keepHistory()
  return console
}

@Suite struct TravelTests {
  /// Every state that was passed can be had again, in any order.
  @Test(arguments: 1...3) func `any moment of a session comes back as it was`(seed: UInt64) throws {
    var random = RandomStream(seed: seed, component: "travel")
    var console = try shop()
    let changes = [
      "scale deployment frontend --replicas=4", "delete pod -l app=cart", "traffic stop",
      "fault crash node/node-2", "heal all", "label node node-1 rack=a --overwrite",
    ]
    var passed: [(time: Instant, digest: String, changes: Int)] = []
    for change in changes {
      console.advance(
        to: console.world.now + .milliseconds(Int64(1_500 + random.index(below: 4_000))))
      passed.append((console.world.now, console.world.digest, console.world.journal.count))
      #expect(console.execute(change).errors == "", "\(change)")
    }
    console.advance(to: console.world.now + .seconds(9))
    let end = (console.world.now, console.world.digest)
    for _ in 0..<6 {
      let wanted = passed[random.index(below: passed.count)]
      // A command that was given at this very instant belongs to it: just before, it does not.
      let nanoseconds = wanted.time.nanoseconds - 1
      #expect(
        console.travel { $0.travel(&$1, to: Instant(nanoseconds: nanoseconds)) ? true : nil } != nil
      )
      console.world.advance(by: .nanoseconds(1))
      #expect(console.world.digest == wanted.digest, "seed \(seed)")
      // What was recorded happens again on the way to the end.
      console.advance(to: end.0)
      #expect(console.world.digest == end.1, "seed \(seed)")
    }
  }

  @Test func `undo takes a change back, and redo brings it and all that followed`() throws {
    var console = try shop()
    #expect(console.execute("advance 20s").errors == "")
    let before = console.world.digest
    #expect(console.execute("scale deployment frontend --replicas=5").errors == "")
    #expect(console.execute("advance 7s; label deployment frontend a=b; advance 3s").errors == "")
    let after = console.world.digest
    let undone = console.execute("undo")
    #expect(undone.output.hasPrefix("undone: label deployment frontend a=b (it is 27s again)"))
    #expect(console.execute("undo").errors == "")
    #expect(console.world.digest == before)
    #expect(console.execute("redo").errors == "")
    #expect(console.execute("redo").errors == "")
    #expect(console.world.digest == after)
    let none = console.execute("redo")
    #expect(none.status == 1)
    #expect(none.errors == "error: nothing has been undone since the last change\n")
  }

  @Test func `a change after going back begins another way`() throws {
    var console = try shop()
    _ = console.execute(
      "advance 10s; scale deployment frontend --replicas=5; advance 10s; rewind 15s")
    #expect(console.world.now == Instant.zero + .seconds(5))
    #expect(console.history?.timeline.future.count == 1)
    _ = console.execute("scale deployment cart --replicas=3; advance 15s")
    #expect(console.history?.timeline.future == [])
    let deployments = console.execute(
      "get deploy frontend cart -o name -o jsonpath={.items[*].spec.replicas}")
    #expect(deployments.output == "2 3")
  }

  @Test func `one event back and one forward is where it was`() throws {
    var console = try shop()
    _ = console.execute("advance 12s; step 5")
    let here = console.world.digest
    #expect(console.execute("back 3; step 3").errors == "")
    #expect(console.world.digest == here)
    #expect(console.execute("back 1000000000").errors == "error: this is the beginning\n")
  }

  @Test func `branches go their own ways`() throws {
    var console = try shop()
    _ = console.execute("advance 10s; branch what-if")
    let fork = console.world.digest
    _ = console.execute("scale deployment frontend --replicas=6; advance 20s")
    #expect(console.execute("compare main what-if").output.contains("commands"))
    #expect(console.execute("goto main").output == "on branch main\n")
    #expect(console.world.digest == fork)
    #expect(console.execute("goto nowhere").status == 1)
    #expect(console.execute("branch what-if").status == 1)
    #expect(console.execute("branch").output.contains("* main"))
  }

  @Test func `a session without a past says so`() {
    var console = Console(world: World())
    #expect(console.execute("undo").errors == "error: this session does not keep its past\n")
    #expect(Console.needsHistory(["get pods; rewind 1s"]))
    #expect(!Console.needsHistory(["get pods", "advance 3s"]))
  }
}
