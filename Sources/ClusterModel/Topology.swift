/// How a cluster's nodes make Services work.
public enum ProxyMode: String, Hashable, Sendable, CaseIterable {
  case iptables, ipvs, nftables
  /// Cilium's replacement of kube-proxy.
  case ebpf
}

/// The networks that carry packets between pods.
public enum CNI: String, Hashable, Sendable, CaseIterable {
  case flannel
  case flannelHostGateway = "flannel-host-gw"
  case calico
  case calicoVXLAN = "calico-vxlan"
  case calicoBGP = "calico-bgp"
  case cilium
  case ciliumNative = "cilium-native"
}

/// The nodes and networks a cluster starts with, as a topology file gives them.
public struct ClusterTopology: Hashable, Sendable {
  public enum Role: String, Hashable, Sendable, CaseIterable {
    case controlPlane = "control-plane"
    case worker
  }

  /// When Calico wraps packets between nodes.
  public enum Encapsulation: String, Hashable, Sendable, CaseIterable {
    case always = "Always"
    /// Only towards nodes of another network.
    case crossSubnet = "CrossSubnet"
  }

  /// How eBPF sends packets from outside to endpoints on other nodes (Cilium's `loadBalancer.mode`).
  public enum LoadBalancerMode: String, Hashable, Sendable, CaseIterable {
    /// From an address of the node: the answer comes back to it.
    case snat
    /// Direct server return: with the client's address, and the endpoint's node answers the client.
    case dsr
    /// `dsr` for TCP, `snat` for the others.
    case hybrid
  }

  public enum IPFamily: String, Hashable, Sendable, CaseIterable {
    case ipv4, ipv6, dual
  }

  /// Who gives Services of type LoadBalancer their addresses.
  public enum Cloud: String, Hashable, Sendable, CaseIterable {
    /// Nobody: they stay pending.
    case none
    /// A cloud that takes some seconds and gives addresses of 203.0.113.0/24.
    case simple
  }

  /// Nodes that are alike.
  public struct NodeGroup: Hashable, Sendable {
    public var role: Role
    public var count: Int
    /// Nodes are then called `NAME` or, where there are several, `NAME-0`, `NAME-1`, …
    public var name: String?
    public var zone: String?
    /// Empty for the usual capacity.
    public var capacity: ResourceList
    public var labels: Labels

    public init(
      role: Role, count: Int = 1, name: String? = nil, zone: String? = nil,
      capacity: ResourceList = ResourceList(), labels: Labels = Labels()
    ) {
      self.role = role
      self.count = count
      self.name = name
      self.zone = zone
      self.capacity = capacity
      self.labels = labels
    }
  }

  /// A timing of a controller or a link that differs from the usual one.
  public struct Timing: Hashable, Sendable {
    public enum Amount: Hashable, Sendable {
      case nanoseconds(Int64)
      case number(Int64)
    }

    public var name: String
    public var amount: Amount

    public init(name: String, amount: Amount) {
      self.name = name
      self.amount = amount
    }
  }

  public static let mostNodes = 5000

  public var name = ""
  /// In the order of the file; empty when it names no nodes.
  public var nodeGroups: [NodeGroup] = []
  /// At most one of each family; empty for the usual ones.
  public var podSubnets: [CIDR] = []
  public var serviceSubnets: [CIDR] = []
  public var nodeSubnet: CIDR?
  public var proxyMode: ProxyMode?
  public var cni: CNI?
  public var encapsulation = Encapsulation.always
  /// Nil for `snat`.
  public var loadBalancerMode: LoadBalancerMode?
  public var disableDefaultCNI = false
  public var ipFamily = IPFamily.ipv4
  /// Sorted by name.
  public var timings: [Timing] = []
  /// Requests per second that a controller may send to the API server.
  public var clientQPS: Int?
  public var clientBurst: Int?
  public var cloud: Cloud?

  public init() {}

  public var nodeCount: Int { nodeGroups.reduce(0) { $0 + $1.count } }

  public func timing(_ name: String) -> Timing.Amount? {
    timings.first { $0.name == name }?.amount
  }
}
