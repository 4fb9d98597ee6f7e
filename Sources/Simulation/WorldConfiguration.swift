import ClusterModel
import ControlPlane
import DataPlane
import SimulationCore

/// What a world is made of before its objects: the topology, the networks and the seed.
public struct WorldConfiguration: Hashable, Sendable {
  public var seed: UInt64 = 1
  /// The simulated wall clock at time zero; 2026-01-01T00:00:00Z unless set.
  public var startTime = Timestamp(seconds: 1_767_225_600)
  /// The nodes to start with when no object is a Node; nil for one control-plane node and
  /// `workers` others.
  public var nodeGroups: [NodeGroup]?
  /// How many workers there are beside the control-plane node; 0–5,000.
  public var workers = 3
  /// Nil for flannel's 10.244.0.0/16, or a larger range when the nodes would not fit.
  public var podSubnets: [CIDR] = []
  /// Nil for kubeadm's 10.96.0.0/12.
  public var serviceSubnets: [CIDR] = []
  /// The nodes' own network; nil for 192.168.0.0/24, or a /16 when the nodes would not fit.
  public var nodeSubnet: CIDR?
  /// Whether nodes, pods and Services have IPv4 addresses, IPv6 ones, or both. Families that no
  /// subnet is given for get kind's.
  public var ipFamily = ClusterTopology.IPFamily.ipv4
  public var proxyMode = ProxyMode.iptables
  public var cni = CNI.flannel
  /// Calico's tunnel is only for nodes of another network.
  public var encapsulatesAcrossSubnetsOnly = false
  /// How eBPF sends packets from outside on.
  public var loadBalancerMode = ClusterTopology.LoadBalancerMode.snat
  /// What a `KubeProxyConfiguration` among the files says; nil for the defaults.
  public var kubeProxy: KubeProxyConfiguration?
  /// The requests a second of a controller's client, and its burst.
  public var clientQPS = 20
  public var clientBurst = 30
  /// The cloud that gives load balancers their addresses; nil for one unless the nodes come from
  /// files: what cloud a dumped cluster is in nobody knows.
  public var cloud: ClusterTopology.Cloud?

  /// Whether workloads of files are at rest at time zero, as after hours, and not just created.
  public var isSettled = false

  public init() {}

  /// Whether the nodes come from files.
  var hasLoadedNodes = false

  var groups: [NodeGroup] {
    nodeGroups ?? [NodeGroup(isControlPlane: true), NodeGroup(count: workers)]
  }

  private var nodeCount: Int { groups.map(\.count).reduce(0, +) }

  var settings: ControlPlaneSettings {
    let defaults = ControlPlaneSettings.default
    var settings = ControlPlaneSettings(
      podSubnets: completed(
        podSubnets, [defaultPodSubnet, Self.range(0xFD00_0010_0244_0000, 56)]),
      serviceSubnets: completed(
        serviceSubnets, defaults.serviceSubnets + [Self.range(0xFD00_0010_0096_0000, 112)]))
    settings.clientQPS = clientQPS
    settings.clientBurst = clientBurst
    settings.cni = cni.rawValue
    settings.hasCloud =
      (cloud ?? (hasLoadedNodes ? ClusterTopology.Cloud.none : .simple)) == .simple
    return settings
  }

  private static func range(_ high: UInt64, _ length: Int) -> CIDR {
    CIDR(IPAddress(v6High: high, low: 0), prefixLength: length)
  }

  private var families: [IPAddress.Family] {
    switch ipFamily {
    case .ipv4: [.ipv4]
    case .ipv6: [.ipv6]
    case .dual: [.ipv4, .ipv6]
    }
  }

  /// The ranges that are given, with the usual one of each family that lacks one.
  private func completed(_ given: [CIDR], _ usual: [CIDR]) -> [CIDR] {
    if ipFamily == .ipv4, !given.isEmpty { return given }
    return given
      + families.flatMap { family in
        given.contains { $0.family == family } ? [] : usual.filter { $0.family == family }
      }
  }

  /// 256 nodes fit into flannel's range; more get 10.128.0.0/9.
  private var defaultPodSubnet: CIDR {
    nodeCount <= 256
      ? CIDR(IPAddress(v4: 0x0AF4_0000), prefixLength: 16)
      : CIDR(IPAddress(v4: 0x0A80_0000), prefixLength: 9)
  }

  /// How the data plane is set up: the mode and CNI, and kube-proxy's options.
  var network: NetworkConfiguration {
    let settings = settings
    let mode = kubeProxy?.mode ?? proxyMode
    var network = NetworkConfiguration(
      proxyMode: mode, cni: cni, podSubnets: settings.podSubnets,
      serviceSubnets: settings.serviceSubnets)
    network.nodeSubnets = [plan.nodeSubnet, plan.secondNodeSubnet].compactMap { $0 }
    network.encapsulatesAcrossSubnetsOnly = encapsulatesAcrossSubnetsOnly
    network.loadBalancerMode = loadBalancerMode
    guard let kubeProxy else { return network }
    let own = kubeProxy.settings(for: mode)
    network.clusterCIDRForProxy = kubeProxy.clusterCIDRs
    network.masqueradeAll = own.masqueradeAll
    network.nodePortAddresses = kubeProxy.nodePortAddresses.compactMap { CIDR($0) }
    network.localhostNodePorts = kubeProxy.localhostNodePorts
    network.ipvsScheduler = kubeProxy.ipvsScheduler
    network.minSyncPeriod = .nanoseconds(own.minSyncPeriod)
    network.syncPeriod = .nanoseconds(own.syncPeriod)
    return network
  }

  /// Takes over what a topology file says; what it leaves out stays as it is.
  public mutating func apply(_ topology: ClusterTopology) {
    if !topology.nodeGroups.isEmpty {
      nodeGroups = topology.nodeGroups.map { group in
        NodeGroup(
          isControlPlane: group.role == .controlPlane, count: group.count, zone: group.zone,
          labels: group.labels,
          capacity: group.capacity.isEmpty ? NodeGroup.defaultCapacity : group.capacity,
          name: group.name)
      }
    }
    if !topology.podSubnets.isEmpty { podSubnets = topology.podSubnets }
    if !topology.serviceSubnets.isEmpty { serviceSubnets = topology.serviceSubnets }
    nodeSubnet = topology.nodeSubnet ?? nodeSubnet
    ipFamily = topology.ipFamily
    proxyMode = topology.proxyMode ?? proxyMode
    cni = topology.cni ?? cni
    encapsulatesAcrossSubnetsOnly = topology.encapsulation == .crossSubnet
    loadBalancerMode = topology.loadBalancerMode ?? loadBalancerMode
    clientQPS = topology.clientQPS ?? clientQPS
    clientBurst = topology.clientBurst ?? clientBurst
    cloud = topology.cloud ?? cloud
  }

  var plan: ClusterPlan {
    var plan = youngPlan
    // Older than events are kept: nobody expects any of a cluster that has long been at rest.
    if isSettled { plan.age = 7200 }
    return plan
  }

  private var youngPlan: ClusterPlan {
    let subnet =
      nodeSubnet
      ?? CIDR(IPAddress(v4: 0xC0A8_0000), prefixLength: nodeCount <= 240 ? 24 : 16)
    // The network that kind gives its containers.
    let sixth = Self.range(0xFC00_F853_0CCD_E793, 64)
    if ipFamily == .ipv6 {
      return ClusterPlan(groups: groups, nodeSubnet: nodeSubnet ?? sixth, cni: cni.rawValue)
    }
    return ClusterPlan(
      groups: groups, nodeSubnet: subnet, secondNodeSubnet: ipFamily == .dual ? sixth : nil,
      cni: cni.rawValue)
  }
}
