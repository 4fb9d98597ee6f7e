/// Says why a key can do nothing now; nil when it can.
///
/// The bar of hints greys such keys out, and pressing one says this sentence.
func refusal(of action: DashboardAction, _ scene: Scene) -> String? {
  let panel = Panels.panel(scene.state.focus)
  let keymap = scene.state.keymap
  // Only where it is needed: every hint asks, in every picture.
  var panels: String {
    "\(keymap.label(.panelChosen(.services))) or \(keymap.label(.panelChosen(.pods)))"
  }
  switch action {
  case .notThereYet(let reason): return reason
  case .scaleChosen, .replicasChanged:
    guard scene.snapshot.workload == nil else { return nil }
    switch scene.state.focus {
    case .services: return "no Deployment stands behind this Service"
    case .pods: return "no Deployment owns this pod"
    case .nodes, .events, .commands: return "choose a Service or a pod to scale (\(panels))"
    }
  case .whyChosen, .describeChosen, .yamlChosen, .editChosen, .markToggled:
    return panel.object(scene) == nil ? "nothing is chosen here" : nil
  case .deleteChosen:
    if !scene.state.marks.isEmpty { return nil }
    guard scene.state.focus != .events else { return "events cannot be deleted here" }
    return panel.object(scene) == nil ? "nothing is chosen here" : nil
  case .traceChosen:
    guard scene.state.focus == .services || scene.state.focus == .pods else {
      return "choose a Service or a pod to trace a packet to (\(panels))"
    }
    return panel.object(scene) == nil ? "nothing is chosen here" : nil
  case .agreed, .choiceStepped:
    guard case .why(let why) = scene.state.overlay, why.fixes.isEmpty else { return nil }
    return "no change is offered here"
  case .filterOpened:
    return scene.state.focus == .commands ? "the commands have no filter yet" : nil
  case .sortingOpened, .sortReversed:
    return Sorting.columns(of: scene.state.focus).isEmpty
      ? "these stand in the order of time" : nil
  case .commandChosen("undo"):
    return scene.snapshot.header.isUndoable ? nil : "nothing has been done that could be undone"
  case .commandChosen("redo"):
    return scene.snapshot.header.isRedoable ? nil : "nothing has been undone since the last change"
  case .unzoomed: return scene.state.isZoomed ? nil : "all panels are shown already"
  default: return nil
  }
}
