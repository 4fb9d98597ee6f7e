import ClusterModel

/// The devices each CNI makes, and what fits through them.
extension CNI {
  enum Plugin: Sendable { case flannel, calico, cilium }

  var plugin: Plugin {
    switch self {
    case .flannel, .flannelHostGateway: .flannel
    case .calico, .calicoVXLAN, .calicoBGP: .calico
    case .cilium, .ciliumNative: .cilium
    }
  }

  /// Bytes that the tunnel puts before a pod's packet.
  func overhead(_ family: IPAddress.Family) -> Int {
    switch tunnel {
    case .vxlan: family == .ipv4 ? 50 : 70
    case .ipip: 20
    case nil: 0
    }
  }

  /// The MTU of a pod's device where the nodes' links carry `link` bytes.
  func podMTU(link: Int) -> Int {
    // Cilium leaves the device alone and limits the routes.
    plugin == .cilium ? link : link - overhead(.ipv4)
  }

  /// What a pod may send in one piece.
  func pathMTU(link: Int) -> Int { link - overhead(.ipv4) }

  /// The device that a node's tunnel begins at; nil where packets are routed as they are.
  var tunnelDevice: String? {
    switch self {
    case .flannel: "flannel.1"
    case .calico: "tunl0"
    case .calicoVXLAN: "vxlan.calico"
    case .cilium: "cilium_vxlan"
    case .flannelHostGateway, .calicoBGP, .ciliumNative: nil
    }
  }

  /// The device that a node's routes to other nodes' pods name.
  var routedDevice: String {
    plugin == .cilium && tunnel != nil ? "cilium_host" : tunnelDevice ?? "eth0"
  }

  /// A VXLAN's identifier and UDP port. Cilium's carries the sender's identity.
  var vxlan: (identifier: Int?, port: Int)? {
    switch self {
    case .flannel: (1, 8472)
    case .calicoVXLAN: (4096, 4789)
    case .cilium: (nil, 8472)
    case .flannelHostGateway, .calico, .calicoBGP, .ciliumNative: nil
    }
  }
}
