import SimulationCore

/// Names a meter of `Meters`.
typealias MeterIndex = Int32

/// Counts of requests over a sliding window of ten seconds, one meter for each edge, Service and
/// endpoint that had traffic.
struct Meters: Sendable {
  /// Complete seconds that a measurement covers.
  static let windowSeconds: Int64 = 10
  /// One more, for the second that is still running.
  private static let ringSize = 11

  /// What happened in one second.
  private struct Bucket: Sendable {
    var second: Int64 = -1
    var started: UInt32 = 0
    /// By the raw value of `Outcome`.
    var finished: InlineArray<7, UInt32> = .init(repeating: 0)
  }

  private struct Meter: Sendable {
    var firstRequest: Instant
    var inFlight: Int32 = 0
  }

  private var meters: ContiguousArray<Meter> = []
  /// `ringSize` of them for each meter.
  private var buckets: ContiguousArray<Bucket> = []
  private var free: [MeterIndex] = []

  mutating func add(at now: Instant) -> MeterIndex {
    if let index = free.popLast() {
      meters[Int(index)] = Meter(firstRequest: now)
      let base = Int(index) * Self.ringSize
      for place in base..<(base + Self.ringSize) { buckets[place] = Bucket() }
      return index
    }
    meters.append(Meter(firstRequest: now))
    buckets.append(contentsOf: repeatElement(Bucket(), count: Self.ringSize))
    return MeterIndex(meters.count - 1)
  }

  mutating func remove(_ index: MeterIndex) { free.append(index) }

  mutating func countStart(_ index: MeterIndex, at now: Instant) {
    meters[Int(index)].inFlight += 1
    buckets[currentBucket(of: index, at: now)].started += 1
  }

  mutating func countEnd(_ index: MeterIndex, _ outcome: Outcome, at now: Instant) {
    meters[Int(index)].inFlight -= 1
    buckets[currentBucket(of: index, at: now)].finished[Int(outcome.rawValue)] += 1
  }

  func inFlight(_ index: MeterIndex) -> Int { Int(meters[Int(index)].inFlight) }

  private mutating func currentBucket(of index: MeterIndex, at now: Instant) -> Int {
    let second = now.nanoseconds / 1_000_000_000
    let place = Int(index) * Self.ringSize + Int(second % Int64(Self.ringSize))
    if buckets[place].second != second {
      buckets[place] = Bucket()
      buckets[place].second = second
    }
    return place
  }

  /// Requests of the last ten complete seconds; of the time since the first request where that is
  /// shorter.
  func measurement(_ index: MeterIndex, at now: Instant) -> Measurement {
    let meter = meters[Int(index)]
    var end = Instant(nanoseconds: now.nanoseconds / 1_000_000_000 * 1_000_000_000)
    let isYoung = (end - meter.firstRequest) < .seconds(1)
    if isYoung { end = now }
    let start = max(end - .seconds(Self.windowSeconds), meter.firstRequest)
    let span = max((end - start).nanoseconds, 1_000_000_000)

    var result = Measurement()
    let seconds =
      (start.nanoseconds / 1_000_000_000)..<((end.nanoseconds + 999_999_999) / 1_000_000_000)
    let base = Int(index) * Self.ringSize
    for bucket in buckets[base..<(base + Self.ringSize)] where seconds.contains(bucket.second) {
      result.counts.add(started: bucket.started, finished: bucket.finished)
    }
    let started = Int64(clamping: result.counts.started)
    result.milliRequestsPerSecond = started * 1_000_000 / (span / 1_000_000)
    result.inFlight = Int(meter.inFlight)
    return result
  }
}

extension OutcomeCounts {
  fileprivate mutating func add(started: UInt32, finished: InlineArray<7, UInt32>) {
    self.started += UInt64(started)
    for outcome in Outcome.allCases {
      count(outcome, UInt64(finished[Int(outcome.rawValue)]))
    }
  }

  mutating func count(_ outcome: Outcome, _ number: UInt64 = 1) {
    switch outcome {
    case .success: success += number
    case .error: error += number
    case .refused: refused += number
    case .timedOut: timedOut += number
    case .reset: reset += number
    case .unresolved: unresolved += number
    case .cancelled: cancelled += number
    }
  }
}
