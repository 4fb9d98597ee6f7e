extension Schema {
  /// Cluster and kube-proxy configuration.
  static let configuration = Schema([cluster, proxy])

  private static let cluster = """
    Cluster
      string: apiVersion kind name
      any: metadata featureGates runtimeConfig timings
      []ClusterNode: nodes
      Networking: networking
      int32: clientQPS clientBurst
      []any: kubeadmConfigPatches kubeadmConfigPatchesJSON6902 containerdConfigPatches
      []any: containerdConfigPatchesJSON6902
    ClusterNode
      string: role name image zone
      int32: count
      map[string]Quantity: capacity
      map[string]string: labels
      []any: extraMounts extraPortMappings kubeadmConfigPatches kubeadmConfigPatchesJSON6902
    Networking
      string: podSubnet serviceSubnet nodeSubnet kubeProxyMode ipFamily cni cloud apiServerAddress
      string: encapsulation loadBalancerMode
      bool: disableDefaultCNI
      int32: apiServerPort
      []string: dnsSearch
    """

  private static let proxy = """
    KubeProxyConfiguration
      string: apiVersion kind bindAddress healthzBindAddress metricsBindAddress clusterCIDR
      string: hostnameOverride mode portRange configSyncPeriod detectLocalMode
      string: showHiddenMetricsForVersion udpIdleTimeout
      bool: bindAddressHardFail enableProfiling windowsRunAsService
      any: featureGates clientConnection logging detectLocal linux windows conntrack winkernel
      int32: oomScoreAdj
      []string: nodePortAddresses
      ProxyMode: iptables ipvs nftables
    ProxyMode
      int32: masqueradeBit
      bool: masqueradeAll localhostNodePorts strictARP
      string: syncPeriod minSyncPeriod scheduler tcpTimeout tcpFinTimeout udpTimeout
      []string: excludeCIDRs
    """
}
