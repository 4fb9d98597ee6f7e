import ClusterModel
import ControlPlane
import Simulation

/// The nodes that a command names.
enum NodeTargets {
  static func fetch(_ call: Call, _ world: World, _ transcript: inout Transcript)
    throws(CommandFailure) -> [Node]
  {
    let names = call.arguments.map { $0.afterPrefix("node/") ?? $0.afterPrefix("nodes/") ?? $0 }
    if let text = call.values.text("selector") {
      guard names.isEmpty else {
        throw CommandFailure("error: cannot specify both a node name and a --selector option")
      }
      let selector = try LabelSelectorText.parse(text)
      return world.store.nodes.list().filter { selector.matches($0.metadata.labels) }
    }
    guard !names.isEmpty else {
      throw CommandFailure("error: must provide one or more resources by argument or filename")
    }
    var nodes: [Node] = []
    for name in names {
      if let node = world.store.nodes["", name] {
        nodes.append(node)
      } else {
        transcript.fail(ObjectQuery.notFound(.nodes, name))
      }
    }
    return nodes
  }
}

/// Marks nodes as (un)schedulable (kubectl pkg/drain/cordon.go).
struct Cordoning {
  let mutation: Mutation
  let isCordon: Bool

  func apply(to node: Node, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let word = isCordon ? "cordoned" : "uncordoned"
    guard node.isUnschedulable != isCordon else {
      return try mutation.tell(.node(node), "already \(word)", &transcript)
    }
    var node = node
    node.isUnschedulable = isCordon
    try mutation.replace(.node(node), word, &console, &transcript)
  }
}

/// `cordon` and `uncordon`.
struct CordonVerb: Verb {
  let isCordon: Bool

  var name: String { isCordon ? "cordon" : "uncordon" }
  var summary: String { "Mark node as \(isCordon ? "un" : "")schedulable" }
  let usage = "NODE"
  let operands = Operands.nodes
  let flags: [Flag] = [.selector, .dryRun]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let cordoning = Cordoning(mutation: try Mutation(call), isCordon: isCordon)
    for node in try NodeTargets.fetch(call, console.world, &transcript) {
      try cordoning.apply(to: node, &console, &transcript)
    }
  }
}
