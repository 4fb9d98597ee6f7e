/// An IPv4 or IPv6 address.
public struct IPAddress: Hashable, Sendable, Comparable {
  public enum Family: UInt8, Hashable, Sendable, Comparable {
    case ipv4 = 4
    case ipv6 = 6

    public static func < (left: Family, right: Family) -> Bool { left.rawValue < right.rawValue }
    /// Bits in an address.
    public var width: Int { self == .ipv4 ? 32 : 128 }
    /// As in `spec.ipFamilies` and a slice's `addressType`.
    public var name: String { self == .ipv4 ? "IPv4" : "IPv6" }
  }

  public let family: Family
  /// The upper half of an IPv6 address; zero for IPv4.
  public let high: UInt64
  /// The lower half of an IPv6 address; an IPv4 address in the low 32 bits.
  public let low: UInt64

  public init(v4: UInt32) {
    family = .ipv4
    high = 0
    low = UInt64(v4)
  }

  public init(v6High: UInt64, low: UInt64) {
    family = .ipv6
    high = v6High
    self.low = low
  }

  public static let unspecified = IPAddress(v4: 0)
  public var isUnspecified: Bool { high == 0 && low == 0 }
  public var v4: UInt32 { UInt32(truncatingIfNeeded: low) }

  /// 127.0.0.0/8 or ::1.
  public var isLoopback: Bool {
    family == .ipv4 ? v4 >> 24 == 127 : high == 0 && low == 1
  }

  /// By number within a family, IPv4 first.
  public static func < (left: IPAddress, right: IPAddress) -> Bool {
    (left.family, left.high, left.low) < (right.family, right.high, right.low)
  }

  /// The address `offset` places after this one, wrapping at the end of the family's space.
  public func advanced(by offset: UInt64) -> IPAddress {
    switch family {
    case .ipv4: return IPAddress(v4: v4 &+ UInt32(truncatingIfNeeded: offset))
    case .ipv6:
      let (sum, overflow) = low.addingReportingOverflow(offset)
      return IPAddress(v6High: overflow ? high &+ 1 : high, low: sum)
    }
  }
}

extension IPAddress: CustomStringConvertible, LosslessStringConvertible {
  public var description: String { family == .ipv4 ? v4Text : v6Text }

  private var v4Text: String {
    "\(v4 >> 24).\(v4 >> 16 & 255).\(v4 >> 8 & 255).\(v4 & 255)"
  }

  /// RFC 5952: lower case, the longest run of zero groups (of two or more, the first) as `::`.
  private var v6Text: String {
    let groups = (0..<8).map { index in
      let half = index < 4 ? high : low
      return UInt16(truncatingIfNeeded: half >> UInt64((3 - index % 4) * 16))
    }
    var best = (start: 0, length: 0)
    var start = 0
    while start < 8 {
      var end = start
      while end < 8, groups[end] == 0 { end += 1 }
      if end - start > best.length { best = (start, end - start) }
      start = max(end, start + 1)
    }
    guard best.length >= 2 else { return Self.hex(groups[...]) }
    return Self.hex(groups[..<best.start]) + "::" + Self.hex(groups[(best.start + best.length)...])
  }

  private static func hex(_ groups: ArraySlice<UInt16>) -> String {
    groups.map { String($0, radix: 16) }.joined(separator: ":")
  }

  /// Parses `10.244.1.5` or `fd00::1`; nil for anything else, leading zeros in IPv4 included.
  public init?(_ text: String) {
    if text.utf8.contains(UInt8(ascii: ":")) {
      guard let (high, low) = Self.parseV6(text) else { return nil }
      self.init(v6High: high, low: low)
    } else {
      guard let address = Self.parseV4(text) else { return nil }
      self.init(v4: address)
    }
  }

  private static func parseV4(_ text: String) -> UInt32? {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var address: UInt32 = 0
    for part in parts {
      guard (1...3).contains(part.count), part.allSatisfy({ (48...57).contains($0) }),
        part.count == 1 || part.first != 48
      else { return nil }
      let number = part.reduce(UInt32(0)) { $0 * 10 + UInt32($1 - 48) }
      guard number <= 255 else { return nil }
      address = address << 8 | number
    }
    return address
  }

  private static func parseV6(_ text: String) -> (UInt64, UInt64)? {
    var halves: [String] = [text]
    let bytes = Array(text.utf8)
    if let gap = bytes.indices.dropLast().first(where: { bytes[$0] == 58 && bytes[$0 + 1] == 58 }) {
      halves = [
        String(decoding: bytes[..<gap], as: UTF8.self),
        String(decoding: bytes[(gap + 2)...], as: UTF8.self),
      ]
    }
    let parsed = halves.map(parseGroups)
    guard let head = parsed[0] else { return nil }
    var groups = head
    if parsed.count == 2 {
      guard let tail = parsed[1], head.count + tail.count <= 7 else { return nil }
      groups += Array(repeating: 0, count: 8 - head.count - tail.count) + tail
    }
    guard groups.count == 8 else { return nil }
    let high = groups[..<4].reduce(UInt64(0)) { $0 << 16 | UInt64($1) }
    return (high, groups[4...].reduce(UInt64(0)) { $0 << 16 | UInt64($1) })
  }

  private static func parseGroups(_ text: String) -> [UInt16]? {
    if text.isEmpty { return [] }
    var groups: [UInt16] = []
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count <= 8 else { return nil }
    for (index, part) in parts.enumerated() {
      if part.contains("."), index == parts.count - 1 {
        guard let tail = parseV4(String(part)) else { return nil }
        groups += [UInt16(tail >> 16), UInt16(tail & 0xFFFF)]
        continue
      }
      let digits = part.utf8.allSatisfy {
        (48...57).contains($0) || (97...102).contains($0) || (65...70).contains($0)
      }
      guard (1...4).contains(part.utf8.count), digits, let group = UInt16(part, radix: 16)
      else { return nil }
      groups.append(group)
    }
    return groups
  }
}

/// A range of addresses that share a prefix (RFC 4632).
public struct CIDR: Hashable, Sendable, CustomStringConvertible {
  /// The first address of the range: bits after the prefix are zero.
  public let network: IPAddress
  /// 0–32 for IPv4, 0–128 for IPv6.
  public let prefixLength: Int

  /// The range that holds `address`; bits after the prefix are cleared.
  public init(_ address: IPAddress, prefixLength: Int) {
    self.prefixLength = min(max(prefixLength, 0), address.family.width)
    network = Self.masked(address, prefixLength: self.prefixLength)
  }

  /// Parses `10.244.0.0/16`; nil when malformed.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let address = IPAddress(String(parts[0])),
      parts[1].utf8.allSatisfy({ (48...57).contains($0) }), let length = Int(parts[1]),
      length <= address.family.width
    else { return nil }
    self.init(address, prefixLength: length)
  }

  public var description: String { "\(network)/\(prefixLength)" }
  public var family: IPAddress.Family { network.family }
  public var hostBits: Int { family.width - prefixLength }

  public func contains(_ address: IPAddress) -> Bool {
    address.family == family && Self.masked(address, prefixLength: prefixLength) == network
  }

  public func overlaps(_ other: CIDR) -> Bool {
    contains(other.network) || other.contains(network)
  }

  /// The last address: the broadcast address of an IPv4 range.
  public var last: IPAddress {
    switch family {
    case .ipv4:
      let mask: UInt32 = prefixLength == 0 ? .max : (1 << UInt32(32 - prefixLength)) &- 1
      return IPAddress(v4: network.v4 | (prefixLength == 32 ? 0 : mask))
    case .ipv6:
      let (high, low) = Self.hostMask(prefixLength)
      return IPAddress(v6High: network.high | high, low: network.low | low)
    }
  }

  private static func masked(_ address: IPAddress, prefixLength: Int) -> IPAddress {
    switch address.family {
    case .ipv4:
      return IPAddress(v4: prefixLength == 0 ? 0 : address.v4 & (.max << UInt32(32 - prefixLength)))
    case .ipv6:
      let (high, low) = hostMask(prefixLength)
      return IPAddress(v6High: address.high & ~high, low: address.low & ~low)
    }
  }

  private static func hostMask(_ prefixLength: Int) -> (UInt64, UInt64) {
    if prefixLength >= 128 { return (0, 0) }
    if prefixLength >= 64 { return (0, UInt64.max >> UInt64(prefixLength - 64)) }
    return (UInt64.max >> UInt64(prefixLength), .max)
  }
}

/// A transport protocol of a Service, a container port or a packet.
public enum TransportProtocol: UInt8, Hashable, Sendable, Comparable {
  // Raw values are IANA protocol numbers.
  case tcp = 6
  case udp = 17
  case sctp = 132

  public init?(name: String) {
    switch name {
    case "TCP": self = .tcp
    case "UDP": self = .udp
    case "SCTP": self = .sctp
    default: return nil
    }
  }

  /// As the API spells it.
  public var name: String {
    switch self {
    case .tcp: "TCP"
    case .udp: "UDP"
    case .sctp: "SCTP"
    }
  }

  /// As rule text spells it.
  public var lowercaseName: String {
    switch self {
    case .tcp: "tcp"
    case .udp: "udp"
    case .sctp: "sctp"
    }
  }

  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
