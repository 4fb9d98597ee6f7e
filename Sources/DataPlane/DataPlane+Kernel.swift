import ClusterModel
import SimulationCore

/// Nodes and pods: what the kernels of the cluster know at once.
extension DataPlane {
  @inlinable
  public func nodeIndex(named name: String) -> NodeIndex? {
    guard let id = nodeNames.find(name), nodes[Int(id)].isAttached else { return nil }
    return NodeIndex(id)
  }

  /// Adds a node, or updates one that is there. Its proxy runs once `startProxy` or `settle` is
  /// called.
  @discardableResult
  public mutating func attachNode(_ node: Node) -> NodeIndex {
    let id = internNode(node.metadata.name)
    releaseAddresses(of: id)
    nodes[Int(id)].isAttached = true
    nodes[Int(id)].podCIDRs = node.podCIDRs
    nodes[Int(id)].cores = node.capacity["cpu"].map { Int(clamping: $0.value) } ?? 1
    var facts = nodeFacts[Int(id)]
    facts.zone = node.zone.map { zoneNames.intern($0) } ?? -1
    facts.primaryV4 = node.internalIP(.ipv4) ?? .unspecified
    facts.primaryV6 = node.internalIP(.ipv6) ?? IPAddress(v6High: 0, low: 0)
    facts.podCIDRv4 = node.podCIDRs.first { $0.family == .ipv4 }
    facts.podCIDRv6 = node.podCIDRs.first { $0.family == .ipv6 }
    facts.setSources(configuration.cni, configuration.proxyMode)
    nodeFacts[Int(id)] = facts
    claimAddresses(of: node, for: id)
    return NodeIndex(id)
  }

  public mutating func detachNode(named name: String) {
    guard let id = nodeNames.find(name), nodes[Int(id)].isAttached else { return }
    releaseAddresses(of: id)
    nodes[Int(id)].isAttached = false
    stopProxy(on: NodeIndex(id))
    nodeFacts[Int(id)].programmed = 0
    proxies[Int(id)].reset()
  }

  /// Gives the pod's addresses to it: packets to them reach it from now on.
  public mutating func attachPod(_ pod: Pod, on node: NodeIndex) {
    detachPod(namespace: pod.metadata.namespace, name: pod.metadata.name)
    guard nodes.indices.contains(Int(node.value)) else { return }
    let isHostNetwork = pod.spec.value.hostNetwork
    let (codes, entries) = specPorts.ports(of: pod.spec)
    var own = pod.status.podIPs.map { addresses.intern($0) }
    if isHostNetwork { own = nodes[Int(node.value)].addresses + own }
    var record = PodTable.Record(
      key: ServiceKey(namespace: pod.metadata.namespace, name: pod.metadata.name),
      node: node.value, isHostNetwork: isHostNetwork, addresses: own, ports: codes,
      isFlannel: isHostNetwork && pod.metadata.labels["app"] == "flannel")
    if !isHostNetwork {
      record.hasHostPorts = !entries.isEmpty
      if record.hasHostPorts {
        hostPorts.add(
          PortMapping(
            pod: record.key, sandbox: RuntimeIdentifier.sandbox(pod.metadata), addresses: own,
            entries: entries), on: node.value)
      }
    }
    let id = pods.add(record)
    if record.isFlannel { nodes[Int(node.value)].flannelPods += 1 }
    if isHostNetwork {
      countHostListeners(record, by: 1)
      return
    }
    let portSet = portSets.intern(codes)
    for address in own {
      addresses[address].pod = id
      addresses[address].podNode = node.value
      addresses[address].portSet = portSet
    }
  }

  /// Takes a pod's addresses away: they lead nowhere from now on.
  public mutating func detachPod(namespace: String, name: String) {
    guard let id = pods.find(namespace: namespace, name: name), let record = pods.remove(id)
    else { return }
    if record.isFlannel { nodes[Int(record.node)].flannelPods -= 1 }
    if record.isHostNetwork { return countHostListeners(record, by: -1) }
    if record.hasHostPorts { hostPorts.remove(record.key, on: record.node) }
    // Another pod may have been given the address in the meantime.
    for address in record.addresses where addresses[address].pod == id {
      addresses[address].pod = -2
      addresses[address].podNode = -1
      addresses[address].portSet = -1
    }
  }

  mutating func internNode(_ name: String) -> Int32 {
    let id = nodeNames.intern(name)
    if Int(id) == nodes.count {
      nodes.append(NodeRecord(name: name))
      nodeFacts.append(NodeFacts())
      proxies.append(Proxy())
    }
    return id
  }

  static func listener(_ address: Int32, _ code: UInt32) -> UInt64 {
    UInt64(UInt32(bitPattern: address)) << 32 | UInt64(code)
  }

  private mutating func countHostListeners(_ pod: PodTable.Record, by step: Int) {
    // An address may be there twice; it is counted twice both times.
    for address in pod.addresses {
      for port in pod.ports { hostListeners[Self.listener(address, port), default: 0] += step }
    }
  }

  private mutating func claimAddresses(of node: Node, for id: Int32) {
    let texts = node.addresses.filter { $0.type == "InternalIP" || $0.type == "ExternalIP" }
    var own = texts.compactMap { IPAddress($0.address) }
    for range in node.podCIDRs where range.hostBits >= 2 {
      // The bridge's gateway and the tunnel's end.
      own += [range.network.advanced(by: 1), range.network]
    }
    for address in own {
      let interned = addresses.intern(address)
      addresses[interned].hostNode = id
      nodes[Int(id)].addresses.append(interned)
    }
  }

  private mutating func releaseAddresses(of id: Int32) {
    for address in nodes[Int(id)].addresses where addresses[address].hostNode == id {
      addresses[address].hostNode = -2
    }
    nodes[Int(id)].addresses = []
  }
}
