import Benchmark
import SimulationCore

/// One closure a row of the table in README.md, "How fast it is".
let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.cpuTotal, .wallClock, .throughput, .peakMemoryResident],
    timeUnits: .microseconds,
    warmupIterations: 1,
    maxDuration: .seconds(3))

  Benchmark("instants: a million additions") { benchmark in
    for _ in benchmark.scaledIterations {
      var now = Instant.zero
      for step in 0..<1_000_000 {
        now += .nanoseconds(Int64(step & 7))
      }
      blackHole(now)
    }
  }
}
