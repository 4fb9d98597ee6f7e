import ClusterModel

/// Whole network namespaces, for the programs that show them.
extension DataPlane {
  /// The devices, routes, neighbours and forwarding entries of a node.
  public func networkStack(of node: NodeIndex) -> NetworkStack? {
    guard nodes.indices.contains(Int(node.value)), nodes[Int(node.value)].isAttached else {
      return nil
    }
    var builder = NodeStackBuilder(self, node.value)
    builder.build()
    return builder.stack
  }

  /// Those of a pod; nil for a pod on its node's network, or that is not there.
  public func networkStack(ofPod name: String, in namespace: String) -> NetworkStack? {
    guard let id = pods.find(namespace: namespace, name: name), let record = pods[id],
      !record.isHostNetwork
    else { return nil }
    let own = record.addresses.map { addresses[$0].address }
    let ends = LinkEnds(self, node: record.node)
    let link = ends.pods.first { $0.pod == id }
    var eth0 = NetworkDevice(
      index: 2, name: "eth0",
      kind: .veth(peer: link?.index ?? 3, peerName: nil, namespace: 0),
      mtu: cni.podMTU(link: configuration.linkMTU),
      hardware: Self.hardware(namespace: namespace, pod: name))
    for address in own {
      let range = podRange(of: record.node, address.family)
      let isBridged = wire.isBridged
      eth0.addresses.append(
        .init(
          address: address,
          prefixLength: isBridged ? range?.prefixLength ?? 32 : address.family.width,
          hasBroadcast: isBridged))
    }
    var stack = NetworkStack(devices: [Self.loopback, eth0])
    stack.routes = own.flatMap { podRoutes(of: $0, at: record.node) }
    if let route = stack.routes.first, let gateway = route.gateway {
      stack.neighbours = [
        Neighbour(
          address: gateway, device: "eth0",
          hardware: gatewayHardware(of: record.node, link?.name ?? ""), isPermanent: false)
      ]
    }
    return stack
  }

  static func hardware(namespace: String, pod: String) -> HardwareAddress {
    HardwareAddress(of: "pod \(namespace)/\(pod) eth0")
  }

  func hardware(of node: Int32, _ device: String) -> HardwareAddress {
    let name = nodeName(NodeIndex(node))
    if device == "eth0" { return HardwareAddress(machine: name) }
    return device.hasPrefix("cali") ? .calico : HardwareAddress(of: "\(name) \(device)")
  }

  private func gatewayHardware(of node: Int32, _ device: String) -> HardwareAddress {
    hardware(of: node, wire.isBridged ? "cni0" : device)
  }

  static let loopback = NetworkDevice(
    index: 1, name: "lo", kind: .loopback, mtu: 65_536,
    addresses: [
      .init(address: IPAddress(v4: 0x7F00_0001), prefixLength: 8),
      .init(address: IPAddress(v6High: 0, low: 1), prefixLength: 128),
    ])
}

/// The host's ends of a node's pods, in order of the pods' addresses.
struct LinkEnds {
  struct End {
    var pod: Int32
    var name: String
    var index: Int
    var addresses: [IPAddress]
    var hardware: HardwareAddress
  }

  var pods: [End] = []

  /// How many devices each CNI makes beside eth0 and lo.
  static func firstIndex(_ cni: CNI) -> Int {
    switch cni {
    case .flannel: 5
    case .flannelHostGateway: 4
    case .calico, .calicoVXLAN: 4
    case .calicoBGP: 3
    case .cilium: 6
    case .ciliumNative: 5
    }
  }

  init(_ plane: DataPlane, node: Int32) {
    for id in plane.pods.records.indices {
      guard let record = plane.pods[Int32(id)], record.node == node, !record.isHostNetwork else {
        continue
      }
      let key = record.key
      pods.append(
        End(
          pod: Int32(id), name: plane.wire.hostDevice(namespace: key.namespace, pod: key.name),
          index: 0, addresses: record.addresses.map { plane.addresses[$0].address },
          hardware: DataPlane.hardware(namespace: key.namespace, pod: key.name)))
    }
    pods.sort { left, right in
      let (first, second) = (left.addresses.first, right.addresses.first)
      if let first, let second, first != second { return first < second }
      return left.name < right.name
    }
    let start = Self.firstIndex(plane.configuration.cni)
    for place in pods.indices { pods[place].index = start + place }
  }
}
