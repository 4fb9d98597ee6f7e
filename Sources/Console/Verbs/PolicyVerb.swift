import ClusterModel
import ControlPlane
import DataPlane
import Manifests
import Simulation

/// `policy`: what the NetworkPolicies of the cluster come to.
struct PolicyVerb: Verb {
  let name = "policy"
  let summary = "Show what the NetworkPolicies allow"
  let usage = "matrix"
  let isKubectl = false
  let subverbs: [any Verb] = [PolicyMatrixVerb()]
}

/// `policy matrix`: who may reach whom, and by which policy.
struct PolicyMatrixVerb: Verb {
  let name = "matrix"
  let summary = "Show which pods may reach which, and by which policy"
  let usage =
    "[-n NAMESPACE | -A] [-l SELECTOR] [--port PORT] [--protocol tcp|udp|sctp] [--external] "
    + "[-o table|wide|json|yaml]"
  let isKubectl = false
  let examples = [
    "policy matrix", "policy matrix -n shop --port 8080", "policy matrix --external -o wide",
  ]
  let flags: [Flag] = [
    Flag(
      "namespace", short: "n",
      "Only the pods of this namespace; without it, of all but kube-system",
      offers: .namespaces),
    Flag("all-namespaces", short: "A", .toggle, "The pods of kube-system as well"),
    .selector,
    Flag("port", "A port's number or name; each port that a pod declares unless given"),
    Flag("protocol", "tcp, udp or sctp", offers: .words(["tcp", "udp", "sctp"])),
    Flag("external", .toggle, "The world outside as well"),
    .output(["table", "wide", "json", "yaml"]),
  ]

  /// A matrix has this many rows at most.
  private static let limit = 400

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    try call.expectNoArguments()
    let world = console.world
    let matrix = PolicyMatrix(
      of: try pods(call, in: world), withOutside: call.values.flag("external"),
      port: try port(call), try transport(call), in: world)
    guard !matrix.ends.isEmpty else { return transcript.warn("No pods with an address found.") }
    warn(world, &transcript)
    switch call.values.text("output") ?? "table" {
    case "table", "": transcript.output += matrix.text { Self.describe($0, in: world) }
    case "wide": transcript.output += matrix.wideText
    case "json": transcript.output += JSONWriter.text(matrix.value)
    case "yaml": transcript.output += YAMLWriter.text(matrix.value)
    case let other:
      throw call.wrongUsage("-o is table, wide, json or yaml, not \(other.goQuoted)")
    }
  }

  private func pods(_ call: Call, in world: World) throws(CommandFailure) -> [Pod] {
    let namespace = call.values.text("namespace")
    if let namespace, world.store.namespaces["", namespace] == nil {
      throw CommandFailure(ObjectQuery.notFound(.namespaces, namespace))
    }
    let selector = try call.values.text("selector").map(LabelSelectorText.parse)
    let pods = world.store.pods.list(namespace: namespace).filter { pod in
      guard
        namespace != nil || call.values.flag("all-namespaces")
          || pod.metadata.namespace != "kube-system"
      else { return false }
      return selector?.matches(pod.metadata.labels) ?? true
    }
    guard pods.count <= Self.limit else {
      throw CommandFailure(
        "error: \(pods.count) pods are too many for a matrix: choose fewer with -n or -l")
    }
    return pods
  }

  private func port(_ call: Call) throws(CommandFailure) -> String? {
    guard let text = call.values.text("port") else { return nil }
    let isNumber = text.allSatisfy(\.isNumber)
    guard !text.isEmpty, !isNumber || (UInt16(text) ?? 0) > 0 else {
      throw CommandFailure("error: \(text.goQuoted) is no port: 1 to 65535, or a port's name")
    }
    return text
  }

  private func transport(_ call: Call) throws(CommandFailure) -> TransportProtocol {
    let name = call.values.text("protocol") ?? "tcp"
    guard let transport = TransportProtocol(name: name.uppercased()) else {
      throw call.wrongUsage("--protocol is tcp, udp or sctp, not \(name.goQuoted)")
    }
    return transport
  }

  /// Where packets do not fare as the matrix says.
  private func warn(_ world: World, _ transcript: inout Transcript) {
    let cni = world.configuration.cni
    guard cni.enforcesPolicies else {
      return transcript.warn(
        "Warning: \(cni.rawValue) does not enforce NetworkPolicy: every packet passes. This is what "
          + "the policies say.")
    }
    let (inSync, total) = world.dataPlane.policySync(at: world.now)
    if inSync < total {
      transcript.warn(
        "Warning: \(inSync) of \(total) nodes have applied the newest change. This is what the "
          + "policies say; 'advance 200ms' lets the others follow.")
    }
  }

  /// `shop/allow-web   ingress of app=web`.
  private static func describe(_ name: String, in world: World) -> String {
    let (namespace, plain) = name.divided(at: "/") ?? ("", name)
    guard
      let object = world.store.kept[NetworkPolicy.resource.qualifiedPlural]?[namespace, plain]
    else { return name }
    let policy = NetworkPolicy(body: object.body)
    let directions = policy.directions.map(\.section).joined(separator: " and ")
    let pods = policy.selector.isEmpty ? "all pods" : policy.selector.text
    return "\(name): \(directions) of \(pods)"
  }
}
