import ClusterModel

/// What a network namespace holds: a node's, or a pod's.
public struct NetworkStack: Hashable, Sendable {
  public var devices: [NetworkDevice] = []
  /// As the kernel lists them: by destination.
  public var routes: [NetworkRoute] = []
  public var neighbours: [Neighbour] = []
  public var forwarding: [ForwardingEntry] = []

  mutating func sortRoutes() {
    routes.sort { left, right in
      let (first, second) = (left.sortKey, right.sortKey)
      if first.0 != second.0 { return first.0 < second.0 }
      return first.1 < second.1
    }
  }
}

/// A network device as `ip link` knows it.
public struct NetworkDevice: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case loopback
    case ethernet
    case bridge
    /// One end of a pair; the other end's index, and whether that is in another namespace.
    case veth(peer: Int, peerName: String?, namespace: Int)
    case vxlan(identifier: Int?, port: Int, parent: String?)
    case ipip
    /// kube-ipvs0: it only bears addresses.
    case dummy
  }

  public struct Address: Hashable, Sendable {
    public var address: IPAddress
    public var prefixLength: Int
    public var hasBroadcast = false

    public init(address: IPAddress, prefixLength: Int, hasBroadcast: Bool = false) {
      self.address = address
      self.prefixLength = prefixLength
      self.hasBroadcast = hasBroadcast
    }
  }

  public var index: Int
  public var name: String
  public var kind: Kind
  public var mtu: Int
  public var hardware = HardwareAddress(0)
  public var addresses: [Address] = []
  /// The bridge that it is a port of.
  public var master: String?
}

/// A line of `ip route`.
public struct NetworkRoute: Hashable, Sendable {
  /// Nil: the default route.
  public var destination: CIDR?
  public var gateway: IPAddress?
  /// Empty for a blackhole.
  public var device: String
  /// As iproute2 names it; nil for `boot`, which is not printed.
  public var origin: String?
  public var isOnLink = false
  public var isLinkScope = false
  public var isLocal = false
  public var source: IPAddress?
  public var mtu: Int?
  public var family = IPAddress.Family.ipv4

  /// As iproute2 prints it (ip/iproute.c print_route), without the blank at its end.
  public var text: String {
    var words: [String] = []
    if device.isEmpty { words.append("blackhole") }
    if isLocal { words.append("local") }
    words.append(destination.map(Self.text) ?? "default")
    if let gateway { words += ["via", "\(gateway)"] }
    if !device.isEmpty { words += ["dev", device] }
    if isLocal { words += ["table", "local"] }
    if let origin { words += ["proto", origin] }
    if isLocal { words += ["scope", "host"] }
    if isLinkScope, family == .ipv4 { words += ["scope", "link"] }
    if let source { words += ["src", "\(source)"] }
    if family == .ipv6 { words += ["metric", origin == "kernel" ? "256" : "1024"] }
    if isOnLink { words.append("onlink") }
    if let mtu { words += ["mtu", "\(mtu)"] }
    if family == .ipv6 { words += ["pref", "medium"] }
    return words.joined(separator: " ")
  }

  /// A range of one address is printed as the address.
  private static func text(_ range: CIDR) -> String {
    range.hostBits == 0 ? "\(range.network)" : "\(range)"
  }

  var sortKey: (IPAddress, Int) {
    guard let destination else { return (IPAddress(v4: 0), 0) }
    return (destination.network, destination.prefixLength)
  }
}

/// A line of `ip neigh`.
public struct Neighbour: Hashable, Sendable {
  public var address: IPAddress
  public var device: String
  public var hardware: HardwareAddress
  /// Entered by the CNI, not learned.
  public var isPermanent: Bool

  public var text: String {
    "\(address) dev \(device) lladdr \(hardware) \(isPermanent ? "PERMANENT" : "REACHABLE")"
  }
}

/// A line of `bridge fdb`.
public struct ForwardingEntry: Hashable, Sendable {
  public var hardware: HardwareAddress
  public var device: String
  /// The node at the other end of the tunnel.
  public var remote: IPAddress?
  public var vlan: Int?
  public var master: String?
  public var isPermanent: Bool

  public var text: String {
    var words = ["\(hardware)", "dev", device]
    if let remote { words += ["dst", "\(remote)"] }
    if let vlan { words += ["vlan", "\(vlan)"] }
    words += master.map { ["master", $0] } ?? ["self"]
    if isPermanent { words.append("permanent") }
    return words.joined(separator: " ")
  }
}
