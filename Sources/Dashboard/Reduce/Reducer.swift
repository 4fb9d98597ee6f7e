import Canvas

/// Brings `state` to where `action` leads, and returns what is to be done outside of it.
///
/// It reads nothing else and does nothing else.
public func reduce(
  _ state: inout DashboardState, _ action: DashboardAction, _ snapshot: DashboardSnapshot
) -> [DashboardEffect] {
  let effects = follow(action, &state, snapshot)
  state.followTour(effects)
  state.settle(snapshot)
  return effects
}

/// The part of the reducer that looks at what kind of action it is.
func follow(
  _ action: DashboardAction, _ state: inout DashboardState, _ snapshot: DashboardSnapshot
) -> [DashboardEffect] {
  switch action {
  case .key(let key): return press(key, &state, snapshot)
  case .resized(let size): state.size = size.bounded
  case .messageRead: state.message = nil
  case .refreshed, .suspended: break
  case .commandFinished(let command, let output, let errors):
    state.note(command, output: output, errors: errors)
  case .textRead(let title, let text): state.overlay = .text(TextView(title: title, text: text))
  case .completionsFound(let words, let typed): return state.take(words, for: typed)

  case .selectionMoved(let move): state.moveSelection(move, snapshot)
  case .panelChosen(let panel): state.focusOn(panel)
  case .panelStepped(let step): state.focusOn(state.focus.stepped(by: step))
  case .zoomed: return state.goIn(snapshot)
  case .unzoomed:
    state.isZoomed = false
    state.trail = []
  case .wentBack:
    if state.goBack() { break }
    if state.tour == nil {
      state.message = Message(.notice, "\(state.keymap.label(.quitChosen)) quits")
    }
    state.tour = nil
  case .quitChosen: return state.goBack() ? [] : [.quit]
  case .quitAtOnce: return [.quit]

  case .pauseToggled: return [.run(snapshot.header.isPaused ? "resume" : "pause")]
  case .stepChosen:
    return snapshot.header.isPaused ? [.run("step")] : [.run("pause"), .run("step")]
  case .speedChanged(let step): return state.changeSpeed(by: step, snapshot.header.speed)
  case .scaleChosen:
    if let workload = snapshot.workload { state.overlay = .scale(ScaleDialog(workload)) }
  case .replicasChanged(let step): return scale(by: step, snapshot)
  case .describeChosen: return describe(state, snapshot)
  case .yamlChosen: return yaml(state, snapshot)
  case .traceChosen: return state.traceChosen(snapshot)
  case .whyChosen:
    return state.overlay == nil
      ? state.whyChosen(snapshot) : state.followInOverlay(action, snapshot)
  case .editChosen:
    return state.overlay == nil
      ? state.editChosen(snapshot) : state.followInOverlay(action, snapshot)
  case .commandChosen(let command): return [.run(command)]
  case .stepBackChosen:
    return snapshot.header.isPaused ? [.run("back")] : [.run("pause"), .run("back")]
  case .rightOrLog:
    guard state.focus == .pods else { return [.readRequests(state.chosenObject(snapshot))] }
    state.moveSelection(.sideways(1), snapshot)
  case .logOpened: return [.readRequests(state.chosenObject(snapshot))]
  case .faultsOpened: state.openFaults(snapshot)
  case .namespacesOpened: state.openNamespaces(snapshot)
  case .paletteOpened: return [.readWords]
  case .sortingOpened: state.openSorting()
  case .sortReversed:
    var order = state.sorting[state.focus] ?? Sorting.Order(column: "NAME")
    order.isDescending.toggle()
    state.sorting[state.focus] = order
  case .wideToggled: state.isWide.toggle()
  case .chartStyleStepped:
    let all = ChartStyle.allCases
    let index = all.firstIndex(of: state.chartStyle) ?? 0
    state.chartStyle = all[(index + 1) % all.count]
    state.message = Message(.notice, "charts of \(state.chartStyle.rawValue)s")
  case .animationToggled:
    state.isAnimated.toggle()
    state.message = Message(
      .notice,
      state.isAnimated ? "requests are shown as they move" : "requests are not shown moving")
  case .faultsOnlyToggled:
    state.showsFaultsOnly.toggle()
    state.message = Message(
      .notice,
      state.showsFaultsOnly
        ? "only what has a fault; \(state.keymap.label(.faultsOnlyToggled)) shows all"
        : "everything")
  case .markToggled: state.toggleMark(snapshot)
  case .allMarkToggled: state.toggleAllMarks(snapshot)
  case .mouseToggled:
    state.usesMouse.toggle()
    state.message = Message(
      .notice,
      state.usesMouse
        ? "the mouse works here again"
        : "the mouse is the terminal's; \(state.keymap.label(.mouseToggled)) takes it back")
    return [.useMouse(state.usesMouse)]
  case .traced(let trace): state.overlay = .trace(trace)
  case .requestsRead(let rows, let title):
    let old: RequestsView? = if case .requests(let log) = state.overlay { log } else { nil }
    var log = RequestsView(title: title, rows: rows)
    log.failuresOnly = old?.failuresOnly ?? false
    state.overlay = .requests(log)
  case .whyRead(let command, let text):
    if let overlay = state.overlay, state.covered.isEmpty { state.covered = [overlay] }
    state.overlay = .why(WhyView(command: command, text: text))
  case .wordsRead(let words): state.openPalette(words, snapshot)
  case .edited(let review): state.overlay = .review(review)
  case .deleteChosen: state.askToDelete(snapshot)
  case .promptOpened:
    guard state.overlay == nil else { return state.followInOverlay(action, snapshot) }
    state.overlay = .prompt(Prompt())
  case .filterOpened:
    let before = state.filters[state.focus]
    state.overlay = .filter(state.focus, LineEditor(before), before: before)
  case .helpOpened: state.overlay = .help(offset: 0)
  case .themesOpened: state.overlay = .themes(ThemeChooser(index: state.theme))
  case .systemToggled:
    state.showsSystem.toggle()
    state.message = Message(
      .notice,
      state.showsSystem ? "the system's namespaces too" : "without the system's namespaces")
  case .notThereYet(let reason): state.message = Message(.warning, reason)

  case .scrolled, .lineEdited, .completionStepped, .historyStepped, .submitted, .closed, .agreed,
    .choiceStepped, .hopStepped, .predictionAsked, .searchOpened, .matchStepped, .failuresToggled,
    .readAgain, .requestTraced:
    return state.followInOverlay(action, snapshot)
  }
  return []
}

/// What a key leads to, by the table of keys.
func press(
  _ key: Key, _ state: inout DashboardState, _ snapshot: DashboardSnapshot
) -> [DashboardEffect] {
  switch key {
  case .resize(let columns, let rows):
    state.size = ScreenSize(columns, rows).bounded
    return []
  case .terminate: return [.quit]
  case .resumed: return []
  default: break
  }
  state.message = nil
  let context = state.keyContext
  if ScreenLayout.isTooSmall(state.size) {
    let meaning = state.keymap.binding(for: key, in: .panels)?.action
    return meaning == .quitChosen || meaning == .quitAtOnce ? [.quit] : []
  }
  if case .mouse(let event) = key { return state.follow(event, snapshot) }
  if case .paste(let text) = key { return state.type(text, snapshot) }
  if let binding = state.keymap.binding(for: key, in: context) {
    let scene = Scene(state: state, snapshot: snapshot)
    if context == .panels, let reason = refusal(of: binding.action, scene) {
      state.message = Message(.warning, reason)
      return []
    }
    return follow(binding.action, &state, snapshot)
  }
  if context.takesText, case .character(let scalar) = key {
    return state.type(String(scalar), snapshot)
  }
  return []
}

extension PanelID {
  /// The panel `step` further, going round.
  func stepped(by step: Int) -> PanelID {
    let all = PanelID.allCases
    let index = (rawValue - 1 + step % all.count + all.count) % all.count
    return all[index]
  }
}

extension ScreenSize {
  /// The size as far as pictures go.
  var bounded: ScreenSize {
    ScreenSize(min(max(columns, 1), 2_000), min(max(rows, 1), 1_000))
  }
}
