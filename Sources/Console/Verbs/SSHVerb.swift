import DataPlane

/// `ssh`: a program on a node.
struct SSHVerb: Verb {
  let name = "ssh"
  let summary = "Run a program on a node"
  let usage = "NODE COMMAND [ARGUMENTS...]"
  let isKubectl = false
  let operands = Operands.nodes
  let passesWordsOn = true
  let examples = ["ssh node-1 iptables-save -t nat", "ssh node-1 nft list ruleset"]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    guard let node = call.arguments.first, call.arguments.count > 1 else {
      throw call.wrongUsage("a NODE and a COMMAND are needed")
    }
    let name = node.afterPrefix("node/") ?? node
    guard console.world.store.nodes["", name] != nil else {
      throw CommandFailure(
        "ssh: Could not resolve hostname \(name.printable): Name or service not known")
    }
    let words = Array(call.arguments.dropFirst())
    guard let tool = Toolbox.node.find(words[0]) else {
      throw CommandFailure(
        "bash: \(words[0].printable): command not found\n"
          + "Simulated here: \(Toolbox.node.names)")
    }
    let place = ToolPlace(world: console.world, source: .node(name), nodeName: name)
    let result = tool.run(Array(words.dropFirst()), at: place)
    console.world.happen(place.effects)
    transcript.output += result.output
    transcript.errors += result.errors
    if result.status != 0 { throw CommandFailure("", status: result.status) }
  }
}
