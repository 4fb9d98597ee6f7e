import Histogram
import SimulationCore

/// The latencies of the last five to ten seconds: two halves of five seconds, of which the older
/// is emptied and filled anew.
struct LatencyWindow<Half: LatencyHistogram>: Sendable {
  static var halfLength: Int64 { 5_000_000_000 }

  private var halves = (Half(), Half())
  /// Which five seconds since the start each half holds; -1 for none.
  private var periods: (Int64, Int64) = (-1, -1)

  init() {}

  mutating func record(_ latency: Duration, at now: Instant) {
    let period = now.nanoseconds / Self.halfLength
    let microseconds = UInt64(max(latency.nanoseconds, 0)) / 1_000
    if period & 1 == 0 {
      if periods.0 != period {
        halves.0.reset()
        periods.0 = period
      }
      halves.0.record(microseconds: microseconds)
    } else {
      if periods.1 != period {
        halves.1.reset()
        periods.1 = period
      }
      halves.1.record(microseconds: microseconds)
    }
  }

  /// The latencies at 50 and 99 percent; nil when none was recorded lately.
  func percentiles(at now: Instant) -> (p50: Duration, p99: Duration)? {
    let period = now.nanoseconds / Self.halfLength
    var sum = Half()
    if periods.0 == period || periods.0 == period - 1 { sum.add(halves.0) }
    if periods.1 == period || periods.1 == period - 1 { sum.add(halves.1) }
    guard let p50 = sum.microseconds(percentile: 50), let p99 = sum.microseconds(percentile: 99)
    else { return nil }
    return (.microseconds(Int64(p50)), .microseconds(Int64(p99)))
  }
}

/// Something that counts latencies and finds percentiles.
protocol LatencyHistogram: Sendable {
  init()
  mutating func record(microseconds: UInt64)
  mutating func reset()
  mutating func add(_ other: Self)
  func microseconds(percentile: UInt64) -> UInt64?
}

extension LogHistogram: LatencyHistogram {}

/// An HDR histogram with two significant digits up to a minute, made at the first value.
struct FineHistogram: LatencyHistogram {
  private static let longest: UInt64 = 60_000_000
  private var histogram: Histogram<UInt32>?

  mutating func record(microseconds: UInt64) {
    if histogram == nil { histogram = Self.make() }
    histogram?.record(min(microseconds, Self.longest))
  }

  mutating func reset() { histogram?.reset() }

  mutating func add(_ other: FineHistogram) {
    guard let counts = other.histogram else { return }
    if histogram == nil { histogram = counts } else { histogram?.add(counts) }
  }

  func microseconds(percentile: UInt64) -> UInt64? {
    guard let histogram, histogram.totalCount > 0 else { return nil }
    return histogram.valueAtPercentile(Double(percentile))
  }

  private static func make() -> Histogram<UInt32> {
    Histogram(highestTrackableValue: longest, numberOfSignificantValueDigits: .two)
  }
}
