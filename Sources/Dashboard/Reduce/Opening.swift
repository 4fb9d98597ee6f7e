import Canvas
import ControlPlane

/// What a trace starts from and goes to.
struct TraceEnds {
  var from: String
  var to: String
  /// Whether there is something to fill in.
  var isComplete: Bool

  var command: String { "trace \(from) \(to)" }
}

extension DashboardState {
  func chosenObject(_ snapshot: DashboardSnapshot) -> ObjectName? {
    Panels.panel(focus).object(Scene(state: self, snapshot: snapshot))
  }

  /// The way of a packet to what is chosen.
  func traceEnds(_ snapshot: DashboardSnapshot) -> TraceEnds? {
    guard let object = chosenObject(snapshot) else { return nil }
    func place(_ kind: String, _ name: NamespacedName) -> String {
      let space = name.namespace == snapshot.namespace ? "" : ".\(name.namespace)"
      return "\(kind)/\(name.name)\(space)"
    }
    let target = NamespacedName(namespace: object.namespace, name: object.name)
    let members = snapshot.links.pods
    let pods = snapshot.nodes.lazy.flatMap(\.pods)
    // A client that is not behind the Service itself shows more.
    let clients = pods.filter { $0.sign == .ready && $0.name != target && !$0.isOnHostNetwork }
    let client = clients.first { !members.contains($0.name) } ?? clients.first
    let from = client.map { place("pod", $0.name) } ?? "external"
    guard object.kind == "service", let index = snapshot.serviceIndex(target) else {
      let port = snapshot.pod?.name == target ? snapshot.pod?.port : nil
      return TraceEnds(
        from: from, to: "\(place("pod", target)):\(port.map { "\($0)" } ?? "")",
        isComplete: port != nil)
    }
    let service = snapshot.services[index]
    let port = service.ports.prefix { $0.isNumber }
    if service.type == "NodePort", let nodePort = Self.nodePort(service.ports),
      let node = snapshot.nodes.last
    {
      return TraceEnds(from: "external", to: "node/\(node.name):\(nodePort)", isComplete: true)
    }
    let isOpen = service.type == "LoadBalancer"
    return TraceEnds(
      from: isOpen ? "external" : from,
      to: place("svc", target) + (port.isEmpty ? "" : ":\(port)"), isComplete: true)
  }

  /// The node port of `80:30080/TCP`.
  private static func nodePort(_ ports: String) -> Substring? {
    guard let colon = ports.firstIndex(of: ":") else { return nil }
    let number = ports[ports.index(after: colon)...].prefix { $0.isNumber }
    return number.isEmpty ? nil : number
  }

  mutating func traceChosen(_ snapshot: DashboardSnapshot) -> [DashboardEffect] {
    guard let ends = traceEnds(snapshot) else { return [] }
    if ends.isComplete { return [.trace(ends.command)] }
    overlay = .prompt(Prompt(ends.command))
    return []
  }

  func whyChosen(_ snapshot: DashboardSnapshot) -> [DashboardEffect] {
    guard let object = chosenObject(snapshot) else { return [] }
    let flag = namespaceFlag(object.namespace, snapshot)
    let kind = object.kind == "service" ? "svc" : object.kind
    return [.why("why \(kind)/\(object.name)\(flag)")]
  }

  func editChosen(_ snapshot: DashboardSnapshot) -> [DashboardEffect] {
    guard let object = chosenObject(snapshot) else { return [] }
    return [.edit(object, command: patchCommand(object, snapshot))]
  }

  /// The beginning of the command that makes an edit.
  private func patchCommand(_ object: ObjectName, _ snapshot: DashboardSnapshot) -> String {
    "kubectl patch \(object.kind) \(object.name)\(namespaceFlag(object.namespace, snapshot)) "
      + "--type=merge -p "
  }

  // MARK: Lists to find something in

  mutating func openFaults(_ snapshot: DashboardSnapshot) {
    var items: [FinderItem] = []
    func add(_ title: String, _ command: String) {
      items.append(FinderItem(title, act: .run(command), detail: command))
    }
    if let object = chosenObject(snapshot), object.kind == "pod" {
      let flag = namespaceFlag(object.namespace, snapshot)
      add("crash the pod \(object.name)", "fault crash pod/\(object.name)\(flag)")
    }
    if let node = faultyNode(snapshot) {
      add("stop the kubelet of \(node)", "fault stop kubelet node/\(node)")
      add("stop kube-proxy on \(node)", "fault stop kube-proxy node/\(node)")
      add("switch \(node) off", "fault crash node/\(node)")
      add("heal \(node)", "heal node/\(node)")
    }
    add("heal everything", "heal all")
    add("list what is broken", "fault list")
    for node in snapshot.nodes.prefix(50).map(\.name) where node != faultyNode(snapshot) {
      add("stop the kubelet of \(node)", "fault stop kubelet node/\(node)")
      add("stop kube-proxy on \(node)", "fault stop kube-proxy node/\(node)")
      add("switch \(node) off", "fault crash node/\(node)")
    }
    overlay = .finder(Finder(.faults, "Break something", items))
  }

  /// The chosen node, that of the chosen pod, or the first one behind the chosen Service.
  private func faultyNode(_ snapshot: DashboardSnapshot) -> String? {
    switch focus {
    case .pods where !selection.podNode.isEmpty: selection.podNode
    case .services: snapshot.links.nodes.min() ?? selection.node
    default: selection.node
    }
  }

  mutating func openNamespaces(_ snapshot: DashboardSnapshot) {
    var items = [FinderItem("all namespaces", act: .namespace(nil))]
    for name in snapshot.namespaces {
      let mark = name == onlyNamespace ? "shown alone now" : ""
      items.append(FinderItem(name, act: .namespace(name), detail: mark))
    }
    overlay = .finder(Finder(.namespaces, "Namespace", items))
  }

  mutating func openSorting() {
    let now = sorting[focus]
    let items = Sorting.columns(of: focus).map { column in
      let isNow = now?.column == column
      let way = now?.isDescending == true ? "largest first" : "smallest first"
      return FinderItem(column, act: .sort(column), detail: isNow ? way : "")
    }
    overlay = .finder(Finder(.sorting, "Sort by", items))
  }

  mutating func openPalette(_ words: [String], _ snapshot: DashboardSnapshot) {
    let scene = Scene(state: self, snapshot: snapshot)
    var items: [FinderItem] = []
    for (index, binding) in keymap.bindings.enumerated()
    where [.panels, .everywhere].contains(binding.context) {
      var item = FinderItem(binding.help, act: .binding(index), detail: binding.keyNames)
      if !binding.command.isEmpty { item.detail += "   \(binding.command)" }
      item.refusal = refusal(of: binding.action, scene) ?? ""
      items.append(item)
    }
    items += words.map { FinderItem($0, act: .prompt($0 + " "), detail: "command") }
    overlay = .finder(Finder(.palette, "Find", items))
  }

  mutating func follow(_ item: FinderItem, _ snapshot: DashboardSnapshot) -> [DashboardEffect] {
    overlay = nil
    guard item.refusal.isEmpty else {
      message = Message(.warning, item.refusal)
      return []
    }
    switch item.act {
    case .run(let command): return [.run(command)]
    case .prompt(let text):
      overlay = .prompt(Prompt(text))
      return []
    case .binding(let index):
      guard keymap.bindings.indices.contains(index) else { return [] }
      return Dashboard.follow(keymap.bindings[index].action, &self, snapshot)
    case .service(let name):
      leave(snapshot)
      focusOn(.services)
      selection.service = name
    case .pod(let name, let node):
      leave(snapshot)
      focusOn(.pods)
      (selection.pod, selection.podNode) = (name, node)
    case .node(let name):
      leave(snapshot)
      focusOn(.nodes)
      selection.node = name
    case .namespace(let name):
      onlyNamespace = name
      message = Message(.notice, name.map { "only namespace \($0)" } ?? "all namespaces")
    case .sort(let column):
      let isSame = sorting[focus]?.column == column
      let isDescending = isSame ? sorting[focus]?.isDescending == false : false
      sorting[focus] = Sorting.Order(column: column, isDescending: isDescending)
    }
    return []
  }

  // MARK: Marks

  mutating func toggleMark(_ snapshot: DashboardSnapshot) {
    guard let object = chosenObject(snapshot) else { return }
    if let index = marks.firstIndex(of: object) {
      marks.remove(at: index)
    } else {
      marks.append(object)
    }
    moveSelection(.by(1), snapshot)
  }

  mutating func toggleAllMarks(_ snapshot: DashboardSnapshot) {
    guard marks.isEmpty else {
      marks = []
      return
    }
    var scene = Scene(state: self, snapshot: snapshot)
    let panel = Panels.panel(focus)
    for item in 0..<min(panel.itemCount(scene), 10_000) {
      panel.select(item, &scene.state, snapshot)
      if let object = panel.object(scene) { marks.append(object) }
    }
  }

  /// What is marked and still there.
  mutating func settleMarks(_ snapshot: DashboardSnapshot) {
    guard !marks.isEmpty else { return }
    var known: Set<NamespacedName> = []
    if marks.contains(where: { $0.kind == "pod" }) {
      for pod in snapshot.nodes.lazy.flatMap(\.pods) { known.insert(pod.name) }
      for pod in snapshot.unscheduled { known.insert(pod.name) }
    }
    marks.removeAll { mark in
      let name = NamespacedName(namespace: mark.namespace, name: mark.name)
      switch mark.kind {
      case "pod": return !known.contains(name)
      case "node": return snapshot.nodeIndex(mark.name) == nil
      case "service": return snapshot.serviceIndex(name) == nil
      default: return false
      }
    }
  }

  /// The marked objects by kind and namespace, as `kubectl delete` takes them.
  func deleteCommands(_ snapshot: DashboardSnapshot) -> [String] {
    var groups: [(kind: String, namespace: String, names: [String])] = []
    for mark in marks {
      let index = groups.firstIndex { $0.kind == mark.kind && $0.namespace == mark.namespace }
      if let index {
        groups[index].names.append(mark.name)
      } else {
        groups.append((mark.kind, mark.namespace, [mark.name]))
      }
    }
    return groups.map { group in
      "kubectl delete \(group.kind) \(group.names.joined(separator: " "))"
        + namespaceFlag(group.namespace, snapshot)
    }
  }

  // MARK: In and back

  /// Remembers where one is, to come back.
  mutating func leave(_ snapshot: DashboardSnapshot) {
    let name = chosenObject(snapshot)?.text ?? Panels.panel(focus).name
    trail.append(Stop(focus: focus, isZoomed: isZoomed, selection: selection, name: name))
    if trail.count > 50 { trail.removeFirst() }
  }

  /// Goes further into what is chosen: the list, its zoom, then what stands behind it.
  mutating func goIn(_ snapshot: DashboardSnapshot) -> [DashboardEffect] {
    guard isZoomed else {
      leave(snapshot)
      isZoomed = true
      return []
    }
    switch focus {
    case .services:
      let endpoint = snapshot.service?.endpoints.first { !$0.pod.isEmpty }
      guard let endpoint, let service = snapshot.service?.name else { break }
      leave(snapshot)
      focusOn(.pods)
      selection.pod = NamespacedName(namespace: service.namespace, name: endpoint.pod)
      selection.podNode = endpoint.node
      return []
    case .pods:
      guard !selection.podNode.isEmpty, snapshot.nodeIndex(selection.podNode) != nil else { break }
      leave(snapshot)
      selection.node = selection.podNode
      focusOn(.nodes)
      return []
    case .nodes, .events, .commands: break
    }
    return describe(self, snapshot)
  }

  /// Goes back the way one came.
  mutating func goOut() -> Bool {
    guard let stop = trail.popLast() else { return false }
    focusOn(stop.focus)
    isZoomed = stop.isZoomed
    selection = stop.selection
    return true
  }
}
