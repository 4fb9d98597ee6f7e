import Benchmark
import Canvas
import Console
import Dashboard
import Foundation
import Simulation
import SimulationCore

/// What the dashboard costs: without the terminal, which `Screen` measures itself.
func registerFrameBenchmarks() {
  let manifest = ProjectFile.shop
  Benchmark("start to first picture, demo cluster, 120x40 (budget 50 ms)") { benchmark in
    for _ in benchmark.scaledIterations {
      var session = ProjectFile.session(manifest)
      session.resize(to: ScreenSize(120, 40))
      blackHole(session.picture())
    }
  }

  Benchmark(
    "a frame of 200x60, demo cluster (budget 1.5 ms)", configuration: .init(maxIterations: 500)
  ) { benchmark in
    measureFrames(benchmark, ProjectFile.session(manifest))
  }

  Benchmark(
    "a frame of 200x60, 500 nodes, 15,000 pods, 1,000 services",
    configuration: .init(maxIterations: 200)
  ) { benchmark in
    let world = Workshop.large(nodes: 500, services: 1000, each: 15)
    measureFrames(benchmark, Workshop.session(world))
  }

  Benchmark(
    "a frame of 200x60, 5,000 nodes, 150,000 pods, 10,000 services (budget 4 ms)",
    configuration: .init(warmupIterations: 0, maxIterations: 200)
  ) { benchmark in
    let world = Workshop.large(nodes: 5000, services: 10_000, each: 15)
    measureFrames(benchmark, Workshop.session(world))
  }

  // One core for a second has 1,000 ms: 3 % of it is the budget of the running dashboard.
  Benchmark(
    "a second of the dashboard, 120x40, 20 pictures, 900 requests (budget 30 ms)",
    configuration: .init(maxIterations: 30)
  ) { benchmark in
    var session = ProjectFile.session(manifest)
    session.resize(to: ScreenSize(120, 40))
    session.console.advance(to: .zero + .minutes(1))
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations {
      for picture in 0..<20 {
        session.console.advance(to: session.console.world.now + .milliseconds(50))
        session.move(byMilliseconds: 50)
        blackHole(picture.isMultiple(of: 2) ? session.picture() : session.pictureAsItIs())
      }
    }
    benchmark.stopMeasurement()
  }

  Benchmark("a simulated second of the demo at 900 requests (budget 30 ms)") { benchmark in
    var session = ProjectFile.session(manifest)
    session.console.world.advance(by: .minutes(1))
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations { session.console.world.advance(by: .seconds(1)) }
    benchmark.stopMeasurement()
  }
}

/// A tenth of a second passes between two pictures, as before a user.
private func measureFrames(_ benchmark: Benchmark, _ opened: DashboardSession) {
  var session = opened
  session.resize(to: ScreenSize(200, 60))
  session.console.advance(to: session.console.world.now + .minutes(1))
  blackHole(session.picture())
  for _ in benchmark.scaledIterations {
    session.console.advance(to: session.console.world.now + .milliseconds(100))
    benchmark.startMeasurement()
    blackHole(session.picture())
    benchmark.stopMeasurement()
  }
}
