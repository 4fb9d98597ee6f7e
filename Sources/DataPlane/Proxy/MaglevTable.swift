import ClusterModel
import SimulationCore

/// Maglev's lookup table, as Cilium fills it (cilium/cilium pkg/maglev/maglev.go).
///
/// Every backend has a permutation of the table's places; in turn each takes the next place of its
/// own that is free. So each gets an equal share, and one that goes takes little with it.
struct MaglevTable: Sendable {
  /// Cilium's default size, a prime.
  static let size = 16_381

  /// The backend of each place, by its number among the backends.
  private let owners: ContiguousArray<UInt16>

  /// - Parameter backends: `IP:port` of each.
  init(backends: [String], transport: TransportProtocol) {
    let size = UInt64(Self.size)
    var places: [(next: UInt64, skip: UInt64)] = backends.map { text in
      let (first, second) = Murmur3.hash128(
        Array("\(text)/\(transport.name)".utf8), seed: MaglevSeed.murmur)
      return (first % size, second % (size - 1) + 1)
    }
    var owners = ContiguousArray<UInt16>(repeating: .max, count: Self.size)
    for turn in 0..<Self.size {
      let backend = turn % backends.count
      var place = places[backend].next
      while owners[Int(place)] != .max { place = (place + places[backend].skip) % size }
      owners[Int(place)] = UInt16(backend)
      places[backend].next = (place + places[backend].skip) % size
    }
    self.owners = owners
  }

  func owner(of hash: UInt32) -> Int { Int(owners[Int(hash % UInt32(Self.size))]) }

  /// How many places each of `count` backends has.
  func shares(count: Int) -> [Int] {
    var shares = [Int](repeating: 0, count: count)
    for owner in owners { shares[Int(owner)] += 1 }
    return shares
  }

  /// Of a packet from outside (bpf/lib/hash.h hash_from_tuple_v4, include/linux/jhash.h).
  static func hash(_ flow: Flow) -> UInt32 {
    let ports = UInt32(flow.destinationPort.byteSwapped) << 16 | UInt32(flow.sourcePort.byteSwapped)
    let address =
      flow.source.family == .ipv4
      ? flow.source.v4.byteSwapped
      : UInt32(truncatingIfNeeded: flow.source.high >> 32 ^ flow.source.low)
    return JenkinsHash.words(
      address, ports, UInt32(flow.transport.rawValue), seed: MaglevSeed.jenkins)
  }
}

/// Cilium's default seed `JLfvgnHc2kaSUFaI`, twelve bytes in base 64.
enum MaglevSeed {
  /// The first four bytes.
  static let murmur: UInt32 = 0x24B7_EF82
  /// The next four.
  static let jenkins: UInt32 = 0x71DC_DA46
}

/// MurmurHash3, x64, 128 bits (Austin Appleby; public domain).
enum Murmur3 {
  static func hash128(_ bytes: [UInt8], seed: UInt32) -> (UInt64, UInt64) {
    let (c1, c2): (UInt64, UInt64) = (0x87c3_7b91_1142_53d5, 0x4cf5_ad43_2745_937f)
    var (h1, h2) = (UInt64(seed), UInt64(seed))
    func word(_ start: Int, _ count: Int) -> UInt64 {
      var word: UInt64 = 0
      for index in 0..<count { word |= UInt64(bytes[start + index]) << UInt64(8 * index) }
      return word
    }
    func turn(_ value: UInt64, _ bits: UInt64) -> UInt64 { value << bits | value >> (64 - bits) }
    var start = 0
    while start + 16 <= bytes.count {
      h1 ^= turn(word(start, 8) &* c1, 31) &* c2
      h1 = (turn(h1, 27) &+ h2) &* 5 &+ 0x52dc_e729
      h2 ^= turn(word(start + 8, 8) &* c2, 33) &* c1
      h2 = (turn(h2, 31) &+ h1) &* 5 &+ 0x3849_5ab5
      start += 16
    }
    let rest = bytes.count - start
    if rest > 8 { h2 ^= turn(word(start + 8, rest - 8) &* c2, 33) &* c1 }
    if rest > 0 { h1 ^= turn(word(start, min(rest, 8)) &* c1, 31) &* c2 }
    h1 ^= UInt64(bytes.count)
    h2 ^= UInt64(bytes.count)
    h1 &+= h2
    h2 &+= h1
    (h1, h2) = (finish(h1), finish(h2))
    h1 &+= h2
    return (h1, h2 &+ h1)
  }

  private static func finish(_ value: UInt64) -> UInt64 {
    var value = (value ^ value >> 33) &* 0xff51_afd7_ed55_8ccd
    value = (value ^ value >> 33) &* 0xc4ce_b9fe_1a85_ec53
    return value ^ value >> 33
  }
}

/// Bob Jenkins's hash of three words, as Linux has it.
enum JenkinsHash {
  static func words(_ first: UInt32, _ second: UInt32, _ third: UInt32, seed: UInt32) -> UInt32 {
    let start = seed &+ 0xdead_beef &+ 3 << 2
    var (a, b, c) = (first &+ start, second &+ start, third &+ start)
    func turn(_ value: UInt32, _ bits: UInt32) -> UInt32 { value << bits | value >> (32 - bits) }
    c = (c ^ b) &- turn(b, 14)
    a = (a ^ c) &- turn(c, 11)
    b = (b ^ a) &- turn(a, 25)
    c = (c ^ b) &- turn(b, 16)
    a = (a ^ c) &- turn(c, 4)
    b = (b ^ a) &- turn(a, 14)
    return (c ^ b) &- turn(b, 24)
  }
}

extension DataPlane {
  /// Which table a choice belongs to.
  struct MaglevKey: Hashable, Sendable {
    var port: Int32
    var since: UInt32
    var start: Int
    var count: Int
  }

  /// The table of a route's endpoints: the one at hand, or made for this once.
  func maglev(of route: Route) -> MaglevTable {
    maglevTables[Self.maglevKey(route)] ?? makeMaglev(of: route)
  }

  /// Keeps the table that packets on the way of `flow` look their endpoint up in.
  mutating func keepMaglev(for flow: Flow, at node: Int32, _ now: Instant) {
    guard traits.mode == .ebpf, !isInCluster(flow.source) else { return }
    let route = route(flow, at: node, now)
    let key = Self.maglevKey(route)
    guard route.cause == .service, route.choice.count > 1, maglevTables[key] == nil else { return }
    // A bound, not a policy: what is asked for again is made again.
    if maglevTables.count >= 256 { maglevTables = [:] }
    maglevTables[key] = makeMaglev(of: route)
  }

  private static func maglevKey(_ route: Route) -> MaglevKey {
    MaglevKey(
      port: route.port, since: route.version.since, start: route.choice.start,
      count: route.choice.count)
  }

  private func makeMaglev(of route: Route) -> MaglevTable {
    let backends = (0..<route.choice.count).map { offset in
      let target = ports.targets[ports.position(route.choice, offset)]
      return PacketTrace.Packet.text(addresses[target.address].address, target.port)
    }
    return MaglevTable(
      backends: backends, transport: ports.identities[Int(route.port)].transport)
  }
}
