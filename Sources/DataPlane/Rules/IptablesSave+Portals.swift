import ClusterModel

/// Which addresses lead to a service port, and which are refused.
extension IptablesSave {
  mutating func addPortals(of port: ProgrammedPort, _ chains: PortChains) {
    let definition = port.definition
    if port.hasInternalEndpoints {
      let match = match(
        port, to: definition.clusterIP, definition.port, "\(port.name) cluster IP")
      portals +=
        "-A KUBE-SERVICES \(match) "
        + "-j \(port.isInternalLocal ? chains.local : chains.cluster)\n"
    }
    guard port.hasEndpoints else { return }
    for address in definition.externalIPs {
      let match = match(port, to: address, definition.port, "\(port.name) external IP")
      portals += "-A KUBE-SERVICES \(match) -j \(chains.external)\n"
    }
    for address in definition.loadBalancerIPs {
      let match = match(port, to: address, definition.port, "\(port.name) loadbalancer IP")
      portals +=
        "-A KUBE-SERVICES \(match) "
        + "-j \(port.hasFirewall ? chains.firewall : chains.external)\n"
    }
    addNodePort(of: port, chains)
  }

  private mutating func addNodePort(of port: ProgrammedPort, _ chains: PortChains) {
    guard port.definition.nodePort != 0 else { return }
    let match =
      "-p \(port.transport) \(comment(port.name)) -m \(port.transport) "
      + "--dport \(port.definition.nodePort)"
    if node.family == .ipv4, node.hasLoopbackNodePorts {
      nodePorts +=
        "-A KUBE-NODEPORTS -d 127.0.0.0/8 \(match) "
        + "-m nfacct --nfacct-name  localhost_nps_accepted_pkts -j \(chains.external)\n"
    }
    nodePorts += "-A KUBE-NODEPORTS \(match) -j \(chains.external)\n"
  }

  /// The filter table: refused where nobody serves, dropped where nobody does here.
  mutating func addRefusals(of port: ProgrammedPort) {
    let definition = port.definition
    let remark = "\(port.name) has no \(port.hasEndpoints ? "local " : "")endpoints"
    let target = port.hasEndpoints ? "DROP" : "REJECT --reject-with \(rejection)"
    if !port.hasInternalEndpoints {
      refusedInside +=
        "-A KUBE-SERVICES "
        + match(port, to: definition.clusterIP, definition.port, remark) + " -j \(target)\n"
    }
    if !port.hasExternalEndpoints {
      for address in definition.externalIPs + definition.loadBalancerIPs {
        refusedOutside +=
          "-A KUBE-EXTERNAL-SERVICES "
          + match(port, to: address, definition.port, remark) + " -j \(target)\n"
      }
      if definition.nodePort != 0 {
        refusedOutside +=
          "-A KUBE-EXTERNAL-SERVICES -p \(port.transport) \(comment(remark)) "
          + "-m addrtype --dst-type LOCAL -m \(port.transport) --dport \(definition.nodePort) "
          + "-j \(target)\n"
      }
    }
    addHealthCheck(of: port)
  }

  private var rejection: String {
    node.family == .ipv4 ? "icmp-port-unreachable" : "icmp6-port-unreachable"
  }

  private mutating func addHealthCheck(of port: ProgrammedPort) {
    guard port.definition.healthCheckNodePort != 0 else { return }
    healthChecks +=
      "-A KUBE-NODEPORTS -p tcp \(comment("\(port.name) health check node port")) "
      + "-m tcp --dport \(port.definition.healthCheckNodePort) -j ACCEPT\n"
  }
}
