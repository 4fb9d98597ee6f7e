import ClusterModel
import SimulationCore
import Testing

@testable import ControlPlane

private func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }
private func range(_ text: String) throws -> CIDR { try #require(CIDR(text)) }

@Suite struct `Addresses` {
  @Test(
    arguments: [
      ("10.0.0.0/29", [], nil, "10.0.0.2"), ("10.0.0.0/30", [], nil, "10.0.0.2"),
      ("10.0.0.0/29", ["10.0.0.2"], nil, "10.0.0.3"), ("10.0.0.0/29", [], "10.0.0.5", "10.0.0.6"),
      ("10.0.0.0/29", ["10.0.0.4", "10.0.0.5"], "10.0.0.3", "10.0.0.6"),
      ("10.0.0.0/29", ["10.0.0.6"], "10.0.0.5", "10.0.0.2"),
      ("10.0.0.0/29", ["10.0.0.2"], "10.0.0.128", "10.0.0.3"),
      ("10.0.0.0/29", ["10.0.0.2", "10.0.0.4", "10.0.0.5", "10.0.0.6"], "10.0.0.3", "10.0.0.3"),
      ("2001:db8:1::/64", [], nil, "2001:db8:1::2"),
    ] as [(String, [String], String?, String)])
  func `host-local hands out the address after the last one`(
    subnet: String, used: [String], last: String?, expected: String
  ) throws {
    var ipam = HostLocalIPAM(
      ranges: [try range(subnet)], used: Set(try used.map(address)), last: try last.map(address))
    #expect(ipam.allocate()?.description == expected)
  }

  @Test func `several ranges are walked one after the other`() throws {
    let ranges = [try range("10.0.0.0/30"), try range("10.0.1.0/30"), try range("10.0.2.0/30")]
    var ipam = HostLocalIPAM(ranges: ranges)
    let given = (0..<4).map { _ in ipam.allocate()?.description }
    #expect(given == ["10.0.0.2", "10.0.1.2", "10.0.2.2", nil])
    ipam.release(try address("10.0.0.2"))
    #expect(ipam.allocate()?.description == "10.0.0.2")
  }

  @Test func `a node's block has 253 addresses and then none`() throws {
    var ipam = HostLocalIPAM(ranges: [try range("10.244.1.0/24")])
    var given: [String] = []
    while let next = ipam.allocate() { given.append(next.description) }
    #expect(given.count == 253)
    #expect(given.first == "10.244.1.2")
    #expect(given.last == "10.244.1.254")
  }

  @Test func `a freed address rests until the range has been walked`() throws {
    var ipam = HostLocalIPAM(ranges: [try range("10.244.1.0/24")])
    _ = ipam.allocate()
    let second = ipam.allocate()
    ipam.release(try #require(second))
    #expect(ipam.allocate()?.description == "10.244.1.4")
  }

  @Test(
    arguments: [
      (UInt64(1) << 24, 256), (1 << 20, 256), (1 << 16, 256), (1 << 12, 256), (1 << 10, 64),
      (1 << 8, 16), (1 << 5, 16), (1 << 4, 0), (1 << 2, 0), (1, 0),
    ] as [(UInt64, UInt64)])
  func `the static band of a Service range`(size: UInt64, band: UInt64) {
    #expect(BandAllocator.addressBand(of: size) == band)
  }

  @Test(
    arguments: [(10, 0), (16, 0), (128, 16), (2048, 64), (2768, 86), (4096, 128), (8192, 128)]
      as [(UInt64, UInt64)])
  func `the static band of a port range`(size: UInt64, band: UInt64) {
    #expect(BandAllocator.portBand(of: size) == band)
  }

  @Test func `dynamic choices leave the static band alone until nothing else is left`() {
    for seed in 0..<200 {
      var random = RandomStream(seed: UInt64(seed), component: "test")
      var allocator = BandAllocator(size: 40, staticBand: 16)
      var given: [UInt64] = []
      while let index = allocator.takeAny(&random) { given.append(index) }
      #expect(given.count == 40)
      #expect(Set(given).count == 40)
      #expect(given.prefix(24).allSatisfy { $0 >= 16 })
      #expect(given.suffix(16).allSatisfy { $0 < 16 })
    }
  }

  @Test func `node blocks follow a cursor`() throws {
    var allocator = NodeCIDRAllocator(subnet: try range("10.244.0.0/22"))
    #expect(allocator.allocateNext()?.description == "10.244.0.0/24")
    let second = allocator.allocateNext()
    allocator.release(try #require(second))
    #expect(allocator.allocateNext()?.description == "10.244.2.0/24")
    #expect(allocator.allocateNext()?.description == "10.244.3.0/24")
    #expect(allocator.allocateNext()?.description == "10.244.1.0/24")
    #expect(allocator.allocateNext() == nil)
  }

  @Test func `node blocks pass over what is occupied`() throws {
    var allocator = NodeCIDRAllocator(subnet: try range("10.96.0.0/14"))
    allocator.occupy(try range("10.96.0.0/16"))
    #expect(allocator.allocateNext()?.description == "10.97.0.0/24")
    var six = NodeCIDRAllocator(subnet: try range("fd00:10:244::/56"))
    #expect(six.allocateNext()?.description == "fd00:10:244::/64")
    #expect(six.allocateNext()?.description == "fd00:10:244:1::/64")
  }

  @Test func `the Service range begins after the network address`() throws {
    var allocator = ServiceAddressAllocator(range: try range("10.96.0.0/12"))
    #expect(allocator.usableCount == 1_048_574)
    #expect(allocator.take(try address("10.96.0.0")) == .outOfRange)
    #expect(allocator.take(try address("10.96.0.1")) == nil)
    #expect(allocator.take(try address("10.96.0.1")) == .taken)
    #expect(allocator.take(try address("10.111.255.255")) == .outOfRange)
    #expect(allocator.take(try address("10.111.255.254")) == nil)
    #expect(allocator.take(try address("10.112.0.1")) == .outOfRange)
  }
}

@Suite struct `A client's rate limit` {
  @Test func `lets a burst through and then twenty a second`() {
    var bucket = TokenBucket(queriesPerSecond: 20, burst: 30)
    var now = Instant.zero
    var atOnce = 0
    while bucket.nextToken(at: now) <= now {
      bucket.take(at: now)
      atOnce += 1
    }
    #expect(atOnce == 30)
    for _ in 0..<100 {
      now = bucket.nextToken(at: now)
      bucket.take(at: now)
    }
    #expect(now.nanoseconds == 5_000_000_000)
  }

  @Test func `saves up no more than its burst`() {
    var bucket = TokenBucket(queriesPerSecond: 20, burst: 30)
    let later = Instant.zero + .hours(1)
    var count = 0
    while bucket.nextToken(at: later) <= later {
      bucket.take(at: later)
      count += 1
    }
    #expect(count == 30)
  }
}

@Suite struct `A work queue` {
  private func key(_ slot: Int32) -> WorkKey { WorkKey(.pod, ObjectID(slot: slot, reuse: 0)) }

  @Test func `holds a key once and brings it back when it changed meanwhile`() {
    var queue = WorkQueue()
    queue.add(key(1))
    queue.add(key(1))
    queue.add(key(2))
    #expect(queue.count == 2)
    #expect(queue.next() == key(1))
    queue.add(key(1))
    #expect(queue.count == 1)
    queue.done(key(1))
    #expect(queue.next() == key(2))
    #expect(queue.next() == key(1))
    #expect(queue.next() == nil)
  }

  @Test func `waits twice as long after each failure`() {
    var queue = WorkQueue()
    let delays = (0..<4).map { _ in
      queue.backoff(key(1), base: .seconds(1), limit: .seconds(5)).nanoseconds / 1_000_000_000
    }
    #expect(delays == [1, 2, 4, 5])
    queue.forget(key(1))
    #expect(queue.backoff(key(1), base: .seconds(1), limit: .seconds(5)) == .seconds(1))
  }
}

@Suite struct `Calico's addresses` {
  private let node = ObjectID(slot: 0, reuse: 0)
  private let other = ObjectID(slot: 1, reuse: 0)

  @Test func `come from blocks of 64 that nodes claim as they need them`() {
    var ipam = CalicoIPAM(
      pool: CIDR(IPAddress(v4: 0x0AF4_0000), prefixLength: 16), hasTunnels: true)
    let range = CIDR("10.244.1.0/24")
    let first = (0..<64).compactMap { _ in ipam.allocate(on: node, range: range)?.description }
    #expect(first.first == "10.244.1.1")
    #expect(first.last == "10.244.1.64")
    #expect(ipam.blocks(of: node).map(\.description) == ["10.244.1.0/26", "10.244.1.64/26"])
    #expect(ipam.allocate(on: other, range: CIDR("10.244.2.0/24"))?.description == "10.244.2.1")
  }

  @Test func `rest in the line of their block when they are given back`() {
    var ipam = CalicoIPAM(
      pool: CIDR(IPAddress(v4: 0x0AF4_0000), prefixLength: 16), hasTunnels: false)
    let given = (0..<3).compactMap { _ in ipam.allocate(on: node, range: nil) }
    ipam.release(given[0])
    let rest = (0..<62).compactMap { _ in ipam.allocate(on: node, range: nil) }
    #expect(rest.first?.description == "10.244.0.3")
    #expect(rest.last == given[0])
  }

  @Test func `are borrowed when no block is left, until nothing is`() {
    var ipam = CalicoIPAM(
      pool: CIDR(IPAddress(v4: 0x0AF4_0000), prefixLength: 25), hasTunnels: false)
    var seen: Set<IPAddress> = []
    for _ in 0..<64 {
      if let address = ipam.allocate(on: other, range: nil) { seen.insert(address) }
    }
    for _ in 0..<64 {
      if let address = ipam.allocate(on: node, range: nil) { seen.insert(address) }
    }
    #expect(seen.count == 128)
    #expect(ipam.allocate(on: node, range: nil) == nil)
    ipam.release(IPAddress(v4: 0x0AF4_0005))
    #expect(ipam.allocate(on: node, range: nil)?.description == "10.244.0.5")
  }
}

@Suite struct `Allocators against slow ones` {
  /// host-local as a list: every address of the range in a ring, walked from the last one given.
  @Test(arguments: 0..<40)
  func `host-local walks a ring`(seed: Int) throws {
    var random = RandomStream(seed: UInt64(seed), component: "host-local")
    let range = CIDR(IPAddress(v4: 0x0A00_0000), prefixLength: 26 + random.index(below: 4))
    let ring = (2..<(1 << range.hostBits) - 1).map { range.network.advanced(by: UInt64($0)) }
    var fast = HostLocalIPAM(ranges: [range])
    var used: Set<IPAddress> = []
    var next = 0
    for _ in 0..<200 {
      if random.chance(2, in: 3) {
        let free = ring.indices.map { (next + $0) % ring.count }.first { !used.contains(ring[$0]) }
        let given = fast.allocate()
        #expect(given == free.map { ring[$0] }, "seed \(seed)")
        guard let free else { continue }
        used.insert(ring[free])
        next = (free + 1) % ring.count
      } else if let victim = used.sorted().randomlyChosen(&random) {
        used.remove(victim)
        fast.release(victim)
      }
    }
  }

  /// The blocks as a list with a cursor.
  @Test(arguments: 0..<40)
  func `node blocks follow a cursor round`(seed: Int) throws {
    var random = RandomStream(seed: UInt64(seed), component: "blocks")
    let subnet = CIDR(IPAddress(v4: 0x0AF4_0000), prefixLength: 20)
    var fast = NodeCIDRAllocator(subnet: subnet)
    var taken = Array(repeating: false, count: 16)
    var cursor = 0
    for _ in 0..<100 {
      if random.chance(2, in: 3) {
        let free = (0..<16).map { (cursor + $0) % 16 }.first { !taken[$0] }
        #expect(
          fast.allocateNext()?.description == free.map { "10.244.\($0).0/24" }, "seed \(seed)")
        guard let free else { continue }
        taken[free] = true
        cursor = (free + 1) % 16
      } else {
        let index = random.index(below: 16)
        taken[index] = false
        fast.release(fast.block(at: UInt64(index)))
      }
    }
  }
}

extension [IPAddress] {
  fileprivate func randomlyChosen(_ random: inout RandomStream) -> IPAddress? {
    isEmpty ? nil : self[random.index(below: count)]
  }
}
