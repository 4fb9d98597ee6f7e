import ClusterModel

/// Where a traced packet starts or ends.
struct TracePlace: Sendable {
  enum Kind: Sendable { case pod, host, outside }

  var kind: Kind
  var address: IPAddress
  /// The node of the pod or the node itself; for an outside packet, the node it enters.
  var node: Int32
  var namespace = ""
  var pod = ""

  /// `pod default/web`, `node node-1`, `198.51.100.10`.
  func text(nodeName: String) -> String {
    switch kind {
    case .pod: pod.isEmpty ? "\(address)" : "pod \(namespace)/\(pod)"
    case .host: "node \(nodeName)"
    case .outside: "\(address)"
    }
  }
}

extension DataPlane {
  /// The start of the packet of `request`.
  func source(of request: TraceRequest) -> Result<TracePlace, PacketTrace.Problem> {
    let family = request.destination.family
    switch request.source {
    case .pod(let namespace, let name): return podSource(namespace, name, request.destination)
    case .node(let name): return nodeSource(name, request.destination)
    case .external:
      let client =
        family == .ipv4 ? configuration.outsideClientV4 : configuration.outsideClientV6
      return addressSource(client, request)
    case .address(let address):
      guard address.family == family else { return .failure(.differentFamilies) }
      return addressSource(address, request)
    }
  }

  private func podSource(
    _ namespace: String, _ name: String, _ destination: IPAddress
  ) -> Result<TracePlace, PacketTrace.Problem> {
    let family = destination.family
    guard let id = pods.find(namespace: namespace, name: name), let record = pods[id] else {
      return .failure(.unknownPod(namespace: namespace, name: name))
    }
    if record.isHostNetwork {
      return nodeSource(nodes[Int(record.node)].name, destination)
    }
    for address in record.addresses where addresses[address].address.family == family {
      return .success(
        TracePlace(
          kind: .pod, address: addresses[address].address, node: record.node, namespace: namespace,
          pod: name))
    }
    return .failure(.podWithoutAddress(namespace: namespace, name: name))
  }

  /// The kernel gives a socket the address that the route to its destination names.
  private func nodeSource(
    _ name: String, _ destination: IPAddress
  ) -> Result<TracePlace, PacketTrace.Problem> {
    guard let index = nodeIndex(named: name) else { return .failure(.unknownNode(name)) }
    let facts = nodeFacts[Int(index.value)]
    var address = facts.primary(destination.family)
    let id = addresses.find(destination)
    if id >= 0, !address.isUnspecified {
      address = facts.source(
        towards: addresses.targets[Int(id)], destination.family, at: index.value)
    }
    if address.isUnspecified { return .failure(.nodeWithoutAddress(name)) }
    return .success(TracePlace(kind: .host, address: address, node: index.value))
  }

  private func addressSource(
    _ address: IPAddress, _ request: TraceRequest
  ) -> Result<TracePlace, PacketTrace.Problem> {
    if !address.isLoopback, case let place = place(of: address), place.kind != .outside {
      return .success(place)
    }
    let entry = entryNode(of: request)
    guard let node = try? entry.get() else { return entry.map { _ in place(of: address) } }
    return .success(
      TracePlace(kind: address.isLoopback ? .host : .outside, address: address, node: node))
  }

  /// What an address belongs to.
  func place(of address: IPAddress) -> TracePlace {
    let id = addresses.find(address)
    guard id >= 0, addresses[id].owner >= 0 else {
      return TracePlace(kind: .outside, address: address, node: -1)
    }
    let record = addresses[id]
    guard record.podNode >= 0 else {
      return TracePlace(kind: .host, address: address, node: record.hostNode)
    }
    let key = pods[record.pod]?.key
    return TracePlace(
      kind: .pod, address: address, node: record.podNode, namespace: key?.namespace ?? "",
      pod: key?.name ?? "")
  }

  /// Where an outside packet enters: as told, else at the owner of the address, else at the first
  /// node.
  private func entryNode(of request: TraceRequest) -> Result<Int32, PacketTrace.Problem> {
    if let name = request.entryNode {
      guard let node = nodeIndex(named: name) else { return .failure(.unknownNode(name)) }
      return .success(node.value)
    }
    let owner = place(of: request.destination).node
    if owner >= 0 { return .success(owner) }
    guard let first = nodes.firstIndex(where: \.isAttached) else { return .failure(.noNodes) }
    return .success(Int32(first))
  }
}

extension PacketTrace.Problem: Error {}
