import Benchmark
import Canvas
import Console
import Dashboard
import Foundation
import Scenario
import Simulation
import SimulationCore

/// What going back in time and recording cost.
func registerSessionBenchmarks() {
  Benchmark(
    "rewind to any instant of a 10-minute demo session, eight of them (budget 800 ms)",
    configuration: .init(maxIterations: 5)
  ) { benchmark in
    let session = ProjectFile.played(for: .minutes(10))
    for _ in benchmark.scaledIterations {
      for second in [1, 61, 133, 207, 301, 388, 457, 599] {
        var copy = session
        benchmark.startMeasurement()
        precondition(copy.run("goto \(second)s").status == 0)
        benchmark.stopMeasurement()
      }
    }
  }

  Benchmark(
    "record a demo of five minutes (budget 5 s CPU, 3 MB)", configuration: .init(maxIterations: 1)
  ) { benchmark in
    for _ in benchmark.scaledIterations {
      var take = DemoTake(
        ProjectFile.fiveMinutes, on: ProjectFile.session(ProjectFile.shop).console,
        themes: [.monochrome], seed: 1)
      var size = 0
      while let lines = take.nextFrame() { size += lines.utf8.count }
      precondition(size < 3 << 20, "\(size) bytes")
    }
  }
}

/// Files that belong to the package, and sessions on them.
enum ProjectFile {
  static var shop: SourceFile { file("shop.yaml") }

  private static func file(_ name: String) -> SourceFile {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let data = (try? Data(contentsOf: root.appending(path: "demos/\(name)"))) ?? Data()
    return SourceFile(name: name, bytes: [UInt8](data))
  }

  /// The shop's demo, and then its cluster at work until five minutes are over.
  static var fiveMinutes: DemoScript {
    guard var script = DemoScript.read(file("shop.demo.yaml").bytes, file: "shop").demo else {
      fatalError("the built-in demo does not load")
    }
    script.steps.append(.pause(.seconds(190)))
    return script
  }

  static func session(_ manifest: SourceFile) -> DashboardSession {
    guard
      let session = try? SessionLoader.load([manifest], configuration: WorldConfiguration())
    else { fatalError("the built-in demo does not load") }
    return DashboardSession(session.console, name: "shop", themes: [.monochrome])
  }

  /// A session of the demo in which somebody does something every minute.
  static func played(for duration: Duration) -> DashboardSession {
    var session = session(shop)
    let end = Instant.zero + duration
    var replicas = 3
    while session.console.world.now < end {
      let next = min(session.console.world.now + .minutes(1), end)
      session.run("scale deployment frontend --replicas=\(replicas)")
      replicas = replicas % 7 + 1
      while !session.console.advance(to: next, atMost: 5_000) {}
    }
    return session
  }
}

extension Workshop {
  static func session(_ world: World) -> DashboardSession {
    DashboardSession(Console(world: world), name: "large", themes: [.monochrome])
  }
}
