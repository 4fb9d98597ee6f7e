import ClusterModel
import SimulationCore

/// Hands out the cluster IPs of one Service address range.
public struct ServiceAddressAllocator: Sendable {
  public let range: CIDR
  private var allocator: BandAllocator

  public init(range: CIDR) {
    self.range = range
    let bits = min(range.hostBits, 63)
    let total: UInt64 = 1 << UInt64(bits)
    // Without the network address, and for IPv4 without the broadcast address.
    let usable = range.family == .ipv4 ? (total > 2 ? total - 2 : 0) : (total > 1 ? total - 1 : 0)
    allocator = BandAllocator(size: usable, staticBand: BandAllocator.addressBand(of: total))
  }

  public var usableCount: UInt64 { allocator.size }

  /// The address at `offset` in the range; 1 is the first usable one.
  public func address(at offset: UInt64) -> IPAddress { range.network.advanced(by: offset) }

  private func index(of address: IPAddress) -> UInt64? {
    guard range.contains(address), address.low != range.network.low else { return nil }
    let offset = address.low &- range.network.low
    return offset - 1 < allocator.size ? offset - 1 : nil
  }

  public enum Refusal: Hashable, Sendable {
    case outOfRange, taken
  }

  /// Takes the address that a Service asks for.
  public mutating func take(_ address: IPAddress) -> Refusal? {
    guard let index = index(of: address) else { return .outOfRange }
    return allocator.take(index) ? nil : .taken
  }

  public mutating func takeAny(_ random: inout RandomStream) -> IPAddress? {
    allocator.takeAny(&random).map { address(at: $0 + 1) }
  }

  public mutating func release(_ address: IPAddress) {
    if let index = index(of: address) { allocator.release(index) }
  }
}

/// Hands out node ports. The same number may serve two ports of one Service that differ in
/// protocol only.
public struct NodePortAllocator: Sendable {
  public let range: ClosedRange<Int>
  private var allocator: BandAllocator

  public init(range: ClosedRange<Int> = 30000...32767) {
    self.range = range
    let size = UInt64(range.count)
    allocator = BandAllocator(size: size, staticBand: BandAllocator.portBand(of: size))
  }

  public func isUsed(_ port: Int) -> Bool {
    range.contains(port) && allocator.isUsed(UInt64(port - range.lowerBound))
  }

  public mutating func take(_ port: Int) -> Bool {
    range.contains(port) && allocator.take(UInt64(port - range.lowerBound))
  }

  public mutating func takeAny(_ random: inout RandomStream) -> Int? {
    allocator.takeAny(&random).map { Int($0) + range.lowerBound }
  }

  public mutating func release(_ port: Int) {
    if range.contains(port) { allocator.release(UInt64(port - range.lowerBound)) }
  }
}
