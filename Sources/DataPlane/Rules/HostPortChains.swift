import ClusterModel
import Crypto

/// The chains of the portmap plugin on a node, as `iptables-save` prints them
/// (plugins/meta/portmap/portmap_iptables.go).
struct HostPortChains: Sendable {
  /// The pods in the order in which they came.
  var pods: [HostPortChain]

  func add(to nat: inout IptablesTable) {
    let toOwn = "-m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT"
    nat.addJump("PREROUTING", toOwn)
    nat.addJump("OUTPUT", toOwn)
    // Before the masquerading of other plugins.
    nat.addJump("POSTROUTING", Self.masqueradeJump, isFirst: true)
    nat.add("CNI-HOSTPORT-DNAT", pods.map(\.dispatch).joined())
    nat.add("CNI-HOSTPORT-SETMARK", Self.mark + "\n")
    nat.add("CNI-HOSTPORT-MASQ", Self.masquerade + "\n")
    for pod in pods { nat.add(pod.name, pod.rules.map { $0 + "\n" }.joined()) }
  }

  private static let masqueradeJump =
    "\(IptablesTable.comment("CNI portfwd requiring masquerade")) -j CNI-HOSTPORT-MASQ"
  static let mark =
    "-A CNI-HOSTPORT-SETMARK \(IptablesTable.comment("CNI portfwd masquerade mark")) "
    + "-j MARK --set-xmark 0x2000/0x2000"
  static let masquerade = "-A CNI-HOSTPORT-MASQ -m mark --mark 0x2000/0x2000 -j MASQUERADE"
}

/// The chain of one pod, with the rules that lead to it.
struct HostPortChain: Sendable {
  /// Of the CNI configuration list.
  let network: String
  let sandbox: String
  let address: IPAddress
  /// Whose packets are masqueraded.
  let range: CIDR
  let entries: [PortMapping.Entry]

  /// 28 characters (plugins/pkg/utils/utils.go MustFormatChainNameWithPrefix).
  var name: String { Self.name(network, sandbox) }

  static func name(_ network: String, _ sandbox: String) -> String {
    let digits = SHA512.hash(data: Array((network + sandbox).utf8)).prefix(11)
      .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    return "CNI-DN-" + digits.prefix(21)
  }

  /// The rules of CNI-HOSTPORT-DNAT: by protocol, and at most 15 ports each.
  var dispatch: String {
    dispatchRules.map { $0.text + "\n" }.joined()
  }

  private var dispatchRules: [(text: String, transport: TransportProtocol, ports: [UInt16])] {
    let all: [TransportProtocol] = [.sctp, .tcp, .udp]
    return all.flatMap { transport in
      let ports = entries.filter { $0.transport == transport }.map(\.hostPort)
      return stride(from: 0, to: ports.count, by: 15).map { start in
        let part = Array(ports[start..<min(start + 15, ports.count)])
        return (rule(for: part, transport), transport, part)
      }
    }
  }

  private func rule(for ports: [UInt16], _ transport: TransportProtocol) -> String {
    let remark = "dnat name: \\\"\(network)\\\" id: \\\"\(sandbox)\\\""
    let list = ports.map { "\($0)" }.joined(separator: ",")
    return "-A CNI-HOSTPORT-DNAT -p \(transport.lowercaseName) \(IptablesTable.comment(remark)) "
      + "-m multiport --dports \(list) -j \(name)"
  }

  var rules: [String] { entries.flatMap { marks(of: $0) + [rewriting(of: $0)] } }

  /// Who is masqueraded: what could answer the client directly, and the node's loopback.
  private func marks(of entry: PortMapping.Entry) -> [String] {
    let sources = address.family == .ipv4 ? ["\(range)", "127.0.0.1/32"] : ["\(range)"]
    return sources.map { "-A \(name) -s \($0) \(match(entry)) -j CNI-HOSTPORT-SETMARK" }
  }

  private func rewriting(of entry: PortMapping.Entry) -> String {
    "-A \(name) \(match(entry)) -j DNAT --to-destination "
      + PacketTrace.Packet.text(address, entry.containerPort)
  }

  private func match(_ entry: PortMapping.Entry) -> String {
    let transport = entry.transport.lowercaseName
    return (entry.hostIP.map { "-d \(RuleContext.host($0)) " } ?? "")
      + "-p \(transport) -m \(transport) --dport \(entry.hostPort)"
  }

  /// The rules that a packet meets on its way to the pod.
  func path(of flow: Flow, _ entry: PortMapping.Entry, isMarked: Bool) -> [String] {
    let dispatch = dispatchRules.first {
      $0.transport == entry.transport && $0.ports.contains(entry.hostPort)
    }
    var rules = [dispatch?.text ?? ""]
    if isMarked {
      let marks = marks(of: entry)
      rules.append(flow.source.isLoopback ? marks.last ?? "" : marks[0])
      rules.append(HostPortChains.mark)
    }
    return rules + [rewriting(of: entry)]
  }
}

extension DataPlane {
  /// Nil where no pod ever asked for a port, and where the CNI does without such rules.
  func hostPortChains(on node: Int32, _ family: IPAddress.Family) -> HostPortChains? {
    guard let mappings = hostPorts.mappings(on: node), cni.plugin != .cilium else { return nil }
    return HostPortChains(pods: mappings.compactMap { hostPortChain($0, at: node, family) })
  }

  func hostPortChain(
    _ mapping: PortMapping, at node: Int32, _ family: IPAddress.Family
  ) -> HostPortChain? {
    guard
      let address = mapping.addresses.map({ addresses[$0].address })
        .first(where: { $0.family == family }),
      let range = hostPortRange(of: address, at: node)
    else { return nil }
    let entries = mapping.entries.filter { $0.hostIP.map { $0.family == family } ?? true }
    return HostPortChain(
      network: cni.plugin == .flannel ? "cbr0" : "k8s-pod-network", sandbox: mapping.sandbox,
      address: address, range: range, entries: entries)
  }

  /// The rules that lead a packet to the pod behind a port of the node.
  func hostPortRules(of flow: Flow, at node: Int32, _ decision: FlowDecision) -> [String] {
    guard
      let (mapping, entry) = hostPorts.find(
        flow.transport, flow.destinationPort, at: flow.destination, on: node),
      let chain = hostPortChain(mapping, at: node, flow.destination.family)
    else { return [] }
    guard cni.plugin != .cilium else {
      return [
        "\(PacketTrace.Packet.text(flow.destination, entry.hostPort)) -> "
          + PacketTrace.Packet.text(chain.address, entry.containerPort)
      ]
    }
    return chain.path(of: flow, entry, isMarked: decision.isMasqueraded)
  }
}
