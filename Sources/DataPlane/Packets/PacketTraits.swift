import ClusterModel
import SimulationCore

/// What the proxy mode and the CNI make of packets, in a form that costs nothing to ask.
struct PacketTraits: Sendable {
  var mode: ProxyMode
  var cni: CNI
  var masqueradeAll: Bool
  /// kube-proxy's `clusterCIDR`.
  var clusterCIDRv4: CIDR?
  var clusterCIDRv6: CIDR?
  var podSubnetV4: CIDR?
  var podSubnetV6: CIDR?
  var serviceSubnetV4: CIDR?
  var serviceSubnetV6: CIDR?
  /// `clusterCIDRv4` and `podSubnetV4` once more, for nearly all packets.
  var proxiedPods: V4Range
  var pods: V4Range
  var hasNodePortAddresses: Bool

  /// NodePorts answer on 127.0.0.0/8.
  var hasLoopbackNodePorts: Bool
  /// Without `nodePortAddresses`, only a node's primary addresses have NodePorts.
  var hasPrimaryNodePortsOnly: Bool
  /// A cluster IP refuses the ports it does not have.
  var rejectsUnusedPorts: Bool
  /// A free address of the service subnet swallows packets; else they are routed to nowhere.
  var dropsFreeServiceAddresses: Bool
  /// A Local policy without a local endpoint falls back to the others.
  var localFallsBack: Bool
  /// In-cluster clients choose when they connect: nothing is rewritten on the wire.
  var balancesAtSocket: Bool
  /// Packets from outside keep their source on the way to another node, which answers the client.
  private let directReplies: ClusterTopology.LoadBalancerMode
  /// Every connection's endpoint is drawn, all equally likely.
  var throwsDice: Bool
  /// Of IPVS; a name that the kernel does not know is the default's.
  var scheduler: IPVSScheduler

  var minSyncPeriod: Duration
  var syncBaseCost: Duration
  var encapsulationCost: Duration

  init(_ configuration: NetworkConfiguration) {
    func first(_ ranges: [CIDR], _ family: IPAddress.Family) -> CIDR? {
      ranges.first { $0.family == family }
    }
    mode = configuration.proxyMode
    cni = configuration.cni
    masqueradeAll = configuration.masqueradeAll
    clusterCIDRv4 = first(configuration.clusterCIDRForProxy, .ipv4)
    clusterCIDRv6 = first(configuration.clusterCIDRForProxy, .ipv6)
    podSubnetV4 = first(configuration.podSubnets, .ipv4)
    podSubnetV6 = first(configuration.podSubnets, .ipv6)
    serviceSubnetV4 = first(configuration.serviceSubnets, .ipv4)
    serviceSubnetV6 = first(configuration.serviceSubnets, .ipv6)
    proxiedPods = V4Range(clusterCIDRv4)
    pods = V4Range(podSubnetV4)
    hasNodePortAddresses = !configuration.nodePortAddresses.isEmpty
    let loopback = IPAddress(v4: 0x7F00_0001)
    // pkg/proxy/iptables/proxier.go: route_localnet, unless the addresses leave loopback out.
    hasLoopbackNodePorts =
      mode == .iptables && configuration.localhostNodePorts
      && (!hasNodePortAddresses
        || configuration.nodePortAddresses.contains { $0.contains(loopback) })
    hasPrimaryNodePortsOnly = mode == .nftables
    rejectsUnusedPorts = mode == .nftables || mode == .ipvs
    dropsFreeServiceAddresses = mode == .nftables
    localFallsBack = mode == .ipvs
    balancesAtSocket = mode == .ebpf
    directReplies = mode == .ebpf ? configuration.loadBalancerMode : .snat
    throwsDice = mode == .iptables || mode == .nftables
    scheduler = IPVSScheduler(rawValue: configuration.ipvsScheduler) ?? .roundRobin
    // An eBPF map is written entry by entry, as changes come.
    minSyncPeriod = mode == .ebpf ? .zero : configuration.minSyncPeriod
    syncBaseCost = configuration.syncBaseCost ?? Self.usualSyncCost(mode)
    encapsulationCost = cni.encapsulationCost
  }

  private static func usualSyncCost(_ mode: ProxyMode) -> Duration {
    switch mode {
    case .iptables: .milliseconds(30)
    case .ipvs: .milliseconds(20)
    case .nftables: .milliseconds(15)
    case .ebpf: .milliseconds(1)
    }
  }

  /// Whether the endpoint's node answers a client outside itself.
  func repliesDirectly(_ transport: TransportProtocol) -> Bool {
    switch directReplies {
    case .snat: false
    case .dsr: true
    case .hybrid: transport == .tcp
    }
  }

  /// Whether a packet's source is a pod, as far as the proxy can tell.
  func isPod(_ address: IPAddress) -> Bool {
    (address.family == .ipv4 ? clusterCIDRv4 : clusterCIDRv6)?.contains(address) ?? false
  }
  func canTellPods(_ family: IPAddress.Family) -> Bool {
    (family == .ipv4 ? clusterCIDRv4 : clusterCIDRv6) != nil
  }
  func isInPodSubnet(_ address: IPAddress) -> Bool {
    (address.family == .ipv4 ? podSubnetV4 : podSubnetV6)?.contains(address) ?? false
  }
  func isInServiceSubnet(_ address: IPAddress) -> Bool {
    (address.family == .ipv4 ? serviceSubnetV4 : serviceSubnetV6)?.contains(address) ?? false
  }
}
