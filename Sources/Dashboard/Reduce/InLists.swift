import Canvas

extension DashboardState {
  /// What the keys of a list to find something in lead to.
  mutating func followInFinder(
    _ action: DashboardAction, _ finder: Finder, _ snapshot: DashboardSnapshot
  ) -> [DashboardEffect] {
    var finder = finder
    switch action {
    case .choiceStepped(let step):
      let count = finder.matches.count
      if count > 0 { finder.index = (finder.index + step % count + count) % count }
    case .scrolled(.by(let step)):
      finder.index = min(max(finder.index + step.signum(), 0), max(finder.matches.count - 1, 0))
    case .submitted:
      guard finder.matches.indices.contains(finder.index) else { return [] }
      return follow(finder.matches[finder.index], snapshot)
    case .closed:
      overlay = nil
      return []
    default: return []
    }
    overlay = .finder(finder)
    return []
  }

  mutating func followInRequests(
    _ action: DashboardAction, _ log: RequestsView, _ snapshot: DashboardSnapshot
  ) -> [DashboardEffect] {
    var log = log
    let rows = log.rows
    switch action {
    case .scrolled(let move):
      log.index = moved(log.index, move, count: rows.count)
    case .failuresToggled:
      log.failuresOnly.toggle()
      log.index = 0
    case .readAgain: return [.readRequests(chosenObject(snapshot))]
    case .requestTraced:
      guard rows.indices.contains(log.index) else { return [] }
      covered = [.requests(log)]
      return [.trace("trace \(ends(of: rows[log.index], snapshot))")]
    case .whyChosen:
      guard rows.indices.contains(log.index) else { return [] }
      covered = [.requests(log)]
      return [.why("why \(ends(of: rows[log.index], snapshot))")]
    case .closed:
      overlay = nil
      return []
    default: return []
    }
    overlay = .requests(log)
    return []
  }

  /// FROM and TO of a packet that goes the way of a request.
  private func ends(of row: RequestRow, _ snapshot: DashboardSnapshot) -> String {
    func suffix(_ namespace: String) -> String {
      namespace == snapshot.namespace || namespace.isEmpty ? "" : ".\(namespace)"
    }
    let from =
      row.clientPod.isEmpty
      ? "external" : "pod/\(row.clientPod)\(suffix(row.clientNamespace))"
    return "\(from) svc/\(row.service.name)\(suffix(row.service.namespace)):\(row.port)"
  }

  mutating func followInWhy(_ action: DashboardAction, _ why: WhyView) -> [DashboardEffect] {
    var why = why
    switch action {
    case .scrolled(let move):
      why.offset = scrolled(why.offset, move, count: why.lines.count)
    case .choiceStepped(let step):
      let count = why.fixes.count
      if count > 0 { why.choice = (why.choice + step % count + count) % count }
    case .agreed:
      guard why.fixes.indices.contains(why.choice) else {
        message = Message(.notice, "no change is offered here")
        return []
      }
      overlay = nil
      covered = []
      return [.run(why.fixes[why.choice])]
    case .closed:
      overlay = covered.popLast()
      return []
    default: return []
    }
    overlay = .why(why)
    return []
  }

  mutating func followInReview(
    _ action: DashboardAction, _ review: EditReview, _ snapshot: DashboardSnapshot
  ) -> [DashboardEffect] {
    var review = review
    switch action {
    case .scrolled(let move):
      review.offset = scrolled(review.offset, move, count: review.lines.count)
    case .agreed:
      guard review.problem.isEmpty, !review.command.isEmpty else {
        message = Message(
          .warning,
          "nothing can be applied: \(keymap.label(.editChosen, in: .review)) goes back to the editor"
        )
        return []
      }
      overlay = nil
      return [.run(review.command)]
    case .editChosen:
      overlay = nil
      return editChosen(snapshot)
    case .closed:
      overlay = nil
      message = Message(.notice, "left as it was")
      return []
    default: return []
    }
    overlay = .review(review)
    return []
  }

  /// Looks for words in a text.
  mutating func followSearch(
    _ action: DashboardAction, _ text: TextView
  ) -> [DashboardEffect] {
    var text = text
    switch action {
    case .searchOpened: text.searchEditor = LineEditor(text.search)
    case .submitted:
      text.search = text.searchEditor?.text ?? ""
      text.searchEditor = nil
      if !text.goToMatch(by: 0, height: readingHeight), !text.search.isEmpty {
        message = Message(.notice, "\(text.search) is not in it")
      }
    case .matchStepped(let step):
      if !text.goToMatch(by: step, height: readingHeight) {
        message = Message(
          .notice,
          text.search.isEmpty
            ? "\(keymap.label(.searchOpened, in: .reading)) looks for words" : "no other place")
      }
    case .closed: text.searchEditor = nil
    default: break
    }
    overlay = .text(text)
    return []
  }

  var readingHeight: Int { max(size.rows - 4, 1) }

  private func moved(_ index: Int, _ move: SelectionMove, count: Int) -> Int {
    let wanted =
      switch move {
      case .by(let lines): index + min(max(lines, -count), count)
      case .halfPage(let pages): index + pages.signum() * max(readingHeight / 2, 1)
      case .sideways: index
      case .first: 0
      case .last: count - 1
      }
    return min(max(wanted, 0), max(count - 1, 0))
  }
}

extension TextView {
  /// Whether the words that are looked for are in a line.
  func matches(_ line: String) -> Bool {
    !search.isEmpty && RowFilter(search).accepts(line)
  }

  /// Brings the next line with the words into view; with 0 the first from here. False without one.
  mutating func goToMatch(by step: Int, height: Int) -> Bool {
    guard !search.isEmpty else { return false }
    let filter = RowFilter(search)
    var index = offset + step
    let way = step < 0 ? -1 : 1
    while lines.indices.contains(index) {
      if filter.accepts(lines[index]) {
        offset = min(index, max(lines.count - height, 0))
        // At the end of the text the line is there, but not at the top.
        return offset == index || step == 0
      }
      index += way
    }
    return false
  }
}
