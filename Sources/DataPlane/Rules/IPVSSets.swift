import ClusterModel

/// An ipset of IPVS mode (pkg/proxy/ipvs/ipset.go, proxier.go ipsetInfo).
struct IPVSSet: Sendable {
  enum Kind: String, Sendable {
    case address = "hash:ip"
    case addressPort = "hash:ip,port"
    case addressPortAddress = "hash:ip,port,ip"
    case addressPortNetwork = "hash:ip,port,net"
    case port = "bitmap:port"
  }

  let name: String
  let kind: Kind
  /// What the rules that match it are commented with.
  let remark: String
  private(set) var members: [String] = []
  private var known: Set<String> = []

  init(_ name: String, _ kind: Kind, _ remark: String) {
    self.name = name
    self.kind = kind
    self.remark = remark
  }

  var isEmpty: Bool { members.isEmpty }

  mutating func add(_ member: String) {
    if known.insert(member).inserted { members.append(member) }
  }

  /// As `ipset list` prints it, in the members' order of arrival.
  func text(_ family: IPAddress.Family) -> String {
    let inet = family == .ipv4 ? "inet" : "inet6"
    let (revision, header) =
      switch kind {
      case .address: (5, "family \(inet) hashsize 1024 maxelem 65536 bucketsize 12")
      case .addressPort, .addressPortAddress:
        (6, "family \(inet) hashsize 1024 maxelem 65536 bucketsize 12")
      case .addressPortNetwork: (8, "family \(inet) hashsize 1024 maxelem 65536 bucketsize 12")
      case .port: (3, "range 0-65535")
      }
    var text = "Name: \(name)\nType: \(kind.rawValue)\nRevision: \(revision)\nHeader: \(header)\n"
    text += "Size in memory: \(memory)\nReferences: \(references)\n"
    text += "Number of entries: \(members.count)\nMembers:\n"
    return text + members.map { $0 + "\n" }.joined()
  }

  /// What the kernel needs for a set and its members on a 64-bit machine, about.
  private var memory: Int { kind == .port ? 8264 : 208 + members.count * 64 }

  /// Rules that match it.
  private var references: Int {
    switch name {
    case "KUBE-CLUSTER-IP": isEmpty ? 2 : 4
    case "KUBE-LOAD-BALANCER": isEmpty ? 2 : 4
    case "KUBE-EXTERNAL-IP": isEmpty ? 2 : 5
    case "KUBE-EXTERNAL-IP-LOCAL": isEmpty ? 2 : 4
    case "KUBE-HEALTH-CHECK-NODE-PORT": 3
    case "KUBE-IPVS-IPS": 2
    default: isEmpty ? 0 : 1
    }
  }
}

/// All the sets of a node in one address family, in the order in which kube-proxy lists them.
struct IPVSSets: Sendable {
  let family: IPAddress.Family
  private(set) var sets: [IPVSSet]

  init(_ node: NodeRules) {
    family = node.family
    sets = Self.all
    if node.family == .ipv6 {
      sets = sets.map { IPVSSet("KUBE-6-" + $0.name.dropFirst(5), $0.kind, $0.remark) }
    }
    for port in node.ports { add(port, node) }
  }

  /// The set of this name, without what marks the family.
  subscript(_ name: String) -> IPVSSet {
    let wanted = full(name)
    return sets.first { $0.name == wanted } ?? IPVSSet(wanted, .address, "")
  }

  func full(_ name: String) -> String {
    family == .ipv4 ? name : "KUBE-6-" + name.dropFirst(5)
  }

  private mutating func add(_ name: String, _ member: String) {
    let wanted = full(name)
    if let place = sets.firstIndex(where: { $0.name == wanted }) { sets[place].add(member) }
  }

  private mutating func add(_ port: ProgrammedPort, _ node: NodeRules) {
    let definition = port.definition
    func key(_ address: IPAddress) -> String {
      "\(address),\(port.transport):\(definition.port)"
    }
    for backend in port.backends where backend.isOnThisNode {
      let end = "\(backend.address),\(port.transport):\(backend.port),\(backend.address)"
      add("KUBE-LOOP-BACK", end)
    }
    add("KUBE-CLUSTER-IP", key(definition.clusterIP))
    add("KUBE-IPVS-IPS", "\(definition.clusterIP)")
    for address in definition.externalIPs {
      add(port.isExternalLocal ? "KUBE-EXTERNAL-IP-LOCAL" : "KUBE-EXTERNAL-IP", key(address))
      add("KUBE-IPVS-IPS", "\(address)")
    }
    for address in definition.loadBalancerIPs {
      add("KUBE-LOAD-BALANCER", key(address))
      if port.isExternalLocal { add("KUBE-LOAD-BALANCER-LOCAL", key(address)) }
      add("KUBE-IPVS-IPS", "\(address)")
      guard !definition.sourceRanges.isEmpty else { continue }
      add("KUBE-LOAD-BALANCER-FW", key(address))
      for range in definition.sourceRanges {
        add("KUBE-LOAD-BALANCER-SOURCE-CIDR", "\(key(address)),\(range)")
      }
      if let own = node.nodeIP, definition.sourceRanges.contains(where: { $0.contains(own) }) {
        add("KUBE-LOAD-BALANCER-SOURCE-IP", "\(key(address)),\(address)")
      }
    }
    addNodePort(port, node)
  }

  private mutating func addNodePort(_ port: ProgrammedPort, _ node: NodeRules) {
    let definition = port.definition
    if definition.healthCheckNodePort != 0 {
      add("KUBE-HEALTH-CHECK-NODE-PORT", "\(definition.healthCheckNodePort)")
    }
    guard definition.nodePort != 0 else { return }
    let name = definition.transport.name
    let kinds = port.isExternalLocal ? ["", "LOCAL-"] : [""]
    for kind in kinds {
      if definition.transport == .sctp {
        for address in node.ownAddresses {
          add(
            "KUBE-NODE-PORT-\(kind)SCTP-HASH", "\(address),sctp:\(definition.nodePort)")
        }
      } else {
        add("KUBE-NODE-PORT-\(kind)\(name)", "\(definition.nodePort)")
      }
    }
  }

  private static var all: [IPVSSet] {
    let service = "Kubernetes service"
    let local = "with externalTrafficPolicy=local"
    return [
      IPVSSet(
        "KUBE-LOOP-BACK", .addressPortAddress,
        "Kubernetes endpoints dst ip:port, source ip for solving hairpin purpose"),
      IPVSSet(
        "KUBE-CLUSTER-IP", .addressPort, "\(service) cluster ip + port for masquerade purpose"),
      IPVSSet(
        "KUBE-EXTERNAL-IP", .addressPort,
        "\(service) external ip + port for masquerade and filter purpose"),
      IPVSSet(
        "KUBE-EXTERNAL-IP-LOCAL", .addressPort, "\(service) external ip + port \(local)"),
      IPVSSet("KUBE-LOAD-BALANCER", .addressPort, "\(service) lb portal"),
      IPVSSet(
        "KUBE-LOAD-BALANCER-LOCAL", .addressPort,
        "\(service) load balancer ip + port \(local)"),
      IPVSSet(
        "KUBE-LOAD-BALANCER-FW", .addressPort,
        "\(service) load balancer ip + port for load balancer with sourceRange"),
      IPVSSet(
        "KUBE-LOAD-BALANCER-SOURCE-IP", .addressPortAddress,
        "\(service) load balancer ip + port + source IP for packet filter purpose"),
      IPVSSet(
        "KUBE-LOAD-BALANCER-SOURCE-CIDR", .addressPortNetwork,
        "\(service) load balancer ip + port + source cidr for packet filter purpose"),
      IPVSSet("KUBE-NODE-PORT-TCP", .port, "Kubernetes nodeport TCP port for masquerade purpose"),
      IPVSSet("KUBE-NODE-PORT-LOCAL-TCP", .port, "Kubernetes nodeport TCP port \(local)"),
      IPVSSet("KUBE-NODE-PORT-UDP", .port, "Kubernetes nodeport UDP port for masquerade purpose"),
      IPVSSet("KUBE-NODE-PORT-LOCAL-UDP", .port, "Kubernetes nodeport UDP port \(local)"),
      IPVSSet(
        "KUBE-NODE-PORT-SCTP-HASH", .addressPort,
        "Kubernetes nodeport SCTP port for masquerade purpose with type 'hash ip:port'"),
      IPVSSet(
        "KUBE-NODE-PORT-LOCAL-SCTP-HASH", .addressPort,
        "Kubernetes nodeport SCTP port \(local) with type 'hash ip:port'"),
      IPVSSet("KUBE-HEALTH-CHECK-NODE-PORT", .port, "Kubernetes health check node port"),
      IPVSSet("KUBE-IPVS-IPS", .address, "Kubernetes service IPs"),
    ]
  }
}
