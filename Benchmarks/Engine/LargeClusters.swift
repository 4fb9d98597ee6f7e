import Benchmark
import ClusterModel
import Simulation
import SimulationCore

/// What clusters cost that are as large as Kubernetes supports them.
func registerLargeClusterBenchmarks() {
  // The same pods a node in both: the cost of a pod must not grow with their number.
  Benchmark(
    "put up 500 nodes, 15,000 pods, 1,000 services", configuration: .init(maxIterations: 2)
  ) { benchmark in
    for _ in benchmark.scaledIterations {
      blackHole(Workshop.large(nodes: 500, services: 1000, each: 15))
    }
  }

  Benchmark(
    "put up 5,000 nodes, 150,000 pods, 10,000 services (budget 3 s, 400 MB)",
    configuration: .init(warmupIterations: 0, maxIterations: 1)
  ) { benchmark in
    for _ in benchmark.scaledIterations {
      blackHole(Workshop.large(nodes: 5000, services: 10_000, each: 15))
    }
  }

  Benchmark("start with 5,000 nodes (budget 3 s)", configuration: .init(maxIterations: 3)) {
    benchmark in
    for _ in benchmark.scaledIterations { blackHole(Workshop.world(nodes: 5000)) }
  }

  Benchmark(
    "one simulated minute of 500 idle nodes with 15,000 pods (budget 3 s for ten times as many)",
    configuration: .init(maxIterations: 5)
  ) { benchmark in
    let large = Workshop.large(nodes: 500, services: 1000, each: 15)
    for _ in benchmark.scaledIterations {
      var world = large
      benchmark.startMeasurement()
      world.advance(by: .minutes(1))
      benchmark.stopMeasurement()
    }
  }

  Benchmark(
    "a snapshot of 15,000 pods, and a scaling beside it", configuration: .init(maxIterations: 20)
  ) { benchmark in
    let large = Workshop.large(nodes: 500, services: 1000, each: 15)
    for _ in benchmark.scaledIterations {
      var world = large
      benchmark.startMeasurement()
      Workshop.resize(&world, "app-0", to: 16)
      world.advance(by: .seconds(1))
      benchmark.stopMeasurement()
    }
  }
}
