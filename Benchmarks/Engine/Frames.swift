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
      var (console, maker) = open(manifest)
      let state = DashboardState(size: ScreenSize(120, 40))
      maker.update(console, for: state)
      blackHole(view(state, maker.snapshot))
      console.world.advance(by: .zero)
    }
  }

  Benchmark(
    "a frame of 200x60, demo cluster (budget 1.5 ms)", configuration: .init(maxIterations: 500)
  ) { benchmark in
    var (console, maker) = open(manifest)
    let state = DashboardState(size: ScreenSize(200, 60))
    console.world.advance(by: .minutes(1))
    for _ in benchmark.scaledIterations {
      console.world.advance(by: .milliseconds(100))
      benchmark.startMeasurement()
      maker.update(console, for: state)
      blackHole(view(state, maker.snapshot))
      benchmark.stopMeasurement()
    }
  }

  Benchmark("a simulated second of the demo at 900 requests (budget 30 ms)") { benchmark in
    var (console, _) = open(manifest)
    console.world.advance(by: .minutes(1))
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations { console.world.advance(by: .seconds(1)) }
    benchmark.stopMeasurement()
  }
}

/// Files that belong to the package.
private enum ProjectFile {
  static var shop: SourceFile {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let data = (try? Data(contentsOf: root.appending(path: "demos/shop.yaml"))) ?? Data()
    return SourceFile(name: "shop.yaml", bytes: [UInt8](data))
  }
}

private func open(_ manifest: SourceFile) -> (Console, SnapshotMaker) {
  guard
    let session = try? SessionLoader.load([manifest], configuration: WorldConfiguration())
  else { fatalError("the built-in demo does not load") }
  return (session.console, SnapshotMaker(name: "shop"))
}
