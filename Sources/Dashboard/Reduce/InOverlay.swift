import Canvas

extension DashboardState {
  /// What the keys of an overlay lead to.
  mutating func followInOverlay(
    _ action: DashboardAction, _ snapshot: DashboardSnapshot
  ) -> [DashboardEffect] {
    switch overlay {
    case .trace(let trace): return followInTrace(action, trace)
    case .requests(let log): return followInRequests(action, log, snapshot)
    case .why(let why): return followInWhy(action, why)
    case .review(let review): return followInReview(action, review, snapshot)
    case .finder(let finder):
      if case .lineEdited(let edit) = action { return self.edit(snapshot) { $0.edit(edit) } }
      return followInFinder(action, finder, snapshot)
    case .text(let text) where action == .searchOpened || text.searchEditor != nil:
      if case .lineEdited(let edit) = action { return self.edit(snapshot) { $0.edit(edit) } }
      return followSearch(action, text)
    default: break
    }
    switch (action, overlay) {
    case (.matchStepped, .text(let text)): return followSearch(action, text)
    case (.scrolled(let move), .help(let offset)):
      overlay = .help(offset: scrolled(offset, move, count: Help.lines(keymap).count))
    case (.scrolled(let move), .text(var text)):
      text.offset = scrolled(text.offset, move, count: text.lines.count)
      if case .sideways(let steps) = move {
        text.column = min(max(text.column + min(max(steps, -1), 1) * 16, 0), TextView.columnLimit)
      }
      overlay = .text(text)
    case (.closed, _): return close()
    case (.submitted, _): return submit(snapshot)
    case (.agreed, .question(let question)):
      overlay = nil
      return [.run(question.command)]
    case (.lineEdited(let edit), _): return self.edit(snapshot) { $0.edit(edit) }
    case (.choiceStepped(let step), .themes(var chooser)):
      guard !themes.isEmpty else { return [] }
      chooser.index = (chooser.index + step % themes.count + themes.count) % themes.count
      overlay = .themes(chooser)
      return use(theme: chooser.index)
    case (.choiceStepped(let step), .scale(var dialog)):
      let now = dialog.replicas ?? dialog.workload.replicas
      dialog.editor = LineEditor(String(min(max(now + min(max(step, -1), 1), 0), 99_999)))
      overlay = .scale(dialog)
    case (.completionStepped(let step), .prompt(var prompt)):
      guard !prompt.completions.isEmpty else {
        return [.complete(prompt.editor.textBeforeCursor)]
      }
      prompt.stepCompletion(by: step)
      overlay = .prompt(prompt)
    case (.historyStepped(let step), .prompt(var prompt)):
      prompt.stepHistory(by: step, history)
      overlay = .prompt(prompt)
    default: break
    }
    return []
  }

  func scrolled(_ offset: Int, _ move: SelectionMove, count: Int) -> Int {
    let height = max(size.rows - 4, 1)
    let last = max(count - height, 0)
    let wanted =
      switch move {
      case .by(let lines): offset + min(max(lines, -count), count)
      case .halfPage(let pages): offset + min(max(pages, -1), 1) * max(height / 2, 1)
      case .sideways: offset
      case .first: 0
      case .last: last
      }
    return min(max(wanted, 0), last)
  }

  private mutating func use(theme index: Int) -> [DashboardEffect] {
    theme = index
    return [.useTheme(index)]
  }

  private mutating func close() -> [DashboardEffect] {
    defer { overlay = covered.popLast() }
    switch overlay {
    case .filter(let panel, _, before: let before): filters[panel] = before
    case .themes(let chooser): return use(theme: chooser.before)
    default: break
    }
    return []
  }

  private mutating func submit(_ snapshot: DashboardSnapshot) -> [DashboardEffect] {
    let submitted = overlay
    overlay = nil
    switch submitted {
    case .scale(let dialog):
      guard let replicas = dialog.replicas else { return [] }
      return [
        .run(scaleCommand(dialog.workload.name, replicas: String(replicas), snapshot))
      ]
    case .prompt(let prompt): return run(prompt.editor.text, snapshot)
    default: return []
    }
  }

  /// Runs what was typed at the prompt, or goes where it says.
  private mutating func run(
    _ text: String, _ snapshot: DashboardSnapshot
  ) -> [DashboardEffect] {
    let words = text.split(separator: " ").map { String($0) }
    guard let first = words.first else { return [] }
    let line = words.joined(separator: " ")
    if history.last != line { history.append(line) }
    if history.count > 500 { history.removeFirst() }
    if let panel = PanelID(jump: first), words.count == 1 {
      focusOn(panel)
      return []
    }
    switch (first, words.count) {
    case ("q", 1), ("quit", 1), ("exit", 1): return [.quit]
    case ("help", 1), ("?", 1):
      overlay = .help(offset: 0)
      return []
    case ("ns", 1), ("namespaces", 1):
      openNamespaces(snapshot)
      return []
    case ("ns", 2):
      onlyNamespace = words[1] == "all" || words[1] == "-A" ? nil : words[1]
      if let onlyNamespace { message = Message(.notice, "only namespace \(onlyNamespace)") }
      return []
    case ("trace", 3...) where !words.contains { $0.hasPrefix("-o") || $0.hasPrefix("--output") }:
      return [.trace(line)]
    case ("why", 2...): return [.why(line)]
    default: break
    }
    // As in k9s: the plural or the short name of a kind lists it.
    if words.count == 1, Self.kinds.contains(first) {
      let command = "kubectl get \(first) -A -o wide"
      return [.read(command, title: command)]
    }
    return [.run(text)]
  }

  /// The kinds whose names alone list them; those with a panel of their own go there.
  private static let kinds: Set = [
    "deploy", "deployments", "rs", "replicasets", "ds", "daemonsets", "sts", "statefulsets", "jobs",
    "job", "cj", "cronjobs", "endpointslices", "endpoints", "netpol", "networkpolicies", "ing",
    "ingresses", "cm", "configmaps", "hpa", "pdb", "sa", "all",
  ]

  /// Types `text` where there is something to type into.
  mutating func type(_ text: String, _ snapshot: DashboardSnapshot) -> [DashboardEffect] {
    if case .scale = overlay {
      let digits = text.filter { $0.isASCII && $0.isNumber }.prefix(5)
      return edit(snapshot) {
        if $0.scalars.count + digits.count <= 5 { $0.insert(String(digits)) }
      }
    }
    return edit(snapshot) { $0.insert(text) }
  }

  /// Changes the line of the overlay that has one.
  private mutating func edit(
    _ snapshot: DashboardSnapshot, _ change: (inout LineEditor) -> Void
  ) -> [DashboardEffect] {
    switch overlay {
    case .finder(var finder):
      change(&finder.editor)
      finder.search(snapshot)
      overlay = .finder(finder)
    case .text(var text):
      guard var editor = text.searchEditor else { return [] }
      change(&editor)
      text.searchEditor = editor
      overlay = .text(text)
    case .prompt(var prompt):
      change(&prompt.editor)
      prompt.completions = []
      prompt.chosen = nil
      prompt.historyIndex = nil
      overlay = .prompt(prompt)
    case .filter(let panel, var editor, before: let before):
      change(&editor)
      filters[panel] = editor.text
      overlay = .filter(panel, editor, before: before)
    case .scale(var dialog):
      change(&dialog.editor)
      overlay = .scale(dialog)
    default: break
    }
    return []
  }

  /// Takes the completions of what is typed: one is put in at once, several are listed.
  mutating func take(_ words: [String], for typed: String) -> [DashboardEffect] {
    guard case .prompt(var prompt) = overlay, prompt.editor.textBeforeCursor == typed else {
      return []
    }
    prompt.take(words, for: typed)
    overlay = .prompt(prompt)
    if words.isEmpty { message = Message(.notice, "nothing completes this") }
    return []
  }
}

extension PanelID {
  /// The panel that a word at the prompt goes to, as in k9s.
  init?(jump word: String) {
    switch word {
    case "no", "nodes": self = .nodes
    case "po", "pods": self = .pods
    case "svc", "services", "ep": self = .services
    case "ev", "events": self = .events
    case "commands": self = .commands
    default: return nil
    }
  }
}
