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
    let mark = clusterMark(of: port)
    let backends = port.backends
    var names: [ProgrammedPort.Backend: String] = [:]
    for backend in backends { names[backend] = endpointName(of: port, backend) }
    func rules(_ chain: String, _ backends: [ProgrammedPort.Backend], isMarked: Bool) -> String {
      (isMarked ? mark.map { "-A \(chain) \($0)\n" } ?? "" : "")
        + choice(of: port, chain, backends, names)
    }
    if !port.clusterBackends.isEmpty {
      nat.add(
        chains.cluster,
        rules(chains.cluster, port.clusterBackends, isMarked: !port.isInternalLocal))
    }
    if !port.localBackends.isEmpty {
      nat.add(
        chains.local, rules(chains.local, port.localBackends, isMarked: port.isInternalLocal))
    }
    nat.add(backends.map { endpointChain(of: port, $0, names[$0] ?? "") })
  }

  /// Who is masqueraded on the way to the cluster IP; nil for nobody.
  private func clusterMark(of port: ProgrammedPort) -> String? {
    let remark = "\(port.name) cluster IP"
    let match = match(port, to: port.definition.clusterIP, port.definition.port, remark)
    if node.masqueradeAll { return match + " -j KUBE-MARK-MASQ" }
    return node.clusterCIDR.map { "! -s \($0) \(match) -j KUBE-MARK-MASQ" }
  }

  /// First the clients that were here before, then the dice.
  private func choice(
    of port: ProgrammedPort, _ chain: String, _ backends: [ProgrammedPort.Backend],
    _ names: [ProgrammedPort.Backend: String]
  ) -> String {
    var affinity = ""
    var dice = ""
    for (place, backend) in backends.enumerated() {
      let target = names[backend] ?? ""
      let remark = isLarge ? "" : " " + comment("\(port.name) -> \(backend.text)")
      let seconds = port.definition.affinitySeconds
      if seconds > 0 {
        affinity +=
          "-A \(chain)\(remark) -m recent --rcheck --seconds \(seconds) --reap "
          + "--name \(target) --mask \(mask) --rsource -j \(target)\n"
      }
      let left = backends.count - place
      let probability =
        left > 1
        ? " -m statistic --mode random --probability "
          + RuleNames.printedProbability(count: left) : ""
      dice += "-A \(chain)\(remark)\(probability) -j \(target)\n"
    }
    return affinity + dice
  }

  private func endpointChain(
    of port: ProgrammedPort, _ backend: ProgrammedPort.Backend, _ name: String
  ) -> IptablesTable.Chain {
    let remark = isLarge ? "" : " " + comment(port.name)
    let recent =
      port.definition.affinitySeconds > 0
      ? " -m recent --set --name \(name) --mask \(mask) --rsource" : ""
    return IptablesTable.Chain(
      name: name,
      rules: "-A \(name) -s \(RuleContext.host(backend.address))\(remark) -j KUBE-MARK-MASQ\n"
        + "-A \(name) -p \(port.transport)\(remark)\(recent) -m \(port.transport) "
        + "-j DNAT --to-destination \(backend.text)\n")
  }

  private func endpointName(
    of port: ProgrammedPort, _ backend: ProgrammedPort.Backend
  ) -> String {
    RuleNames.chainName(
      .endpoint, port.name, port.definition.transport, endpoint: backend.text)
  }

  private var mask: String {
    node.family == .ipv4 ? "255.255.255.255" : "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
  }
}
