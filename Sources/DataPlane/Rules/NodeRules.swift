import ClusterModel

/// What a node's proxy of one address family has programmed: what its rules are written from.
struct NodeRules: Sendable {
  var family: IPAddress.Family
  /// In order of their names.
  var ports: [ProgrammedPort]
  /// kube-proxy's clusterCIDR of the family; nil: it cannot tell pods from others.
  var clusterCIDR: CIDR?
  var serviceSubnets: [CIDR]
  var masqueradeAll: Bool
  /// NodePorts answer on 127.0.0.0/8.
  var hasLoopbackNodePorts: Bool
  /// The node's own address; nil without one of the family.
  var nodeIP: IPAddress?
  /// The addresses that have NodePorts; nil for every one of the node's.
  var nodePortIPs: [IPAddress]?
  /// What is on the node's own devices, the loopback left out.
  var ownAddresses: [IPAddress] = []
  /// Of flannel, where it runs on the node: the pods of the cluster, and the node's.
  var flannel: (cluster: CIDR, own: CIDR)?
  /// Of the portmap plugin; nil where no pod ever had a port of the node.
  var hostPorts: HostPortChains?

  /// More endpoints than this, and rules carry no comments about them
  /// (pkg/proxy/iptables/proxier.go largeClusterEndpointsThreshold).
  private static let largeCluster = 1000
  var isLarge: Bool {
    var count = 0
    for port in ports { count += port.endpointCount }
    return count > Self.largeCluster
  }

  /// Adds what others than kube-proxy have written on the node.
  func addForeign(to filter: inout IptablesTable, _ nat: inout IptablesTable) {
    if let flannel { FlannelChains(flannel.cluster, flannel.own).add(to: &filter, &nat) }
    hostPorts?.add(to: &nat)
  }
}

/// A service port as a node has it in its rules (pkg/proxy/topology.go CategorizeEndpoints).
struct ProgrammedPort: Sendable {
  struct Backend: Hashable, Sendable {
    var address: IPAddress
    var port: UInt16
    var isOnThisNode: Bool
    /// `10.244.1.5:8080`.
    var text: String { PacketTrace.Packet.text(address, port) }
  }

  /// In `ServicePortTable`.
  var number: Int32
  var identity: PortIdentity
  var definition: PortDefinition
  /// Every endpoint, the unusable ones included.
  var endpointCount: Int
  /// Whether any endpoint anywhere may be used.
  var hasEndpoints: Bool
  /// Those of the Cluster policy; empty where it is not in use.
  var clusterBackends: [Backend]
  /// Those of the Local policy; empty where it is not in use.
  var localBackends: [Backend]

  var name: String { identity.text }
  var transport: String { definition.transport.lowercaseName }
  var isInternalLocal: Bool { definition.policy.contains(.internalLocal) }
  var isExternalLocal: Bool { definition.policy.contains(.externalLocal) }
  var isExternallyAccessible: Bool { definition.policy.contains(.externallyAccessible) }
  var hasInternalEndpoints: Bool {
    hasEndpoints && !(isInternalLocal && localBackends.isEmpty)
  }
  var hasExternalEndpoints: Bool {
    hasEndpoints && !(isExternalLocal && localBackends.isEmpty)
  }
  /// Even without a usable endpoint outside, what comes from inside takes the short way.
  var hasExternalChain: Bool { hasEndpoints && isExternallyAccessible }
  var hasFirewall: Bool {
    hasEndpoints && !definition.loadBalancerIPs.isEmpty && !definition.sourceRanges.isEmpty
  }
  /// The endpoints of both policies, each once.
  var backends: [Backend] {
    if localBackends.isEmpty { return clusterBackends }
    var known = Set(clusterBackends)
    return clusterBackends + localBackends.filter { known.insert($0).inserted }
  }

  /// The source ranges and, where they hold the node itself, the load balancer's addresses: a node
  /// that has those as its own sends from them.
  func admitted(nodeIP: IPAddress?) -> [CIDR] {
    let ranges = definition.sourceRanges
    guard let nodeIP, ranges.contains(where: { $0.contains(nodeIP) }) else { return ranges }
    return ranges
      + definition.loadBalancerIPs.map { CIDR($0, prefixLength: $0.family.width) }
  }
}

extension DataPlane {
  /// What the proxy of `node` has programmed by now; nil before its first sync.
  func rules(on node: NodeIndex, _ family: IPAddress.Family) -> NodeRules? {
    guard nodeFacts.indices.contains(Int(node.value)) else { return nil }
    let facts = nodeFacts[Int(node.value)]
    guard facts.programmed > 0 else { return nil }
    let primary = facts.primary(family)
    return NodeRules(
      family: family, ports: programmedPorts(at: node.value, family),
      clusterCIDR: family == .ipv4 ? traits.clusterCIDRv4 : traits.clusterCIDRv6,
      serviceSubnets: configuration.serviceSubnets.filter { $0.family == family },
      masqueradeAll: traits.masqueradeAll, hasLoopbackNodePorts: traits.hasLoopbackNodePorts,
      nodeIP: primary.isUnspecified ? nil : primary,
      nodePortIPs: nodePortIPs(of: node.value, family),
      ownAddresses: nodes[Int(node.value)].addresses.map { addresses[$0].address }
        .filter { $0.family == family }.sorted(),
      flannel: flannel(on: node.value, family), hostPorts: hostPortChains(on: node.value, family))
  }

  private func flannel(
    on node: Int32, _ family: IPAddress.Family
  ) -> (cluster: CIDR, own: CIDR)? {
    let facts = nodeFacts[Int(node)]
    guard nodes[Int(node)].flannelPods > 0,
      let cluster = family == .ipv4 ? traits.podSubnetV4 : traits.podSubnetV6,
      let own = family == .ipv4 ? facts.podCIDRv4 : facts.podCIDRv6
    else { return nil }
    return (cluster, own)
  }

  private func programmedPorts(
    at node: Int32, _ family: IPAddress.Family
  ) -> [ProgrammedPort] {
    let revision = nodeFacts[Int(node)].programmed
    var programmed: [(name: String, port: ProgrammedPort)] = []
    for port in 0..<Int32(ports.count) {
      let identity = ports.identities[Int(port)]
      guard identity.family == family, let version = ports.version(of: port, at: revision),
        version.definition >= 0
      else { continue }
      programmed.append((identity.text, self.programmed(port, identity, version, at: node)))
    }
    programmed.sort { left, right in
      left.name != right.name
        ? left.name < right.name
        : left.port.definition.transport < right.port.definition.transport
    }
    return programmed.map(\.port)
  }

  private func programmed(
    _ number: Int32, _ identity: PortIdentity, _ version: PortVersion, at node: Int32
  ) -> ProgrammedPort {
    let cluster =
      version.policy.usesCluster || traits.localFallsBack
      ? ports.clusterChoice(version, node: node, zone: nodeFacts[Int(node)].zone)
      : EndpointChoice()
    let local =
      version.policy.usesLocal ? ports.localChoice(version, node: node) : EndpointChoice()
    return ProgrammedPort(
      number: number, identity: identity, definition: ports.definitions[Int(version.definition)],
      endpointCount: version.endpointCount, hasEndpoints: version.hasEndpoints,
      clusterBackends: backends(cluster, at: node), localBackends: backends(local, at: node))
  }

  private func backends(_ choice: EndpointChoice, at node: Int32) -> [ProgrammedPort.Backend] {
    (0..<choice.count).map { offset in
      let entry = ports.endpoint(choice, offset)
      return ProgrammedPort.Backend(
        address: addresses[entry.address].address, port: entry.port,
        isOnThisNode: entry.node == node)
    }
  }

  /// Nil: every address of the node. nftables mode takes the primary one unless told otherwise.
  private func nodePortIPs(of node: Int32, _ family: IPAddress.Family) -> [IPAddress]? {
    let ranges = configuration.nodePortAddresses.filter { $0.family == family }
    if ranges.contains(where: { $0.prefixLength == 0 }) { return nil }
    if ranges.isEmpty {
      let primary = nodeFacts[Int(node)].primary(family)
      return traits.hasPrimaryNodePortsOnly && !primary.isUnspecified ? [primary] : nil
    }
    var own = nodes[Int(node)].addresses.map { addresses[$0].address }
    if traits.hasLoopbackNodePorts { own.append(IPAddress(v4: 0x7F00_0001)) }
    return own.filter { address in ranges.contains { $0.contains(address) } }.sorted()
  }
}
