import ClusterModel

/// Hands out the pod addresses of one node's block.
///
/// The host-local plugin: round robin from the address after the last one given, the gateway
/// (the first address) never, so that a freed address rests until the range has been walked.
/// Upstream: plugins/ipam/host-local/backend/allocator.
public struct HostLocalIPAM: Sendable {
  /// The ranges of the node, walked one after the other.
  public let ranges: [CIDR]
  private var used: Set<IPAddress> = []
  private var last: IPAddress?

  public init(ranges: [CIDR], used: Set<IPAddress> = [], last: IPAddress? = nil) {
    self.ranges = ranges
    self.used = used
    self.last = last
  }

  public func isUsed(_ address: IPAddress) -> Bool { used.contains(address) }

  /// Marks an address that a loaded pod already has.
  public mutating func occupy(_ address: IPAddress) {
    used.insert(address)
    if ranges.contains(where: { $0.contains(address) }), last.map({ $0 < address }) ?? true {
      last = address
    }
  }

  /// Takes the next free address; nil when the ranges are exhausted.
  public mutating func allocate() -> IPAddress? {
    guard let position = startPosition() else { return nil }
    var (range, address) = position
    let first = position
    repeat {
      if address != gateway(of: ranges[range]), used.insert(address).inserted {
        last = address
        return address
      }
      (range, address) = next(after: address, in: range)
    } while (range, address) != first
    return nil
  }

  /// The ranges as the plugin's errors name them: `10.244.1.1-10.244.1.254`.
  public var rangeText: String {
    ranges.map { "\(start(of: $0))-\(end(of: $0))" }.joined(separator: ",")
  }

  public mutating func release(_ address: IPAddress) { used.remove(address) }

  private func startPosition() -> (Int, IPAddress)? {
    guard let firstRange = ranges.first else { return nil }
    guard let last, let range = ranges.firstIndex(where: { $0.contains(last) }) else {
      return (0, start(of: firstRange))
    }
    return next(after: last, in: range)
  }

  private func next(after address: IPAddress, in range: Int) -> (Int, IPAddress) {
    if address < end(of: ranges[range]) { return (range, address.advanced(by: 1)) }
    let following = (range + 1) % ranges.count
    return (following, start(of: ranges[following]))
  }

  private func gateway(of range: CIDR) -> IPAddress { range.network.advanced(by: 1) }
  private func start(of range: CIDR) -> IPAddress { range.network.advanced(by: 1) }

  /// The last usable address: not the broadcast address of an IPv4 range.
  private func end(of range: CIDR) -> IPAddress {
    guard range.family == .ipv4 else { return range.last }
    return IPAddress(v4: range.last.v4 &- 1)
  }
}
