import ClusterModel
import ControlPlane

/// `logs`: simulated containers write nothing, which it says; what kubectl refuses is refused
/// (kubectl pkg/cmd/logs/logs.go).
struct LogsVerb: Verb {
  let name = "logs"
  let summary = "Print the logs for a container in a pod"
  let usage = "[-p] (POD | TYPE/NAME) [-c CONTAINER]"
  let operands = Operands.objects
  let flags: [Flag] = [
    Flag("container", short: "c", "The container"), .selector,
    Flag("previous", short: "p", .toggle, "The instance before the last restart"),
    Flag("follow", short: "f", .toggle, "Go on as long as something comes"),
    Flag("tail", .number, "The last lines only"), Flag("since", .duration, "Only newer lines"),
    Flag("timestamps", .toggle, "The time in front of each line"),
    Flag("all-containers", .toggle, "Of every container"),
  ]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let wanted = call.arguments.count > 1 ? call.arguments[1] : call.values.text("container")
    let pods = try pods(call, console, &transcript)
    for pod in pods {
      for container in try containers(of: pod, wanted, call, &transcript) {
        try check(container, of: pod, call)
      }
    }
    if !pods.isEmpty {
      transcript.warn(
        "kubarium: simulated containers write no logs; see 'events', 'describe pod' and 'traffic "
          + "list' for what happened")
    }
  }

  private func pods(_ call: Call, _ console: Console, _ transcript: inout Transcript)
    throws(CommandFailure) -> [Pod]
  {
    let store = console.world.store
    if let text = call.values.text("selector") {
      let selector = try LabelSelectorText.parse(text)
      let found = store.pods.list(namespace: call.namespace)
        .filter { selector.matches($0.metadata.labels) }
      if found.isEmpty {
        transcript.warn("No resources found in \(call.namespace) namespace.")
      }
      return found
    }
    guard let word = call.arguments.first else {
      throw call.wrongUsage(
        "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\n"
          + "POD or TYPE/NAME is a required argument for the logs command")
    }
    guard let (kind, name) = word.divided(at: "/") else {
      guard let pod = store.pods[call.namespace, word] else {
        throw CommandFailure(
          "error: error from server (NotFound): pods \(word.goQuoted) not found in namespace "
            + call.namespace.goQuoted)
      }
      return [pod]
    }
    let resource = try ResourceNames.one(kind, in: console.world)
    guard let object = store.get(resource, namespace: call.namespace, name: name) else {
      throw CommandFailure(ObjectQuery.notFound(resource, name))
    }
    if case .pod(let pod) = object { return [pod] }
    guard let labels = object.podLabels else {
      throw CommandFailure(
        "error: cannot get the logs from \(resource.apiVersion), Kind=\(resource.kind): selector "
          + "for \(resource.kind) not implemented")
    }
    let found = store.pods.list(namespace: call.namespace)
      .filter { LabelSelector(matchLabels: labels).matches($0.metadata.labels) }
    guard let first = found.first else {
      throw CommandFailure(
        "error: timed out waiting for the condition")
    }
    if found.count > 1 {
      transcript.warn("Found \(found.count) pods, using pod/\(first.metadata.name)")
    }
    return [first]
  }

  private func containers(
    of pod: Pod, _ wanted: String?, _ call: Call, _ transcript: inout Transcript
  ) throws(CommandFailure) -> [String] {
    let spec = pod.spec.value
    let names = spec.containers.map(\.name)
    if call.values.flag("all-containers") { return names }
    if let wanted, !wanted.isEmpty {
      guard (names + spec.initContainers.map(\.name)).contains(wanted) else {
        throw CommandFailure(
          "error: container \(wanted.printable) is not valid for pod \(pod.metadata.name)")
      }
      return [wanted]
    }
    let first = DefaultContainer(of: pod).name(isQuiet: false, &transcript)
    return first.map { [$0] } ?? []
  }

  private func check(_ name: String, of pod: Pod, _ call: Call) throws(CommandFailure) {
    let all = pod.status.containerStatuses + pod.status.initContainerStatuses
    let status = all.first { $0.name == name }
    let title = "container \(name.goQuoted) in pod \(pod.metadata.name.goQuoted)"
    if call.values.flag("previous") {
      if case .terminated? = status?.lastState { return }
      throw CommandFailure(
        "Error from server (BadRequest): previous terminated \(title) not found")
    }
    guard pod.isBound else {
      throw CommandFailure(
        "Error from server (BadRequest): pod \(pod.metadata.name) does not have a host assigned")
    }
    guard case .waiting(let reason, _)? = status?.state else { return }
    if case .terminated? = status?.lastState { return }
    throw CommandFailure(
      "Error from server (BadRequest): \(title) is waiting to start: \(reason)")
  }
}

/// Verbs of kubectl that need what is not there: a real process, terminal or file in a container.
struct UnavailableVerb: Verb {
  let name: String
  let summary: String
  let usage: String
  /// Why not, and what to do instead.
  let reason: String
  let operands = Operands.objects
  let passesWordsOn = true

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  { throw CommandFailure("error: \(reason)") }

  static let all: [UnavailableVerb] = [
    UnavailableVerb(
      name: "port-forward", summary: "Forward one or more local ports to a pod",
      usage: "TYPE/NAME [LOCAL_PORT:]REMOTE_PORT",
      reason: "nothing outside the simulation can connect to it; use 'kubectl exec POD -- curl …', "
        + "'trace external svc/NAME' or 'traffic'"),
    UnavailableVerb(
      name: "attach", summary: "Attach to a running container", usage: "POD -c CONTAINER",
      reason: "simulated containers read and write nothing; use 'kubectl exec POD -- …'"),
    UnavailableVerb(
      name: "cp", summary: "Copy files to and from containers", usage: "SRC DEST",
      reason: "simulated containers have no file system but what 'kubectl exec POD -- cat' shows"),
    UnavailableVerb(
      name: "debug", summary: "Create debugging sessions", usage: "(POD | TYPE/NAME)",
      reason: "use 'kubectl exec POD -- …', 'ssh NODE …', 'trace' and 'why': they see everything"),
    UnavailableVerb(
      name: "proxy", summary: "Run a proxy to the API server", usage: "[--port=PORT]",
      reason: "the simulated API server has no address outside the simulation"),
  ]
}
