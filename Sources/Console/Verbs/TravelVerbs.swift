import Simulation
import SimulationCore

/// `rewind`: back in time.
struct RewindVerb: Verb {
  let name = "rewind"
  let summary = "Go back in time; what was done since happens again unless you do something else"
  let usage = "DURATION"
  let isKubectl = false
  let examples = ["rewind 10s"]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    guard call.arguments.count == 1, let text = call.arguments.first,
      let duration = DurationText.parse(text), duration >= .zero
    else { throw call.wrongUsage("one duration is needed, such as 10s") }
    let target = max(Instant.zero, Instant.zero + (console.world.now - .zero - duration))
    try Travel.go(to: target, &console)
  }
}

/// What the verbs that go back have in common.
enum Travel {
  static func go(to time: Instant, _ console: inout Console) throws(CommandFailure) {
    try expectHistory(console)
    guard console.travel({ $0.travel(&$1, to: time) ? true : nil }) != nil else {
      throw CommandFailure("error: the session does not reach back to \((time - .zero).goText)")
    }
  }

  /// A time as people say it: no finer than a millisecond.
  static func text(_ time: Instant) -> String {
    Duration(nanoseconds: time.nanoseconds / 1_000_000 * 1_000_000).goText
  }

  static func expectHistory(_ console: borrowing Console) throws(CommandFailure) {
    guard console.history != nil else {
      throw CommandFailure("error: this session does not keep its past")
    }
  }
}

/// `back`: the last events have not happened.
struct BackVerb: Verb {
  let name = "back"
  let summary = "Go back by one event, or by N"
  let usage = "[N]"
  let isKubectl = false

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    guard call.arguments.count <= 1 else { throw call.wrongUsage("one number is enough") }
    guard let count = UInt64(call.arguments.first ?? "1"), (1...1_000_000_000).contains(count)
    else { throw call.wrongUsage("a number of events is needed, 1 at least") }
    try Travel.expectHistory(console)
    guard console.travel({ $0.stepBack(&$1, by: count) ? true : nil }) != nil else {
      throw CommandFailure("error: this is the beginning")
    }
  }
}

/// `undo`: the last change was never made; `redo`: what was undone is done again.
struct UndoVerb: Verb {
  let isUndo: Bool

  var name: String { isUndo ? "undo" : "redo" }
  var summary: String {
    isUndo
      ? "Take back the last command that changed something, and go to just before it"
      : "Do again what was undone last, and go to where it was undone"
  }
  let usage = ""
  let isKubectl = false

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    try call.expectNoArguments()
    try Travel.expectHistory(console)
    guard let mark = console.travel({ isUndo ? $0.undo(&$1) : $0.redo(&$1) }) else {
      throw CommandFailure(
        isUndo
          ? "error: nothing has been done that could be undone"
          : "error: nothing has been undone since the last change")
    }
    let time = Travel.text(console.world.now)
    transcript.print(
      isUndo
        ? "undone: \(mark.text.printable) (it is \(time) again)"
        : "done again: \(mark.text.printable) (it is \(time))")
  }
}
