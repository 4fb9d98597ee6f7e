import ClusterModel

/// The iptables rules of a service port, as `iptables-save` prints them
/// (pkg/proxy/iptables/proxier.go).
struct IptablesText {
  let context: RuleContext

  init(_ context: RuleContext) { self.context = context }

  var steps: [RuleStep] {
    switch context.route.cause {
    case .service: portal + external + chosen
    case .noEndpoints: [refusal("has no endpoints", reject)]
    case .noLocalEndpoints: dropSteps
    case .sourceRange: [firewall]
    case .direct, .unusedPort, .noRule, .freeAddress: []
    }
  }

  private var name: String { context.name }
  private var transport: TransportProtocol { context.flow.transport }
  private var destination: String { RuleContext.host(context.flow.destination) }
  private var protocolMatch: String { "-p \(transport.lowercaseName)" }
  private var portMatch: String {
    "-m \(transport.lowercaseName) --dport \(context.flow.destinationPort)"
  }
  private var reject: String {
    "REJECT --reject-with "
      + (context.flow.destination.family == .ipv4
        ? "icmp-port-unreachable" : "icmp6-port-unreachable")
  }

  private func chain(_ kind: RuleNames.ChainKind) -> String {
    RuleNames.chainName(
      kind, name, transport, endpoint: kind == .endpoint ? context.endpointText : "")
  }
  private func comment(_ text: String) -> String { "-m comment --comment \"\(text)\"" }

  private var policyChain: String { chain(context.isLocalChain ? .local : .cluster) }

  /// KUBE-SERVICES, and KUBE-NODEPORTS behind it.
  private var portal: [RuleStep] {
    let kind = context.route.kind
    if kind == .nodePort { return nodePortal }
    let isFirewalled = kind == .loadBalancer && context.route.version.sourceRanges >= 0
    let target =
      kind == .clusterIP ? policyChain : chain(isFirewalled ? .firewall : .external)
    let rule =
      "-A KUBE-SERVICES -d \(destination) \(protocolMatch) \(comment("\(name) \(kind.label)")) "
      + "\(portMatch) -j \(target)"
    let match = step(rule, "The address and port are the \(kind.label) of \(name).")
    guard isFirewalled, let range = context.sourceRange else { return [match] }
    let pass =
      "-A \(chain(.firewall)) -s \(range) \(comment("\(name) loadbalancer IP")) "
      + "-j \(chain(.external))"
    return [match, step(pass, "The source is in loadBalancerSourceRanges.")]
  }

  private var nodePortal: [RuleStep] {
    let tail = "kubernetes service nodeports; NOTE: this must be the last rule in this chain"
    let isLoopback = context.flow.destination.isLoopback
    let accounting =
      isLoopback ? " -m nfacct --nfacct-name  localhost_nps_accepted_pkts" : ""
    return [
      step(
        "-A KUBE-SERVICES \(comment(tail)) -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS",
        "The destination is an address of this node."),
      step(
        "-A KUBE-NODEPORTS \(isLoopback ? "-d 127.0.0.0/8 " : "")\(protocolMatch) "
          + "\(comment(name)) \(portMatch)\(accounting) -j \(chain(.external))",
        "The port is the NodePort of \(name)."),
    ]
  }

  /// KUBE-EXT: who is masqueraded, and which endpoints there are to choose from.
  private var external: [RuleStep] {
    guard context.route.kind != .clusterIP else { return [] }
    let own = chain(.external)
    guard context.route.version.policy.contains(.externalLocal) else {
      let text = "masquerade traffic for \(name) external destinations"
      return [
        step(
          "-A \(own) \(comment(text)) -j KUBE-MARK-MASQ",
          "externalTrafficPolicy is Cluster: the reply must come back through this node."),
        step("-A \(own) -j \(policyChain)", "On to the endpoints."),
      ]
    }
    if context.isFromPod, let range = context.clusterCIDR {
      let text = "pod traffic for \(name) external destinations"
      return [
        step(
          "-A \(own) -s \(range) \(comment(text)) -j \(chain(.cluster))",
          "A pod's traffic never left the cluster: it may go to every endpoint.")
      ]
    }
    guard context.route.isShortCircuit else {
      return [
        step("-A \(own) -j \(chain(.local))", "externalTrafficPolicy is Local: this node's only.")
      ]
    }
    let (mark, route) = (
      "masquerade LOCAL traffic for \(name) external destinations",
      "route LOCAL traffic for \(name) external destinations"
    )
    let local = "-m addrtype --src-type LOCAL"
    return [
      step("-A \(own) \(comment(mark)) \(local) -j KUBE-MARK-MASQ", "The node itself is asking."),
      step("-A \(own) \(comment(route)) \(local) -j \(chain(.cluster))", "On to the endpoints."),
    ]
  }

  /// KUBE-SVC or KUBE-SVL, and KUBE-SEP.
  private var chosen: [RuleStep] {
    guard let endpoint = context.endpoint else { return [] }
    var steps: [RuleStep] = []
    if context.route.kind == .clusterIP, context.route.isMarked { steps.append(clusterMark) }
    steps.append(pick(place: endpoint.place))
    let remark = context.isLarge ? "" : " \(comment(name))"
    if context.isHairpin {
      let rule =
        "-A \(chain(.endpoint)) -s \(RuleContext.host(endpoint.address))\(remark) -j KUBE-MARK-MASQ"
      steps.append(step(rule, "Hairpin: the pod reaches itself."))
    }
    let recent =
      context.route.isSticky
      ? " -m recent --set --name \(chain(.endpoint)) --mask \(mask) --rsource" : ""
    let rule =
      "-A \(chain(.endpoint)) \(protocolMatch)\(remark)\(recent) -m \(transport.lowercaseName) "
      + "-j DNAT --to-destination \(context.endpointText)"
    var rewrite = step(rule, "The destination becomes the endpoint.")
    rewrite.isDNAT = true
    return steps + [rewrite]
  }

  private var mask: String {
    context.flow.source.family == .ipv4
      ? "255.255.255.255" : "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
  }

  private var clusterMark: RuleStep {
    let source = context.masqueradeAll ? "" : context.clusterCIDR.map { "! -s \($0) " } ?? ""
    let rule =
      "-A \(policyChain) \(source)-d \(destination) \(protocolMatch) "
      + "\(comment("\(name) cluster IP")) \(portMatch) -j KUBE-MARK-MASQ"
    return step(
      rule,
      context.masqueradeAll
        ? "masqueradeAll is set." : "The source is no pod: the reply must come back here.")
  }

  private func pick(place: Int) -> RuleStep {
    let remark = context.isLarge ? "" : " \(comment("\(name) -> \(context.endpointText)"))"
    let target = "-j \(chain(.endpoint))"
    if context.isFollowing {
      let seconds = context.route.version.affinitySeconds
      let rule =
        "-A \(policyChain)\(remark) -m recent --rcheck --seconds \(seconds) --reap "
        + "--name \(chain(.endpoint)) --mask \(mask) --rsource \(target)"
      return step(rule, "The client was here before: session affinity.")
    }
    let left = context.candidates.count - place
    if left <= 1 {
      let note = context.candidates.count == 1 ? "The only endpoint." : "The last endpoint."
      return step("-A \(policyChain)\(remark) \(target)", note)
    }
    let probability = RuleNames.printedProbability(count: left)
    return step(
      "-A \(policyChain)\(remark) -m statistic --mode random --probability \(probability) \(target)",
      "The dice fell on endpoint \(place + 1) of \(context.candidates.count).")
  }

  private var dropSteps: [RuleStep] {
    [refusal("has no local endpoints", "DROP")]
  }

  /// A rule of the filter table, where what was not rewritten ends.
  private func refusal(_ reason: String, _ target: String) -> RuleStep {
    let isInternal = context.route.kind == .clusterIP
    let chain = isInternal ? "KUBE-SERVICES" : "KUBE-EXTERNAL-SERVICES"
    let isNodePort = context.route.kind == .nodePort
    let address = isNodePort ? "" : "-d \(destination) "
    let local = isNodePort ? "-m addrtype --dst-type LOCAL " : ""
    let rule =
      "-A \(chain) \(address)\(protocolMatch) \(comment("\(name) \(reason)")) "
      + "\(local)\(portMatch) -j \(target)"
    let hook =
      context.hook == "OUTPUT" && isInternal ? "OUTPUT" : isNodePort ? "INPUT" : "FORWARD"
    return RuleStep(point: hook, rule: rule, note: "\(name) \(reason).")
  }

  private var firewall: RuleStep {
    let text = "\(name) traffic not accepted by \(chain(.firewall))"
    let rule =
      "-A KUBE-PROXY-FIREWALL -d \(destination) \(protocolMatch) \(comment(text)) \(portMatch) "
      + "-j DROP"
    return RuleStep(
      point: context.hook == "OUTPUT" ? "OUTPUT" : "FORWARD", rule: rule,
      note: "The source is outside loadBalancerSourceRanges.")
  }

  private func step(_ rule: String, _ note: String) -> RuleStep {
    RuleStep(point: context.hook, rule: rule, note: note)
  }
}

extension ServiceAddressKind {
  /// As in the comments of iptables rules.
  var label: String {
    switch self {
    case .clusterIP: "cluster IP"
    case .externalIP: "external IP"
    case .loadBalancer: "loadbalancer IP"
    case .nodePort: "node port"
    }
  }
}
