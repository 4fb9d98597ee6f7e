import SimulationCore

/// What was measured of a Service, second by second, since somebody first looked.
public struct ServiceSeries: Hashable, Sendable {
  public struct Sample: Hashable, Sendable {
    public var second: Int64
    public var milliRate: Int64
    public var milliPercentFailed: Int64
    public var p99: Duration?
  }

  public private(set) var samples: [Sample] = []

  static let length = 120

  public init() {}

  public mutating func add(_ sample: Sample) {
    // Time was turned back: what came after is not so any more.
    while let last = samples.last, last.second >= sample.second { samples.removeLast() }
    samples.append(sample)
    if samples.count > Self.length { samples.removeFirst(samples.count - Self.length) }
  }

  /// One value for each of the last `count` seconds, the oldest first; nil where nobody looked.
  ///
  /// Where time ran faster than somebody could look, a value stands for up to five seconds.
  func values(_ count: Int, until now: Int64, _ value: (Sample) -> Double?) -> [Double?] {
    var result: [Double?] = []
    var index = 0
    for second in (now - Int64(count) + 1)...max(now, now - Int64(count) + 1) {
      while index + 1 < samples.count, samples[index + 1].second <= second { index += 1 }
      guard index < samples.count, samples[index].second <= second,
        second - samples[index].second <= 5
      else {
        result.append(nil)
        continue
      }
      result.append(value(samples[index]))
    }
    return result
  }
}
