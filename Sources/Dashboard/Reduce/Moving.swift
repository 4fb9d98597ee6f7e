import Canvas

extension DashboardState {
  mutating func focusOn(_ panel: PanelID) {
    focus = panel
    if panel != .pods { frontTab = panel }
    if panel.hasLinks { linkSource = panel }
  }

  /// Leaves the zoom, else drops a filter, and returns whether there was one of them.
  mutating func goBack() -> Bool {
    if goOut() { return true }
    if isZoomed {
      isZoomed = false
      return true
    }
    if !filters[focus].isEmpty {
      filters[focus] = ""
      return true
    }
    if !marks.isEmpty {
      marks = []
      return true
    }
    if showsFaultsOnly {
      showsFaultsOnly = false
      return true
    }
    if onlyNamespace != nil {
      onlyNamespace = nil
      return true
    }
    return false
  }

  mutating func moveSelection(_ move: SelectionMove, _ snapshot: DashboardSnapshot) {
    let panel = Panels.panel(focus)
    let scene = Scene(state: self, snapshot: snapshot)
    let count = panel.itemCount(scene)
    guard count > 0 else { return }
    let item = panel.selectedItem(scene) ?? 0
    let page = max((ScreenLayout(self).panel(focus)?.inside.height ?? 2) / 2, 1)
    let wanted =
      switch move {
      case .by(let offset): item + min(max(offset, -count), count)
      case .halfPage(let pages): item + min(max(pages, -1), 1) * page
      case .sideways(let columns): panel.item(beside: item, columns, scene)
      case .first: 0
      case .last: count - 1
      }
    panel.select(min(max(wanted, 0), count - 1), &self, snapshot)
  }

  /// Brings selections and what is visible to what there is: objects come and go.
  mutating func settle(_ snapshot: DashboardSnapshot) {
    settleSelection(snapshot)
    settleMarks(snapshot)
    guard !ScreenLayout.isTooSmall(size) else { return }
    for placed in ScreenLayout(self).panels {
      let panel = Panels.panel(placed.id)
      let list = panel.parts(of: placed.inside, Scene(state: self, snapshot: snapshot)).list
      panel.settle(&self, snapshot, in: list)
    }
  }

  /// What is gone is replaced by what now stands in its place.
  private mutating func settleSelection(_ snapshot: DashboardSnapshot) {
    if let name = selection.service, snapshot.serviceIndex(name) == nil {
      let index = snapshot.services.firstIndexNotBefore { $0.name < name }
      let nearest = min(index, snapshot.services.count - 1)
      if nearest >= 0 { selection.service = snapshot.services[nearest].name }
    } else if selection.service == nil {
      let first = snapshot.services.first { $0.selector != nil && $0.endpoints > 0 }
      selection.service = (first ?? snapshot.services.first)?.name
    }
    if let name = selection.node, snapshot.nodeIndex(name) == nil {
      let index = snapshot.nodes.firstIndexNotBefore { $0.name < name }
      let nearest = min(index, snapshot.nodes.count - 1)
      if nearest >= 0 { selection.node = snapshot.nodes[nearest].name }
    } else if selection.node == nil {
      selection.node = snapshot.nodes.first?.name
    }
    settlePod(snapshot)
  }

  private mutating func settlePod(_ snapshot: DashboardSnapshot) {
    let columns = snapshot.podColumns
    guard columns.itemCount > 0 else { return }
    if let pod = selection.pod, let item = columns.item(of: pod, on: selection.podNode) {
      if let place = columns.place(of: item) {
        selection.podNode = columns.blocks[place.block].node
      }
      return
    }
    let block = columns.blocks.first { $0.node == selection.podNode && !$0.pods.isEmpty }
    guard let block = block ?? columns.blocks.first(where: { !$0.pods.isEmpty }) else { return }
    let index = selection.pod.map { pod in block.pods.firstIndexNotBefore { $0.name < pod } } ?? 0
    selection.pod = block.pods[min(index, block.pods.count - 1)].name
    selection.podNode = block.node
  }
}

extension PanelID {
  /// Whether what is selected in it lights up what belongs to it elsewhere.
  var hasLinks: Bool { self == .nodes || self == .pods || self == .services }
}
