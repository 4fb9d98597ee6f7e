import ClusterModel

/// Cuts the pod subnet into equal blocks, one for each node.
///
/// A cursor walks the blocks: a released one is used again only after the cursor has come round.
/// Upstream: pkg/controller/nodeipam/ipam/cidrset/cidr_set.go.
public struct NodeCIDRAllocator: Sendable {
  public let subnet: CIDR
  /// The prefix length of a node's block: 24 for IPv4, 64 for IPv6 by default.
  public let blockPrefixLength: Int
  private var used: Set<UInt64> = []
  private var cursor: UInt64 = 0

  public init(subnet: CIDR, blockPrefixLength: Int? = nil) {
    self.subnet = subnet
    let length = blockPrefixLength ?? (subnet.family == .ipv4 ? 24 : 64)
    self.blockPrefixLength = max(length, subnet.prefixLength)
  }

  public var blockCount: UInt64 { 1 << UInt64(min(blockPrefixLength - subnet.prefixLength, 16)) }

  public func block(at index: UInt64) -> CIDR {
    let shift = UInt64(subnet.family.width - blockPrefixLength)
    let address: IPAddress
    if shift >= 64 {
      address = IPAddress(
        v6High: subnet.network.high | index << (shift - 64), low: subnet.network.low)
    } else {
      address = subnet.network.advanced(by: index << shift)
    }
    return CIDR(address, prefixLength: blockPrefixLength)
  }

  /// The next free block at or after the cursor; nil when none is left.
  public mutating func allocateNext() -> CIDR? {
    let count = blockCount
    for step in 0..<count {
      let index = (cursor + step) % count
      if used.insert(index).inserted {
        cursor = (index + 1) % count
        return block(at: index)
      }
    }
    return nil
  }

  /// Marks every block that `range` overlaps as used.
  public mutating func occupy(_ range: CIDR) {
    guard range.overlaps(subnet) else { return }
    if range.prefixLength <= subnet.prefixLength {
      for index in 0..<blockCount { used.insert(index) }
    } else {
      let first = index(of: range.network)
      let last = index(of: range.last)
      for index in first...max(first, min(last, blockCount - 1)) { used.insert(index) }
    }
  }

  public mutating func release(_ block: CIDR) {
    if subnet.contains(block.network) { used.remove(index(of: block.network)) }
  }

  private func index(of address: IPAddress) -> UInt64 {
    let shift = UInt64(subnet.family.width - blockPrefixLength)
    guard subnet.family == .ipv6 else { return UInt64(address.v4 &- subnet.network.v4) >> shift }
    guard shift < 64 else { return (address.high ^ subnet.network.high) >> (shift - 64) }
    let low = (address.low ^ subnet.network.low) >> shift
    return shift == 0 ? low : low | (address.high ^ subnet.network.high) << (64 - shift)
  }
}
