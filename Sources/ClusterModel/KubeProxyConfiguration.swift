/// How kube-proxy is set up, as far as packets notice.
///
/// Initial values are upstream's (pkg/proxy/apis/config/v1alpha1/defaults.go).
public struct KubeProxyConfiguration: Hashable, Sendable {
  /// The settings that each mode has of its own.
  public struct ModeSettings: Hashable, Sendable {
    public var masqueradeAll = false
    /// Nanoseconds between full synchronisations.
    public var syncPeriod: Int64 = 30_000_000_000
    /// Nanoseconds that must lie between two synchronisations.
    public var minSyncPeriod: Int64

    public init(minSyncPeriod: Int64) { self.minSyncPeriod = minSyncPeriod }
  }

  /// Nil for the platform's default, iptables.
  public var mode: ProxyMode?
  /// One of each family at most; empty: packets are not told local from remote by address.
  public var clusterCIDRs: [CIDR] = []
  /// `primary`, or ranges of node addresses on which node ports answer; empty for the mode's own
  /// default.
  public var nodePortAddresses: [String] = []
  /// Whether iptables mode answers node ports on 127.0.0.0/8.
  public var localhostNodePorts = true
  public var iptables = ModeSettings(minSyncPeriod: 1_000_000_000)
  public var ipvs = ModeSettings(minSyncPeriod: 0)
  public var nftables = ModeSettings(minSyncPeriod: 1_000_000_000)
  public var ipvsScheduler = "rr"

  public init() {}

  /// What holds in `mode`; IPVS takes masqueradeAll from the iptables section, as upstream does.
  public func settings(for mode: ProxyMode) -> ModeSettings {
    switch mode {
    case .nftables: return nftables
    case .ipvs:
      var settings = ipvs
      settings.masqueradeAll = ipvs.masqueradeAll || iptables.masqueradeAll
      return settings
    case .iptables, .ebpf: return iptables
    }
  }
}
