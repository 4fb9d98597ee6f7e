import ClusterModel

/// Writes down the hops of a packet, one way, with what the kernels on it do.
struct PathRecorder {
  let plane: DataPlane
  let wire: Wire
  private(set) var hops: [PacketTrace.Hop] = []
  private(set) var packet: PacketTrace.Packet
  private(set) var outer: PacketTrace.Encapsulation?
  /// The length of the packet; nil when it fits everywhere.
  var size: Int?
  var doesNotFragment = false
  /// The proxy's mark for masquerading is on the packet.
  var isMarked = false
  /// The packet belongs to a connection that is established.
  var isEstablished = false
  /// Where the packet did not fit.
  private(set) var stuck: (node: Int32, device: String, mtu: Int)?

  init(_ plane: DataPlane, _ packet: PacketTrace.Packet) {
    self.plane = plane
    wire = plane.wire
    self.packet = packet
  }

  mutating func add(
    _ node: Int32, _ device: String, _ point: String, _ rule: String = "", _ note: String
  ) {
    hops.append(
      PacketTrace.Hop(
        node: node >= 0 ? plane.nodeName(NodeIndex(node)) : "", device: device, point: point,
        rule: rule, packet: packet, after: packet, outer: outer,
        mtu: plane.mtu(of: isInPod(point) ? "pod" : device), note: note))
  }

  private func isInPod(_ point: String) -> Bool { point.hasPrefix("pod ") }

  /// What the newest hop does to the packet.
  mutating func edit(_ change: (inout PacketTrace.Packet) -> Void) {
    change(&packet)
    if !hops.isEmpty { hops[hops.count - 1].after = packet }
  }

  /// Cilium with its own service proxy takes packets past netfilter.
  var passesNetfilter: Bool {
    !(plane.traits.balancesAtSocket && plane.cni.plugin == .cilium)
  }

  // MARK: Steps

  /// Looks for the way out of `node`; false when the packet ends here because it does not fit.
  mutating func route(
    at node: Int32, to target: TracePlace, isForwarded: Bool, _ note: String
  ) -> (device: String, isWhole: Bool) {
    let route = plane.nodeRoute(of: node, to: packet.destination)
    let isRemotePod = target.kind == .pod && target.node != node
    let device =
      target.kind == .pod && target.node == node && !wire.isBridged
      ? wire.hostDevice(namespace: target.namespace, pod: target.pod) : route.device
    var text = route.text
    if !passesNetfilter, isRemotePod {
      // cilium-dbg bpf ipcache list
      let remote = plane.nodeFacts[Int(target.node)].primary(packet.destination.family)
      text =
        "\(packet.destination)/\(packet.destination.family.width) tunnelendpoint="
        + (plane.cni.tunnel == nil ? "0.0.0.0" : "\(remote)")
    }
    add(node, device, "ROUTING", text, note)
    // Cilium's program at the pod's link puts the packet into the tunnel as it is.
    let isTunnelled = !passesNetfilter && isRemotePod && plane.cni.tunnel != nil
    if isForwarded, !isTunnelled { edit { $0.ttl -= 1 } }
    return (device, fits(route.mtu ?? plane.mtu(of: device), node, device))
  }

  mutating func fits(_ mtu: Int, _ node: Int32, _ device: String) -> Bool {
    guard let size, size > mtu else { return true }
    guard doesNotFragment || packet.source.family == .ipv6 else {
      let payload = (mtu - 20) / 8 * 8
      let pieces = (size - 20 + payload - 1) / payload
      hops[hops.count - 1].note +=
        " \(size) bytes do not fit into \(mtu): cut into \(pieces) fragments."
      self.size = nil
      return true
    }
    stuck = (node, device, mtu)
    hops[hops.count - 1].note += " \(size) bytes do not fit into \(mtu)."
    return false
  }

  /// The filter table's say on a packet that is passing through.
  mutating func forward(at node: Int32, _ device: String) {
    guard passesNetfilter else { return }
    let hasKubeForward: Bool
    switch plane.configuration.proxyMode {
    case .iptables, .ipvs: hasKubeForward = true
    case .nftables, .ebpf: hasKubeForward = false
    }
    let cluster = plane.configuration.podSubnets.first { $0.family == packet.source.family }
    if hasKubeForward, isEstablished {
      add(
        node, device, "FORWARD",
        "-A KUBE-FORWARD -m comment --comment \"kubernetes forwarding conntrack rule\" "
          + "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
        "Part of a connection that is established.")
    } else if hasKubeForward, isMarked {
      add(
        node, device, "FORWARD",
        "-A KUBE-FORWARD -m comment --comment \"kubernetes forwarding rules\" "
          + "-m mark --mark 0x4000/0x4000 -j ACCEPT",
        "The service proxy has marked it.")
    } else if let rule = wire.forwardRule(
      source: packet.source, destination: packet.destination, cluster: cluster)
    {
      add(node, device, "FORWARD", rule, "The pod network may pass.")
    } else {
      add(node, device, "FORWARD", "", "Nothing forbids it.")
    }
  }

  /// From node to node. True: in a tunnel.
  @discardableResult
  mutating func cross(from node: Int32, to other: Int32) -> Bool {
    let family = packet.destination.family
    let (near, far) = (
      plane.nodeFacts[Int(node)].primary(family), plane.nodeFacts[Int(other)].primary(family)
    )
    let isPodAddress = plane.podRange(of: other, family)?.contains(packet.destination) ?? false
    let isForPods = isPodAddress || plane.place(of: packet.destination).kind == .pod
    let isWrapped = isForPods && plane.isWrapped(from: node, to: other, family)
    if isWrapped { outer = wire.encapsulation(from: near, to: far) }
    let device = isWrapped ? plane.cni.tunnelDevice ?? "eth0" : "eth0"
    add(
      node, device, "EGRESS", isWrapped ? tunnelRule(device, to: other, far) : "",
      outer.map(Self.tunnelNote) ?? "Out on the node network, as it is.")
    add(other, "eth0", "INGRESS", "", isWrapped ? "The outer packet has arrived." : "Arrived.")
    outer = nil
    return isWrapped
  }

  /// What tells the tunnel where the other end is.
  private func tunnelRule(_ device: String, to other: Int32, _ far: IPAddress) -> String {
    switch plane.cni {
    case .flannel, .calicoVXLAN:
      ForwardingEntry(
        hardware: plane.hardware(of: other, device), device: device, remote: far,
        isPermanent: true
      ).text
    case .flannelHostGateway, .calico, .calicoBGP, .cilium, .ciliumNative: ""
    }
  }

  private static func tunnelNote(_ outer: PacketTrace.Encapsulation) -> String {
    var text = "Wrapped: \(outer.kind)"
    if let identifier = outer.identifier { text += " \(identifier)" }
    if let port = outer.destinationPort { text += ", UDP port \(port)" }
    return text + "."
  }

  /// On the node of a pod, from the wire to the pod's link.
  mutating func enter(_ target: TracePlace) -> Bool {
    let (device, isWhole) = route(
      at: target.node, to: target, isForwarded: true, "To the pod's link.")
    guard isWhole else { return false }
    forward(at: target.node, device)
    return true
  }
}
