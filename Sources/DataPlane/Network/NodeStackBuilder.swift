import ClusterModel

/// Puts together what a node's network namespace holds.
struct NodeStackBuilder {
  let plane: DataPlane
  let node: Int32
  private let ends: LinkEnds
  private let families: [IPAddress.Family]
  private(set) var stack = NetworkStack()

  init(_ plane: DataPlane, _ node: Int32) {
    self.plane = plane
    self.node = node
    ends = LinkEnds(plane, node: node)
    families = [.ipv4, .ipv6].filter { !plane.nodeFacts[Int(node)].primary($0).isUnspecified }
  }

  private var cni: CNI { plane.cni }

  mutating func build() {
    stack.devices = [DataPlane.loopback, ethernet] + cniDevices + links
    if let dummy = serviceDevice { stack.devices.append(dummy) }
    for family in families { addRoutes(family) }
    stack.sortRoutes()
    addNeighbours()
    addForwarding()
  }

  private var others: [Int32] {
    plane.nodes.indices.filter { plane.nodes[$0].isAttached && Int32($0) != node }
      .map { Int32($0) }
  }

  // MARK: Devices

  private var ethernet: NetworkDevice {
    var device = NetworkDevice(
      index: 2, name: "eth0", kind: .ethernet, mtu: plane.configuration.linkMTU,
      hardware: plane.hardware(of: node, "eth0"))
    for family in families {
      let own = plane.nodeFacts[Int(node)].primary(family)
      device.addresses.append(
        .init(
          address: own, prefixLength: plane.nodeSubnet(of: own).prefixLength, hasBroadcast: true))
    }
    return device
  }

  private func device(
    _ index: Int, _ name: String, _ kind: NetworkDevice.Kind, mtu: Int? = nil
  ) -> NetworkDevice {
    NetworkDevice(
      index: index, name: name, kind: kind, mtu: mtu ?? plane.mtu(of: name),
      hardware: plane.hardware(of: node, name))
  }

  /// An address of the node's pod range, in each family.
  private func addresses(offset: UInt64, isWhole: Bool = false) -> [NetworkDevice.Address] {
    families.compactMap { family in
      guard let range = plane.podRange(of: node, family), range.hostBits >= 2 else { return nil }
      return .init(
        address: range.network.advanced(by: offset),
        prefixLength: isWhole ? range.prefixLength : family.width, hasBroadcast: isWhole)
    }
  }

  private var cniDevices: [NetworkDevice] {
    switch cni {
    case .flannel:
      var tunnel = vxlan(3, "flannel.1", parent: "eth0")
      tunnel.addresses = addresses(offset: 0).filter { $0.address.family == .ipv4 }
      return [tunnel] + (ends.pods.isEmpty ? [] : [bridge(4)])
    case .flannelHostGateway: return ends.pods.isEmpty ? [] : [bridge(3)]
    case .calico:
      var tunnel = device(3, "tunl0", .ipip)
      tunnel.hardware = HardwareAddress(0)
      tunnel.addresses = addresses(offset: 0).filter { $0.address.family == .ipv4 }
      return [tunnel]
    case .calicoVXLAN:
      var tunnel = vxlan(3, "vxlan.calico", parent: "eth0")
      tunnel.addresses = addresses(offset: 0).filter { $0.address.family == .ipv4 }
      return [tunnel]
    case .calicoBGP: return []
    case .cilium:
      let tunnel = device(
        5, "cilium_vxlan", .vxlan(identifier: nil, port: 8472, parent: nil),
        mtu: plane.configuration.linkMTU)
      return ciliumPair + [tunnel]
    case .ciliumNative: return ciliumPair
    }
  }

  private var ciliumPair: [NetworkDevice] {
    let mtu = plane.configuration.linkMTU
    let net = device(
      3, "cilium_net", .veth(peer: 4, peerName: "cilium_host", namespace: 0), mtu: mtu)
    var host = device(
      4, "cilium_host", .veth(peer: 3, peerName: "cilium_net", namespace: 0), mtu: mtu)
    host.addresses = addresses(offset: 1)
    return [net, host]
  }

  private func vxlan(_ index: Int, _ name: String, parent: String) -> NetworkDevice {
    let facts = cni.vxlan
    return device(
      index, name,
      .vxlan(identifier: facts?.identifier, port: facts?.port ?? 0, parent: parent))
  }

  private func bridge(_ index: Int) -> NetworkDevice {
    var bridge = device(index, "cni0", .bridge)
    bridge.addresses = addresses(offset: 1, isWhole: true)
    return bridge
  }

  private var links: [NetworkDevice] {
    ends.pods.enumerated().map { place, end in
      var link = device(
        end.index, end.name, .veth(peer: 2, peerName: nil, namespace: place),
        mtu: cni.podMTU(link: plane.configuration.linkMTU))
      if cni.plugin == .flannel { link.master = "cni0" }
      return link
    }
  }

  /// In IPVS mode every address of every Service (pkg/proxy/ipvs/proxier.go).
  private var serviceDevice: NetworkDevice? {
    guard plane.configuration.proxyMode == .ipvs else { return nil }
    var own: [IPAddress] = []
    for family in families {
      for port in plane.rules(on: NodeIndex(node), family)?.ports ?? [] {
        own += [port.definition.clusterIP] + port.definition.externalIPs
        own += port.definition.loadBalancerIPs
      }
    }
    var device = device(
      (stack.devices.map(\.index).max() ?? 2) + 1, "kube-ipvs0", .dummy,
      mtu: 1500)
    var last: IPAddress?
    for address in own.sorted() where address != last {
      device.addresses.append(.init(address: address, prefixLength: address.family.width))
      last = address
    }
    return device
  }

  // MARK: Routes

  private mutating func addRoutes(_ family: IPAddress.Family) {
    stack.routes.append(plane.defaultRoute(of: node, family))
    stack.routes.append(plane.linkRoute(of: node, family))
    if let range = plane.podRange(of: node, family) { addOwn(range) }
    if cni.plugin == .calico {
      for (owner, block) in blocks(family) where owner != node {
        stack.routes.append(plane.remoteRoute(of: node, to: owner, holding: block.network))
      }
    } else {
      for other in others {
        guard let range = plane.podRange(of: other, family) else { continue }
        stack.routes.append(plane.remoteRoute(of: node, to: other, holding: range.network))
      }
    }
  }

  private mutating func addOwn(_ range: CIDR) {
    switch cni.plugin {
    case .flannel: if !ends.pods.isEmpty { stack.routes.append(plane.bridgeRoute(range)) }
    case .calico:
      for (owner, block) in blocks(range.family) where owner == node {
        stack.routes.append(plane.blackhole(block))
      }
      for end in ends.pods {
        for address in end.addresses where address.family == range.family {
          stack.routes.append(
            NetworkRoute(
              destination: CIDR(address, prefixLength: address.family.width), device: end.name,
              isLinkScope: true, family: range.family))
        }
      }
    case .cilium:
      let router = range.network.advanced(by: 1)
      stack.routes.append(plane.ciliumRoute(to: range, own: range, isRemote: false))
      stack.routes.append(
        NetworkRoute(
          destination: CIDR(router, prefixLength: range.family.width), device: "cilium_host",
          origin: "kernel", isLinkScope: true, family: range.family))
    }
  }

  /// Calico's blocks that have addresses in use, with their nodes: every node's first, which has
  /// the tunnel's address, and those of its pods.
  private func blocks(_ family: IPAddress.Family) -> [(owner: Int32, block: CIDR)] {
    var all: [(owner: Int32, block: CIDR)] = []
    for other in others + [node] {
      guard let range = plane.podRange(of: other, family) else { continue }
      all.append((other, DataPlane.block(range.network, of: range)))
    }
    for record in plane.pods.records {
      guard let record, !record.isHostNetwork,
        let range = plane.podRange(of: record.node, family)
      else { continue }
      for address in record.addresses.map({ plane.addresses[$0].address })
      where address.family == family {
        all.append((record.node, DataPlane.block(address, of: range)))
      }
    }
    all.sort { left, right in
      left.block.network != right.block.network
        ? left.block.network < right.block.network : left.owner < right.owner
    }
    var unique: [(owner: Int32, block: CIDR)] = []
    for one in all where unique.last.map({ $0 != one }) ?? true { unique.append(one) }
    return unique
  }

  // MARK: Neighbours and forwarding

  private mutating func addNeighbours() {
    for family in families {
      let own = plane.nodeFacts[Int(node)].primary(family)
      let subnet = plane.nodeSubnet(of: own)
      stack.neighbours.append(
        Neighbour(
          address: subnet.network.advanced(by: 1), device: "eth0",
          hardware: HardwareAddress(machine: "router \(subnet)"), isPermanent: false))
      for other in others {
        let address = plane.nodeFacts[Int(other)].primary(family)
        if subnet.contains(address) {
          stack.neighbours.append(
            Neighbour(
              address: address, device: "eth0", hardware: plane.hardware(of: other, "eth0"),
              isPermanent: false))
        }
      }
    }
    for tunnel in tunnelEnds {
      stack.neighbours.append(
        Neighbour(
          address: tunnel.inner, device: tunnel.device, hardware: tunnel.hardware,
          isPermanent: true))
    }
    guard cni.plugin != .cilium else { return }
    for end in ends.pods {
      for address in end.addresses {
        stack.neighbours.append(
          Neighbour(
            address: address, device: cni.plugin == .flannel ? "cni0" : end.name,
            hardware: end.hardware, isPermanent: false))
      }
    }
  }

  /// What flannel and Felix enter for every other node that is behind the tunnel.
  private var tunnelEnds:
    [(inner: IPAddress, device: String, hardware: HardwareAddress, remote: IPAddress)]
  {
    guard cni.plugin != .cilium, cni.tunnel == .vxlan, let device = cni.tunnelDevice else {
      return []
    }
    return others.compactMap { other in
      guard let range = plane.podRange(of: other, .ipv4),
        plane.isWrapped(from: node, to: other, .ipv4)
      else { return nil }
      return (
        range.network, device, plane.hardware(of: other, device),
        plane.nodeFacts[Int(other)].primary(.ipv4)
      )
    }
  }

  private mutating func addForwarding() {
    for tunnel in tunnelEnds {
      stack.forwarding.append(
        ForwardingEntry(
          hardware: tunnel.hardware, device: tunnel.device, remote: tunnel.remote,
          isPermanent: true))
    }
    guard cni.plugin == .flannel else { return }
    for end in ends.pods {
      let own = plane.hardware(of: node, end.name)
      stack.forwarding += [
        ForwardingEntry(
          hardware: end.hardware, device: end.name, master: "cni0", isPermanent: false),
        ForwardingEntry(
          hardware: own, device: end.name, vlan: 1, master: "cni0", isPermanent: true),
        ForwardingEntry(hardware: own, device: end.name, master: "cni0", isPermanent: true),
      ]
    }
  }
}
