import ClusterModel

/// How many connections have passed the rules of a node, for tools that print counters.
///
/// The nat table sees the first packet of a connection only, so connections are what it counts.
struct RuleCounters: Sendable {
  struct PortKey: Hashable, Sendable {
    var node: Int32
    var port: Int32
    var kind: ServiceAddressKind
  }

  struct EndpointKey: Hashable, Sendable {
    var node: Int32
    var port: Int32
    var address: Int32
    var endpointPort: UInt16
  }

  /// A node's connections, whether to a service or not.
  struct NodeCount: Sendable {
    var fromNode = 0
    var fromElsewhere = 0
    var masqueraded = 0
  }

  private(set) var ports: [PortKey: Int] = [:]
  private(set) var marks: [PortKey: Int] = [:]
  private(set) var endpoints: [EndpointKey: Int] = [:]
  private(set) var nodes: [Int32: NodeCount] = [:]

  mutating func count(
    _ key: PortKey, _ endpoint: EndpointKey, isMarked: Bool
  ) {
    ports[key, default: 0] += 1
    if isMarked { marks[key, default: 0] += 1 }
    endpoints[endpoint, default: 0] += 1
  }

  mutating func countNode(_ node: Int32, isOwn: Bool, isMasqueraded: Bool) {
    if isOwn {
      nodes[node, default: NodeCount()].fromNode += 1
    } else {
      nodes[node, default: NodeCount()].fromElsewhere += 1
    }
    if isMasqueraded { nodes[node, default: NodeCount()].masqueraded += 1 }
  }
}

extension DataPlane {
  /// Counts the first packet of a connection where the tools of the node's mode show it.
  mutating func count(_ decision: FlowDecision, _ flow: Flow, _ entry: ConntrackEntry) {
    if traits.mode == .ipvs, decision.servicePort >= 0 {
      schedules.advance(
        ScheduleKey(node: entry.node, port: decision.servicePort, server: flow.destination))
      conntrack.loads?.countNew(BackendKey(entry))
    }
    guard traits.mode == .iptables else { return }
    counters.countNode(
      entry.node, isOwn: isLocal(flow.source, at: entry.node),
      isMasqueraded: decision.isMasqueraded)
    guard decision.servicePort >= 0 else { return }
    let revision = nodeFacts[Int(entry.node)].programmed
    let key = ServiceAddressKey(flow.destination, flow.destinationPort, flow.transport)
    let kind = serviceAddresses.find(key, at: revision)?.kind ?? .nodePort
    counters.count(
      RuleCounters.PortKey(node: entry.node, port: decision.servicePort, kind: kind),
      RuleCounters.EndpointKey(
        node: entry.node, port: decision.servicePort, address: entry.endpoint,
        endpointPort: entry.endpointPort),
      isMarked: decision.isMasqueraded && decision.endpoint != flow.source)
  }
}
