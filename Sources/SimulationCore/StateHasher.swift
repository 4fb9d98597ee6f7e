/// A hash of simulated state that is the same in every process and on every machine.
///
/// 64 bits of FNV-1a over words, with a final mix: a check for equality, not a signature.
public struct StateHasher: Sendable {
  private var state: UInt64 = 0xcbf2_9ce4_8422_2325

  public init() {}

  public mutating func combine(_ word: UInt64) {
    state = (state ^ word) &* 0x100_0000_01b3
    state ^= state >> 29
  }

  public mutating func combine(_ number: Int) { combine(UInt64(bitPattern: Int64(number))) }
  public mutating func combine(_ number: Int64) { combine(UInt64(bitPattern: number)) }
  public mutating func combine(_ flag: Bool) { combine(flag ? 1 as UInt64 : 0) }
  public mutating func combine(_ time: Instant) { combine(time.nanoseconds) }

  /// The text and its length, so that "ab" + "c" is not "a" + "bc".
  public mutating func combine(_ text: String) {
    for byte in text.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
    combine(text.utf8.count)
  }

  /// Sixteen hexadecimal digits.
  public var digest: String {
    var mixed = state
    mixed = (mixed ^ mixed >> 32) &* 0xd6e8_feb8_6659_fd93
    mixed = (mixed ^ mixed >> 32) &* 0xd6e8_feb8_6659_fd93
    mixed ^= mixed >> 32
    let text = String(mixed, radix: 16)
    return String(repeating: "0", count: 16 - text.count) + text
  }
}
