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

/// `undo` and `redo`: the last change was never made, or is made again.
struct TakeBackVerb: Verb {
  let name: String
  let summary: String
  let usage = ""
  let isKubectl = false
  /// What is said when there is nothing to do, and before and after what was done.
  fileprivate let nothing: String
  fileprivate let done: String
  fileprivate let isAgain: Bool
  fileprivate let travel: @Sendable (inout Timeline, inout World) -> Timeline.Mark?

  static let undo = TakeBackVerb(
    name: "undo",
    summary: "Take back the last command that changed something, and go to just before it",
    nothing: "nothing has been done that could be undone", done: "undone", isAgain: true
  ) { $0.undo(&$1) }

  static let redo = TakeBackVerb(
    name: "redo", summary: "Do again what was undone last, and go to where it was undone",
    nothing: "nothing has been undone since the last change", done: "done again", isAgain: false
  ) { $0.redo(&$1) }

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    try call.expectNoArguments()
    try Travel.expectHistory(console)
    guard let mark = console.travel(travel) else { throw CommandFailure("error: \(nothing)") }
    let time = Travel.text(console.world.now) + (isAgain ? " again" : "")
    transcript.print("\(done): \(mark.text.printable) (it is \(time))")
  }
}
