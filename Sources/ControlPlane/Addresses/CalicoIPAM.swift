import ClusterModel

/// Hands out pod addresses as Calico does: nodes claim blocks of 64 addresses as they need them,
/// and borrow from others' blocks when no block is left (libcalico-go/lib/ipam).
///
/// A node's first blocks are those of its podCIDR; upstream draws them at random.
public struct CalicoIPAM: Sendable {
  /// Addresses of one block, those that were given back last in line.
  private struct Block: Sendable {
    var owner: ObjectID
    var free: [UInt8]
  }

  public let pool: CIDR
  /// 26 for IPv4, 122 for IPv6.
  public let blockPrefixLength: Int
  /// Whether each node's tunnel takes the first address of its first block.
  private let hasTunnels: Bool
  private var blocks: [UInt64: Block] = [:]
  /// The blocks of each node, in the order in which it claimed them.
  private var claimed: [ObjectID: [UInt64]] = [:]

  public init(pool: CIDR, hasTunnels: Bool) {
    self.pool = pool
    self.hasTunnels = hasTunnels
    blockPrefixLength = max(pool.family == .ipv4 ? 26 : 122, pool.prefixLength)
  }

  private var blockBits: UInt64 { UInt64(pool.family.width - blockPrefixLength) }
  private var blockSize: Int { 1 << Int(blockBits) }
  private var blockCount: UInt64 {
    1 << UInt64(min(blockPrefixLength - pool.prefixLength, 40))
  }

  /// The node's blocks.
  public func blocks(of node: ObjectID) -> [CIDR] {
    (claimed[node] ?? []).map { CIDR(address($0, 0), prefixLength: blockPrefixLength) }
  }

  private func address(_ block: UInt64, _ place: UInt8) -> IPAddress {
    pool.network.advanced(by: block << blockBits | UInt64(place))
  }

  private func place(of address: IPAddress) -> (block: UInt64, place: UInt8)? {
    guard pool.contains(address) else { return nil }
    let offset = address.low &- pool.network.low
    return (offset >> blockBits, UInt8(truncatingIfNeeded: offset & (1 << blockBits - 1)))
  }

  // MARK: Taking

  /// Takes an address for a pod on `node`, whose own range is preferred for new blocks; nil when
  /// the whole pool is in use.
  public mutating func allocate(on node: ObjectID, range: CIDR?) -> IPAddress? {
    for block in claimed[node] ?? [] {
      if let address = take(from: block) { return address }
    }
    if let block = unclaimed(near: range) {
      claim(block, for: node)
      return take(from: block)
    }
    // Borrowed: any block that has an address left.
    for block in blocks.keys.sorted() {
      if let address = take(from: block) { return address }
    }
    return nil
  }

  private mutating func take(from block: UInt64) -> IPAddress? {
    guard let first = blocks[block]?.free.first else { return nil }
    blocks[block]?.free.removeFirst()
    return address(block, first)
  }

  private func unclaimed(near range: CIDR?) -> UInt64? {
    let start = range.flatMap { place(of: $0.network)?.block } ?? 0
    // No more than all claimed ones can be in the way.
    for step in 0..<min(blockCount, UInt64(blocks.count) + 1) {
      let block = (start + step) % blockCount
      if blocks[block] == nil { return block }
    }
    return nil
  }

  private mutating func claim(_ block: UInt64, for node: ObjectID) {
    let isFirst = claimed[node] == nil
    let places = (0..<blockSize).map { UInt8($0) }
    let free = isFirst && hasTunnels ? Array(places.dropFirst()) : places
    blocks[block] = Block(owner: node, free: free)
    claimed[node, default: []].append(block)
  }

  // MARK: Giving back

  public mutating func release(_ address: IPAddress) {
    guard let (block, place) = place(of: address), blocks[block] != nil else { return }
    if blocks[block]?.free.contains(place) == false { blocks[block]?.free.append(place) }
  }

  /// Marks an address that a loaded pod has.
  public mutating func occupy(_ address: IPAddress, on node: ObjectID) {
    guard let (block, place) = place(of: address) else { return }
    if blocks[block] == nil { claim(block, for: node) }
    blocks[block]?.free.removeAll { $0 == place }
  }

  /// A node is gone: its blocks are for others, but for those that pods of others hold.
  public mutating func forget(_ node: ObjectID) {
    for block in claimed.removeValue(forKey: node) ?? [] { blocks[block] = nil }
  }
}
