import ClusterModel

/// What one pod has asked of the portmap plugin: ports of its node that lead to it.
struct PortMapping: Sendable {
  struct Entry: Hashable, Sendable {
    var transport: TransportProtocol
    var hostPort: UInt16
    var containerPort: UInt16
    /// Nil: every address of the node.
    var hostIP: IPAddress?
  }

  var pod: ServiceKey
  /// The identifier by which the plugin knows the pod.
  var sandbox: String
  /// In `AddressTable`.
  var addresses: [Int32]
  /// In the order in which the containers declare them.
  var entries: [Entry]

  /// The entry for a port of the node at `address`.
  func entry(
    _ transport: TransportProtocol, _ hostPort: UInt16, at address: IPAddress
  ) -> Entry? {
    entries.first { entry in
      entry.transport == transport && entry.hostPort == hostPort
        && entry.hostIP.map { $0 == address } ?? true
    }
  }
}

/// The ports of nodes that lead to pods: containers' `hostPort` (plugins/meta/portmap).
struct HostPortTable: Sendable {
  struct Key: Hashable, Sendable {
    var node: Int32
    /// Of `PortSetTable`.
    var code: UInt32
  }

  /// By node, in the order in which the pods came; a node that ever had one stays.
  private var mappings: [Int32: [PortMapping]] = [:]
  /// How many pods ask for a port, so that nearly every packet is done with one look.
  private var counts: [Key: Int] = [:]
  var isEmpty: Bool { counts.isEmpty }

  /// Nil for a node where no pod ever asked for a port.
  func mappings(on node: Int32) -> [PortMapping]? { mappings[node] }

  mutating func add(_ mapping: PortMapping, on node: Int32) {
    mappings[node, default: []].append(mapping)
    count(mapping, on: node, by: 1)
  }

  mutating func remove(_ pod: ServiceKey, on node: Int32) {
    guard let index = mappings[node]?.firstIndex(where: { $0.pod == pod }),
      let mapping = mappings[node]?.remove(at: index)
    else { return }
    count(mapping, on: node, by: -1)
  }

  /// The pod that gets packets for a port of the node.
  func find(
    _ transport: TransportProtocol, _ port: UInt16, at address: IPAddress, on node: Int32
  ) -> (mapping: PortMapping, entry: PortMapping.Entry)? {
    guard counts[Key(node: node, code: PortSetTable.code(transport, port))] != nil else {
      return nil
    }
    for mapping in mappings[node] ?? [] {
      if let entry = mapping.entry(transport, port, at: address) { return (mapping, entry) }
    }
    return nil
  }

  private mutating func count(_ mapping: PortMapping, on node: Int32, by step: Int) {
    for entry in mapping.entries {
      let key = Key(node: node, code: PortSetTable.code(entry.transport, entry.hostPort))
      let count = (counts[key] ?? 0) + step
      counts[key] = count == 0 ? nil : count
    }
  }
}

extension DataPlane {
  /// Where a packet for the node itself goes on to; nil when no container asks for the port.
  func hostPortTarget(
    of flow: Flow, at node: Int32
  ) -> (address: IPAddress, port: UInt16, isMasqueraded: Bool)? {
    guard flow.destination.isLoopback || isLocal(flow.destination, at: node),
      let (mapping, entry) = hostPorts.find(
        flow.transport, flow.destinationPort, at: flow.destination, on: node)
    else { return nil }
    for id in mapping.addresses where addresses[id].address.family == flow.destination.family {
      let address = addresses[id].address
      // CNI-HOSTPORT-SETMARK: what could answer the client directly, and the node's loopback.
      let isNear = hostPortRange(of: address, at: node)?.contains(flow.source) ?? false
      let isMarked =
        cni.plugin != .cilium && (isNear || flow.source == IPAddress(v4: 0x7F00_0001))
      return (address, entry.containerPort, isMarked)
    }
    return nil
  }

  /// The network that the plugin was told with the pod's address: its hosts are masqueraded.
  func hostPortRange(of pod: IPAddress, at node: Int32) -> CIDR? {
    cni.plugin == .flannel
      ? podRange(of: node, pod.family) : CIDR(pod, prefixLength: pod.family.width)
  }
}
