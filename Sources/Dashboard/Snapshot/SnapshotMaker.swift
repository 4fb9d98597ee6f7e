import ClusterModel
import Console
import ControlPlane
import Simulation
import SimulationCore

/// Takes the dashboard's snapshot of a world, once a frame.
///
/// It keeps the last one and reads the store's log of changes, so that a frame costs what has
/// changed and what is visible, however large the cluster is. It is the only part of the dashboard
/// that knows the engine.
public struct SnapshotMaker: Sendable {
  /// The newest snapshot.
  public private(set) var snapshot = DashboardSnapshot()

  /// Up to where the store's log has been read.
  private var cursor = -1
  private var jumps = 0
  /// The second for which rows were put in order, where that changes with the traffic.
  private var sortedAt: Int64 = 0
  private var scope = Scope()
  /// Every event as it was last seen, without the filter.
  private var events = EventList()
  private var chosen = Choice()
  /// Whether what hangs together with the choice may have changed.
  private var isChoiceStale = true
  /// The pods without a node.
  private var unscheduled = UnscheduledPods()
  /// What was measured of the Services that were looked at.
  private var series: [NamespacedName: ServiceSeries] = [:]
  /// The selector of the zoomed Service, and the inside of the zoomed node; nil since the choice or
  /// what hangs together with it has changed.
  private var selector: SelectorView?
  private var machine: MachineView?
  /// What was measured last.
  private var measured: MeasuredView?
  /// The quarter of a second at which requests were last sampled.
  private var sampledAt: Int64 = -1
  /// The simulated wall clock at time zero.
  private var startTime = Timestamp(seconds: 0)

  public init(name: String) { snapshot.header.clusterName = name }

  /// Brings the snapshot to the present of `console`, as far as `state` shows it.
  public mutating func update(_ console: borrowing Console, for state: DashboardState) {
    let store = console.world.store
    let scope = Scope(state)
    snapshot.namespace = console.namespace
    // Another past, or another branch: nothing of what was read holds.
    let isElsewhere = console.jumps != jumps
    jumps = console.jumps
    let second = scope.sorting.isLive ? console.world.now.nanoseconds / 1_000_000_000 : 0
    if second != sortedAt {
      sortedAt = second
      cursor = -1
    }
    if isElsewhere || scope != self.scope || cursor < store.log.start || cursor > store.log.end {
      self.scope = scope
      rebuild(store, console.world)
    } else if cursor < store.log.end {
      follow(store)
    }
    cursor = store.log.end
    measure(console, state)
    choose(console.world, state)
  }

  // MARK: Lists

  private mutating func rebuild(_ store: ObjectStore, _ world: borrowing World) {
    startTime = world.startTime
    snapshot.networks = NetworkNames(world)
    rebuildNodes(store)
    rebuildUnscheduled(store)
    rebuildServices(store)
    if scope.sorting.isLive { measureAll(world) }
    sortServices()
    snapshot.namespaces = store.namespaces.list().map(\.metadata.name)
    events.rebuild(store)
    snapshot.events = events.rows(scope, startTime)
    snapshot.columns = PodColumns(snapshot)
    isChoiceStale = true
    (selector, machine) = (nil, nil)
  }

  private mutating func rebuildNodes(_ store: ObjectStore) {
    let rows = store.nodes.list().compactMap { node in scope.row(of: node, store) }
    snapshot.isByName = scope.sorting[.nodes] == nil && scope.sorting[.services] == nil
    snapshot.nodes = scope.sorted(rows)
  }

  private mutating func rebuildServices(_ store: ObjectStore) {
    measured = nil
    snapshot.services = store.services.list().compactMap { service in
      scope.row(of: service, store)
    }
  }

  private mutating func sortServices() {
    guard scope.sorting[.services] != nil else { return }
    snapshot.services = scope.sorted(snapshot.services)
  }

  /// What there is to measure of every Service: where their order depends on it.
  private mutating func measureAll(_ world: borrowing World) {
    for index in snapshot.services.indices {
      let name = snapshot.services[index].name
      snapshot.services[index].load = world.traffic.service(
        namespace: name.namespace, name: name.name, at: world.now
      ).map { Load($0) }
    }
  }

  /// Renews the rows that the newest changes touch.
  private mutating func follow(_ store: ObjectStore) {
    (selector, machine) = (nil, nil)
    // Where rows stand in another order than by name, a change may move them.
    guard snapshot.isByName else {
      isChoiceStale = true
      rebuildNodes(store)
      rebuildServices(store)
      sortServices()
      rebuildUnscheduled(store)
      events.rebuild(store)
      snapshot.events = events.rows(scope, startTime)
      snapshot.columns = PodColumns(snapshot)
      return
    }
    var touched = Touched()
    for position in cursor..<store.log.end { touched.add(store.log[position], store) }
    isChoiceStale = isChoiceStale || chosen.isTouched(by: touched, store)
    if touched.hasOtherNodes { rebuildNodes(store) } else { renewNodes(touched, store) }
    if touched.hasOtherServices { rebuildServices(store) } else { renewServices(touched, store) }
    renewUnscheduled(touched, store)
    renewColumns(touched)
    if touched.hasNamespaces {
      snapshot.namespaces = store.namespaces.list().map(\.metadata.name)
    }
    if !touched.events.isEmpty {
      for id in touched.events { events.update(id, store) }
      snapshot.events = events.rows(scope, startTime)
    }
  }

  private mutating func rebuildUnscheduled(_ store: ObjectStore) {
    unscheduled.rebuild(store)
    showUnscheduled(store)
  }

  private mutating func showUnscheduled(_ store: ObjectStore) {
    // A filter may want any of them.
    let shown =
      scope.hasFilter ? unscheduled.ids[...] : unscheduled.ids.prefix(UnscheduledPods.shown)
    snapshot.unscheduled = scope.rows(unscheduled: Array(shown), store)
    snapshot.unscheduledBeyond = unscheduled.ids.count - shown.count
  }

  private mutating func renewUnscheduled(_ touched: Touched, _ store: ObjectStore) {
    if unscheduled.renew(touched.pods, store) { showUnscheduled(store) }
  }

  private mutating func renewColumns(_ touched: Touched) {
    var columns = snapshot.columns
    // Changed in place: there must be one owner.
    snapshot.columns = nil
    let isDone =
      !touched.hasOtherNodes && columns?.renew(touched.nodes.sorted(), snapshot) ?? false
    snapshot.columns = isDone ? columns : PodColumns(snapshot)
  }

  /// Renews the rows of nodes; one that a filter hides by now goes, and one that it shows comes.
  private mutating func renewNodes(_ touched: Touched, _ store: ObjectStore) {
    for name in touched.nodes.sorted() {
      let row = store.nodes["", name].flatMap { scope.row(of: $0, store) }
      switch (snapshot.nodeIndex(name), row) {
      case (let index?, let row?): snapshot.nodes[index] = row
      case (let index?, nil):
        snapshot.nodes.remove(at: index)
        snapshot.columns = nil
      case (nil, let row?):
        let index = snapshot.nodes.firstIndexNotBefore { $0.name < name }
        snapshot.nodes.insert(row, at: index)
        snapshot.columns = nil
      case (nil, nil): break
      }
    }
  }

  private mutating func renewServices(_ touched: Touched, _ store: ObjectStore) {
    for name in touched.services.sorted() {
      let service = store.services[name.namespace, name.name]
      let row = service.flatMap { scope.row(of: $0, store) }
      switch (snapshot.serviceIndex(name), row) {
      case (let index?, var row?):
        row.load = snapshot.services[index].load
        snapshot.services[index] = row
      case (let index?, nil): snapshot.services.remove(at: index)
      case (nil, let row?):
        let index = snapshot.services.firstIndexNotBefore { $0.name < name }
        snapshot.services.insert(row, at: index)
      case (nil, nil): break
      }
    }
  }

  // MARK: Figures

  private mutating func measure(_ console: borrowing Console, _ state: DashboardState) {
    let world = console.world
    var header = snapshot.header
    let timeline = console.history?.timeline
    header.isUndoable = timeline?.marks.isEmpty == false
    header.isRedoable = timeline?.undone.isEmpty == false
    header.futureCommands = timeline?.future.count ?? 0
    header.branch =
      console.history?.branches.others.isEmpty == false
      ? console.history?.branches.current ?? "" : ""
    header.now = world.now
    header.isPaused = console.isPaused
    header.speed = console.speed
    header.nodeCount = snapshot.nodes.count
    header.podCount = snapshot.podColumns.itemCount + snapshot.unscheduledBeyond
    header.serviceCount = snapshot.services.count
    (header.proxiesInSync, header.proxyCount) = world.dataPlane.inSyncCount
    let view = MeasuredView(world.now, snapshot, state, jumps: jumps)
    if view != measured {
      measured = view
      let all = world.traffic.allRequests(at: world.now)
      header.milliRequestsPerSecond = all.milliRequestsPerSecond
      header.milliPercentFailed = all.milliPercentFailed
      header.p99 = world.traffic.userRequests(at: world.now).p99
      measureVisibleServices(world, state)
    }
    snapshot.header = header
    measureVisibleNodes(world, state)
    sampleFlows(world, state)
  }

  /// Whether the simulation has fallen behind is known to the loop alone.
  public mutating func note(isBehind: Bool) { snapshot.header.isBehind = isBehind }

  /// Fills in what changes with every request, for the rows that can be seen.
  private mutating func measureVisibleServices(_ world: borrowing World, _ state: DashboardState) {
    let scene = Scene(state: state, snapshot: DashboardSnapshot())
    for index in scene.visible(state.scroll.service, snapshot.services.count, state.size.rows) {
      let name = snapshot.services[index].name
      let summary = world.traffic.service(
        namespace: name.namespace, name: name.name, at: world.now)
      let load = summary.map { Load($0) }
      snapshot.services[index].load = load
      if let load { note(load, of: name, at: world.now.nanoseconds / 1_000_000_000) }
    }
  }

  private mutating func measureVisibleNodes(_ world: borrowing World, _ state: DashboardState) {
    let scene = Scene(state: state, snapshot: DashboardSnapshot())
    // The map of the pod network shows every node.
    let isMap = state.isZoomed && state.focus == .pods
    let nodes =
      isMap
      ? snapshot.nodes.indices
      : scene.visible(state.scroll.node, snapshot.nodes.count, state.size.rows)
    for index in nodes {
      let node = world.dataPlane.nodeIndex(named: snapshot.nodes[index].name)
      let status = node.map { world.dataPlane.proxyStatus(of: $0, at: world.now) }
      snapshot.nodes[index].isProxyInSync = status.map { $0.isRunning && $0.isInSync }
    }
  }

  /// Remembers what was measured of a Service that can be seen, once a second.
  private mutating func note(_ load: Load, of name: NamespacedName, at second: Int64) {
    guard series[name]?.samples.last?.second != second else { return }
    if series.count > 500 { series = [:] }
    series[name, default: ServiceSeries()].add(
      ServiceSeries.Sample(
        second: second, milliRate: load.milliRequestsPerSecond,
        milliPercentFailed: load.milliPercentFailed, p99: load.p99))
  }

  /// What the zoomed Service shows beside its endpoints.
  private mutating func detailService(_ world: borrowing World, _ state: DashboardState) {
    guard let name = snapshot.service?.name, state.isZoomed, state.focus == .services else {
      return
    }
    snapshot.service?.series = series[name] ?? ServiceSeries()
    if selector == nil, let service = world.store.services[name.namespace, name.name] {
      selector = SelectorView(of: service, world.store)
    }
    snapshot.service?.selector = selector
  }

  /// Where the newest requests go, a few times a second.
  private mutating func sampleFlows(_ world: borrowing World, _ state: DashboardState) {
    let isShown = state.isAnimated && state.overlay == nil && !state.isZoomed
    guard isShown || (state.isZoomed && state.focus == .pods) else {
      snapshot.flows = []
      return
    }
    let quarter = world.now.nanoseconds / 250_000_000
    guard quarter != sampledAt || snapshot.flows.isEmpty else { return }
    sampledAt = quarter
    snapshot.flows = FlowSample.rows(world)
  }

  // MARK: The choice

  private mutating func choose(_ world: borrowing World, _ state: DashboardState) {
    let choice = Choice(state)
    if choice != chosen || isChoiceStale {
      if choice != chosen { (selector, machine) = (nil, nil) }
      chosen = choice
      isChoiceStale = false
      let linker = Linker(world: copy world)
      snapshot.links = linker.links(of: choice)
      snapshot.workload = linker.workload(behind: choice)
      snapshot.pod = choice.pod.flatMap { linker.detail(ofPod: $0) }
    }
    // The order matters: what follows changes with every event.
    let isServiceZoomed = state.isZoomed && state.focus == .services
    let nodes = isServiceZoomed ? snapshot.nodes : []
    snapshot.service = choice.service.flatMap {
      ServiceDetail($0, world, isServiceZoomed, nodes: nodes)
    }
    detailService(world, state)
    let isNodeShown = state.isZoomed && state.focus == .nodes
    snapshot.node = isNodeShown ? choice.node.flatMap { NodeDetail($0, world) } : nil
    if let node = snapshot.node {
      if machine == nil { machine = MachineView(of: node.name, node.pods, world) }
      snapshot.node?.machine = machine
    }
  }
}

/// When and for which rows requests were measured: figures that change more often cannot be read.
private struct MeasuredView: Hashable {
  var quarter: Int64
  var jumps: Int
  var first: Int
  var rows: Int
  var services: Int

  init(_ now: Instant, _ snapshot: DashboardSnapshot, _ state: DashboardState, jumps: Int) {
    quarter = now.nanoseconds / 250_000_000
    self.jumps = jumps
    first = state.scroll.service
    rows = state.size.rows
    services = snapshot.services.count
  }
}
