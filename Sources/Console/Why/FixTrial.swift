import Simulation
import SimulationCore

/// Tries a change on a copy of the cluster: only what helps is proposed.
struct FixTrial {
  let flow: FlowCase
  /// How long a change may take to have its effect, in steps of two seconds.
  private static let steps = 45

  /// The fixes that work, at most `limit`.
  func working(_ proposals: [[String]], limit: Int = 2) -> [Explanation.Fix] {
    var found: [Explanation.Fix] = []
    for commands in proposals where found.count < limit {
      if let outcome = outcome(of: commands) {
        found.append(Explanation.Fix(commands: commands, outcome: outcome))
      }
    }
    return found
  }

  /// What happens to the flow after the commands; nil when they do not help.
  private func outcome(of commands: [String]) -> String? {
    var console = flow.console
    for command in commands {
      if command.hasPrefix("trace ") { return self.outcome(ofTrace: command, &console) }
      guard console.execute(command).status == 0 else { return nil }
    }
    let start = console.world.now
    for step in 0...Self.steps {
      if let report = try? flow.question.query(in: console.world).answer(in: console.world),
        report.verdict == "delivered"
      {
        let seconds = (console.world.now - start).nanoseconds / 1_000_000_000
        let after = step == 0 ? "" : " after \(seconds) s"
        return "delivered\(after): \(report.reason)"
      }
      console.world.advance(by: .seconds(2))
    }
    return nil
  }

  private func outcome(ofTrace command: String, _ console: inout Console) -> String? {
    let result = console.execute(command)
    let lines = result.output.split(separator: "\n").map(String.init)
    guard result.status == 0, let line = lines.first(where: { $0.hasPrefix("delivered: ") }) else {
      return nil
    }
    return line
  }
}
