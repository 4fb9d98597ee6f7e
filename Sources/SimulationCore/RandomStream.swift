/// A repeatable stream of random numbers: xoshiro256** (Blackman and Vigna, 2018).
///
/// Each component of the simulation owns one, so that adding a component does not change another's
/// draws. The distributions are ours as well: the standard library's may change between versions.
public struct RandomStream: Hashable, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  /// The stream of `component` in the run with `seed`.
  public init(seed: UInt64, component: String) {
    var mixer = SplitMix(state: seed)
    let name = component.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01b3
    }
    mixer.state ^= name
    state = (mixer.next(), mixer.next(), mixer.next(), mixer.next())
  }

  public static func == (left: Self, right: Self) -> Bool { left.state == right.state }
  public func hash(into hasher: inout Hasher) {
    hasher.combine(state.0)
    hasher.combine(state.1)
  }

  /// 64 uniform bits.
  public mutating func next() -> UInt64 {
    let scrambled = state.1 &* 5
    let result = (scrambled << 7 | scrambled >> 57) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = state.3 << 45 | state.3 >> 19
    return result
  }

  /// A uniform number below `bound`, without bias (Lemire, 2019). `bound` must be positive.
  public mutating func below(_ bound: UInt64) -> UInt64 {
    precondition(bound > 0, "a random number needs at least one value to choose from")
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    }
    return product.high
  }

  /// A uniform index of a collection with `count` elements; `count` must be positive.
  public mutating func index(below count: Int) -> Int { Int(below(UInt64(count))) }

  /// True with probability `numerator / denominator`.
  public mutating func chance(_ numerator: UInt64, in denominator: UInt64) -> Bool {
    below(denominator) < numerator
  }

  /// A uniform duration from `low` to `high`, both included.
  public mutating func duration(from low: Duration, through high: Duration) -> Duration {
    guard high > low else { return low }
    let span = UInt64(high.nanoseconds - low.nanoseconds) + 1
    return Duration(nanoseconds: low.nanoseconds + Int64(below(span)))
  }

  /// A number in (0, 1], in steps of 2⁻⁵³.
  public mutating func unit() -> Double { Double((next() >> 11) + 1) * 0x1p-53 }

  /// The gap to the next arrival of a Poisson process with this mean gap.
  public mutating func exponential(mean: Duration) -> Duration {
    let gap = -RepeatableMath.log(unit()) * Double(mean.nanoseconds)
    return Duration(nanoseconds: Int64(min(gap, 9e17)))
  }

  /// A standard normal number (Marsaglia's polar method).
  public mutating func normal() -> Double {
    while true {
      let x = 2 * unit() - 1
      let y = 2 * unit() - 1
      let square = x * x + y * y
      if square > 0, square < 1 {
        return x * (-2 * RepeatableMath.log(square) / square).squareRoot()
      }
    }
  }

  /// A normal duration, cut off below at zero.
  public mutating func normal(mean: Duration, deviation: Duration) -> Duration {
    let value = Double(mean.nanoseconds) + normal() * Double(deviation.nanoseconds)
    return Duration(nanoseconds: Int64(min(max(value, 0), 9e17)))
  }

  /// A log-normal duration with this median; `sigma` is the deviation of its logarithm.
  ///
  /// Service times look like this: never negative, a long tail to the right.
  public mutating func logNormal(median: Duration, sigma: Double) -> Duration {
    let value = Double(median.nanoseconds) * RepeatableMath.exp(sigma * normal())
    return Duration(nanoseconds: Int64(min(value, 9e17)))
  }

  /// Shuffles in place (Fisher and Yates, from the end).
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    guard elements.count > 1 else { return }
    for last in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(last, index(below: last + 1))
    }
  }
}

/// Spreads a seed over the whole state (Steele, Lea and Flood, 2014).
private struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }
}
