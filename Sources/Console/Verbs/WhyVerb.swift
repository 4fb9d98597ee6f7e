import Simulation

/// A kind of question that `why` answers: one file in `Why` and one line in `WhyVerb.questions`.
protocol WhyQuestion: Sendable {
  /// What stands behind `why`: `pod/NAME`.
  var usage: String { get }
  var examples: [String] { get }
  var flags: [Flag] { get }

  /// Whether the words ask this kind of question. The first in the list that says so answers.
  func isAsked(by words: [String]) -> Bool

  /// The lines that answer it, each with a line end.
  func answer(_ call: Call, _ console: Console) throws(CommandFailure) -> String
}

extension WhyQuestion {
  var flags: [Flag] { [] }
}

/// `why`: the cause of something, and the smallest change that would alter it.
struct WhyVerb: Verb {
  /// The kinds of questions, the more particular ones first.
  static let questions: [any WhyQuestion] = [
    WhyPod(), WhyNode(), WhyRequest(), WhyService(), WhyFlow(),
  ]

  let name = "why"
  let summary = "Explain what decided, and what would change it"
  let isKubectl = false
  let operands = Operands.places

  var usage: String { Self.questions.map(\.usage).joined(separator: " | ") }
  var examples: [String] { Self.questions.flatMap(\.examples) }
  var flags: [Flag] {
    var found: [Flag] = []
    for flag in Self.questions.flatMap(\.flags)
    where !found.contains(where: { $0.name == flag.name }) {
      found.append(flag)
    }
    return found
  }

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    guard let question = Self.questions.first(where: { $0.isAsked(by: call.arguments) }) else {
      throw call.wrongUsage("what is to be explained? \(usage)")
    }
    transcript.output += try question.answer(call, console)
  }
}
