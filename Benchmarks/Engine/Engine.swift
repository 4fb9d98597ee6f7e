import Benchmark
import ClusterModel
import ControlPlane
import DataPlane
import Simulation
import SimulationCore

// Budgets are the project's; figures are for reading, not for passing or failing.
nonisolated let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, .cpuTotal, .throughput, .peakMemoryResident],
    warmupIterations: 1, scalingFactor: .one, maxDuration: .seconds(3), maxIterations: 50)

  registerFrameBenchmarks()
  registerSessionBenchmarks()
  registerPacketBenchmarks()

  Benchmark(
    "event queue: schedule and pop 1,000,000 (budget 3 million/s)",
    configuration: .init(maxIterations: 10)
  ) { benchmark in
    for _ in benchmark.scaledIterations { blackHole(churnQueue(1_000_000)) }
  }

  Benchmark("scale a Deployment 3 to 1,000 on 50 nodes (budget 50 ms)") { benchmark in
    let ready = Workshop.readyForScaling()
    for _ in benchmark.scaledIterations {
      var world = ready
      benchmark.startMeasurement()
      Workshop.scale(&world, to: 1000)
      benchmark.stopMeasurement()
      precondition(Workshop.readyEndpoints(world) == 1000)
    }
  }

  registerLargeClusterBenchmarks()
}

/// Schedules and pops with a thousand events waiting, as a running simulation does.
func churnQueue(_ count: Int) -> UInt64 {
  var queue = EventQueue<UInt32>()
  var random = RandomStream(seed: 1, component: "bench")
  for event in 0..<UInt32(1000) { queue.schedule(event, at: Instant(nanoseconds: Int64(event))) }
  var sum: UInt64 = 0
  for _ in 0..<count {
    guard let (time, event) = queue.popNext() else { break }
    sum &+= UInt64(event)
    queue.schedule(event, at: time + .nanoseconds(Int64(random.below(1_000_000))))
  }
  return sum
}
