import ClusterModel
import SimulationCore

/// A node with its names; the packets need only `NodeFacts`.
@usableFromInline
struct NodeRecord: Sendable {
  var name: String
  /// False for a node that an endpoint names and nothing has attached.
  @usableFromInline var isAttached = false
  /// Every address the node answers to, with those of its bridge and tunnel.
  var addresses: [Int32] = []
  var podCIDRs: [CIDR] = []
  var externalAddresses: [IPAddress] = []
  /// Of the node's capacity, rounded up.
  var cores = 1
  /// Pods of flannel that run here: their rules are there with them.
  var flannelPods = 0
}

/// What a packet's way depends on at a node.
struct NodeFacts: Sendable {
  /// The newest change in the node's rules.
  var programmed: UInt32 = 0
  var zone: Int32 = -1
  /// The first InternalIP of each family; unspecified for none.
  var primaryV4 = IPAddress.unspecified
  var primaryV6 = IPAddress(v6High: 0, low: 0)
  var podCIDRv4: CIDR? { didSet { ownPods = V4Range(podCIDRv4) } }
  /// `podCIDRv4` once more, for nearly all packets.
  private(set) var ownPods = V4Range(nil)
  var podCIDRv6: CIDR?
  var sourcesV4 = SourceAddresses(.unspecified)
  var sourcesV6 = SourceAddresses(IPAddress(v6High: 0, low: 0))

  func primary(_ family: IPAddress.Family) -> IPAddress {
    family == .ipv4 ? primaryV4 : primaryV6
  }

  func ownsPodAddress(_ address: IPAddress) -> Bool {
    (address.family == .ipv4 ? podCIDRv4 : podCIDRv6)?.contains(address) ?? false
  }

  func digest(into hasher: inout StateHasher) {
    hasher.combine(Int(programmed))
    hasher.combine(Int(zone))
    hasher.combine(primaryV4.low)
    hasher.combine(primaryV6.high)
    hasher.combine(primaryV6.low)
  }
}

/// The pods that have been attached, with dense numbers that are used again.
struct PodTable: Sendable {
  struct Record: Sendable {
    var key: ServiceKey
    var node: Int32
    var isHostNetwork: Bool
    var addresses: [Int32]
    /// Codes of `PortSetTable`.
    var ports: [UInt32]
    /// A pod of flannel's DaemonSet.
    var isFlannel = false
    /// Ports of the node lead to it.
    var hasHostPorts = false
  }

  private(set) var records: [Record?] = []
  private var free: [Int32] = []
  /// By name, without keeping the names twice.
  private var ids = HashIndex()

  subscript(_ id: Int32) -> Record? {
    id >= 0 && Int(id) < records.count ? records[Int(id)] : nil
  }

  func find(namespace: String, name: String) -> Int32? {
    ids.find(TextHash.of(namespace, name)) { isNamed(Int($0), namespace, name) }
  }

  private func isNamed(_ place: Int, _ namespace: String, _ name: String) -> Bool {
    records[place]?.key.name == name && records[place]?.key.namespace == namespace
  }

  /// Adds a pod of whose name there is none.
  mutating func add(_ record: Record) -> Int32 {
    let id: Int32
    if let reused = free.popLast() {
      id = reused
      records[Int(id)] = record
    } else {
      id = Int32(records.count)
      records.append(record)
    }
    ids.insert(Self.hash(of: record.key), id)
    return id
  }

  mutating func remove(_ id: Int32) -> Record? {
    guard let record = self[id] else { return nil }
    records[Int(id)] = nil
    ids.remove(Self.hash(of: record.key), id)
    free.append(id)
    return record
  }

  private static func hash(of key: ServiceKey) -> UInt64 { TextHash.of(key.namespace, key.name) }
}
