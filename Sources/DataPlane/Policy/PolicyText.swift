import ClusterModel
import Crypto
import SimulationCore

/// What a node prints of the rules in which a CNI enforces a policy.
struct PolicyText: Sendable {
  let wire: Wire
  let direction: NetworkPolicy.Direction
  /// The pod that the policies isolate.
  let namespace: String
  let pod: String

  var device: String { wire.podDevice(namespace: namespace, pod: pod) }

  /// Where the packet meets the policies.
  var point: String {
    switch wire.cni {
    case .flannel, .flannelHostGateway, .calico, .calicoVXLAN, .calicoBGP: "FORWARD"
    case .cilium, .ciliumNative: direction == .ingress ? "tc to-container" : "tc from-container"
    }
  }

  /// The rule that decides: the jump to the policy's chain that accepts, or the drop behind all of
  /// them (felix/rules/endpoints.go). Calico's own `cali:` comments are left out; what Cilium's
  /// program decides is told as its monitor does, shortened.
  func rule(allowedBy policy: PolicyOpinion?, _ transport: TransportProtocol) -> String {
    switch wire.cni {
    case .flannel, .flannelHostGateway: return ""
    case .calico, .calicoVXLAN, .calicoBGP:
      let chain = "-A \(direction == .ingress ? "cali-tw-" : "cali-fw-")\(device) "
      let isOpen = "-m mark --mark 0x0/0x20000"
      guard let policy else {
        return chain
          + "-m comment --comment \"Drop if no policies passed packet\" \(isOpen) -j DROP"
      }
      return chain + "\(isOpen) -j \(Self.calicoChain(policy, direction))"
    case .cilium, .ciliumNative:
      let number = "proto \(transport.rawValue), \(direction.section), action "
      return "Policy verdict: " + number + (policy == nil ? "deny, match none" : "allow")
    }
  }

  /// The chain of a NetworkPolicy: a name of at most 28 characters, shortened to a hash
  /// (felix/rules/rule_defs.go, libcalico-go hash GetLengthLimitedID).
  static func calicoChain(_ policy: PolicyOpinion, _ direction: NetworkPolicy.Direction) -> String {
    let prefix = direction == .ingress ? "cali-pi-" : "cali-po-"
    let name = "default/\(policy.namespace)/knp.default.\(policy.name)"
    if prefix.utf8.count + name.utf8.count <= 28 { return prefix + name }
    return prefix + "_" + base64(name).prefix(28 - 1 - prefix.utf8.count)
  }

  /// The SHA-256 in base 64 with the alphabet of URLs (RFC 4648).
  private static func base64(_ text: String) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    var (bits, count): (UInt32, Int) = (0, 0)
    var result: [UInt8] = []
    for byte in SHA256.hash(data: Array(text.utf8)) {
      bits = bits << 8 | UInt32(byte)
      count += 8
      while count >= 6 {
        count -= 6
        result.append(alphabet[Int(bits >> UInt32(count) & 63)])
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}

extension DataPlane {
  /// What the policies say of a traced packet, as the agents of both nodes have applied them.
  func policyFinding(
    _ flow: Flow, _ decision: FlowDecision, at node: Int32, _ now: Instant
  ) -> PolicyFinding {
    guard !isPolicyFree,
      decision.verdict == .delivered || decision.verdict == .rejected
        || decision.denial != nil
    else { return PolicyFinding() }
    var inner = flow
    inner.destination = decision.endpoint
    inner.destinationPort = decision.endpointPort
    let seen = decision.endpointNode.value == node ? flow.source : decision.sourceSeen
    return policyFinding(inner, seen: seen, at: now)
  }

  /// Why a policy dropped the packet.
  func policyReason(
    _ flow: Flow, _ decision: FlowDecision, _ finding: PolicyFinding, source: TracePlace
  ) -> String {
    let target = place(of: decision.endpoint)
    func text(_ place: TracePlace) -> String {
      place.text(nodeName: nodeName(NodeIndex(place.node)))
    }
    let (subject, other, verb) =
      decision.denial == .egress
      ? (text(source), text(target), "to") : (text(target), text(source), "from")
    let direction = decision.denial ?? .ingress
    let names = finding.opinions(direction).map(\.text)
    let plural = names.count == 1
    let port = "\(decision.endpointPort)/\(flow.transport.name)"
    return "NetworkPolicy \(names.joined(separator: ", ")) \(plural ? "isolates" : "isolate") "
      + "\(subject) for \(direction.section), and \(plural ? "it allows" : "none of them allows") "
      + (plural ? "nothing \(verb) \(other) on port \(port): " : "\(verb) \(other) port \(port): ")
      + "the packet is dropped."
  }
}
