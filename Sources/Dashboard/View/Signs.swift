import Canvas

extension StateSign {
  var role: Role {
    switch self {
    case .ready: .healthy
    case .starting: .degraded
    case .failing: .failing
    case .terminating: .terminating
    case .over: .dim
    }
  }

  func text(_ symbols: SymbolSet) -> String {
    switch self {
    case .ready: symbols.ready
    case .starting: symbols.starting
    case .failing: symbols.failing
    case .terminating: symbols.terminating
    case .over: symbols.check
    }
  }
}

extension Scene {
  /// A name as it is shown: without the namespace that commands assume.
  func shown(_ namespace: String, _ name: String) -> String {
    namespace == snapshot.namespace || namespace.isEmpty ? name : "\(namespace)/\(name)"
  }

  /// Why a panel is empty though there may be something: a filter hides it, and which key shows it.
  func reasonForNothing(_ what: String, in panel: PanelID) -> String? {
    if !state.filters[panel].isEmpty {
      return "no \(what) matches the filter; \(state.keymap.label(.wentBack)) shows all"
    }
    guard state.showsFaultsOnly else { return nil }
    return "no \(what) has a fault; \(state.keymap.label(.faultsOnlyToggled)) shows all"
  }

  /// What stands for text that found no room.
  var cut: String { symbols.ellipsis }

  /// What lies under a row: the choice in the panel that has the keys, a lighter mark elsewhere.
  func ground(isSelected: Bool, isLinked: Bool, in panel: PanelID) -> Role {
    if isSelected, state.focus == panel { return .selection }
    return isLinked ? .highlight : .text
  }

  /// The mark before a selected row, which does not depend on colours.
  func mark(isSelected: Bool, isLinked: Bool, _ object: ObjectName? = nil) -> TextRun {
    if let object, !state.marks.isEmpty, state.marks.contains(object) {
      return TextRun(symbols.check, Style(.warning, .bold))
    }
    if isSelected { return TextRun(symbols.selected, Style(.accent, .bold)) }
    return TextRun(isLinked ? symbols.bullet : " ", Style(.accent))
  }
}

extension CellGrid {
  /// Draws a sentence in the middle of an empty panel.
  mutating func putEmpty(_ text: String, in area: Rect) {
    let line = area.row(max((area.height - 1) / 2, 0))
    put(text, in: line, style: .dim, .centre, ellipsis: "")
  }
}
