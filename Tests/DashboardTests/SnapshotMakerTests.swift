import Canvas
import Console
import Simulation
import SimulationCore
import Testing

@testable import Dashboard

@Suite struct SnapshotMakerTests {
  /// A console on a small cluster with a web server behind a Service.
  private func console(seed: UInt64 = 1) throws -> Console {
    var configuration = WorldConfiguration()
    configuration.seed = seed
    configuration.workers = 3
    var console = try SessionLoader.load([], configuration: configuration).console
    for command in [
      "create deployment web --image=nginx --replicas=3 --port=80",
      "expose deployment web --port=80 --type=NodePort", "advance 20s",
    ] {
      let result = console.execute(command)
      try #require(result.status == 0, "\(command): \(result.errors)")
    }
    return console
  }

  private func settled(_ console: Console, _ state: inout DashboardState) -> SnapshotMaker {
    var maker = SnapshotMaker(name: "test")
    for _ in 0..<2 {
      maker.update(console, for: state)
      _ = reduce(&state, .refreshed, maker.snapshot)
    }
    return maker
  }

  @Test func `a Service is shown with its endpoints, pods and Deployment`() throws {
    var state = DashboardState(size: ScreenSize(120, 40))
    state.selection.service = Fixture.name("web")
    let snapshot = settled(try console(), &state).snapshot
    #expect(snapshot.services.map(\.name.name) == ["kubernetes", "web"])
    #expect(snapshot.services.last?.readyEndpoints == 3)
    #expect(snapshot.services.last?.selectorText == "app=web")
    #expect(snapshot.service?.endpoints.map(\.condition) == [.ready, .ready, .ready])
    #expect(snapshot.links.pods.count == 3)
    #expect(snapshot.links.nodes.isSubset(of: Set(snapshot.nodes.map(\.name))))
    #expect(
      snapshot.workload == WorkloadFigures(Fixture.name("web"), replicas: 3, readyReplicas: 3))
    #expect(snapshot.header.nodeCount == 4)
    #expect(snapshot.header.podCount == 3)
    #expect(snapshot.header.proxiesInSync == 4)
  }

  @Test func `the system's pods are there when they are asked for`() throws {
    var state = DashboardState(size: ScreenSize(120, 40))
    let console = try console()
    let without = settled(console, &state).snapshot.header.podCount
    state.showsSystem = true
    #expect(settled(console, &state).snapshot.header.podCount > without + 10)
    state.onlyNamespace = "kube-system"
    let only = settled(console, &state).snapshot
    #expect(only.nodes.flatMap(\.pods).allSatisfy { $0.name.namespace == "kube-system" })
  }

  @Test func `filters leave what has their words`() throws {
    var state = DashboardState(size: ScreenSize(120, 40))
    state.filters[.services] = "NODEPORT"
    state.filters[.events] = "scaled !nothing"
    let snapshot = settled(try console(), &state).snapshot
    #expect(snapshot.services.map(\.name.name) == ["web"])
    #expect(!snapshot.events.isEmpty)
    #expect(snapshot.events.allSatisfy { $0.message.contains("caled") })
  }

  @Test func `a choice of a pod lights up its node and its Services`() throws {
    var state = DashboardState(size: ScreenSize(120, 40))
    let console = try console()
    var maker = settled(console, &state)
    _ = reduce(&state, .key("2"), maker.snapshot)
    maker.update(console, for: state)
    #expect(maker.snapshot.links.services == [Fixture.name("web")])
    #expect(maker.snapshot.links.nodes == [state.selection.podNode])
    #expect(maker.snapshot.workload?.name == Fixture.name("web"))
  }

  /// What is kept from frame to frame must not show: a maker that has seen everything and one
  /// that begins now say the same.
  @Test(arguments: 1...6)
  func `following changes gives what beginning anew gives`(seed: UInt64) throws {
    var random = RandomStream(seed: seed, component: "test")
    var console = try console(seed: seed)
    var state = DashboardState(size: ScreenSize(120, 40))
    var maker = settled(console, &state)
    for _ in 0..<60 {
      let commands = [
        "scale deployment web --replicas=\(random.index(below: 9))", "advance 300ms", "advance 7s",
        "advance 50ms", "delete pod \(state.selection.pod?.name ?? "x")", "cordon node-1",
        "uncordon node-1", "create deployment d\(random.index(below: 5)) --image=nginx",
        "expose deployment d\(random.index(below: 5)) --port=80", "step 5",
        "delete service d\(random.index(below: 5))", "label node node-2 a=b --overwrite",
      ]
      _ = console.execute(commands[random.index(below: commands.count)])
      let keys = Fixture.someKeys
      if random.index(below: 3) == 0 {
        _ = reduce(&state, .key(keys[random.index(below: keys.count)]), maker.snapshot)
      }
      maker.update(console, for: state)
      _ = reduce(&state, .refreshed, maker.snapshot)
      maker.update(console, for: state)
      var fresh = SnapshotMaker(name: "test")
      fresh.update(console, for: state)
      try #require(maker.snapshot.comparable == fresh.snapshot.comparable, "seed \(seed)")
    }
  }

  @Test func `a frame does not change the world`() throws {
    let console = try console()
    let digest = console.world.digest
    var state = DashboardState(size: ScreenSize(200, 60))
    let maker = settled(console, &state)
    _ = view(state, maker.snapshot)
    #expect(console.world.digest == digest)
  }
}

extension Fixture {
  /// Keys that choose something or change what is shown.
  static let someKeys: [Key] = [
    "j", "k", "1", "2", "3", "l", "h", "g", "G", "0", "+", "_", "!", .ctrl("w"),
  ]
}

extension DashboardSnapshot {
  /// Without the loads of Services that only one of the two has had in view.
  fileprivate var comparable: DashboardSnapshot {
    var copy = self
    for index in copy.services.indices { copy.services[index].load = nil }
    // Kept since somebody first looked, and renewed a few times a second.
    copy.service?.series = ServiceSeries()
    copy.flows = []
    (copy.header.milliRequestsPerSecond, copy.header.milliPercentFailed) = (0, 0)
    copy.header.p99 = nil
    for index in copy.nodes.indices { copy.nodes[index].isProxyInSync = nil }
    return copy
  }
}
