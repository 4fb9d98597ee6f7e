import ClusterModel
import Simulation
import Testing

@testable import Console

@Suite struct `Faults` {
  private func run(_ commands: String) -> CommandResult {
    var console = Console(world: World())
    return console.execute(commands)
  }

  @Test func `are listed until they are healed`() {
    #expect(run("fault list").errors == "No faults found.\n")
    let listed = run(
      "fault stop kubelet node/node-1; fault crash node/node-2; advance 70s; fault list")
    #expect(
      listed.output.hasSuffix(
        """
        OBJECT        FAULT             STATE    SINCE
        node/node-1   kubelet stopped   broken   70s
        node/node-2   crashed           broken   70s

        """), "\(listed.output)")
    let healed = run("fault crash node/node-2; heal all; advance 2s; fault list")
    #expect(healed.errors == "No faults found.\n")
    #expect(healed.status == 0)
  }

  @Test func `hold a node's rules back until it is healed`() {
    let commands =
      "fault stop kube-proxy node/node-1; create deployment web --image=x --replicas=2; "
      + "expose deployment web --port=80; advance 60s; fault list; ssh node-1 iptables-save -t nat"
    let broken = run(commands)
    #expect(broken.status == 0, "\(broken.errors)")
    #expect(broken.output.contains("node/node-1   kube-proxy stopped   broken   60s\n"))
    #expect(!broken.output.contains("default/web"))
    let why = run(commands + "; why node/node-1; why node/node-2")
    #expect(why.output.contains("kube-proxy is stopped. 'heal node/node-1' starts it again.\n"))
    #expect(why.output.contains("\n  service default/web\n"))
    #expect(why.output.contains("node/node-2 has all changes in its rules.\n"))
    let healed = run(
      commands + "; heal node/node-1; advance 5s; ssh node-1 iptables-save; fault list")
    #expect(healed.output.contains("default/web cluster IP"))
    #expect(healed.errors.hasSuffix("No faults found.\n"))
    #expect(run("fault stop kube-proxy node/nobody").status == 1)
  }

  @Test func `show in the node's status`() {
    var console = Console(world: World())
    _ = console.execute("fault stop kubelet node/node-1; advance 60s")
    #expect(console.world.store.nodes["", "node-1"]?.isReady == false)
    _ = console.execute("heal node/node-1; advance 5s")
    #expect(console.world.store.nodes["", "node-1"]?.isReady == true)
  }

  @Test(
    arguments: [
      (
        "fault stop kubelet node/nobody", "Error from server (NotFound): nodes \"nobody\" not found"
      ),
      ("fault crash node/nobody", "Error from server (NotFound): nodes \"nobody\" not found"),
      ("heal node/nobody", "Error from server (NotFound): nodes \"nobody\" not found"),
      ("heal", "error: what to heal is needed"), ("fault crash", "error: what to crash is needed"),
      ("fault stop node/node-1", "error: what to stop and where is needed"),
      ("fault crash a/b/c", "error: a/b/c is no node"),
      ("fault crash pod/nope", "Error from server (NotFound): pods \"nope\" not found"),
    ])
  func `are refused where there is nothing to break`(command: String, message: String) {
    let result = run(command)
    #expect(result.status == 1)
    #expect(result.errors.hasPrefix(message), "\(result.errors)")
  }

  @Test func `are in the journal, which replays to the same world`() throws {
    var console = Console(world: World())
    let result = console.execute(
      "fault crash node/node-1; advance 100s; heal node/node-1; advance 30s")
    #expect(result.status == 0, "\(result.errors)")
    var replayed = World()
    for entry in console.world.journal {
      replayed.advance(to: entry.time)
      _ = try replayed.perform(entry.command)
    }
    replayed.advance(to: console.world.now)
    #expect(console.world.journal.count == 2)
    #expect(replayed.digest == console.world.digest)
  }
}
