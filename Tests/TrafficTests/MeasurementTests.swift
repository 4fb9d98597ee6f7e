import SimulationCore
import Testing

@testable import Traffic

@Test(arguments: 1...50 as ClosedRange<UInt64>)
func `percentiles are close to those of the sorted values`(seed: UInt64) throws {
  var random = RandomStream(seed: seed, component: "test")
  var fine = FineHistogram()
  var coarse = LogHistogram()
  let median = Duration.microseconds(Int64(1 + random.below(100_000)))
  let values = (0..<Int(1 + random.below(3_000))).map { _ in
    UInt64(random.logNormal(median: median, sigma: 0.8).nanoseconds / 1_000)
  }
  for value in values {
    fine.record(microseconds: value)
    coarse.record(microseconds: value)
  }
  let sorted = values.sorted()
  for percent: UInt64 in [50, 99] {
    let rank = max(1, (UInt64(values.count) * percent + 99) / 100)
    let exact = sorted[Int(rank) - 1]
    let fineValue = try #require(fine.microseconds(percentile: percent))
    let coarseValue = try #require(coarse.microseconds(percentile: percent))
    #expect(fineValue >= exact && fineValue <= exact + exact / 64 + 1, "seed \(seed)")
    #expect(coarseValue >= exact && coarseValue <= exact + exact / 16 + 1, "seed \(seed)")
  }
}

@Test func `every value falls into the bucket whose end is the next at or above it`() {
  for value: UInt64 in Array(0...5_000) + (4...25).flatMap({ [1 << $0 - 1, 1 << $0, 1 << $0 + 1] })
  {
    let bucket = LogHistogram.bucket(of: value)
    #expect(value <= LogHistogram.upperEnd(of: bucket))
    if bucket > 0 { #expect(value > LogHistogram.upperEnd(of: bucket - 1)) }
  }
  #expect(LogHistogram.bucket(of: .max) == LogHistogram.bucketCount - 1)
}

@Test func `latencies older than ten seconds are forgotten`() {
  var window = LatencyWindow<LogHistogram>()
  #expect(window.percentiles(at: .zero) == nil)
  window.record(.milliseconds(8), at: .zero + .seconds(1))
  #expect(window.percentiles(at: .zero + .seconds(9)) != nil)
  #expect(window.percentiles(at: .zero + .seconds(11)) == nil)
  window.record(.microseconds(10), at: .zero + .seconds(12))
  #expect(window.percentiles(at: .zero + .seconds(12))?.p99 == .microseconds(10))
}

@Test func `a meter counts the last ten complete seconds`() {
  var meters = Meters()
  let meter = meters.add(at: .zero)
  for second in 0..<30 as Range<Int64> {
    for _ in 0..<second {
      meters.countStart(meter, at: .zero + .milliseconds(second * 1_000 + 500))
      meters.countEnd(meter, .success, at: .zero + .milliseconds(second * 1_000 + 600))
    }
  }
  let measured = meters.measurement(meter, at: .zero + .milliseconds(29_700))
  #expect(measured.counts.started == (19...28).reduce(0, +))
  #expect(measured.counts.success == measured.counts.started)
  #expect(measured.milliRequestsPerSecond == 23_500)
  #expect(measured.inFlight == 0)
  let later = meters.measurement(meter, at: .zero + .seconds(60))
  #expect(later.counts.started == 0)
}

@Test func `a young meter's rate is over its own time`() {
  var meters = Meters()
  let start = Instant.zero + .milliseconds(100_500)
  let meter = meters.add(at: start)
  for request in 0..<300 as Range<Int64> {
    meters.countStart(meter, at: start + .milliseconds(request * 10))
  }
  let measured = meters.measurement(meter, at: start + .milliseconds(2_999))
  #expect((99_000...101_000).contains(measured.milliRequestsPerSecond))
  #expect(measured.inFlight == 300)
}

@Test func `the history keeps sixty complete seconds and shows gaps as zero`() {
  var history = RateHistory()
  #expect(history.values(at: .zero).isEmpty)
  for second in [0, 1, 1, 3] as [Int64] { history.count(at: .zero + .seconds(second)) }
  #expect(history.values(at: .zero + .seconds(5)) == [1, 2, 0, 1, 0])
  history.count(at: .zero + .seconds(200))
  let values = history.values(at: .zero + .seconds(201))
  #expect(values.count == 60)
  #expect(values.reduce(0, +) == 1)
  #expect(values.last == 1)
  #expect(history.values(at: .zero + .seconds(400)) == Array(repeating: 0, count: 60))
}
