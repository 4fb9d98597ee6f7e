import ClusterModel

/// Which of a service's addresses a packet was sent to.
enum ServiceAddressKind: UInt8, Sendable {
  case clusterIP, externalIP, loadBalancer, nodePort
}

/// A key of `ServiceAddressTable`.
struct ServiceAddressKey: Equatable, Sendable {
  let high: UInt64
  let low: UInt64
  let port: UInt16
  let transport: UInt8
  let family: IPAddress.Family

  init(_ address: IPAddress, _ port: UInt16, _ transport: TransportProtocol) {
    high = address.high
    low = address.low
    family = address.family
    self.port = port
    self.transport = transport.rawValue
  }

  /// A NodePort: it has no address of its own.
  init(nodePort: UInt16, _ transport: TransportProtocol, _ family: IPAddress.Family) {
    high = 0
    low = 0
    self.family = family
    port = nodePort
    self.transport = transport.rawValue
  }

  /// The address alone, whatever the port.
  init(anyPortOf address: IPAddress) {
    high = address.high
    low = address.low
    family = address.family
    port = 0
    transport = 0
  }

  /// The key of an address alone.
  var isWhole: Bool { port == 0 && transport == 0 }

  /// All there is to an IPv4 key; of an IPv6 one, most.
  @inline(__always)
  var tag: UInt64 {
    let tail = UInt64(port) << 8 | UInt64(transport)
    if family == .ipv4 { return low << 32 | tail }
    return Self.hash(Self.hash(high) ^ low) & ~0xFFFF_FFFF | tail | 1 << 24
  }

  @inline(__always)
  static func hash(_ tag: UInt64) -> UInt64 {
    var mixed = (tag ^ tag >> 32) &* 0xbf58_476d_1ce4_e5b9
    mixed ^= mixed >> 32
    return mixed &* 0x94d0_49bb_1331_11eb >> 24
  }
}

/// From which revision to which an address led to a service port.
struct ServiceAddressEntry: Sendable {
  var port: Int32
  var kind: ServiceAddressKind
  var since: UInt32
  /// The first revision without it; `.max` while it stands.
  var until: UInt32 = .max
  /// An older entry of the same key, or -1.
  var next: Int32 = -1
}

/// Where a packet's address and port lead to.
struct ServiceAddressMatch: Sendable {
  /// In `ServicePortTable`.
  var port: Int32
  var kind: ServiceAddressKind
}

/// Service ports by address, port and protocol, as they were at every revision in use.
///
/// A packet looks at one slot, a quarter of a cache line: ten thousand Services fit into a
/// processor's second cache. What else there is to an address lies apart.
struct ServiceAddressTable: Sendable {
  private struct Slot: Sendable {
    var tag: UInt64
    /// Of the newest entry; -2 where the slot is free.
    var port: Int32
    /// The kind in two bits, whether the entry is the only one and stands, the entry's place.
    var details: UInt32

    init(tag: UInt64, port: Int32, details: UInt32 = 0) {
      (self.tag, self.port, self.details) = (tag, port, details)
    }

    init(_ record: Record, at place: Int) {
      let isPlain = record.entry.next < 0 && record.entry.until == .max
      self.init(
        tag: record.key.tag, port: record.entry.port,
        details: UInt32(record.entry.kind.rawValue) | (isPlain ? 4 : 0) | UInt32(place) << 3)
    }

    var isFree: Bool { port == -2 }
    var isPlain: Bool { details & 4 != 0 }
    var place: Int { Int(details >> 3) }
    var match: ServiceAddressMatch {
      ServiceAddressMatch(
        port: port, kind: ServiceAddressKind(rawValue: UInt8(details & 3)) ?? .clusterIP)
    }
  }

  private struct Record: Sendable {
    var key: ServiceAddressKey
    var entry: ServiceAddressEntry
  }

  private var slots: ContiguousArray<Slot>
  /// Every entry, with the older ones of its key behind it.
  private var records: ContiguousArray<Record> = []
  private var used = 0
  /// The newest revision at which an entry began: from then on all that stand are valid.
  private var newest: UInt32 = 0
  /// Entries that have ended.
  private(set) var endedCount = 0

  private static let free = Slot(tag: 0, port: -2)

  init() { slots = ContiguousArray(repeating: Self.free, count: 64) }

  /// Where the address led to at `revision`; of several service ports, the oldest.
  @inline(__always)
  func find(_ key: ServiceAddressKey, at revision: UInt32) -> ServiceAddressMatch? {
    let slot = slots[position(of: key)]
    if slot.isFree { return nil }
    if slot.isPlain, revision >= newest { return slot.match }
    return find(at: slot.place, revision)
  }

  @inline(never)
  private func find(at place: Int, _ revision: UInt32) -> ServiceAddressMatch? {
    var found: ServiceAddressMatch?
    var place = place
    while place >= 0 {
      let entry = records[place].entry
      if entry.since <= revision, revision < entry.until, entry.port < found?.port ?? .max {
        found = ServiceAddressMatch(port: entry.port, kind: entry.kind)
      }
      place = Int(entry.next)
    }
    return found
  }

  /// Lets `key` lead to `port` from `revision` on.
  mutating func open(
    _ key: ServiceAddressKey, kind: ServiceAddressKind, port: Int32, at revision: UInt32
  ) {
    if (used + 1) * 8 > slots.count * 5 { rebuild(count: slots.count * 2, keeping: 0) }
    insert(Record(key: key, entry: ServiceAddressEntry(port: port, kind: kind, since: revision)))
  }

  /// Ends what `open` began.
  mutating func close(_ key: ServiceAddressKey, port: Int32, at revision: UInt32) {
    let slot = position(of: key)
    guard !slots[slot].isFree else { return }
    var place = slots[slot].place
    while place >= 0 {
      if records[place].entry.port == port, records[place].entry.until == .max {
        records[place].entry.until = revision
        endedCount += 1
        slots[slot] = Slot(records[slots[slot].place], at: slots[slot].place)
        return
      }
      place = Int(records[place].entry.next)
    }
  }

  /// Forgets the entries that ended at or before `revision`.
  mutating func prune(upTo revision: UInt32) {
    rebuild(count: slots.count, keeping: revision)
  }

  @inline(__always)
  private func position(of key: ServiceAddressKey) -> Int {
    let mask = slots.count - 1
    let tag = key.tag
    var position = Int(truncatingIfNeeded: ServiceAddressKey.hash(tag)) & mask
    while true {
      let slot = slots[position]
      if slot.isFree { return position }
      // An IPv6 address is more than its tag.
      if slot.tag == tag, key.family == .ipv4 || records[slot.place].key == key {
        return position
      }
      position = (position + 1) & mask
    }
  }

  private mutating func insert(_ record: Record) {
    let position = position(of: record.key)
    var record = record
    if slots[position].isFree {
      used += 1
      record.entry.next = -1
    } else {
      record.entry.next = Int32(slots[position].place)
    }
    newest = max(newest, record.entry.since)
    records.append(record)
    slots[position] = Slot(record, at: records.count - 1)
  }

  private mutating func rebuild(count: Int, keeping revision: UInt32) {
    let (oldSlots, oldRecords) = (slots, records)
    slots = ContiguousArray(repeating: Self.free, count: count)
    records = []
    (used, newest, endedCount) = (0, 0, 0)
    for slot in oldSlots where !slot.isFree {
      var chain = [oldRecords[slot.place]]
      while let next = chain.last?.entry.next, next >= 0 { chain.append(oldRecords[Int(next)]) }
      for record in chain.reversed() where record.entry.until > revision {
        insert(record)
        if record.entry.until != .max { endedCount += 1 }
      }
    }
  }
}
