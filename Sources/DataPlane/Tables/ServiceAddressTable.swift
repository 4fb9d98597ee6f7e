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

  var hash: UInt64 {
    let tail = UInt64(port) << 16 | UInt64(transport) << 8 | UInt64(family.rawValue)
    var mixed = (low ^ high &* 0x9e37_79b9_7f4a_7c15 ^ tail << 32) &* 0xbf58_476d_1ce4_e5b9
    mixed ^= mixed >> 32
    mixed = (mixed ^ tail) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 29
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

/// Service ports by address, port and protocol, as they were at every revision in use.
struct ServiceAddressTable: Sendable {
  private struct Slot: Sendable {
    var key: ServiceAddressKey
    /// The newest entry; `port` is -2 where the slot is free.
    var entry: ServiceAddressEntry
  }

  private var slots: ContiguousArray<Slot>
  private var older: ContiguousArray<ServiceAddressEntry> = []
  private var used = 0
  /// Entries that have ended.
  private(set) var endedCount = 0

  private static let free = Slot(
    key: ServiceAddressKey(nodePort: 0, .tcp, .ipv4),
    entry: ServiceAddressEntry(port: -2, kind: .nodePort, since: .max))

  init() { slots = ContiguousArray(repeating: Self.free, count: 64) }

  /// The entry that holds at `revision`; of several, that of the oldest service port.
  func find(_ key: ServiceAddressKey, at revision: UInt32) -> ServiceAddressEntry? {
    let slot = position(of: key)
    var entry = slots[slot].entry
    guard entry.port != -2 else { return nil }
    // Nearly every address has one entry.
    if entry.next < 0 { return entry.since <= revision && revision < entry.until ? entry : nil }
    var found: ServiceAddressEntry?
    while true {
      if entry.since <= revision, revision < entry.until, entry.port < found?.port ?? .max {
        found = entry
      }
      if entry.next < 0 { return found }
      entry = older[Int(entry.next)]
    }
  }

  /// Lets `key` lead to `port` from `revision` on.
  mutating func open(
    _ key: ServiceAddressKey, kind: ServiceAddressKind, port: Int32, at revision: UInt32
  ) {
    if (used + 1) * 2 > slots.count { rebuild(count: slots.count * 2, keeping: 0) }
    insert(key, ServiceAddressEntry(port: port, kind: kind, since: revision))
  }

  /// Ends what `open` began.
  mutating func close(_ key: ServiceAddressKey, port: Int32, at revision: UInt32) {
    let slot = position(of: key)
    if slots[slot].entry.port == port, slots[slot].entry.until == .max {
      slots[slot].entry.until = revision
      endedCount += 1
      return
    }
    var next = slots[slot].entry.next
    while next >= 0 {
      if older[Int(next)].port == port, older[Int(next)].until == .max {
        older[Int(next)].until = revision
        endedCount += 1
        return
      }
      next = older[Int(next)].next
    }
  }

  /// Forgets the entries that ended at or before `revision`.
  mutating func prune(upTo revision: UInt32) {
    rebuild(count: slots.count, keeping: revision)
  }

  @inline(__always)
  private func position(of key: ServiceAddressKey) -> Int {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: key.hash) & mask
    while slots[slot].entry.port != -2, slots[slot].key != key { slot = (slot + 1) & mask }
    return slot
  }

  private mutating func insert(_ key: ServiceAddressKey, _ entry: ServiceAddressEntry) {
    let slot = position(of: key)
    var entry = entry
    if slots[slot].entry.port == -2 {
      used += 1
      entry.next = -1
    } else {
      entry.next = Int32(older.count)
      older.append(slots[slot].entry)
    }
    slots[slot] = Slot(key: key, entry: entry)
  }

  private mutating func rebuild(count: Int, keeping revision: UInt32) {
    let (oldSlots, oldOlder) = (slots, older)
    slots = ContiguousArray(repeating: Self.free, count: count)
    older = []
    used = 0
    endedCount = 0
    for slot in oldSlots where slot.entry.port != -2 {
      var chain = [slot.entry]
      while let next = chain.last?.next, next >= 0 { chain.append(oldOlder[Int(next)]) }
      for entry in chain.reversed() where entry.until > revision {
        insert(slot.key, entry)
        if entry.until != .max { endedCount += 1 }
      }
    }
  }
}
