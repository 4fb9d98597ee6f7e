import SimulationCore

/// The service proxy of one node: all that it takes to know which rules the node has.
struct Proxy: Sendable {
  enum State: UInt8, Sendable {
    /// Everything it has heard of is in the rules.
    case idle
    /// Its next sync is scheduled.
    case waiting
    case syncing
  }

  var state = State.idle
  var isRunning = false
  /// Tells the events of this life from those of an earlier one.
  var life: UInt32 = 0
  /// The newest change the proxy knows of, or is about to program.
  var heard: UInt32 = 0
  var syncsDone: Int32 = 0
  var lastSyncEnd = Proxy.longAgo

  /// So that the first sync need not wait for the one before.
  static let longAgo = Instant(nanoseconds: .min / 2)

  mutating func reset() {
    state = .idle
    isRunning = false
    life &+= 1
    heard = 0
    syncsDone = 0
    lastSyncEnd = Proxy.longAgo
  }

  func digest(into hasher: inout StateHasher) {
    hasher.combine(Int(state.rawValue) << 1 | (isRunning ? 1 : 0))
    hasher.combine(Int(heard))
    hasher.combine(Int(syncsDone))
    hasher.combine(lastSyncEnd)
  }
}

/// A proxy's sync starts, or ends, as its state says.
@usableFromInline
struct ProxyEvent: Sendable {
  var node: Int32
  var life: UInt32
}

/// The delays of proxies: functions of the seed, the node and the change, so that no stream of
/// random numbers depends on the order in which nodes are asked.
enum ProxyTiming {
  /// Quantiles of a log-normal distribution with sigma 0.5, in thousandths of the median.
  private static let quantiles: [Int64] = [
    320, 394, 464, 526, 584, 642, 700, 762, 828, 900, 1000, 1111, 1208, 1313, 1428, 1557, 1713,
    1901,
    2155, 2540, 3130,
  ]

  static func watchDelay(median: Duration, seed: UInt64, node: Int32, revision: UInt32) -> Duration
  {
    let draw = mix(seed, node, revision)
    // The position among the quantiles: a whole part below 20, and 32 bits between two.
    let scaled = (draw & 0xFFFF_FFFF) * UInt64(quantiles.count - 1)
    let index = Int(scaled >> 32)
    let between = Int64(scaled & 0xFFFF_FFFF) >> 16
    let low = quantiles[index]
    let factor = low + (quantiles[index + 1] - low) * between / 65_536
    return Duration(nanoseconds: median.nanoseconds / 1000 * factor)
  }

  /// Three quarters to five quarters of `duration`.
  static func jittered(_ duration: Duration, seed: UInt64, node: Int32, revision: UInt32)
    -> Duration
  {
    let draw = Int64(mix(seed &+ 1, node, revision) >> 54)
    return Duration(nanoseconds: duration.nanoseconds / 1024 * (768 + draw / 2))
  }

  private static func mix(_ seed: UInt64, _ node: Int32, _ revision: UInt32) -> UInt64 {
    let input = UInt64(UInt32(bitPattern: node)) << 32 | UInt64(revision)
    var mixed = (seed ^ input) &+ 0x9e37_79b9_7f4a_7c15
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    mixed = (mixed ^ mixed >> 31) &+ seed &* 0x9e37_79b9_7f4a_7c15
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    return mixed ^ mixed >> 29
  }
}
