import ClusterModel

/// A rule that a packet meets, with what it does.
struct RuleStep: Sendable {
  var point: String
  var rule: String
  var note: String
  /// The destination is rewritten here.
  var isDNAT = false
}

/// What a packet's rules are written from.
struct RuleContext: Sendable {
  var flow: Flow
  var route: Route
  var identity: PortIdentity
  /// Where the packet meets the service rules: PREROUTING or OUTPUT.
  var hook: String
  /// The chosen endpoint, with its place among the candidates.
  var endpoint: (address: IPAddress, port: UInt16, place: Int)?
  var candidates: [Candidate]
  /// kube-proxy's clusterCIDR of the family.
  var clusterCIDR: CIDR?
  var masqueradeAll: Bool
  /// Endpoint comments are left out of large clusters' rules.
  var isLarge: Bool
  /// The source range that let the packet pass.
  var sourceRange: CIDR?
  var isHairpin: Bool
  /// An established affinity decided, not the dice.
  var isFollowing: Bool
  var ipvsScheduler: String

  var name: String { identity.text }
  var isLocalChain: Bool {
    let policy = route.version.policy
    if route.kind == .clusterIP { return policy.contains(.internalLocal) }
    return policy.contains(.externalLocal) && !route.isShortCircuit
  }
  var isFromPod: Bool { clusterCIDR?.contains(flow.source) ?? false }
  var endpointText: String {
    endpoint.map { PacketTrace.Packet.text($0.address, $0.port) } ?? ""
  }

  /// As `iptables-save` prints a single address.
  static func host(_ address: IPAddress) -> String {
    "\(address)/\(address.family == .ipv4 ? 32 : 128)"
  }
}

extension ProxyMode {
  /// The service rules a packet meets, in order, as a node of this mode prints them.
  func steps(_ context: RuleContext) -> [RuleStep] {
    switch self {
    case .iptables: IptablesText(context).steps
    case .ipvs: IPVSText(context).steps
    case .nftables: NftablesText(context).steps
    case .ebpf: EBPFText(context).steps
    }
  }
}
