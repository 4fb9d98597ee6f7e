import ClusterModel

/// The deciding entries of the eBPF replacement of kube-proxy, as `cilium-dbg bpf lb list` shows.
struct EBPFText {
  let context: RuleContext

  init(_ context: RuleContext) { self.context = context }

  var steps: [RuleStep] {
    let address = PacketTrace.Packet.text(context.flow.destination, context.flow.destinationPort)
    let name = context.flow.transport.name
    switch context.route.cause {
    case .service:
      var rewrite = step("\(address)/\(name) -> \(context.endpointText)/\(name)", choiceNote)
      rewrite.isDNAT = true
      return [rewrite]
    case .noEndpoints:
      return [step("\(address)/\(name) -> 0.0.0.0:0 (0)", "\(context.name) has no endpoints.")]
    case .noLocalEndpoints:
      return [
        step("\(address)/\(name) -> 0.0.0.0:0 (0)", "\(context.name) has no local endpoints.")
      ]
    case .sourceRange:
      return [step("\(address)/\(name) source range check", "Outside loadBalancerSourceRanges.")]
    case .direct, .unusedPort, .noRule, .freeAddress: return []
    }
  }

  private var choiceNote: String {
    context.isFollowing
      ? "The client was here before: session affinity."
      : "One backend of \(context.candidates.count)."
  }

  private func step(_ rule: String, _ note: String) -> RuleStep {
    RuleStep(point: context.hook, rule: rule, note: note)
  }
}
