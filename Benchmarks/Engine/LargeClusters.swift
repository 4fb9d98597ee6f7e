import Benchmark
import ClusterModel
import Simulation
import SimulationCore

/// What clusters cost that are as large as Kubernetes supports them.
func registerLargeClusterBenchmarks() {
  // The same pods a node in all: the cost of a pod must not grow with their number.
  for (nodes, services) in [(50, 100), (500, 1000)] {
    Benchmark(
      "roll out \(nodes) nodes, \(services * 15) pods, \(services) services",
      configuration: .init(maxIterations: 2)
    ) { benchmark in
      for _ in benchmark.scaledIterations {
        blackHole(Workshop.large(nodes: nodes, services: services, each: 15))
      }
    }
  }

  for (nodes, services, budget) in [(500, 1000, ""), (5000, 10_000, " (budget 3 s, 400 MB)")] {
    Benchmark(
      "build \(nodes) nodes, \(services * 15) pods, \(services) services, settled\(budget)",
      configuration: .init(warmupIterations: 0, maxIterations: 2)
    ) { benchmark in
      for _ in benchmark.scaledIterations {
        blackHole(Workshop.settled(nodes: nodes, services: services, each: 15))
      }
    }
  }

  Benchmark("start with 5,000 nodes (budget 3 s)", configuration: .init(maxIterations: 3)) {
    benchmark in
    for _ in benchmark.scaledIterations { blackHole(Workshop.world(nodes: 5000)) }
  }

  Benchmark(
    "one simulated minute of 5,000 idle nodes with 150,000 pods (budget 3 s)",
    configuration: .init(warmupIterations: 0, maxIterations: 5)
  ) { benchmark in
    let large = Workshop.settled(nodes: 5000, services: 10_000, each: 15)
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
    let large = Workshop.settled(nodes: 500, services: 1000, each: 15)
    for _ in benchmark.scaledIterations {
      var world = large
      benchmark.startMeasurement()
      Workshop.resize(&world, "app-0", to: 16)
      world.advance(by: .seconds(1))
      benchmark.stopMeasurement()
    }
  }
}
