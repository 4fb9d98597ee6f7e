import SimulationCore

/// Requests started in each of the last sixty seconds: the picture of a sparkline.
struct RateHistory: Sendable {
  static let length: Int64 = 60
  /// One more than shown, for the running second; empty until the first request.
  private var counts: ContiguousArray<UInt32> = []
  /// The second that was counted last.
  private var newest: Int64 = -1

  mutating func count(at now: Instant) {
    let second = now.nanoseconds / 1_000_000_000
    let size = Self.length + 1
    if counts.isEmpty { counts = ContiguousArray(repeating: 0, count: Int(size)) }
    if second > newest {
      // Seconds without requests in between hold old counts.
      for skipped in max(newest + 1, second - size + 1)...second {
        counts[Int(skipped % size)] = 0
      }
      newest = second
    }
    counts[Int(second % size)] += 1
  }

  /// Complete seconds, oldest first.
  func values(at now: Instant) -> [UInt32] {
    let second = now.nanoseconds / 1_000_000_000
    let size = Self.length + 1
    return (max(second - Self.length, 0)..<max(second, 0)).map {
      $0 > newest || $0 <= newest - size || counts.isEmpty ? 0 : counts[Int($0 % size)]
    }
  }
}
