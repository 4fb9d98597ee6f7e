import ClusterModel

/// The addresses that the simulated cloud has to give, of the ranges that are kept for
/// documentation: 203.0.113.0/24 (RFC 5737) and 2001:db8:113::/64 (RFC 3849).
struct LoadBalancerAddresses: Sendable {
  static let ranges = [
    CIDR(IPAddress(v4: 0xCB00_7100), prefixLength: 24),
    CIDR(IPAddress(v6High: 0x2001_0DB8_0113_0000, low: 0), prefixLength: 64),
  ]

  /// Addresses that may be had of each range: .1 to .254, or as many of IPv6.
  private static let count: UInt64 = 254

  private var used: Set<IPAddress> = []

  mutating func occupy(_ address: IPAddress) { used.insert(address) }
  mutating func release(_ address: IPAddress) { used.remove(address) }

  /// The lowest free address; nil when all are taken.
  mutating func allocate(_ family: IPAddress.Family) -> IPAddress? {
    guard let range = Self.ranges.first(where: { $0.family == family }) else { return nil }
    for offset in 1...Self.count {
      let address = range.network.advanced(by: offset)
      if used.insert(address).inserted { return address }
    }
    return nil
  }

  /// Takes the address that a Service asks for; false when the cloud cannot give it.
  mutating func take(_ address: IPAddress) -> Bool {
    guard Self.ranges.contains(where: { $0.contains(address) }) else { return false }
    return used.insert(address).inserted
  }
}
