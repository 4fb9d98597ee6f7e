import Canvas
import SimulationCore

/// A demo: what is told, typed and waited for, step by step.
public struct DemoScript: Hashable, Sendable {
  public var name: String
  public var title: String
  /// The size of the screen that it was made for.
  public var columns = 120
  public var rows = 40
  public var steps: [DemoStep] = []

  public init(name: String, title: String) {
    self.name = name
    self.title = title
  }
}

/// One step of a demo.
public enum DemoStep: Hashable, Sendable {
  /// A chapter: a marker in recordings.
  case chapter(String)
  /// A sentence or two under the panels, with the time to read it; empty takes it away.
  case say(String)
  /// Keys, pressed one after the other at the pace of a hand.
  case keys([Key])
  /// A command, typed at the prompt and entered.
  case type(String)
  /// A command that runs at once and leaves no trace on the screen but its effects.
  case run(String)
  /// Nothing happens but what happens anyway.
  case pause(Duration)
  /// Goes on when the command succeeds, and after the limit in any case.
  case until(String, limit: Duration)
}
