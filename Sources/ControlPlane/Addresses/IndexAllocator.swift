import SimulationCore

/// Hands out indices of a range by the band strategy of the API server.
///
/// A static band at the low end is left to those who ask for a fixed value: dynamic choices start
/// at a random place in the dynamic band and scan forward, and only when that is full turn to the
/// static band. Upstream: pkg/registry/core/service/ipallocator, portallocator (bitmap.go).
public struct BandAllocator: Sendable {
  /// How many indices there are; they run from 0.
  public let size: UInt64
  /// How many indices the static band holds.
  public let staticBand: UInt64
  private var used: Set<UInt64> = []
  private var usedInStaticBand: UInt64 = 0

  public init(size: UInt64, staticBand: UInt64) {
    self.size = size
    self.staticBand = min(staticBand, size)
  }

  public var usedCount: UInt64 { UInt64(used.count) }

  public func isUsed(_ index: UInt64) -> Bool { used.contains(index) }

  /// Takes `index`; false when it is out of range or taken.
  public mutating func take(_ index: UInt64) -> Bool {
    guard index < size, used.insert(index).inserted else { return false }
    if index < staticBand { usedInStaticBand += 1 }
    return true
  }

  public mutating func release(_ index: UInt64) {
    if used.remove(index) != nil, index < staticBand { usedInStaticBand -= 1 }
  }

  /// Takes a free index; nil when none is left.
  public mutating func takeAny(_ random: inout RandomStream) -> UInt64? {
    let dynamicUsed = usedCount - usedInStaticBand
    if dynamicUsed < size - staticBand {
      return scan(staticBand..<size, &random)
    }
    return usedInStaticBand < staticBand ? scan(0..<staticBand, &random) : nil
  }

  private mutating func scan(_ band: Range<UInt64>, _ random: inout RandomStream) -> UInt64? {
    let length = band.upperBound - band.lowerBound
    let start = random.below(length)
    for step in 0..<length {
      let index = band.lowerBound + (start + step) % length
      if take(index) { return index }
    }
    return nil
  }

  /// The size of the static band of a Service address range with `size` addresses:
  /// a sixteenth, at least 16 and at most 256; none in ranges of 16 or fewer.
  public static func addressBand(of size: UInt64) -> UInt64 {
    size <= 16 ? 0 : min(max(size / 16, 16), 256)
  }

  /// The size of the static band of a port range: a thirty-second, at least 16, at most 128.
  public static func portBand(of size: UInt64) -> UInt64 {
    size <= 16 ? 0 : min(max(size / 32, 16), 128)
  }
}
