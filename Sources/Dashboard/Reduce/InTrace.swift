import Canvas

extension TraceView {
  /// Goes to another hop, as far as it may be seen. False when that was no hop further.
  mutating func step(by step: Int) -> Bool {
    let wanted = min(max(index + step, 0), min(revealed, hops.count - 1))
    guard wanted != index, wanted >= 0 else { return false }
    index = wanted
    offset = 0
    return true
  }

  /// Hides what comes and asks about it; asked again, asks the next question.
  mutating func askPrediction() {
    let all = Prediction.Question.allCases
    var next = all[0]
    if let prediction, !prediction.isCommitted {
      next = all[(prediction.question.rawValue + 1) % all.count]
    } else if let prediction, prediction.isCommitted {
      next = prediction.question
    }
    // After a verdict without an endpoint the other questions have no answer, which may be said.
    prediction = Prediction(question: next, options: options(of: next))
    revealed = min(index, hops.count - 1)
  }

  /// What can be said, without what gives the answer away: in order of the text.
  private func options(of question: Prediction.Question) -> [String] {
    switch question {
    case .verdict: return ["delivered", "rejected", "dropped", "unreachable"]
    case .endpoint:
      var addresses = candidates.map(\.address)
      if let endpoint, !addresses.contains(endpoint) { addresses.append(endpoint) }
      return addresses.sorted() + [Self.nobody]
    case .source:
      var addresses: [String] = []
      for text in hops.filter({ !$0.isReply }).map({ Self.host($0.source) }) + [sourceSeen ?? ""]
      where !text.isEmpty && !addresses.contains(text) {
        addresses.append(text)
      }
      // The addresses of the tunnel's ends are what one might mistake for it.
      for outer in hops.map(\.outer) where !outer.isEmpty {
        let words = outer.split(separator: " ")
        if words.count > 1, !addresses.contains(String(words[1])) {
          addresses.append(String(words[1]))
        }
      }
      return addresses.sorted() + [Self.nobody]
    }
  }

  static let nobody = "none: it does not arrive"

  /// The address of `address:port`.
  static func host(_ text: String) -> String {
    guard let colon = text.lastIndex(of: ":") else { return text }
    return String(text[..<colon])
  }

  /// The right answer to a question.
  func answer(to question: Prediction.Question) -> String {
    switch question {
    case .verdict: verdict
    case .endpoint: isDelivered ? endpoint ?? Self.nobody : Self.nobody
    case .source: isDelivered ? sourceSeen ?? Self.nobody : Self.nobody
    }
  }
}

extension DashboardState {
  /// What the keys of the trace lead to.
  mutating func followInTrace(
    _ action: DashboardAction, _ trace: TraceView
  ) -> [DashboardEffect] {
    var trace = trace
    switch action {
    case .scrolled(.by(let step)), .hopStepped(let step):
      if !trace.step(by: step), step > 0, trace.revealed < trace.hops.count - 1 {
        let say = keymap.label(.submitted, in: .prediction)
        let close = keymap.label(.closed, in: .prediction)
        message = Message(.notice, "say first what will happen: \(say) says it, \(close) does not")
      }
    case .scrolled(.first): _ = trace.step(by: -trace.hops.count)
    case .scrolled(.last): _ = trace.step(by: trace.hops.count)
    case .scrolled(.halfPage(let pages)): trace.offset = max(trace.offset + pages.signum() * 4, 0)
    case .scrolled(.sideways): break
    case .predictionAsked: trace.askPrediction()
    case .choiceStepped(let step):
      if var prediction = trace.prediction, !prediction.options.isEmpty {
        let count = prediction.options.count
        prediction.choice = (prediction.choice + step % count + count) % count
        trace.prediction = prediction
      }
    case .submitted:
      trace.prediction?.isCommitted = true
      trace.revealed = trace.hops.count - 1
      _ = trace.step(by: 1)
    case .closed:
      guard let prediction = trace.prediction, !prediction.isCommitted else {
        overlay = nil
        return []
      }
      trace.prediction = nil
      trace.revealed = trace.hops.count - 1
    case .whyChosen:
      let places = trace.places.joined(separator: " ")
      let flags = trace.command.split(separator: " ").dropFirst(3).joined(separator: " ")
      return [.why("why \(places)" + (flags.isEmpty ? "" : " \(flags)"))]
    case .promptOpened:
      overlay = .prompt(Prompt(trace.command))
      return []
    default: break
    }
    overlay = .trace(trace)
    return []
  }
}
