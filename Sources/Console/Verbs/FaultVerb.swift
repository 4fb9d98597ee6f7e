import ClusterModel
import ControlPlane
import Simulation
import SimulationCore

/// `fault`: things that break.
struct FaultVerb: Verb {
  let name = "fault"
  let summary = "Break something, and see what the cluster makes of it"
  let usage = "list | stop | crash"
  let isKubectl = false
  let subverbs: [any Verb] = [FaultListVerb(), FaultStopVerb(), FaultCrashVerb()]
}

/// `fault list`: what is broken.
struct FaultListVerb: Verb {
  let name = "list"
  let summary = "List what is broken"
  let usage = "[--no-headers]"
  let isKubectl = false
  let flags: [Flag] = [Flag("no-headers", .toggle, "No line of column names")]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    try call.expectNoArguments()
    let world = console.world
    var rows = world.faults.map { fault in
      [
        "node/\(fault.node)", fault.fault == .crashed ? "crashed" : "kubelet stopped",
        fault.isHealing ? "healing" : "broken", Self.age(of: fault.since, in: world),
      ]
    }
    rows += world.stoppedProxies.map { proxy in
      [
        "node/\(proxy.node)", "kube-proxy stopped", "broken",
        Self.age(of: proxy.since, in: world),
      ]
    }
    guard !rows.isEmpty else { return transcript.warn("No faults found.") }
    if !call.values.flag("no-headers") {
      rows.insert(["OBJECT", "FAULT", "STATE", "SINCE"], at: 0)
    }
    transcript.output += TextColumns().text(rows)
  }

  private static func age(of time: Instant, in world: World) -> String {
    "\((world.now - time).nanoseconds / 1_000_000_000)s"
  }
}

/// `fault stop kubelet node/NAME` and `fault stop kube-proxy node/NAME`.
struct FaultStopVerb: Verb {
  let name = "stop"
  let summary = "Stop the kubelet or kube-proxy of a node; what is there stays as it is"
  let usage = "(kubelet | kube-proxy) node/NAME ..."
  let isKubectl = false
  let operands = Operands.nodes
  let examples = ["fault stop kubelet node/node-1", "fault stop kube-proxy node/node-2"]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let commands: [String: (String) -> FaultCommand] = [
      "kubelet": FaultCommand.stopKubelet, "kube-proxy": FaultCommand.stopProxy,
    ]
    guard let program = call.arguments.first, let command = commands[program],
      call.arguments.count > 1
    else {
      throw call.wrongUsage("what to stop and where is needed: fault stop kubelet node/node-1")
    }
    for word in call.arguments.dropFirst() {
      let node = try FaultTarget.node(word, call)
      try FaultTarget.perform(command(node), &console)
      transcript.print("\(program) of node/\(node) stopped")
    }
  }
}

/// `fault crash node/NAME` and `fault crash pod/NAME`.
struct FaultCrashVerb: Verb {
  let name = "crash"
  let summary = "Switch a node off, or let the main container of a pod fail"
  let usage = "(node/NAME | pod/NAME) ..."
  let isKubectl = false
  let operands = Operands.objects
  let examples = ["fault crash node/node-1", "fault crash pod/web-7d4b9c6f5-x2x2x"]
  let flags: [Flag] = [.namespace]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    guard !call.arguments.isEmpty else {
      throw call.wrongUsage("what to crash is needed: fault crash node/node-1")
    }
    for word in call.arguments {
      if let pod = word.afterPrefix("pod/") ?? word.afterPrefix("pods/") {
        try FaultTarget.perform(.crashPod(namespace: call.namespace, name: pod), &console)
        transcript.print("pod/\(pod.printable) crashed")
        continue
      }
      let node = try FaultTarget.node(word, call)
      try FaultTarget.perform(.crashNode(node), &console)
      transcript.print("node/\(node) crashed")
    }
  }
}

/// `heal`.
struct HealVerb: Verb {
  let name = "heal"
  let summary = "Mend what 'fault' has broken"
  let usage = "(node/NAME ... | all)"
  let isKubectl = false
  let operands = Operands.nodes
  let examples = ["heal node/node-1", "heal all"]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    guard !call.arguments.isEmpty else {
      throw call.wrongUsage("what to heal is needed: heal node/node-1, or heal all")
    }
    if call.arguments == ["all"] {
      try FaultTarget.perform(.healAll, &console)
      return transcript.print("everything healed")
    }
    for word in call.arguments {
      let node = try FaultTarget.node(word, call)
      try FaultTarget.perform(.healNode(node), &console)
      transcript.print("node/\(node) healed")
    }
  }
}

/// What a fault strikes.
enum FaultTarget {
  static func node(_ word: String, _ call: Call) throws(CommandFailure) -> String {
    let name =
      word.afterPrefix("node/") ?? word.afterPrefix("nodes/") ?? word.afterPrefix("no/") ?? word
    guard !name.isEmpty, !name.contains("/") else {
      throw call.wrongUsage("\(word.printable) is no node")
    }
    return name
  }

  static func perform(_ command: FaultCommand, _ console: inout Console) throws(CommandFailure) {
    do {
      try console.world.perform(.fault(command))
    } catch {
      throw CommandFailure(error.kubectlText.printable)
    }
  }
}
