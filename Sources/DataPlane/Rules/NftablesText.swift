import ClusterModel

/// The deciding elements of nftables mode, as `nft list ruleset` prints them
/// (pkg/proxy/nftables/proxier.go).
struct NftablesText {
  let context: RuleContext

  init(_ context: RuleContext) { self.context = context }

  var steps: [RuleStep] {
    switch context.route.cause {
    case .service: portal + chain
    case .noEndpoints: [refusal("goto reject-chain", "\(context.name) has no endpoints.")]
    case .noLocalEndpoints: [refusal("drop", "\(context.name) has no local endpoints.")]
    case .sourceRange: [firewall]
    case .unusedPort: [unusedPort]
    case .freeAddress: [freeAddress]
    case .direct, .noRule: []
    }
  }

  private var family: String { context.flow.destination.family == .ipv4 ? "ip" : "ip6" }
  private var transport: String { context.flow.transport.lowercaseName }
  private func name(_ kind: RuleNames.NftKind) -> String {
    RuleNames.nftName(kind, context.identity)
  }

  private var element: String {
    let port = "\(transport) . \(context.flow.destinationPort)"
    return context.route.kind == .nodePort ? port : "\(context.flow.destination) . \(port)"
  }

  private var portal: [RuleStep] {
    let kind = context.route.kind
    let target =
      kind == .clusterIP
      ? context.isLocalChain ? name(.local) : name(.service)
      : name(.external)
    let map = kind == .nodePort ? "service-nodeports" : "service-ips"
    let match = step(
      "map \(map) { \(element) : goto \(target) }",
      "The address and port are the \(kind.label) of \(context.name).")
    guard kind == .clusterIP, context.route.isMarked else { return [match] }
    let source =
      context.masqueradeAll ? "" : context.clusterCIDR.map { "\(family) saddr != \($0) " }
    let mark =
      "\(family) daddr @cluster-ips \(source ?? "")meta mark set meta mark | 0x00004000 "
      + "comment \"masquerade clusterIP traffic from outside cluster\""
    return [step(mark, "The source is no pod: the reply must come back here."), match]
  }

  private var chain: [RuleStep] {
    var steps: [RuleStep] = []
    if context.route.kind != .clusterIP {
      let target = context.isLocalChain ? name(.local) : name(.service)
      let mark =
        context.route.isMarked
        ? "meta mark set meta mark | 0x00004000 comment \"masquerade\"; " : ""
      steps.append(
        step("chain \(name(.external)) { \(mark)goto \(target) }", "On to the endpoints."))
    }
    let list = context.candidates.enumerated().map { index, candidate in
      "\(index) : \(candidate.address) . \(candidate.port)"
    }
    let rule =
      "meta l4proto \(transport) dnat \(family) to numgen random mod \(context.candidates.count) "
      + "map { \(list.joined(separator: ", ")) }"
    var rewrite = step(rule, choiceNote)
    rewrite.isDNAT = true
    return steps + [rewrite]
  }

  private var choiceNote: String {
    if context.isFollowing { return "The client was here before: session affinity." }
    return "The dice fell on \(context.endpointText)."
  }

  private func refusal(_ verdict: String, _ note: String) -> RuleStep {
    let isNodePort = context.route.kind == .nodePort
    let map = isNodePort ? "no-endpoint-nodeports" : "no-endpoint-services"
    let hook = context.hook == "OUTPUT" ? "OUTPUT" : isNodePort ? "INPUT" : "FORWARD"
    return RuleStep(point: hook, rule: "map \(map) { \(element) : \(verdict) }", note: note)
  }

  private var firewall: RuleStep {
    step(
      "map firewall-ips { \(element) : goto \(name(.firewall)) }",
      "The source is outside loadBalancerSourceRanges.")
  }

  private var unusedPort: RuleStep {
    RuleStep(
      point: context.hook == "OUTPUT" ? "OUTPUT" : "FORWARD",
      rule: "\(family) daddr @cluster-ips reject "
        + "comment \"Reject traffic to invalid ports of ClusterIPs\"",
      note: "The Service does not have this port.")
  }

  private var freeAddress: RuleStep {
    RuleStep(
      point: context.hook == "OUTPUT" ? "OUTPUT" : "FORWARD",
      rule: "drop comment \"Drop traffic to unallocated ClusterIPs\"",
      note: "No Service has this address.")
  }

  private func step(_ rule: String, _ note: String) -> RuleStep {
    RuleStep(point: context.hook, rule: rule, note: note)
  }
}
