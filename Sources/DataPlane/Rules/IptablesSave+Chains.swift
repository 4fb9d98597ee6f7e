import ClusterModel

/// The chains that a service port has for itself.
extension IptablesSave {
  /// KUBE-EXT: who is masqueraded, and which endpoints there are to choose from.
  mutating func addExternalChain(of port: ProgrammedPort, _ chains: PortChains) {
    guard port.hasExternalChain else { return }
    let own = "-A \(chains.external) "
    let destinations = "\(port.name) external destinations"
    var rules = ""
    if port.isExternalLocal {
      if let range = node.clusterCIDR {
        rules +=
          own + "-s \(range) \(comment("pod traffic for \(destinations)")) "
          + "-j \(chains.cluster)\n"
      }
      let local = "-m addrtype --src-type LOCAL"
      rules +=
        own + "\(comment("masquerade LOCAL traffic for \(destinations)")) \(local) "
        + "-j KUBE-MARK-MASQ\n"
      rules +=
        own + "\(comment("route LOCAL traffic for \(destinations)")) \(local) "
        + "-j \(chains.cluster)\n"
    } else {
      rules += own + "\(comment("masquerade traffic for \(destinations)")) -j KUBE-MARK-MASQ\n"
    }
    if port.hasExternalEndpoints {
      rules += own + "-j \(port.isExternalLocal ? chains.local : chains.cluster)\n"
    }
    nat.add(chains.external, rules)
  }

  /// KUBE-FW: the source ranges. What falls through is dropped in the filter table.
  mutating func addFirewallChain(of port: ProgrammedPort, _ chains: PortChains) {
    guard port.hasFirewall else { return }
    let remark = comment("\(port.name) loadbalancer IP")
    var rules = ""
    for range in port.admitted(nodeIP: node.nodeIP) {
      rules += "-A \(chains.firewall) -s \(range) \(remark) -j \(chains.external)\n"
    }
    let end = comment(
      "other traffic to \(port.name) will be dropped by KUBE-PROXY-FIREWALL")
    nat.add(chains.firewall, rules + "-A \(chains.firewall) \(end)\n")
    let refusal = "\(port.name) traffic not accepted by \(chains.firewall)"
    for address in port.definition.loadBalancerIPs {
      firewall +=
        "-A KUBE-PROXY-FIREWALL "
        + match(port, to: address, port.definition.port, refusal) + " -j DROP\n"
    }
  }

  /// KUBE-SVC, KUBE-SVL and the KUBE-SEP of their endpoints.
  mutating func addEndpointChains(of port: ProgrammedPort, _ chains: PortChains) {
    let hashes = EndpointHashes(port)
    let targets = port.backends.map { (backend: $0, name: hashes.name(of: $0)) }
    let local = port.localBackends.map { (backend: $0, name: hashes.name(of: $0)) }
    // Those of the Cluster policy come first.
    let cluster = targets.prefix(port.clusterBackends.count)
    addChoice(of: port, chains.cluster, Array(cluster), isMarked: !port.isInternalLocal)
    addChoice(of: port, chains.local, local, isMarked: port.isInternalLocal)
    for target in targets { addEndpointChain(of: port, target.backend, target.name) }
  }

  /// Who is masqueraded on the way to the cluster IP; nil for nobody.
  private func clusterMark(of port: ProgrammedPort) -> String? {
    let remark = "\(port.name) cluster IP"
    let match = match(port, to: port.definition.clusterIP, port.definition.port, remark)
    if node.masqueradeAll { return match + " -j KUBE-MARK-MASQ" }
    return node.clusterCIDR.map { "! -s \($0) \(match) -j KUBE-MARK-MASQ" }
  }

  /// Nothing for a policy that is not in use.
  private mutating func addChoice(
    of port: ProgrammedPort, _ chain: String,
    _ targets: [(backend: ProgrammedPort.Backend, name: ChainName)], isMarked: Bool
  ) {
    guard !targets.isEmpty else { return }
    let mark = isMarked ? clusterMark(of: port).map { "-A \(chain) \($0)\n" } : nil
    let (isLarge, mask) = (isLarge, mask)
    nat.add(ChainName(chain)) { text in
      if let mark { text.write(mark) }
      let writer = ChoiceWriter(port: port, chain: chain, isLarge: isLarge, mask: mask)
      writer.write(targets, into: &text)
    }
  }

  private mutating func addEndpointChain(
    of port: ProgrammedPort, _ backend: ProgrammedPort.Backend, _ name: ChainName
  ) {
    let remark = isLarge ? "" : " " + comment(port.name)
    let hasAffinity = port.definition.affinitySeconds > 0
    let (transport, mask) = (port.transport, mask)
    nat.add(name) { text in
      text.write("-A " as StaticString)
      text.write(name)
      text.write(" -s " as StaticString)
      text.write(backend.address)
      text.write(backend.address.family == .ipv4 ? "/32" as StaticString : "/128")
      text.write(remark)
      text.write(" -j KUBE-MARK-MASQ\n-A " as StaticString)
      text.write(name)
      text.write(" -p " as StaticString)
      text.write(transport)
      text.write(remark)
      if hasAffinity {
        text.write(" -m recent --set --name " as StaticString)
        text.write(name)
        text.write(" --mask \(mask) --rsource")
      }
      text.write(" -m " as StaticString)
      text.write(transport)
      text.write(" -j DNAT --to-destination " as StaticString)
      text.write(backend.address, backend.port)
      text.append(UInt8(ascii: "\n"))
    }
  }

  private var mask: String {
    node.family == .ipv4 ? "255.255.255.255" : "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
  }
}

/// The rules of a chain that chooses: first the clients that were here before, then the dice.
private struct ChoiceWriter {
  let port: ProgrammedPort
  let chain: String
  let isLarge: Bool
  let mask: String

  func write(
    _ targets: [(backend: ProgrammedPort.Backend, name: ChainName)], into text: inout [UInt8]
  ) {
    let seconds = port.definition.affinitySeconds
    if seconds > 0 {
      for (backend, name) in targets {
        begin(backend, &text)
        text.write(" -m recent --rcheck --seconds \(seconds) --reap --name ")
        text.write(name)
        text.write(" --mask \(mask) --rsource")
        end(name, &text)
      }
    }
    for (place, (backend, name)) in targets.enumerated() {
      begin(backend, &text)
      let left = targets.count - place
      if left > 1 {
        text.write(" -m statistic --mode random --probability " as StaticString)
        text.write(RuleNames.printedProbability(count: left))
      }
      end(name, &text)
    }
  }

  private func begin(_ backend: ProgrammedPort.Backend, _ text: inout [UInt8]) {
    text.write("-A " as StaticString)
    text.write(chain)
    guard !isLarge else { return }
    text.write(" -m comment --comment \"" as StaticString)
    text.write(port.name)
    text.write(" -> " as StaticString)
    text.write(backend.address, backend.port)
    text.write("\"" as StaticString)
  }

  private func end(_ name: ChainName, _ text: inout [UInt8]) {
    text.write(" -j " as StaticString)
    text.write(name)
    text.append(UInt8(ascii: "\n"))
  }
}
