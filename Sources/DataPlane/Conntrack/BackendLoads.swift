import ClusterModel

/// A destination of a virtual server on a node.
struct BackendKey: Hashable, Sendable {
  var node: Int32
  /// Of the virtual server, in `AddressTable`.
  var server: Int32
  var serverPort: UInt16
  var transport: TransportProtocol
  var endpoint: Int32
  var endpointPort: UInt16
}

/// How many connections each destination of IPVS has, and has had.
struct BackendLoads: Sendable {
  struct Load: Sendable {
    var active: Int32 = 0
    var inactive: Int32 = 0
    /// Since the beginning.
    var total: Int64 = 0

    /// What the schedulers lc and wlc compare (net/netfilter/ipvs/ip_vs.h
    /// ip_vs_dest_conn_overhead).
    var overhead: Int64 { Int64(active) << 8 + Int64(inactive) }
  }

  private var loads: [BackendKey: Load] = [:]

  subscript(_ key: BackendKey) -> Load { loads[key] ?? Load() }

  mutating func add(_ entry: ConntrackEntry, by step: Int32) {
    guard entry.servicePort >= 0 else { return }
    let key = BackendKey(entry)
    if entry.state.isActive {
      loads[key, default: Load()].active += step
    } else {
      loads[key, default: Load()].inactive += step
    }
  }

  mutating func countNew(_ key: BackendKey) { loads[key, default: Load()].total += 1 }

  /// The destinations of a node that still have connections.
  func busy(on node: Int32) -> Set<BackendKey> {
    // order-free: a set.
    Set(loads.filter { $0.key.node == node && ($0.value.active > 0 || $0.value.inactive > 0) }.keys)
  }
}

extension BackendKey {
  init(_ entry: ConntrackEntry) {
    self.init(
      node: entry.node, server: entry.destination, serverPort: entry.destinationPort,
      transport: entry.transport, endpoint: entry.endpoint, endpointPort: entry.endpointPort)
  }
}
