/// Counts of latencies in buckets whose width grows with the value: sixteen to each doubling.
///
/// A percentile is at most 1/16 above the true one, at a fiftieth of a full histogram's memory:
/// there is one for each edge and endpoint.
struct LogHistogram: Sendable {
  /// Microseconds up to 2²⁶ (67 seconds); longer ones count in the last bucket.
  static let bucketCount = 368

  /// Empty until the first value.
  private(set) var counts: ContiguousArray<UInt32> = []
  private(set) var total: UInt64 = 0

  mutating func record(microseconds value: UInt64) {
    if counts.isEmpty { counts = ContiguousArray(repeating: 0, count: Self.bucketCount) }
    counts[Self.bucket(of: value)] &+= 1
    total += 1
  }

  mutating func reset() {
    guard total > 0 else { return }
    for index in counts.indices { counts[index] = 0 }
    total = 0
  }

  mutating func add(_ other: LogHistogram) {
    guard other.total > 0 else { return }
    if counts.isEmpty {
      self = other
      return
    }
    for index in counts.indices { counts[index] &+= other.counts[index] }
    total += other.total
  }

  /// The upper end of the bucket with the value of rank ⌈n · percent / 100⌉; nil when empty.
  func microseconds(percentile percent: UInt64) -> UInt64? {
    guard total > 0 else { return nil }
    let rank = max(1, (total * percent + 99) / 100)
    var seen: UInt64 = 0
    for (index, count) in counts.enumerated() {
      seen += UInt64(count)
      if seen >= rank { return Self.upperEnd(of: index) }
    }
    return nil
  }

  static func bucket(of value: UInt64) -> Int {
    guard value >= 16 else { return Int(value) }
    let exponent = 63 - value.leadingZeroBitCount
    guard exponent < 26 else { return bucketCount - 1 }
    return 16 * (exponent - 3) + Int(value >> UInt64(exponent - 4) & 15)
  }

  static func upperEnd(of bucket: Int) -> UInt64 {
    guard bucket >= 16 else { return UInt64(bucket) }
    let exponent = bucket / 16 + 3
    let width = UInt64(1) << UInt64(exponent - 4)
    return (16 + UInt64(bucket % 16) + 1) * width - 1
  }
}
