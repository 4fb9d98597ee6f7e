import Simulation
import SimulationCore

/// The past of a console's world, where it is kept.
public struct History: Sendable {
  public var timeline: Timeline
  public var branches = Branches()
  /// Where the timeline last saw the world.
  var seen: Moment

  init(of world: World) {
    timeline = Timeline(of: world)
    seen = world.moment
  }
}

extension Console {
  /// Keeps the past from now on, so that there is a way back.
  public mutating func keepHistory() { history = history ?? History(of: world) }

  /// The commands that need the past.
  private static let travelling: Set = [
    "rewind", "goto", "undo", "redo", "back", "branch", "compare",
  ]

  /// Whether one of the lines goes back in time. A script without one need not keep the past.
  public static func needsHistory(_ texts: [String]) -> Bool {
    texts.contains { text in
      CommandReader.commands(in: text).contains { command in
        guard case .success(let line) = command, let word = line.words.first else { return false }
        return travelling.contains(word)
      }
    }
  }

  /// Lets time pass up to `limit`, but no more than `count` events happen. What was done before
  /// time was turned back happens again.
  ///
  /// - Returns: whether `limit` was reached.
  @discardableResult
  public mutating func advance(to limit: Instant, atMost count: Int = .max) -> Bool {
    guard history != nil else { return world.advance(to: limit, atMost: count) }
    defer { history?.seen = world.moment }
    return history?.timeline.advance(&world, to: limit, atMost: count) ?? true
  }

  /// Lets the next event happen. False when there is none.
  mutating func step() -> Bool {
    guard history != nil else { return world.step() }
    defer { history?.seen = world.moment }
    return history?.timeline.step(&world) ?? false
  }

  /// Goes back, by undoing or by travelling; `change` returns nil where that is impossible.
  mutating func travel<Result>(_ change: (inout Timeline, inout World) -> Result?) -> Result? {
    guard var past = history else { return nil }
    history = nil
    let result = change(&past.timeline, &world)
    past.seen = world.moment
    history = past
    return result
  }

  /// Writes down what a line did to the world.
  mutating func note(_ words: [String], since before: Moment) {
    guard let history, world.moment != history.seen else { return }
    if world.journal.count > before.commandCount {
      let text = words.map(\.shellQuoted).joined(separator: " ")
      self.history?.timeline.record(text, since: before, world)
    } else {
      // Time passed by itself: what had been done before does not happen on this way.
      self.history?.timeline.dropFuture()
    }
    self.history?.timeline.note(world)
    self.history?.seen = world.moment
  }
}

extension String {
  /// As a shell would take it back: in quotes where that is needed.
  var shellQuoted: String {
    let isPlain =
      !isEmpty
      && utf8.allSatisfy { byte in
        switch byte {
        case 48...57, 65...90, 97...122: true
        default: "-_=./:,@%+[]".utf8.contains(byte)
        }
      }
    return isPlain
      ? self
      : "'"
        + split(separator: "'", omittingEmptySubsequences: false)
        .joined(separator: "'\\''") + "'"
  }
}
