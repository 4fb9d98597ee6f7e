import ClusterModel
import ControlPlane
import DataPlane
import Simulation

/// `exec`: a program in a pod's container.
struct ExecVerb: Verb {
  let name = "exec"
  let summary = "Execute a command in a container"
  let usage = "(POD | TYPE/NAME) [-c CONTAINER] -- COMMAND [args...]"
  let operands = Operands.objects
  let examples = [
    "kubectl exec web-0 -- nslookup db", "kubectl exec deploy/web -- curl -s http://db:8080/",
  ]
  let flags: [Flag] = [
    Flag("container", short: "c", "The container; the first one unless given"),
    Flag("stdin", short: "i", .toggle, "Pass standard input on: there is none"),
    Flag("tty", short: "t", .toggle, "Standard input is a terminal: it is not"),
    Flag("quiet", short: "q", .toggle, "Only what the program itself prints"),
  ]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    guard let words = call.values.trailing, let program = words.first else {
      throw CommandFailure(
        call.arguments.count > 1
          ? "error: exec [POD] [COMMAND] is not supported anymore. "
            + "Use exec [POD] -- [COMMAND] instead\nSee 'kubectl exec -h' for help and examples"
          : "error: you must specify at least one command for the container")
    }
    guard let target = call.arguments.first, call.arguments.count == 1 else {
      throw CommandFailure("error: pod, type/name or --filename must be specified")
    }
    let pod = try find(target, call, console.world)
    let container = try container(of: pod, call, &transcript)
    guard let tool = Toolbox.pod.find(program) else {
      throw CommandFailure(
        "error: Internal error occurred: error executing command in container: exec: "
          + "\(program.goQuoted): executable file not found in $PATH\n"
          + "Simulated here: \(Toolbox.pod.names)")
    }
    let name = pod.metadata
    let place = ToolPlace(
      world: console.world, source: .pod(namespace: name.namespace, name: name.name),
      nodeName: pod.nodeName, namespace: name.namespace, pod: name.name, container: container)
    let result = tool.run(Array(words.dropFirst()), at: place)
    console.world.happen(place.effects)
    transcript.output += result.output
    transcript.errors += result.errors
    if result.status != 0 {
      throw CommandFailure(
        "command terminated with exit code \(result.status)", status: result.status)
    }
  }

  /// The pod of this name, or the first running one of what is named.
  private func find(_ target: String, _ call: Call, _ world: World) throws(CommandFailure) -> Pod {
    guard let (kind, name) = target.divided(at: "/") else {
      return try pod(target, call.namespace, world)
    }
    let resource = try ResourceNames.one(kind, in: world)
    if resource == .pods { return try pod(name, call.namespace, world) }
    guard let object = world.store.get(resource, namespace: call.namespace, name: name) else {
      throw CommandFailure(ObjectQuery.notFound(resource, name))
    }
    let selects: (Labels) -> Bool
    switch object {
    case .deployment(let owner): selects = { owner.selector.matches($0) }
    case .replicaSet(let owner): selects = { owner.selector.matches($0) }
    case .service(let service):
      let selector = service.selector ?? Labels()
      selects = { labels in
        !selector.isEmpty && selector.pairs.allSatisfy { labels[$0.key] == $0.value }
      }
    default:
      throw CommandFailure("error: cannot attach to a \(object.resource.kind)")
    }
    let pods = world.store.pods.list(namespace: call.namespace)
      .filter { selects($0.metadata.labels) && $0.isActive }
    guard let first = pods.first(where: \.isReady) ?? pods.first else {
      throw CommandFailure("error: no pod of \(target.printable) is running")
    }
    return try running(first)
  }

  private func pod(_ name: String, _ namespace: String, _ world: World) throws(CommandFailure)
    -> Pod
  {
    guard let pod = world.store.pods[namespace, name] else {
      throw CommandFailure(ObjectQuery.notFound(.pods, name))
    }
    return try running(pod)
  }

  private func running(_ pod: Pod) throws(CommandFailure) -> Pod {
    if pod.isTerminal {
      throw CommandFailure(
        "error: cannot exec into a container in a completed pod; current phase is "
          + pod.status.phase.rawValue)
    }
    guard pod.isBound else {
      throw CommandFailure(
        "Error from server (BadRequest): pod \(pod.metadata.name) does not have a host assigned")
    }
    guard pod.status.phase == .running else {
      let name = pod.spec.value.containers.first?.name ?? ""
      throw CommandFailure(
        "error: Internal error occurred: unable to upgrade connection: container not found "
          + "(\"\(name)\")")
    }
    return pod
  }

  private func container(
    of pod: Pod, _ call: Call, _ transcript: inout Transcript
  ) throws(CommandFailure) -> String {
    let names = pod.spec.value.containers.map(\.name)
    if let wanted = call.values.text("container") {
      let all = names + pod.spec.value.initContainers.map(\.name)
      guard all.contains(wanted) else {
        throw CommandFailure(
          "Error from server (BadRequest): container \(wanted.printable) is not valid for pod "
            + pod.metadata.name)
      }
      return wanted
    }
    return DefaultContainer(of: pod).name(isQuiet: call.values.flag("quiet"), &transcript) ?? ""
  }
}
