import ClusterModel

/// A range of IPv4 addresses, or none, in the form in which a packet is compared with it.
struct V4Range: Sendable {
  private let network: UInt32
  private let mask: UInt32

  /// Nil, and a range of IPv6 addresses, hold no address.
  init(_ range: CIDR?) {
    guard let range, range.family == .ipv4 else {
      (network, mask) = (1, 0)
      return
    }
    network = range.network.v4
    mask = range.prefixLength == 0 ? 0 : ~0 << UInt32(32 - range.prefixLength)
  }

  @inline(__always)
  func contains(_ address: UInt32) -> Bool { address & mask == network }
}
