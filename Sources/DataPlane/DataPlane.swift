import ClusterModel
import SimulationCore

/// The networks of the cluster: links, routes and the service proxies of every node.
///
/// A change of the API reaches each node's proxy after a delay of its own, and its rules a sync
/// later; until then that node sends packets by its old rules. Every version of a service port is
/// kept once, for all nodes; a node is the number of the newest change it has programmed.
public struct DataPlane: Sendable {
  public internal(set) var configuration: NetworkConfiguration
  let seed: UInt64
  /// What the mode and the configuration make of a packet, ready for the hot path.
  var traits: PacketTraits

  // Kernel: nodes and pods.
  @usableFromInline var nodeNames = NameTable()
  var zoneNames = NameTable()
  @usableFromInline var nodes: [NodeRecord] = []
  var nodeFacts: ContiguousArray<NodeFacts> = []
  var addresses = AddressTable()
  var portSets = PortSetTable()
  var pods = PodTable()
  /// (address, protocol, port) that endpoints have named: what portless pods listen on.
  var targetedPorts: Set<UInt64> = []
  /// (address, protocol, port) of hostNetwork pods, with how many listen there.
  var hostListeners: [UInt64: Int] = [:]
  var hostPorts = HostPortTable()
  var specPorts = SpecPorts()

  // The service proxies' source: every service port in every version that is in use.
  var serviceIDs: [ServiceKey: Int] = [:]
  var services: [ServiceRecord] = []
  var ports = ServicePortTable()
  var serviceAddresses = ServiceAddressTable()
  /// The addresses alone, whatever the port; apart, so that the others lie close together.
  var wholeAddresses = ServiceAddressTable()
  var hints = HintTable()
  var sourceRanges: [[CIDR]] = []
  /// The service port that a healthCheckNodePort was given to last.
  var healthCheckPorts: [UInt16: Int32] = [:]
  var nextPruning = 256

  // The service proxies themselves.
  var changes = ChangeLog()
  var proxies: ContiguousArray<Proxy> = []
  @usableFromInline var proxyEvents = EventQueue<ProxyEvent>()
  /// Where the proxies stand that have nothing to do, with some that have by now: who is busy need
  /// not be woken, and asking every node at every change would be dear.
  var idleProxies: [Int32] = []
  var affinities = AffinityTable()
  /// Where the schedulers of IPVS stand.
  var schedules = ScheduleTable()
  /// The lookup tables of eBPF's balancer that packets have asked for.
  var maglevTables: [MaglevKey: MaglevTable] = [:]

  // Connections.
  var conntrack: ConntrackTable
  /// Packets that found a node's table full.
  public internal(set) var conntrackDrops = 0
  var counters = RuleCounters()
  /// Connections that tools have opened.
  public internal(set) var dials: UInt64 = 0

  // NetworkPolicy: every policy and pod in every version that an agent may have.
  var policies = PolicyEngine()
  var policyClock = PolicyClock()

  public init(configuration: NetworkConfiguration, seed: UInt64) {
    self.configuration = configuration
    self.seed = seed
    traits = PacketTraits(configuration)
    conntrack = ConntrackTable(countsLoads: configuration.proxyMode == .ipvs)
  }

  // The work is in the extensions: DataPlane+Kernel, +Changes, +Proxies, +Decide, +Trace.

  /// The name `namespace/service:port` of a decision's service port.
  public func servicePort(_ number: Int32) -> (namespace: String, service: String, port: String)? {
    guard number >= 0, Int(number) < ports.count else { return nil }
    let identity = ports.identities[Int(number)]
    return (identity.namespace, identity.service, identity.portName)
  }

  public func nodeName(_ node: NodeIndex) -> String {
    nodes.indices.contains(Int(node.value)) ? nodes[Int(node.value)].name : ""
  }

  /// One way between nodes; nil is outside the cluster.
  public func latency(from source: NodeIndex?, to destination: NodeIndex) -> Duration {
    let latencies = configuration.linkLatencies
    guard let source, !source.isNone, !destination.isNone,
      nodeFacts.indices.contains(Int(source.value)),
      nodeFacts.indices.contains(Int(destination.value))
    else { return latencies.outside }
    if source == destination { return latencies.sameNode }
    let zones = (nodeFacts[Int(source.value)].zone, nodeFacts[Int(destination.value)].zone)
    let link = zones.0 == zones.1 ? latencies.sameZone : latencies.acrossZones
    return link + traits.encapsulationCost
  }

  public func digest(into hasher: inout StateHasher) {
    hasher.combine(nodeFacts.count)
    for (facts, proxy) in zip(nodeFacts, proxies) {
      facts.digest(into: &hasher)
      proxy.digest(into: &hasher)
    }
    for record in addresses.records where record.podNode >= 0 || record.hostNode >= 0 {
      hasher.combine(record.address.high)
      hasher.combine(record.address.low)
      hasher.combine(Int(record.podNode) << 32 | Int(record.hostNode & 0xFFFF))
      hasher.combine(Int(record.portSet))
    }
    hasher.combine(Int(changes.newest))
    for port in 0..<ports.count { ports.digest(Int32(port), into: &hasher) }
    affinities.digest(into: &hasher)
    conntrack.digest(into: &hasher)
    hasher.combine(conntrackDrops)
    policyClock.digest(into: &hasher)
    policies.digest(into: &hasher)
  }
}

/// A Service's key.
struct ServiceKey: Hashable, Sendable {
  var namespace: String
  var name: String
}
