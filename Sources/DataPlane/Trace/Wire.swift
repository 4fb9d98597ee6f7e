import ClusterModel
import Crypto

/// The names of a CNI's links, and the headers of its tunnel.
struct Wire: Sendable {
  let cni: CNI

  init(_ cni: CNI) { self.cni = cni }

  /// The host's end of a pod's veth pair.
  func hostDevice(namespace: String, pod: String) -> String {
    switch cni.plugin {
    // plugins/pkg/ip/link_linux.go RandomVethName: four bytes, here not random.
    case .flannel: "veth" + Self.hexadecimalSHA256("\(namespace).\(pod)").prefix(8)
    case .calico: RuleNames.calicoInterface(namespace: namespace, pod: pod)
    // pkg/endpoint/connector Endpoint2IfName: of the endpoint's identifier.
    case .cilium: "lxc" + Self.hexadecimalSHA256("\(namespace).\(pod)").prefix(12)
    }
  }

  /// Where a pod's packets enter the node: the bridge, or the pod's own link.
  func podDevice(namespace: String, pod: String) -> String {
    isBridged ? "cni0" : hostDevice(namespace: namespace, pod: pod)
  }

  /// Pods of one node share a switch, so that packets between them are not routed.
  var isBridged: Bool { cni.plugin == .flannel }

  /// The outer header between two nodes; nil without a tunnel.
  func encapsulation(
    from source: IPAddress, to destination: IPAddress
  ) -> PacketTrace.Encapsulation? {
    guard let tunnel = cni.tunnel else { return nil }
    let vxlan = cni.vxlan
    return PacketTrace.Encapsulation(
      kind: tunnel == .ipip ? "IPIP" : "VXLAN", source: source, destination: destination,
      destinationPort: vxlan.map { UInt16($0.port) }, identifier: vxlan?.identifier)
  }

  private static func hexadecimalSHA256(_ text: String) -> String {
    SHA256.hash(data: Array(text.utf8)).map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
  }

  /// The rule that hides a pod's address from the world outside.
  func masqueradeRule(clusterCIDR: CIDR?) -> String {
    let range = clusterCIDR.map { "\($0)" } ?? ""
    return switch cni.plugin {
    case .flannel:
      "-A FLANNEL-POSTRTG -s \(range) ! -d 224.0.0.0/4 "
        + "-m comment --comment \"flanneld masq\" -j MASQUERADE --random-fully"
    case .calico:
      "-A cali-nat-outgoing -m set --match-set cali40masq-ipam-pools src "
        + "-m set ! --match-set cali40all-ipam-pools dst -j MASQUERADE --random-fully"
    case .cilium:
      "-A CILIUM_POST_nat -s \(range) ! -d \(range) -m comment --comment "
        + "\"cilium masquerade non-cluster\" -j MASQUERADE --random-fully"
    }
  }

  /// Where flannel's rules leave a packet's source alone, and why; nil for the other CNIs.
  func keepRule(source: IPAddress, destination: IPAddress, cluster: CIDR?, own: CIDR?) -> String? {
    guard cni.plugin == .flannel, let cluster, let own, cluster.contains(destination) else {
      return nil
    }
    let remark = "-m comment --comment \"flanneld masq\" -j RETURN"
    if own.contains(source) { return "-A FLANNEL-POSTRTG -s \(own) -d \(cluster) \(remark)" }
    if cluster.contains(source), own.contains(destination) {
      return "-A FLANNEL-POSTRTG -s \(cluster) -d \(own) \(remark)"
    }
    if own.contains(destination) {
      return "-A FLANNEL-POSTRTG ! -s \(cluster) -d \(own) \(remark)"
    }
    return nil
  }

  /// The rule that lets a pod's packet be forwarded; nil where the CNI has no such rule by itself.
  func forwardRule(source: IPAddress, destination: IPAddress, cluster: CIDR?) -> String? {
    guard cni.plugin == .flannel, let cluster else { return nil }
    let remark = "-m comment --comment \"flanneld forward\" -j ACCEPT"
    if cluster.contains(source) { return "-A FLANNEL-FWD -s \(cluster) \(remark)" }
    if cluster.contains(destination) { return "-A FLANNEL-FWD -d \(cluster) \(remark)" }
    return nil
  }
}

extension DataPlane {
  var wire: Wire { Wire(configuration.cni) }
}
