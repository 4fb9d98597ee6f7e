import Simulation
import SimulationCore

/// `branch`: two ways from one moment.
struct BranchVerb: Verb {
  let name = "branch"
  let summary =
    "List the branches, or go on under a new name and keep the present under the old one"
  let usage = "[NAME]"
  let isKubectl = false
  let examples = ["branch what-if", "goto main"]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    guard call.arguments.count <= 1 else { throw call.wrongUsage("one name is enough") }
    guard let history = console.history else { return try Travel.expectHistory(console) }
    guard let name = call.arguments.first else { return list(console, history, &transcript) }
    guard Self.isName(name) else {
      throw call.wrongUsage("a name has letters, digits, - and _, and begins with a letter")
    }
    guard console.history?.branches.begin(name, console.world, history.timeline) == true else {
      throw CommandFailure(
        "error: there is a branch \(name.goQuoted), or too many; goto enters one")
    }
    transcript.print("on branch \(name); \(history.branches.current) stays as it is now")
  }

  private static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, (65...90).contains(first) || (97...122).contains(first),
      text.utf8.count <= 40
    else { return false }
    return text.utf8.allSatisfy {
      (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 45
        || $0 == 95
    }
  }

  private func list(
    _ console: borrowing Console, _ history: History, _ transcript: inout Transcript
  ) {
    func row(_ mark: String, _ name: String, _ world: borrowing World) -> [String] {
      [mark + name, (world.now - .zero).goText, "\(world.journal.count)", world.digest]
    }
    var rows = [row("* ", history.branches.current, console.world)]
    rows += history.branches.others.map { row("  ", $0.name, $0.world) }
    transcript.output += TextColumns().text([["  NAME", "TIME", "COMMANDS", "DIGEST"]] + rows)
  }
}

/// `compare`: what two branches have come to.
struct CompareVerb: Verb {
  let name = "compare"
  let summary = "Put the figures of two branches side by side"
  let usage = "A B"
  let isKubectl = false
  let examples = ["compare main what-if"]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    guard call.arguments.count == 2 else { throw call.wrongUsage("two branches are needed") }
    let (first, second) = (call.arguments[0], call.arguments[1])
    let left = try Self.figures(of: first, console)
    let right = try Self.figures(of: second, console)
    let rows = zip(left, right).map { [$0.name, $0.text, $1.text] }
    transcript.output += TextColumns().text([["", first, second]] + rows)
  }

  private static func figures(of name: String, _ console: borrowing Console)
    throws(CommandFailure) -> [(name: String, text: String)]
  {
    guard let branches = console.history?.branches else {
      try Travel.expectHistory(console)
      return []
    }
    if name == branches.current { return figures(console.world) }
    guard let branch = branches.others.first(where: { $0.name == name }) else {
      throw CommandFailure("error: there is no branch \(name.goQuoted); branch lists them")
    }
    return figures(branch.world)
  }

  private static func figures(_ world: World) -> [(name: String, text: String)] {
    var ready = 0
    world.store.pods.forEach { _, pod in if pod.isReady { ready += 1 } }
    let requests = world.traffic.userRequests(at: world.now)
    let all = world.traffic.allRequests(at: world.now)
    let (inSync, proxies) = world.dataPlane.inSyncCount
    return [
      ("time", (world.now - .zero).goText), ("commands", "\(world.journal.count)"),
      ("pods", "\(world.store.pods.count)"), ("pods ready", "\(ready)"),
      ("proxies in sync", "\(inSync)/\(proxies)"),
      ("requests a second", "\((all.milliRequestsPerSecond + 500) / 1000)"),
      ("failed of a million", "\(all.milliPercentFailed * 10)"),
      ("p99 of users' requests", requests.p99.map(\.goText) ?? "-"), ("digest", world.digest),
    ]
  }
}
