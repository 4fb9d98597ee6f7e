import ClusterModel

/// The name of a chain: at most 32 bytes (the kernel allows 28), in a form that is no allocation
/// and sorts as the text does.
struct ChainName: Hashable, Comparable, Sendable {
  private let first: UInt64
  private let second: UInt64
  private let third: UInt64
  private let fourth: UInt64

  init(_ text: String) {
    var bytes = text.utf8.makeIterator()
    func word() -> UInt64 {
      var word: UInt64 = 0
      for _ in 0..<8 { word = word << 8 | UInt64(bytes.next() ?? 0) }
      return word
    }
    (first, second, third, fourth) = (word(), word(), word(), word())
    precondition(bytes.next() == nil, "a chain has a name of at most 32 bytes")
  }

  /// `KUBE-SEP-` and 16 characters.
  init(endpointHash: (UInt64, UInt64)) {
    let (high, low) = endpointHash
    first = 0x4B55_4245_2D53_4550
    second = 0x2D << 56 | high >> 8
    third = high << 56 | low >> 8
    fourth = low << 56
  }

  static func < (left: ChainName, right: ChainName) -> Bool {
    if left.second != right.second, left.first == right.first { return left.second < right.second }
    return (left.first, left.second, left.third, left.fourth)
      < (right.first, right.second, right.third, right.fourth)
  }

  func write(into bytes: inout [UInt8]) {
    for word in [first, second, third, fourth] {
      var shift: UInt64 = 56
      while true {
        let byte = UInt8(truncatingIfNeeded: word >> shift)
        if byte == 0 { return }
        bytes.append(byte)
        if shift == 0 { break }
        shift -= 8
      }
    }
  }
}

extension [UInt8] {
  mutating func write(_ text: String) { append(contentsOf: text.utf8) }

  mutating func write(_ text: StaticString) {
    append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  mutating func write(_ name: ChainName) { name.write(into: &self) }

  mutating func write(_ number: UInt32) {
    var divisor: UInt32 = 1
    while number / divisor >= 10 { divisor *= 10 }
    while divisor > 0 {
      append(UInt8(truncatingIfNeeded: 48 + number / divisor % 10))
      divisor /= 10
    }
  }

  mutating func write(_ address: IPAddress) {
    guard address.family == .ipv4 else { return write(address.description) }
    for shift: UInt32 in [24, 16, 8, 0] {
      write(address.v4 >> shift & 255)
      if shift > 0 { append(UInt8(ascii: ".")) }
    }
  }

  /// `10.244.1.5:8080`, `[fd00::1]:8080`.
  mutating func write(_ address: IPAddress, _ port: UInt16) {
    if address.family == .ipv6 { append(UInt8(ascii: "[")) }
    write(address)
    if address.family == .ipv6 { append(UInt8(ascii: "]")) }
    append(UInt8(ascii: ":"))
    write(UInt32(port))
  }
}
