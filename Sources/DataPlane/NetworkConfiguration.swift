import ClusterModel
import SimulationCore

/// What one way over a link costs, before queueing.
public struct LinkLatencies: Hashable, Sendable {
  /// Through a node's own bridge or veth pairs.
  public var sameNode = Duration.microseconds(30)
  /// Between nodes of one zone, or of none.
  public var sameZone = Duration.microseconds(250)
  /// Between nodes of different zones of one region.
  public var acrossZones = Duration.milliseconds(1)
  /// Between a node and a client or server outside the cluster.
  public var outside = Duration.milliseconds(5)

  public init() {}
}

/// The settings of the pod and service networks, the same on every node.
public struct NetworkConfiguration: Hashable, Sendable {
  public var proxyMode = ProxyMode.iptables
  public var cni = CNI.flannel
  /// The cluster CIDRs, at most one per family.
  public var podSubnets: [CIDR]
  public var serviceSubnets: [CIDR]
  /// kube-proxy's `clusterCIDR`, by which it tells pods from other clients; empty: it cannot.
  public var clusterCIDRForProxy: [CIDR]
  /// Masquerade every packet to a cluster IP.
  public var masqueradeAll = false
  /// Which addresses of a node accept NodePort packets; empty means the mode's default.
  public var nodePortAddresses: [CIDR] = []
  /// NodePorts on 127.0.0.0/8, where the mode can (pkg/proxy/iptables/proxier.go).
  public var localhostNodePorts = true
  /// The IPVS scheduler.
  public var ipvsScheduler = "rr"

  /// The least time from the end of a sync to the start of the next.
  public var minSyncPeriod = Duration.seconds(1)
  /// How soon a failed sync is tried again.
  public var syncPeriod = Duration.seconds(30)
  /// The median time from a write at the API server to a proxy's hearing of it.
  public var watchDelay = Duration.milliseconds(5)
  /// What a sync takes however little has changed; nil means the mode's usual cost.
  public var syncBaseCost: Duration?
  /// What a sync takes more for each endpoint of the service ports that changed.
  public var syncCostPerEndpoint = Duration.microseconds(10)

  /// The networks of the nodes' own addresses. An address in none of them is taken to be in a
  /// network of 256 (IPv6: of a /64).
  public var nodeSubnets: [CIDR] = [CIDR(IPAddress(v4: 0xC0A8_0000), prefixLength: 24)]
  /// What the nodes' links carry in one piece, in bytes.
  public var linkMTU = 1500
  /// Calico's CrossSubnet: the tunnel is only for nodes of another network.
  public var encapsulatesAcrossSubnetsOnly = false

  /// How eBPF sends packets from outside to endpoints on other nodes.
  public var loadBalancerMode = ClusterTopology.LoadBalancerMode.snat

  public var linkLatencies = LinkLatencies()
  /// The address of a client outside the cluster that names none, by family.
  public var outsideClientV4 = IPAddress(v4: 0xC633_640A)  // 198.51.100.10 (RFC 5737)
  public var outsideClientV6 = IPAddress(v6High: 0x2001_0db8_0000_0000, low: 0x10)  // RFC 3849

  public init(
    proxyMode: ProxyMode = .iptables, cni: CNI = .flannel,
    podSubnets: [CIDR] = [CIDR(IPAddress(v4: 0x0AF4_0000), prefixLength: 16)],
    serviceSubnets: [CIDR] = [CIDR(IPAddress(v4: 0x0A60_0000), prefixLength: 12)],
    clusterCIDRForProxy: [CIDR]? = nil
  ) {
    self.proxyMode = proxyMode
    self.cni = cni
    self.podSubnets = podSubnets
    self.serviceSubnets = serviceSubnets
    self.clusterCIDRForProxy = clusterCIDRForProxy ?? podSubnets
  }
}
