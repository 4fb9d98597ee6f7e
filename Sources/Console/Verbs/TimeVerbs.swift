import Simulation
import SimulationCore

/// `advance`: lets simulated time pass.
struct AdvanceVerb: Verb {
  let name = "advance"
  let summary = "Let simulated time pass"
  let usage = "DURATION"
  let isKubectl = false
  let examples = ["advance 20s", "advance 1h30m"]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    guard call.arguments.count == 1, let text = call.arguments.first else {
      throw call.wrongUsage("one duration is needed, such as 20s")
    }
    guard let duration = DurationText.parse(text) else {
      throw call.wrongUsage(
        "\(DurationText.refusal(of: text) ?? "a duration is needed"); write 999ms, 10s, 3m or 1h, "
          + "a year at most")
    }
    guard duration >= .zero else {
      throw call.wrongUsage("advance goes forward; rewind goes back")
    }
    transcript.hasAdvanced = true
    console.advance(to: console.world.now + (try TimeLimit.allowed(duration, console.world)))
  }
}

/// How far simulated time may go: a hundred years keep every sum of times in range.
enum TimeLimit {
  static func allowed(_ duration: Duration, _ world: borrowing World) throws(CommandFailure)
    -> Duration
  {
    guard world.now.nanoseconds < Duration.hours(24 * 36_500).nanoseconds else {
      throw CommandFailure("error: simulated time ends after a hundred years")
    }
    return duration
  }
}

/// `step`: lets the next events happen.
struct StepVerb: Verb {
  let name = "step"
  let summary = "Let the next event happen, or the next N"
  let usage = "[N]"
  let isKubectl = false

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    guard call.arguments.count <= 1 else { throw call.wrongUsage("one number is enough") }
    guard let count = Int(call.arguments.first ?? "1"), (1...1_000_000_000).contains(count) else {
      throw call.wrongUsage("a number of events is needed, 1 at least")
    }
    transcript.hasAdvanced = true
    for _ in 0..<count where !console.step() {
      return transcript.warn("nothing is left to happen")
    }
  }
}

/// `goto`: to an instant, or to another branch.
struct GotoVerb: Verb {
  let name = "goto"
  let summary = "Go to an instant, counted from the start, or to another branch"
  let usage = "TIME | BRANCH"
  let isKubectl = false
  let examples = ["goto 10m", "goto main"]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    guard call.arguments.count == 1, let text = call.arguments.first else {
      throw call.wrongUsage("a time since the start is needed, such as 10m")
    }
    guard let offset = DurationText.parse(text), offset >= .zero else {
      return try enter(text, call, &console, &transcript)
    }
    let target = Instant.zero + offset
    guard target < console.world.now else {
      transcript.hasAdvanced = true
      console.advance(to: target)
      return
    }
    try Travel.go(to: target, &console)
  }

  private func enter(
    _ name: String, _ call: Call, _ console: inout Console, _ transcript: inout Transcript
  ) throws(CommandFailure) {
    guard var history = console.history else {
      throw call.wrongUsage("a time since the start is needed, such as 10m")
    }
    if name == history.branches.current { return transcript.print("already on branch \(name)") }
    console.history = nil
    defer { console.history = history }
    guard history.branches.enter(name, &console.world, &history.timeline) else {
      throw call.wrongUsage(
        "\(name.goQuoted) is neither a time since the start, such as 10m, nor a branch")
    }
    history.seen = console.world.moment
    transcript.print("on branch \(name)")
  }
}

/// `pause`: the dashboard's time stands still.
struct PauseVerb: Verb {
  let name = "pause"
  let summary = "Let time stand still"
  let usage = ""
  let isKubectl = false

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    try call.expectNoArguments()
    console.isPaused = true
  }
}

/// `resume`: the dashboard's time goes on.
struct ResumeVerb: Verb {
  let name = "resume"
  let summary = "Let time go on"
  let usage = ""
  let isKubectl = false

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    try call.expectNoArguments()
    console.isPaused = false
  }
}

/// `speed`: how fast the dashboard's time goes. Nothing in `exec` depends on it.
struct SpeedVerb: Verb {
  let name = "speed"
  let summary = "Set how fast time goes: 1 is real time"
  let usage = "[N | max]"
  let isKubectl = false
  let operands = Operands.words(["0.1", "1", "10", "max"])

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    guard call.arguments.count <= 1 else { throw call.wrongUsage("one number is enough") }
    guard let text = call.arguments.first else {
      return transcript.print(console.speed.map { "×\($0.shortText)" } ?? "max")
    }
    if text == "max" {
      console.speed = nil
      return
    }
    let digits = text.hasPrefix("×") || text.hasPrefix("x") ? String(text.dropFirst()) : text
    guard digits.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 }),
      let speed = Double(digits), speed >= 0.001, speed <= 1_000_000
    else { throw call.wrongUsage("a number from 0.001 to 1000000 is needed, or max") }
    console.speed = speed
  }
}

extension Double {
  /// Without a fraction where there is none.
  var shortText: String { self == rounded() && abs(self) < 1e15 ? "\(Int64(self))" : "\(self)" }
}

extension Call {
  func expectNoArguments() throws(CommandFailure) {
    if let word = arguments.first { throw wrongUsage("unexpected word \(word.goQuoted)") }
  }
}

/// `digest`: a hash of everything.
struct DigestVerb: Verb {
  let name = "digest"
  let summary = "Print a hash of the whole simulated state"
  let usage = ""
  let isKubectl = false

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    try call.expectNoArguments()
    transcript.print(console.world.digest)
  }
}

/// `seed`: what this run's chance comes from.
struct SeedVerb: Verb {
  let name = "seed"
  let summary = "Print the seed of this run"
  let usage = ""
  let isKubectl = false

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    try call.expectNoArguments()
    transcript.print("\(console.world.seed)")
  }
}
