import ClusterModel

/// What an address of the cluster leads to.
struct AddressRecord: Sendable {
  var address: IPAddress
  /// The node of the pod that owns the address, or -1.
  var podNode: Int32 = -1
  /// The pod, in `PodTable`; -1 for none, -2 once it has gone.
  var pod: Int32 = -1
  /// The ports the pod listens on, in `PortSetTable`; -1: it declares none.
  var portSet: Int32 = -1
  /// The node that owns the address itself; -1 for none, -2 once it has gone. A pod that has the
  /// address as well comes first.
  var hostNode: Int32 = -1

  /// The node behind the address, or a negative number.
  var owner: Int32 { podNode >= 0 ? podNode : hostNode }
  /// The address was the cluster's and is free now.
  var isAbandoned: Bool { owner < 0 && (pod == -2 || hostNode == -2) }
}

/// What a packet needs of an address: a quarter of a cache line.
struct AddressTarget: Sendable {
  struct Flags: OptionSet, Sendable {
    let rawValue: UInt8
    static let isPod = Flags(rawValue: 1)
    static let isAbandoned = Flags(rawValue: 2)
    static let isIPv6 = Flags(rawValue: 4)
  }

  var v4: UInt32
  /// The node behind the address, or a negative number.
  var owner: Int32
  var portSet: Int32
  var flags: Flags

  init(_ record: AddressRecord) {
    v4 = record.address.v4
    owner = record.owner
    portSet = record.portSet
    flags = []
    if record.podNode >= 0 { flags.insert(.isPod) }
    if record.isAbandoned { flags.insert(.isAbandoned) }
    if record.address.family == .ipv6 { flags.insert(.isIPv6) }
  }

  var isPod: Bool { flags.contains(.isPod) }
  /// A node's own address.
  var isHost: Bool { owner >= 0 && !isPod }
}

/// Every address that an object has named, found by hashing, with dense ids that stay.
struct AddressTable: Sendable {
  private(set) var records: ContiguousArray<AddressRecord> = []
  /// The same, place by place, as packets need them.
  private(set) var targets: ContiguousArray<AddressTarget> = []
  /// Of the codes that have been given out.
  private(set) var frames = FrameTable()
  /// Ids by hash, with linear probing; -1 is free. At most half full.
  private var slots = ContiguousArray<Int32>(repeating: -1, count: 64)

  subscript(_ id: Int32) -> AddressRecord {
    get { records[Int(id)] }
    set {
      frames.note(change: targets[Int(id)])
      records[Int(id)] = newValue
      targets[Int(id)] = AddressTarget(newValue)
    }
  }

  /// The code by which packets find a pod's address and node again; none for other addresses.
  mutating func code(of id: Int32) -> UInt32 { frames.code(of: targets[Int(id)]) }

  /// All codes are about to be given out anew.
  mutating func forgetCodes() { frames = FrameTable() }

  func address(_ id: Int32, _ target: AddressTarget) -> IPAddress {
    target.flags.contains(.isIPv6) ? records[Int(id)].address : IPAddress(v4: target.v4)
  }

  /// The id of `address`, or -1.
  func find(_ address: IPAddress) -> Int32 {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: Self.hash(address)) & mask
    while true {
      let id = slots[slot]
      if id < 0 || records[Int(id)].address == address { return id }
      slot = (slot + 1) & mask
    }
  }

  mutating func intern(_ address: IPAddress) -> Int32 {
    let known = find(address)
    if known >= 0 { return known }
    if (records.count + 1) * 2 > slots.count { grow() }
    let id = Int32(records.count)
    records.append(AddressRecord(address: address))
    targets.append(AddressTarget(AddressRecord(address: address)))
    insert(id)
    return id
  }

  private mutating func insert(_ id: Int32) {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: Self.hash(records[Int(id)].address)) & mask
    while slots[slot] >= 0 { slot = (slot + 1) & mask }
    slots[slot] = id
  }

  private mutating func grow() {
    slots = ContiguousArray(repeating: -1, count: slots.count * 2)
    for id in records.indices { insert(Int32(id)) }
  }

  static func hash(_ address: IPAddress) -> UInt64 {
    var mixed = (address.low ^ address.high &* 0x9e37_79b9_7f4a_7c15) &* 0xbf58_476d_1ce4_e5b9
    mixed ^= mixed >> 32
    mixed = mixed &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 29
  }
}

/// Sets of (protocol, port) that pods listen on: the pods of one template share one.
struct PortSetTable: Sendable {
  private var ports: ContiguousArray<UInt32> = []
  private var starts: ContiguousArray<Int32> = [0]
  private var ids: [[UInt32]: Int32] = [:]

  static func code(_ transport: TransportProtocol, _ port: UInt16) -> UInt32 {
    UInt32(transport.rawValue) << 16 | UInt32(port)
  }

  /// The id of the set with these codes; -1 for the empty set, which stands for every port.
  mutating func intern(_ codes: [UInt32]) -> Int32 {
    if codes.isEmpty { return -1 }
    let sorted = codes.sorted()
    if let id = ids[sorted] { return id }
    let id = Int32(starts.count - 1)
    ports.append(contentsOf: sorted)
    starts.append(Int32(ports.count))
    ids[sorted] = id
    return id
  }

  func contains(_ code: UInt32, in set: Int32) -> Bool {
    for position in Int(starts[Int(set)])..<Int(starts[Int(set) + 1])
    where ports[position] == code {
      return true
    }
    return false
  }
}
