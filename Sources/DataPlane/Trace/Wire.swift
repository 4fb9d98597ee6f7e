import ClusterModel

/// How a CNI carries packets: devices, routes and tunnels by name.
///
/// A new CNI is one more line in each of these.
struct Wire: Sendable {
  let cni: CNI

  init(_ cni: CNI) { self.cni = cni }

  /// The host's side of a pod's link: a bridge, or the pod's own veth.
  func podDevice(namespace: String, pod: String) -> String {
    switch cni {
    case .flannel, .flannelHostGateway: "cni0"
    case .calico, .calicoVXLAN, .calicoBGP:
      RuleNames.calicoInterface(namespace: namespace, pod: pod)
    case .cilium, .ciliumNative:
      "lxc" + RuleNames.hexadecimalSHA1("\(namespace).\(pod)").prefix(12)
    }
  }

  /// Pods of one node share a switch, so that packets between them are not routed.
  var isBridged: Bool { cni == .flannel || cni == .flannelHostGateway }

  /// The pod's own route for addresses beyond its link.
  func podRoute(gateway: IPAddress?) -> String {
    switch cni {
    case .flannel, .flannelHostGateway: gateway.map { "default via \($0) dev eth0" } ?? ""
    case .calico, .calicoVXLAN, .calicoBGP: "default via 169.254.1.1 dev eth0"
    case .cilium, .ciliumNative: gateway.map { "default via \($0) dev eth0 mtu 1450" } ?? ""
    }
  }

  /// The route of a node to a pod of its own.
  func localRoute(to pod: IPAddress, range: CIDR?, device: String) -> String {
    guard isBridged, let range else { return "\(pod) dev \(device) scope link" }
    let gateway = range.network.advanced(by: 1)
    return "\(range) dev \(device) proto kernel scope link src \(gateway)"
  }

  /// The device through which packets leave for another node's pods.
  var tunnelDevice: String {
    switch cni {
    case .flannel: "flannel.1"
    case .calico: "tunl0"
    case .calicoVXLAN: "vxlan.calico"
    case .cilium: "cilium_vxlan"
    case .flannelHostGateway, .calicoBGP, .ciliumNative: "eth0"
    }
  }

  /// The route of a node to another node's pods.
  func remoteRoute(range: CIDR, remote: IPAddress?) -> String {
    let node = remote.map { "\($0)" } ?? "?"
    return switch cni {
    case .flannel: "\(range) via \(range.network) dev flannel.1 onlink"
    case .flannelHostGateway: "\(range) via \(node) dev eth0"
    case .calico: "\(range) via \(node) dev tunl0 proto bird onlink"
    case .calicoVXLAN: "\(range) via \(range.network) dev vxlan.calico onlink"
    case .calicoBGP: "\(range) via \(node) dev eth0 proto bird"
    case .cilium: "\(range) dev cilium_vxlan tunnelendpoint \(node)"
    case .ciliumNative: "\(range) via \(node) dev eth0 proto kernel"
    }
  }

  /// The outer header between two nodes; nil without a tunnel.
  func encapsulation(from source: IPAddress, to destination: IPAddress) -> PacketTrace
    .Encapsulation?
  {
    func vxlan(_ port: UInt16, _ identifier: Int?) -> PacketTrace.Encapsulation {
      PacketTrace.Encapsulation(
        kind: "VXLAN", source: source, destination: destination, destinationPort: port,
        identifier: identifier)
    }
    switch cni {
    case .flannel: return vxlan(8472, 1)
    case .calicoVXLAN: return vxlan(4789, 4096)
    // The identifier carries the sender's security identity.
    case .cilium: return vxlan(8472, nil)
    case .calico:
      return PacketTrace.Encapsulation(
        kind: "IPIP", source: source, destination: destination, destinationPort: nil,
        identifier: nil)
    case .flannelHostGateway, .calicoBGP, .ciliumNative: return nil
    }
  }

  /// The rule that hides a pod's address from the world outside.
  func masqueradeRule(clusterCIDR: CIDR?) -> String {
    let range = clusterCIDR.map { "\($0)" } ?? ""
    return switch cni {
    case .flannel, .flannelHostGateway:
      "-A FLANNEL-POSTRTG -s \(range) ! -d 224.0.0.0/4 "
        + "-m comment --comment \"flanneld masq\" -j MASQUERADE --random-fully"
    case .calico, .calicoVXLAN, .calicoBGP:
      "-A cali-nat-outgoing -m set --match-set cali40masq-ipam-pools src "
        + "-m set ! --match-set cali40all-ipam-pools dst -j MASQUERADE --random-fully"
    case .cilium, .ciliumNative:
      "-A CILIUM_POST_nat -s \(range) ! -d \(range) -m comment --comment "
        + "\"cilium masquerade non-cluster\" -j MASQUERADE --random-fully"
    }
  }
}
