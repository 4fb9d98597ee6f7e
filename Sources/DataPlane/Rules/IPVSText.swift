import ClusterModel

/// The deciding entries of IPVS mode, as `ipvsadm -Ln` prints them (pkg/proxy/ipvs/proxier.go).
struct IPVSText {
  let context: RuleContext

  init(_ context: RuleContext) { self.context = context }

  var steps: [RuleStep] {
    switch context.route.cause {
    case .service: mark + [server, destination]
    case .noEndpoints:
      [step(serverText, "\(context.name) has no endpoints: the virtual server has none to offer.")]
    case .noLocalEndpoints: [step(serverText, "\(context.name) has no local endpoints.")]
    case .sourceRange:
      [step("-A KUBE-LOAD-BALANCER-FW -j KUBE-MARK-DROP", "Outside loadBalancerSourceRanges.")]
    case .unusedPort:
      [
        step(
          "-A KUBE-IPVS-FILTER -m conntrack --ctstate NEW -m set --match-set KUBE-IPVS-IPS dst "
            + "-j REJECT --reject-with icmp-port-unreachable",
          "The Service does not have this port.")
      ]
    case .direct, .noRule, .freeAddress: []
    }
  }

  private var serverText: String {
    let address = PacketTrace.Packet.text(context.flow.destination, context.flow.destinationPort)
    let sticky =
      context.route.isSticky ? " persistent \(context.route.version.affinitySeconds)" : ""
    return "\(context.flow.transport.name)  \(address) \(context.ipvsScheduler)\(sticky)"
  }

  private var mark: [RuleStep] {
    guard context.route.isMarked else { return [] }
    let rule: String
    switch context.route.kind {
    case .clusterIP:
      let source = context.masqueradeAll ? "" : context.clusterCIDR.map { "! -s \($0) " } ?? ""
      rule =
        "-A KUBE-SERVICES \(source)-m set --match-set KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ"
    case .externalIP:
      rule = "-A KUBE-SERVICES -m set --match-set KUBE-EXTERNAL-IP dst,dst -j KUBE-MARK-MASQ"
    case .loadBalancer: rule = "-A KUBE-LOAD-BALANCER -j KUBE-MARK-MASQ"
    case .nodePort:
      rule =
        "-A KUBE-NODE-PORT -p \(context.flow.transport.lowercaseName) -m set --match-set "
        + "KUBE-NODE-PORT-\(context.flow.transport.name) dst -j KUBE-MARK-MASQ"
    }
    return [step(rule, "The reply must come back through this node.")]
  }

  private var server: RuleStep {
    step(serverText, "A virtual server for the \(context.route.kind.label) of \(context.name).")
  }

  private var destination: RuleStep {
    var rewrite = step(
      "  -> \(context.endpointText) Masq 1",
      context.isFollowing
        ? "The client was here before: session affinity." : "The scheduler's choice.")
    rewrite.isDNAT = true
    return rewrite
  }

  private func step(_ rule: String, _ note: String) -> RuleStep {
    RuleStep(point: context.hook, rule: rule, note: note)
  }
}
