import ClusterModel

/// What a service port puts into the maps, and its own chains.
extension NftRuleset {
  mutating func add(_ port: ProgrammedPort) {
    clusterIPs.append(port.definition.clusterIP)
    addPortals(of: port)
    addRefusals(of: port)
    for backend in port.backends { addHairpin(backend, of: port) }
    addEndpointChains(of: port)
    addExternalChain(of: port)
    addFirewall(of: port)
  }

  private func name(_ kind: RuleNames.NftKind, _ port: ProgrammedPort) -> String {
    RuleNames.nftName(kind, port.identity)
  }

  private func name(
    _ kind: RuleNames.NftKind, _ port: ProgrammedPort, _ backend: ProgrammedPort.Backend
  ) -> String {
    RuleNames.nftName(kind, port.identity, endpoint: (backend.address, backend.port))
  }

  private func key(_ address: IPAddress, _ port: ProgrammedPort) -> String {
    "\(address) . \(port.transport) . \(port.definition.port)"
  }

  private mutating func addPortals(of port: ProgrammedPort) {
    let definition = port.definition
    if port.hasInternalEndpoints {
      let chain = name(port.isInternalLocal ? .local : .service, port)
      portals.append("\(key(definition.clusterIP, port)) : goto \(chain)")
    }
    guard port.hasExternalChain else { return }
    let chain = name(.external, port)
    for address in definition.externalIPs + definition.loadBalancerIPs {
      portals.append("\(key(address, port)) : goto \(chain)")
    }
    if definition.nodePort != 0 {
      nodePorts.append("\(port.transport) . \(definition.nodePort) : goto \(chain)")
    }
  }

  private mutating func addRefusals(of port: ProgrammedPort) {
    let definition = port.definition
    let verdict = port.hasEndpoints ? "drop" : "goto reject-chain"
    let end = " comment \"\(port.name)\" : \(verdict)"
    if !port.hasInternalEndpoints {
      refusedServices.append(key(definition.clusterIP, port) + end)
    }
    guard !port.hasExternalEndpoints else { return }
    for address in definition.externalIPs + definition.loadBalancerIPs {
      refusedServices.append(key(address, port) + end)
    }
    if definition.nodePort != 0 {
      refusedNodePorts.append("\(port.transport) . \(definition.nodePort)" + end)
    }
  }

  private mutating func addExternalChain(of port: ProgrammedPort) {
    guard port.hasExternalChain else { return }
    let service = name(.service, port)
    var rules: [String] = []
    if port.isExternalLocal {
      if let range = node.clusterCIDR {
        rules.append(
          "\(family) saddr \(range) goto \(service) comment \"short-circuit pod traffic\"")
      }
      rules.append("fib saddr type local \(Self.mark) comment \"masquerade local traffic\"")
      rules.append(
        "fib saddr type local goto \(service) comment \"short-circuit local traffic\"")
    } else {
      rules.append("\(Self.mark) comment \"masquerade\"")
    }
    if port.hasExternalEndpoints {
      rules.append("goto \(port.isExternalLocal ? name(.local, port) : service)")
    }
    chains.append(NftBlock(chain: name(.external, port), rules))
  }

  private mutating func addFirewall(of port: ProgrammedPort) {
    guard port.hasFirewall else { return }
    let chain = name(.firewall, port)
    for address in port.definition.loadBalancerIPs {
      firewalled.append("\(key(address, port)) comment \"\(port.name)\" : goto \(chain)")
    }
    let ranges = NftRanges.text(port.admitted(nodeIP: node.nodeIP))
    chains.append(NftBlock(chain: chain, ["\(family) saddr != \(ranges) drop"]))
  }

  private mutating func addEndpointChains(of port: ProgrammedPort) {
    for (kind, backends) in [
      (RuleNames.NftKind.service, port.clusterBackends), (.local, port.localBackends),
    ] where !backends.isEmpty {
      chains.append(NftBlock(chain: name(kind, port), choice(of: port, backends)))
    }
    guard port.definition.affinitySeconds > 0 else { return }
    let type = node.family == .ipv4 ? "ipv4_addr" : "ipv6_addr"
    for backend in port.backends {
      let set = name(.affinity, port, backend)
      affinitySets.append(
        NftBlock(affinitySet: set, type, seconds: port.definition.affinitySeconds))
      chains.append(
        NftBlock(
          chain: name(.endpoint, port, backend),
          [
            "update @\(set) { \(family) saddr }",
            "meta l4proto \(port.transport) dnat to \(backend.text)",
          ]))
    }
  }

  /// One rule throws the dice; with affinity, clients that were here before go first.
  private func choice(
    of port: ProgrammedPort, _ backends: [ProgrammedPort.Backend]
  ) -> [String] {
    let dice = "numgen random mod \(backends.count)"
    guard port.definition.affinitySeconds > 0 else {
      let targets = backends.enumerated().map { place, backend in
        "\(place) : \(backend.address) . \(backend.port)"
      }
      return [
        "meta l4proto \(port.transport) dnat \(family) to \(dice) "
          + "map { \(targets.joined(separator: ", ")) }"
      ]
    }
    let known = backends.map { backend in
      "\(family) saddr @\(name(.affinity, port, backend)) goto \(name(.endpoint, port, backend))"
    }
    let targets = backends.enumerated().map { place, backend in
      "\(place) : goto \(name(.endpoint, port, backend))"
    }
    return known + ["\(dice) vmap { \(targets.joined(separator: ", ")) }"]
  }
}
