import ControlPlane
import Simulation

/// `scale nodes --replicas=N`: machines join or leave. Ours: kubectl cannot make machines.
enum NodeScaling {
  static func isAsked(by words: [String]) -> Bool {
    words.count == 1 && ["nodes", "node", "no"].contains(words[0])
  }

  static func run(_ count: Int, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let before = names(console)
    do {
      try console.world.perform(.scaleNodes(count))
    } catch {
      throw CommandFailure("error: \(error.message)")
    }
    let after = names(console)
    for name in after where !before.contains(name) { transcript.print("node/\(name) joining") }
    for name in before where !after.contains(name) { transcript.print("node/\(name) removed") }
    if before == after { transcript.print("there are \(count) workers already") }
  }

  private static func names(_ console: Console) -> [String] {
    let plane = console.world.controlPlane
    return plane.workers.compactMap { plane.store.nodes[$0]?.metadata.name }
  }
}
