import ClusterModel
import DataPlane
import SimulationCore

/// The first packet of a request: its addresses, and where it enters the cluster.
struct Way {
  var flow: Flow
  var node: NodeIndex
}

extension Traffic {
  /// Where a request on `edge` starts; nil when the Service's name does not resolve.
  mutating func way(of edge: EdgeIndex, from pod: PodIndex) -> Way? {
    guard services[Int(edges[Int(edge)].service)].route.exists else { return nil }
    if pod != none { return way(of: edge, fromInside: pod) }
    return edges[Int(edge)].isExposed ? wayFromOutside(edge) : wayThroughIngress(edge)
  }

  private mutating func way(of edge: EdgeIndex, fromInside pod: PodIndex) -> Way? {
    let source = pods[Int(pod)].address
    guard let (address, port) = target(of: edge, family: source.family) else { return nil }
    let flow = Flow(
      source: source, sourcePort: sourcePort(of: pod), destination: address,
      destinationPort: port, transport: edges[Int(edge)].transport)
    return Way(flow: flow, node: pods[Int(pod)].node)
  }

  /// Linux gives out the ports of net.ipv4.ip_local_port_range.
  mutating func sourcePort(of pod: PodIndex) -> UInt16 {
    let next = pods[Int(pod)].nextSourcePort
    pods[Int(pod)].nextSourcePort = next == 28_231 ? 0 : next + 1
    return 32_768 + next
  }

  /// What the DNS answers for the edge's Service: its virtual address, or one of its pods'.
  mutating func target(of edge: EdgeIndex, family: IPAddress.Family) -> (
    IPAddress, UInt16
  )? {
    let service = edges[Int(edge)].service
    if services[Int(service)].route.isHeadless { return headlessTarget(of: edge) }
    guard let virtual = services[Int(service)].route.virtualAddress(family) else { return nil }
    return (virtual, edges[Int(edge)].port)
  }

  private mutating func headlessTarget(of edge: EdgeIndex) -> (IPAddress, UInt16)? {
    let members = members(of: edges[Int(edge)].service)
    guard !members.isEmpty else { return nil }
    let pod = Int(members[choices.index(below: members.count)])
    // A headless Service's port is only a name: clients speak to the pod's own.
    return (pods[pod].address, edges[Int(edge)].port)
  }

  /// From one of 254 hosts outside (RFC 5737, RFC 3849) to a node, or to the load balancer's
  /// address, which a node takes for its own.
  mutating func wayFromOutside(_ edge: EdgeIndex) -> Way? {
    guard let entry = entryNode(of: edge) else { return nil }
    let destination: IPAddress
    let destinationPort: UInt16
    let nodePort = edges[Int(edge)].nodePort
    if let address = services[Int(edges[Int(edge)].service)].route.balancer {
      (destination, destinationPort) = (address, edges[Int(edge)].port)
    } else if let address = entry.addresses.first, nodePort != 0 {
      (destination, destinationPort) = (address, nodePort)
    } else {
      return nil
    }
    let (source, sourcePort) = outsideSource(destination.family)
    let flow = Flow(
      source: source, sourcePort: sourcePort, destination: destination,
      destinationPort: destinationPort, transport: edges[Int(edge)].transport)
    return Way(flow: flow, node: entry.node)
  }

  /// An Ingress controller on a node's own network passes the request on to the Service.
  private mutating func wayThroughIngress(_ edge: EdgeIndex) -> Way? {
    guard let entry = entryNode(of: edge), let source = entry.addresses.first,
      let (address, port) = target(of: edge, family: source.family)
    else { return nil }
    let (_, sourcePort) = outsideSource(source.family)
    let flow = Flow(
      source: source, sourcePort: sourcePort, destination: address, destinationPort: port,
      transport: edges[Int(edge)].transport)
    return Way(flow: flow, node: entry.node)
  }

  private mutating func outsideSource(_ family: IPAddress.Family) -> (IPAddress, UInt16) {
    let turn = outsideConnections
    outsideConnections &+= 1
    let host = turn % 254 + 1
    let port = UInt16(32_768 + turn / 254 % 28_232)
    switch family {
    case .ipv4: return (IPAddress(v4: 203 << 24 | 113 << 8 | host), port)
    case .ipv6: return (IPAddress(v6High: 0x2001_0db8_0000_0000, low: UInt64(host)), port)
    }
  }

  /// Any node with equal chance; for a load balancer that checks the nodes' health
  /// (externalTrafficPolicy Local) any of those with a pod of the Service.
  private mutating func entryNode(of edge: EdgeIndex) -> NodeEntry? {
    let index = edges[Int(edge)].service
    guard !nodes.isEmpty else { return nil }
    if services[Int(index)].route.isLocal {
      let members = members(of: index)
      let ready = nodes.filter { node in members.contains { pods[Int($0)].node == node.node } }
      if !ready.isEmpty { return ready[edges[Int(edge)].arrivals.index(below: ready.count)] }
    }
    return nodes[edges[Int(edge)].arrivals.index(below: nodes.count)]
  }

  /// The running pods behind a Service's selector.
  mutating func members(of service: ServiceIndex) -> [PodIndex] {
    if let members = services[Int(service)].members { return members }
    let name = services[Int(service)].name
    let members = pods.indices.compactMap { pod -> PodIndex? in
      guard pods[pod].state == .running, podNames[pod].namespace == name.namespace,
        selects(service, behaviours[Int(pods[pod].behaviour)].labels)
      else { return nil }
      return PodIndex(pod)
    }
    services[Int(service)].members = members
    return members
  }

  /// Whether the Service exists and its selector matches.
  func selects(_ service: ServiceIndex, _ labels: Labels) -> Bool {
    guard let selector = services[Int(service)].service?.selector else { return false }
    return selector.pairs.allSatisfy { labels[$0.key] == $0.value }
  }
}
