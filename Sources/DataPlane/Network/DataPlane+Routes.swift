import ClusterModel

/// The routes of a node's kernel, one at a time.
extension DataPlane {
  var cni: CNI { configuration.cni }

  /// The address that a node's own packets to `destination` carry; nil without one of its family.
  public func sourceAddress(
    of node: NodeIndex, towards destination: IPAddress
  ) -> IPAddress? {
    guard nodeFacts.indices.contains(Int(node.value)) else { return nil }
    let facts = nodeFacts[Int(node.value)]
    let id = addresses.find(destination)
    let address =
      id >= 0
      ? facts.source(towards: addresses.targets[Int(id)], destination.family, at: node.value)
      : facts.primary(destination.family)
    return address.isUnspecified ? nil : address
  }

  /// The network that an address of a node is in.
  func nodeSubnet(of address: IPAddress) -> CIDR {
    configuration.nodeSubnets.first { $0.contains(address) }
      ?? CIDR(address, prefixLength: address.family == .ipv4 ? 24 : 64)
  }

  /// Whether packets between two nodes' pods are wrapped.
  func isWrapped(from source: Int32, to destination: Int32, _ family: IPAddress.Family) -> Bool {
    guard let tunnel = cni.tunnel, tunnel != .ipip || family == .ipv4 else { return false }
    guard configuration.encapsulatesAcrossSubnetsOnly else { return true }
    let near = nodeFacts[Int(source)].primary(family)
    return !nodeSubnet(of: near).contains(nodeFacts[Int(destination)].primary(family))
  }

  func podRange(of node: Int32, _ family: IPAddress.Family) -> CIDR? {
    guard node >= 0 else { return nil }
    let facts = nodeFacts[Int(node)]
    return family == .ipv4 ? facts.podCIDRv4 : facts.podCIDRv6
  }

  /// The route of `node` that `address` takes.
  func nodeRoute(of node: Int32, to address: IPAddress) -> NetworkRoute {
    let family = address.family
    let place = place(of: address)
    if address.isLoopback || place.kind == .host && place.node == node {
      return localRoute(of: node, to: address)
    }
    if place.kind == .pod, place.node == node {
      return podRoute(of: node, to: address, namespace: place.namespace, pod: place.pod)
    }
    if place.kind == .pod { return remoteRoute(of: node, to: place.node, holding: address) }
    if let range = podRange(of: node, family), range.contains(address) {
      return emptyRoute(of: node, range, holding: address)
    }
    for other in nodes.indices where nodes[other].isAttached {
      if podRange(of: Int32(other), family)?.contains(address) ?? false {
        return remoteRoute(of: node, to: Int32(other), holding: address)
      }
    }
    let subnet = nodeSubnet(of: nodeFacts[Int(node)].primary(family))
    return subnet.contains(address) ? linkRoute(of: node, family) : defaultRoute(of: node, family)
  }

  private func localRoute(of node: Int32, to address: IPAddress) -> NetworkRoute {
    var device = "eth0"
    if address.isLoopback { device = "lo" }
    if let range = podRange(of: node, address.family), range.contains(address) {
      let isGateway = address == range.network.advanced(by: 1)
      device = cni.plugin == .flannel && isGateway ? "cni0" : cni.routedDevice
    }
    return NetworkRoute(
      destination: CIDR(address, prefixLength: address.family.width), device: device,
      origin: "kernel", isLocal: true, source: address, family: address.family)
  }

  /// To a pod of the node itself.
  func podRoute(
    of node: Int32, to address: IPAddress, namespace: String, pod: String
  ) -> NetworkRoute {
    let family = address.family
    let range = podRange(of: node, family)
    switch cni.plugin {
    case .flannel:
      guard let range else { break }
      return bridgeRoute(range)
    case .calico: break
    case .cilium:
      guard let range else { break }
      return ciliumRoute(to: range, own: range, isRemote: false)
    }
    return NetworkRoute(
      destination: CIDR(address, prefixLength: family.width),
      device: wire.hostDevice(namespace: namespace, pod: pod), isLinkScope: true, family: family)
  }

  func bridgeRoute(_ range: CIDR) -> NetworkRoute {
    NetworkRoute(
      destination: range, device: "cni0", origin: "kernel", isLinkScope: true,
      source: range.network.advanced(by: 1), family: range.family)
  }

  func ciliumRoute(to range: CIDR, own: CIDR, isRemote: Bool) -> NetworkRoute {
    let router = own.network.advanced(by: 1)
    return NetworkRoute(
      destination: range, gateway: router, device: "cilium_host", origin: "kernel", source: router,
      mtu: isRemote ? cni.pathMTU(link: configuration.linkMTU) : nil, family: range.family)
  }

  /// For an address of the node's own pods that no pod has.
  private func emptyRoute(
    of node: Int32, _ range: CIDR, holding address: IPAddress
  ) -> NetworkRoute {
    switch cni.plugin {
    case .flannel: bridgeRoute(range)
    case .calico: blackhole(Self.block(address, of: range))
    case .cilium: ciliumRoute(to: range, own: range, isRemote: false)
    }
  }

  func blackhole(_ block: CIDR) -> NetworkRoute {
    // Felix marks its own routes with number 80, BIRD has a name.
    NetworkRoute(
      destination: block, device: "", origin: cni == .calicoVXLAN ? "80" : "bird",
      family: block.family)
  }

  /// Calico's block that holds an address: 64 addresses.
  static func block(_ address: IPAddress, of range: CIDR) -> CIDR {
    let length = address.family == .ipv4 ? 26 : 122
    return CIDR(address, prefixLength: max(length, range.prefixLength))
  }

  /// To another node's pods.
  func remoteRoute(of node: Int32, to other: Int32, holding address: IPAddress) -> NetworkRoute {
    let family = address.family
    let remote = nodeFacts[Int(other)].primary(family)
    guard let range = podRange(of: other, family) else { return defaultRoute(of: node, family) }
    let isWrapped = isWrapped(from: node, to: other, family)
    var route = NetworkRoute(
      destination: range, gateway: remote, device: "eth0", family: family)
    switch cni.plugin {
    case .flannel:
      if isWrapped {
        route.gateway = range.network
        route.device = family == .ipv4 ? "flannel.1" : "flannel-v6.1"
        route.isOnLink = true
      }
    case .calico:
      route.destination = Self.block(address, of: range)
      if cni == .calicoVXLAN {
        route.origin = isWrapped ? nil : "80"
        if isWrapped { route.gateway = range.network }
      } else {
        route.origin = "bird"
      }
      if isWrapped {
        route.device = cni == .calicoVXLAN && family == .ipv6 ? "vxlan-v6.calico" : cni.routedDevice
        route.isOnLink = true
      }
    case .cilium:
      if cni.tunnel != nil, let own = podRange(of: node, family) {
        return ciliumRoute(to: range, own: own, isRemote: true)
      }
      route.origin = "kernel"
    }
    return route
  }

  func linkRoute(of node: Int32, _ family: IPAddress.Family) -> NetworkRoute {
    let own = nodeFacts[Int(node)].primary(family)
    return NetworkRoute(
      destination: nodeSubnet(of: own), device: "eth0", origin: "kernel", isLinkScope: true,
      source: family == .ipv4 ? own : nil, family: family)
  }

  func defaultRoute(of node: Int32, _ family: IPAddress.Family) -> NetworkRoute {
    let own = nodeFacts[Int(node)].primary(family)
    return NetworkRoute(
      destination: nil, gateway: nodeSubnet(of: own).network.advanced(by: 1), device: "eth0",
      family: family)
  }

  /// What fits through a device, in bytes.
  func mtu(of device: String) -> Int {
    let link = configuration.linkMTU
    switch device {
    case "lo": return 65_536
    case "eth0", "": return link
    case "cilium_host", "cilium_vxlan": return cni.pathMTU(link: link)
    default: return cni.podMTU(link: link)
    }
  }

  /// The way out of a pod for `destination`.
  func podRoute(from pod: IPAddress, at node: Int32, to destination: IPAddress) -> NetworkRoute {
    podRoutes(of: pod, at: node).last { $0.destination?.contains(destination) ?? true }
      ?? defaultRoute(of: node, pod.family)
  }

  /// The routes of a pod; the last that holds an address is the one it takes.
  func podRoutes(of pod: IPAddress, at node: Int32) -> [NetworkRoute] {
    let family = pod.family
    guard let range = podRange(of: node, family) else { return [] }
    let gateway = range.network.advanced(by: 1)
    var first = NetworkRoute(
      destination: nil, gateway: gateway, device: "eth0", family: family)
    switch cni.plugin {
    case .flannel:
      var routes = [first]
      if let cluster = configuration.podSubnets.first(where: { $0.family == family }) {
        routes.append(
          NetworkRoute(destination: cluster, gateway: gateway, device: "eth0", family: family))
      }
      routes.append(
        NetworkRoute(
          destination: range, device: "eth0", origin: "kernel", isLinkScope: true, source: pod,
          family: family))
      return routes
    case .calico:
      let link = family == .ipv4 ? IPAddress(v4: 0xA9FE_0101) : HardwareAddress.calico.linkLocal
      first.gateway = link
      return [
        first,
        NetworkRoute(
          destination: CIDR(link, prefixLength: family.width), device: "eth0", isLinkScope: true,
          family: family),
      ]
    case .cilium:
      first.mtu = cni.pathMTU(link: configuration.linkMTU)
      return [
        first,
        NetworkRoute(
          destination: CIDR(gateway, prefixLength: family.width), device: "eth0",
          isLinkScope: true, family: family),
      ]
    }
  }
}
