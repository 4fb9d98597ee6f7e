import ClusterModel
import SimulationCore

/// What policies make of the first packet of a flow, on the nodes of both its ends.
///
/// Addresses are those of pods, after DNAT. A packet that was masqueraded on another node comes
/// from that node; on the node that masquerades, policies come first (FORWARD before POSTROUTING).
/// A pod and its own node may always talk, and so may a pod with itself.
extension DataPlane {
  /// No packet has to be looked at: nothing isolates anything here.
  @inline(__always)
  var isPolicyFree: Bool { policies.count == 0 && policyClock.isSettled || !enforcesPolicies }

  /// Whether policies keep the source's pod from sending to `destination`.
  func deniesEgress(
    _ flow: borrowing Flow, to destination: IPAddress, _ port: UInt16, at now: Instant
  ) -> Bool {
    guard policies.isolatesEgress,
      let (node, pod, packet) = egressPacket(flow, to: destination, port, now)
    else { return false }
    return policies.denies(.egress, pod, packet, at: policyRevision(of: node, at: now))
  }

  /// Whether policies keep a packet that comes from `seen` out of the destination's pod.
  func deniesIngress(
    _ flow: borrowing Flow, to destination: IPAddress, _ port: UInt16, from seen: IPAddress,
    at now: Instant
  ) -> Bool {
    guard policies.isolatesIngress,
      let (node, pod, packet) = ingressPacket(flow, to: destination, port, from: seen, now)
    else { return false }
    return policies.denies(.ingress, pod, packet, at: policyRevision(of: node, at: now))
  }

  /// The node of the source's pod, its identity, and the packet as that node's agent sees it; nil
  /// where policies have no say.
  @inline(__always)
  private func egressPacket(
    _ flow: borrowing Flow, to destination: IPAddress, _ port: UInt16, _ now: Instant?
  ) -> (node: Int32, pod: Int32, packet: PolicyPacket)? {
    let source = addresses.find(flow.source)
    guard source >= 0, addresses[source].podNode >= 0 else { return nil }
    let node = addresses[source].podNode
    let target = addresses.find(destination)
    if target == source || isOwnNode(target, node) { return nil }
    let revision = now.map { policyRevision(of: node, at: $0) } ?? policyClock.newest
    let peer = policies.peer(target, at: revision)
    return (
      node, policies.subject(source, at: revision),
      PolicyPacket(
        peer: peer, peerAddress: destination, destination: peer, port: port,
        transport: flow.transport)
    )
  }

  @inline(__always)
  private func ingressPacket(
    _ flow: borrowing Flow, to destination: IPAddress, _ port: UInt16, from seen: IPAddress,
    _ now: Instant?
  ) -> (node: Int32, pod: Int32, packet: PolicyPacket)? {
    let target = addresses.find(destination)
    guard target >= 0, addresses[target].podNode >= 0 else { return nil }
    let node = addresses[target].podNode
    let source = addresses.find(seen)
    if source == target || isOwnNode(source, node) || seen.isLoopback { return nil }
    let revision = now.map { policyRevision(of: node, at: $0) } ?? policyClock.newest
    let subject = policies.subject(target, at: revision)
    return (
      node, subject,
      PolicyPacket(
        peer: policies.peer(source, at: revision), peerAddress: seen, destination: subject,
        port: port, transport: flow.transport)
    )
  }

  @inline(__always)
  private func isOwnNode(_ address: Int32, _ node: Int32) -> Bool {
    address >= 0 && addresses[address].podNode < 0 && addresses[address].hostNode == node
  }

  /// What policies say of a flow to an address after DNAT, with names.
  ///
  /// - Parameters:
  ///   - seen: the source as the destination's node sees it; nil for the flow's own.
  ///   - now: what the agents have applied by then counts; nil for what the policies say as they
  ///     stand, wherever the agents are.
  public func policyFinding(
    _ flow: Flow, seen: IPAddress? = nil, at now: Instant?
  ) -> PolicyFinding {
    var finding = PolicyFinding()
    guard policies.isActive else { return finding }
    let (destination, port) = (flow.destination, flow.destinationPort)
    if let (node, pod, packet) = egressPacket(flow, to: destination, port, now) {
      let revision = now.map { policyRevision(of: node, at: $0) } ?? policyClock.newest
      finding.egress = policies.opinions(.egress, pod, packet, at: revision)
      finding.isEgressBehind = revision != policyClock.newest
    }
    if let (node, pod, packet) = ingressPacket(
      flow, to: destination, port, from: seen ?? flow.source, now)
    {
      let revision = now.map { policyRevision(of: node, at: $0) } ?? policyClock.newest
      finding.ingress = policies.opinions(.ingress, pod, packet, at: revision)
      finding.isIngressBehind = revision != policyClock.newest
    }
    return finding
  }
}

/// What the policies of both ends say of a flow.
public struct PolicyFinding: Hashable, Sendable {
  /// Of the policies that isolate the source; empty where none does.
  public var egress: [PolicyOpinion] = []
  /// Of the policies that isolate the destination.
  public var ingress: [PolicyOpinion] = []
  /// The agent of the source's node has changes yet to apply.
  public var isEgressBehind = false
  public var isIngressBehind = false

  public init() {}

  /// The direction in which the flow is denied; a packet meets egress first.
  public var denial: NetworkPolicy.Direction? {
    if Self.denies(egress) { return .egress }
    return Self.denies(ingress) ? .ingress : nil
  }

  public func opinions(_ direction: NetworkPolicy.Direction) -> [PolicyOpinion] {
    direction == .ingress ? ingress : egress
  }

  /// The first policy by name that allows the flow at its destination, else at its source.
  public var allowance: PolicyOpinion? {
    ingress.first { $0.rule != nil } ?? egress.first { $0.rule != nil }
  }

  /// The policies that decided, as a trace names them; nil when none had a say.
  public var deciding: String? {
    if let denial { return opinions(denial).map(\.text).joined(separator: ", ") }
    return allowance?.text
  }

  /// For the end of a trace's reason: who let the packet pass.
  var sentence: String {
    allowance.map { " NetworkPolicy \($0.text) allows it." } ?? ""
  }

  private static func denies(_ opinions: [PolicyOpinion]) -> Bool {
    !opinions.isEmpty && opinions.allSatisfy { $0.rule == nil }
  }
}
