import ClusterModel
import ControlPlane
import DataPlane
import Manifests
import Simulation

/// The smallest changes that let a packet through which policies drop, each tried on a copy of the
/// world before it is named.
struct PolicyRemedies {
  /// One sentence on what decided.
  let cause: String
  /// What the policies that isolate allow instead, a line each.
  let details: [String]
  /// The commands of each change, the smallest change first; empty where nothing tried helped.
  let changes: [[String]]

  /// Nil when no policy drops the packet.
  init?(for request: TraceRequest, in world: World) {
    let trace = world.dataPlane.trace(request, at: world.now)
    guard trace.verdict == .dropped, trace.policy != nil, let finding = Self.finding(trace, world)
    else { return nil }
    if finding.stands.denial == nil {
      let node = trace.hops.last?.node ?? ""
      cause =
        "the policy agent of node \(node) has not applied the newest change yet: as they stand, the "
        + "policies let the packet pass"
      details = [trace.reason]
      changes = [["advance 200ms"]]
      return
    }
    cause = trace.reason
    details = Self.details(finding)
    changes = Array(Self.changes(for: request, in: world, depth: 2).prefix(3))
  }

  /// A change with its size: how many fields it adds.
  private struct Candidate {
    var command: String
    var size: Int
  }

  private static func changes(
    for request: TraceRequest, in world: World, depth: Int
  ) -> [[String]] {
    let trace = world.dataPlane.trace(request, at: world.now)
    guard let finding = finding(trace, world), let denial = finding.stands.denial else { return [] }
    let candidates = finding.opinions(denial)
      .flatMap { Self.candidates(for: $0, denial, finding, world) }
      .sorted { ($0.size, $0.command) < ($1.size, $1.command) }
    var found: [(size: Int, commands: [String])] = []
    for candidate in candidates {
      guard let after = outcome(of: candidate.command, on: world) else { continue }
      let result = after.dataPlane.trace(request, at: after.now)
      if result.verdict == .delivered || result.verdict == .rejected {
        found.append((candidate.size, [candidate.command]))
      } else if depth > 1, Self.finding(result, after)?.stands.denial != denial,
        let rest = changes(for: request, in: after, depth: depth - 1).first
      {
        found.append((candidate.size + 100, [candidate.command] + rest))
      }
    }
    return found.sorted {
      ($0.size, $0.commands.joined(separator: ";")) < ($1.size, $1.commands.joined(separator: ";"))
    }.map(\.commands)
  }

  /// The world in which a command has been run and every agent knows of it.
  private static func outcome(of command: String, on world: World) -> World? {
    var copy = Console(world: world)
    guard copy.execute(command).status == 0, copy.execute("advance 1s").status == 0 else {
      return nil
    }
    return copy.world
  }

  // MARK: What policies say

  /// A dropped packet after DNAT, with the pods at its ends and what policies say as they stand.
  private struct Finding {
    var flow: Flow
    var source: Pod?
    var destination: Pod?
    var stands: PolicyFinding

    func opinions(_ direction: NetworkPolicy.Direction) -> [PolicyOpinion] {
      stands.opinions(direction)
    }
  }

  private static func finding(_ trace: PacketTrace, _ world: World) -> Finding? {
    guard let first = trace.hops.first?.packet, let last = trace.hops.last?.packet else {
      return nil
    }
    let flow = Flow(
      source: last.source, sourcePort: first.sourcePort, destination: last.destination,
      destinationPort: last.destinationPort, transport: first.transport)
    func pod(at address: IPAddress) -> Pod? {
      world.store.pods.list().first {
        $0.status.podIPs.contains(address) && !$0.spec.value.hostNetwork && $0.isActive
      }
    }
    return Finding(
      flow: flow, source: pod(at: flow.source), destination: pod(at: flow.destination),
      stands: world.dataPlane.policyFinding(flow, at: nil))
  }

  private static func details(_ finding: Finding) -> [String] {
    guard let denial = finding.stands.denial else { return [] }
    let subject = denial == .ingress ? finding.destination : finding.source
    let other = denial == .ingress ? finding.source : finding.destination
    func text(_ pod: Pod?, _ address: IPAddress) -> String {
      guard let pod else { return "\(address) is no pod" }
      let labels = pod.metadata.labels.isEmpty ? "no labels" : pod.metadata.labels.text
      return "pod \(pod.metadata.namespace)/\(pod.metadata.name) has \(labels)"
    }
    let (near, far) =
      denial == .ingress
      ? (finding.flow.destination, finding.flow.source)
      : (finding.flow.source, finding.flow.destination)
    return [text(subject, near), text(other, far)]
  }

  // MARK: Candidates

  private static func candidates(
    for opinion: PolicyOpinion, _ direction: NetworkPolicy.Direction, _ finding: Finding,
    _ world: World
  ) -> [Candidate] {
    guard
      let object = world.store.kept[NetworkPolicy.resource.qualifiedPlural]?[
        opinion.namespace, opinion.name]
    else { return [] }
    let policy = NetworkPolicy(body: object.body)
    let other = direction == .ingress ? finding.source : finding.destination
    let address = direction == .ingress ? finding.flow.source : finding.flow.destination
    var found = [newRule(opinion, direction, other, address, finding, object)]
    for (index, rule) in policy.rules(direction).enumerated() {
      found.append(newPort(opinion, direction, index, finding))
      if let other { found += labels(rule, policyNamespace: opinion.namespace, other) }
    }
    return found.compactMap { $0 }
  }

  /// A rule of its own for this flow.
  private static func newRule(
    _ opinion: PolicyOpinion, _ direction: NetworkPolicy.Direction, _ other: Pod?,
    _ address: IPAddress, _ finding: Finding, _ object: KeptObject
  ) -> Candidate? {
    let peer: Value
    if let other {
      var labels = other.metadata.labels
      for key in PolicyMatrix.individualLabels { labels[key] = nil }
      let fields = Fields(labels.pairs.map { ($0.key, .string($0.value)) })
      var selectors = Fields([("podSelector", ["matchLabels": .object(fields)])])
      if labels.isEmpty { selectors["podSelector"] = [:] }
      if other.metadata.namespace != opinion.namespace {
        selectors["namespaceSelector"] = [
          "matchLabels": ["kubernetes.io/metadata.name": .string(other.metadata.namespace)]
        ]
      }
      peer = .object(selectors)
    } else {
      let range = "\(address)/\(address.family == .ipv4 ? 32 : 128)"
      peer = ["ipBlock": ["cidr": .string(range)]]
    }
    let rule: Value = .object(
      Fields([
        (direction.peersField, .array([peer])), ("ports", .array([port(finding)])),
      ]))
    let hasRules = object.body["spec"]?[direction.section]?.array != nil
    let path = "/spec/\(direction.section)" + (hasRules ? "/-" : "")
    return Candidate(
      command: patch(opinion, path, hasRules ? rule : .array([rule])), size: 4)
  }

  /// Another port for a rule that is there.
  private static func newPort(
    _ opinion: PolicyOpinion, _ direction: NetworkPolicy.Direction, _ index: Int,
    _ finding: Finding
  ) -> Candidate? {
    Candidate(
      command: patch(opinion, "/spec/\(direction.section)/\(index)/ports/-", port(finding)), size: 1
    )
  }

  private static func port(_ finding: Finding) -> Value {
    [
      "port": .integer(Int64(finding.flow.destinationPort)),
      "protocol": .string(finding.flow.transport.name),
    ]
  }

  private static func patch(_ opinion: PolicyOpinion, _ path: String, _ value: Value) -> String {
    let patch: Value = [["op": "add", "path": .string(path), "value": value]]
    return "kubectl patch networkpolicy \(opinion.name) -n \(opinion.namespace) --type=json -p "
      + "'\(JSONWriter.compactText(patch))'"
  }

  /// The labels that make the pod one of a rule's peers.
  private static func labels(
    _ rule: NetworkPolicy.Rule, policyNamespace: String, _ pod: Pod
  ) -> [Candidate] {
    rule.peers.compactMap { peer in
      guard case .pods(let namespaces, let pods?) = peer, pods.matchExpressions.isEmpty,
        namespaces != nil || pod.metadata.namespace == policyNamespace
      else { return nil }
      let missing = pods.matchLabels.pairs.filter { pod.metadata.labels[$0.key] != $0.value }
      guard !missing.isEmpty else { return nil }
      let isOverwriting = missing.contains { pod.metadata.labels[$0.key] != nil }
      let words = missing.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
      let name = pod.metadata
      return Candidate(
        command: "kubectl label pod \(name.name) -n \(name.namespace) \(words)"
          + (isOverwriting ? " --overwrite" : ""),
        size: missing.count + (isOverwriting ? 5 : 1))
    }
  }
}
