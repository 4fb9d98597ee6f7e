import ControlPlane
import Foundation
import Simulation
import SimulationCore
import Testing

@testable import Console

/// Sessions of random commands in small clusters: what must always hold is looked at after each
/// event, and what must become so after a quiet time, once nobody meddles any more.
///
/// `KUBARIUM_SEEDS=1-5000` runs other seeds than the few of every test run.
@Suite struct `Sessions of random commands` {
  @Test(arguments: Self.seeds)
  func `keep the invariants, converge, and repeat themselves`(seed: UInt64) {
    var session = RandomSession(seed: seed)
    session.run()
    if let problem = session.problem {
      Issue.record("KUBARIUM_SEEDS=\(seed): \(problem)\n\(session.transcript)")
    }
    guard seed % 8 == 0 else { return }
    var again = RandomSession(seed: seed)
    again.run()
    #expect(again.console.world.digest == session.console.world.digest, "seed \(seed)")
  }

  private static var seeds: ClosedRange<UInt64> {
    let text = ProcessInfo.processInfo.environment["KUBARIUM_SEEDS"] ?? ""
    let numbers = text.split(separator: "-").compactMap { UInt64($0) }
    guard let first = numbers.first, let last = numbers.last, first <= last else { return 1...40 }
    return first...last
  }
}

/// One session: the commands of a seed with their pauses, then the quiet time.
struct RandomSession {
  let seed: UInt64
  var console: Console
  private var random: RandomStream
  private var commands: RandomCommands
  private var invariants = Invariants()
  private(set) var problem: String?
  /// The commands so far, with what they said when they failed.
  private(set) var transcript = ""

  init(seed: UInt64) {
    self.seed = seed
    random = RandomStream(seed: seed, component: "session")
    var configuration = WorldConfiguration()
    configuration.seed = seed
    configuration.workers = 1 + random.index(below: 4)
    configuration.cni = [.flannel, .calico, .cilium][random.index(below: 3)]
    configuration.proxyMode = [.iptables, .nftables, .ipvs][random.index(below: 3)]
    if random.chance(1, in: 5) { configuration.ipFamily = .dual }
    console = Console(world: World(configuration: configuration))
    // The options are drawn as well: every seed meddles in its own way.
    commands = RandomCommands(&random)
  }

  mutating func run() {
    let count = 8 + random.index(below: 10)
    for _ in 0..<count where problem == nil {
      perform(commands.next(in: console.world, &random))
      let longest: Duration = random.chance(1, in: 4) ? .seconds(60) : .seconds(8)
      pass(random.duration(from: .zero, through: longest))
    }
    if problem == nil { settle() }
  }

  private mutating func perform(_ command: RandomCommands.Line) {
    let result = console.execute(command.text, reading: command.files)
    transcript += "\(console.world.now.nanoseconds / 1_000_000) ms $ \(command.text)\n"
    if result.status != 0 {
      transcript += "  \(result.status): \(result.errors)"
      if result.errors.isEmpty { problem = "a command failed without a word" }
    }
    // Requests are not what this is about, and there would be very many.
    _ = console.execute("traffic stop")
    look()
  }

  private mutating func pass(_ time: Duration) {
    let end = console.world.now + time
    while problem == nil, let next = console.world.nextEventTime, next <= end {
      let written = console.world.store.log.end
      console.world.step()
      if console.world.store.log.end != written { look() }
    }
    if end > console.world.now { console.world.advance(by: end - console.world.now) }
  }

  private mutating func look() {
    problem = problem ?? invariants.problem(in: console.world)
  }

  /// Whatever stands in the way of coming to rest is taken away, and time passes.
  private mutating func settle() {
    for text in RandomCommands.mending(console.world) {
      _ = console.execute(text)
      transcript += "(mending) $ \(text)\n"
    }
    pass(.seconds(30))
    console.world.advance(by: .minutes(40))
    look()
    problem = problem ?? Rest.problem(in: console.world) ?? invariants.leak(in: console.world)
    guard problem != nil else { return }
    transcript += "at \(console.world.now.nanoseconds / 1_000_000) ms\n"
    transcript += console.execute("get deployments,replicasets,statefulsets,pods -o wide").output
  }
}
