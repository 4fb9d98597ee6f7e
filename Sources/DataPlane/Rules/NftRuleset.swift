import ClusterModel

/// The table of a node in nftables mode for one family, as `nft list ruleset` prints it
/// (pkg/proxy/nftables/proxier.go).
struct NftRuleset {
  let node: NodeRules
  /// `ip` or `ip6`.
  let family: String

  // What the service ports put into sets, maps and chains.
  var hairpins: [String] = []
  private var knownHairpins: Set<String> = []
  var clusterIPs: [IPAddress] = []
  var refusedServices: [String] = []
  var refusedNodePorts: [String] = []
  var firewalled: [String] = []
  var portals: [String] = []
  var nodePorts: [String] = []
  var affinitySets: [NftBlock] = []
  var chains: [NftBlock] = []

  static let mark = "meta mark set meta mark | 0x00004000"

  init(_ node: NodeRules) {
    self.node = node
    family = node.family == .ipv4 ? "ip" : "ip6"
    for port in node.ports { add(port) }
  }

  var text: String {
    var text = "table \(family) kube-proxy {\n\tcomment \"rules for kube-proxy\"\n"
    let blocks = sets + affinitySets + baseChains + commonChains + chains
    for (place, block) in blocks.enumerated() {
      if place > 0 { text += "\n" }
      block.write(into: &text)
    }
    return text + "}\n"
  }

  /// The table with only one chain, set or map in it, as `nft list chain …` prints it.
  func text(ofOnly kind: String, _ name: String) -> String? {
    let blocks = sets + affinitySets + baseChains + commonChains + chains
    guard let block = blocks.first(where: { $0.head == "\(kind) \(name)" }) else { return nil }
    var text = "table \(family) kube-proxy {\n"
    block.write(into: &text)
    return text + "}\n"
  }

  mutating func addHairpin(_ backend: ProgrammedPort.Backend, of port: ProgrammedPort) {
    guard backend.isOnThisNode else { return }
    let element =
      "\(backend.address) . \(backend.address) . \(port.transport) . \(backend.port)"
    if knownHairpins.insert(element).inserted { hairpins.append(element) }
  }

  // MARK: Sets and maps

  private var address: String { node.family == .ipv4 ? "ipv4_addr" : "ipv6_addr" }

  private var sets: [NftBlock] {
    let services = "type \(address) . inet_proto . inet_service : verdict"
    let nodePortType = "type inet_proto . inet_service : verdict"
    var sets = [
      NftBlock(
        "set hairpin-connections", "type \(address) . \(address) . inet_proto . inet_service",
        "service hairpin connections", hairpins),
      NftBlock(
        "set cluster-ips", "type \(address)", "Active ClusterIPs", texts(clusterIPs),
        perLine: addressesPerLine),
    ]
    if let own = node.nodePortIPs {
      sets.append(
        NftBlock(
          "set nodeport-ips", "type \(address)", "IPs that accept NodePort traffic", texts(own),
          perLine: addressesPerLine))
    }
    return sets + [
      NftBlock(
        "map no-endpoint-services", services,
        "vmap to drop or reject packets to services with no endpoints", refusedServices),
      NftBlock(
        "map no-endpoint-nodeports", nodePortType,
        "vmap to drop or reject packets to service nodeports with no endpoints",
        refusedNodePorts),
      NftBlock(
        "map firewall-ips", services,
        "destinations that are subject to LoadBalancerSourceRanges", firewalled),
      NftBlock(
        "map service-ips", services, "ClusterIP, ExternalIP and LoadBalancer IP traffic",
        portals),
      NftBlock("map service-nodeports", nodePortType, "NodePort traffic", nodePorts),
    ]
  }

  /// In order, each once.
  private func texts(_ addresses: [IPAddress]) -> [String] {
    var texts: [String] = []
    var last: IPAddress?
    for address in addresses.sorted() where address != last {
      texts.append(address.description)
      last = address
    }
    return texts
  }

  private var addressesPerLine: Int { node.family == .ipv4 ? 2 : 1 }
}

/// A set, a map or a chain.
struct NftBlock: Sendable {
  let head: String
  private var lines: [String]

  /// A chain.
  init(chain name: String, _ lines: [String]) {
    head = "chain \(name)"
    self.lines = lines
  }

  /// A set of addresses that forgets them after a while.
  init(affinitySet name: String, _ type: String, seconds: Int) {
    head = "set \(name)"
    lines = [
      "type \(type)", "size 65535", "flags dynamic,timeout", "timeout \(Self.time(seconds))",
    ]
  }

  /// A set or a map. `nft` puts two IPv4 addresses on a line, and of everything else one.
  init(_ head: String, _ type: String, _ remark: String, _ elements: [String], perLine: Int = 1) {
    self.head = head
    lines = [type, "comment \"\(remark)\""]
    guard !elements.isEmpty else { return }
    var text = "elements = { "
    for (place, element) in elements.enumerated() {
      if place > 0 { text += place % perLine == 0 ? ",\n\t\t\t     " : ", " }
      text += element
    }
    lines.append(text + " }")
  }

  func write(into text: inout String) {
    text += "\t\(head) {\n"
    for line in lines {
      text += "\t\t"
      text += line
      text += "\n"
    }
    text += "\t}\n"
  }

  /// `1d2h3m4s`, without the parts that are zero.
  static func time(_ seconds: Int) -> String {
    let parts = [
      (seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "m"),
      (seconds % 60, "s"),
    ]
    let text = parts.filter { $0.0 > 0 }.map { "\($0.0)\($0.1)" }.joined()
    return text.isEmpty ? "0s" : text
  }
}
