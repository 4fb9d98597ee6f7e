import Simulation

/// A possible cause of a flow's failing: one file a family, and one line in `FlowDoctor.causes`.
protocol FlowCause: Sendable {
  /// What is wrong, with changes to try; nil when it is not this.
  func find(in flow: FlowCase) -> Finding?
}

/// A cause with changes that may help: they are tried before they are shown.
struct Finding {
  var explanation: Explanation
  var proposals: [[String]] = []

  init(_ cause: String, _ details: [String] = [], try proposals: [[String]] = []) {
    explanation = Explanation(cause: cause, details: details)
    self.proposals = proposals
  }
}

/// Finds the one cause of what happens to a flow.
struct FlowDoctor {
  /// In the order in which a packet would meet them.
  static let causes: [any FlowCause] = [
    NameCause(), NodeDownCause(), ProxyBehindCause(), SourceRangeCause(), LocalPolicyCause(),
    MissingEndpointsCause(), UnknownPortCause(), NodePortCause(), ListenerCause(),
    AddressCause(),
  ]

  static func explain(_ question: FlowCase.Question, _ console: Console) throws(CommandFailure)
    -> Explanation
  {
    let flow = try FlowCase(question, console)
    if flow.isDelivered { return delivered(flow) }
    return explain(flow)
  }

  static func explain(_ flow: FlowCase) -> Explanation {
    for cause in causes {
      guard let finding = cause.find(in: flow) else { continue }
      var explanation = finding.explanation
      explanation.symptom = symptom(flow)
      explanation.fixes = FixTrial(flow: flow).working(finding.proposals)
      return explanation
    }
    return Explanation(symptom: symptom(flow), cause: flow.report.reason)
  }

  private static func symptom(_ flow: FlowCase) -> String {
    "\(flow.verdict): \(flow.report.reason)"
  }

  /// It works; unless some of the endpoints that might have been chosen do not.
  private static func delivered(_ flow: FlowCase) -> Explanation {
    let candidates = flow.trace?.candidates ?? []
    var failing: [(address: String, flow: FlowCase)] = []
    if candidates.count > 1 {
      for candidate in candidates.prefix(100) {
        var question = flow.question
        question.to = "\(candidate.address)"
        if candidate.address.family == .ipv6 { question.to = "[\(question.to)]" }
        question.to += ":\(candidate.port)"
        if let one = try? FlowCase(question, flow.console), !one.isDelivered {
          failing.append((question.to, one))
        }
      }
    }
    guard let first = failing.first else {
      var explanation = Explanation(
        symptom: symptom(flow), cause: "nothing is in the way")
      explanation.isWorking = true
      if let policy = flow.trace?.policy { explanation.details = ["NetworkPolicy \(policy)."] }
      return explanation
    }
    var explanation = explain(first.flow)
    explanation.symptom =
      "delivered for some: \(failing.count) of \(candidates.count) endpoints fail, such as "
      + "\(first.address) (\(first.flow.report.reason))"
    return explanation
  }
}

extension Console {
  /// Why a packet from here to there fares as it does, for the dashboard; nil when there is no such
  /// place. FROM and TO are as in `trace`.
  public func whyFlow(from: String, to: String, transport: String = "tcp") -> Explanation? {
    let question = FlowCase.Question(
      from: from, to: to, namespace: namespace, transport: transport, entryNode: nil)
    return try? FlowDoctor.explain(question, self)
  }
}
