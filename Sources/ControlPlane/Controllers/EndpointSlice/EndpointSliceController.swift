import ClusterModel
import SimulationCore

/// Writes the pods that each Service selects into EndpointSlices
/// (pkg/controller/endpointslice, staging/src/k8s.io/endpointslice).
///
/// Between two syncs of a Service it notes which of its pods changed, so that a sync costs work in
/// proportion to the change and not to the Service.
struct EndpointSliceController: Controller {
  let name = "endpoint-slice-controller"
  let watches = ResourceKinds.of(.service, .pod, .endpointSlice, .node)
  let podAspects: Change.Aspects = [.endpoint, .metadata, .deletion]
  let retryDelay = Duration.seconds(1)
  /// Endpoints that fit into one slice.
  static let capacity = 100

  private var selectors = SelectorIndex()
  private var states: [ObjectID: ServiceState] = [:]
  private var pods = PodsByLabel()
  private var zones: [ObjectID: String?] = [:]
  /// Raised whenever a node has moved to another zone.
  private var zoneGeneration = 0
  /// The zones' shares of CPU; nil until a Service asks for topology hints.
  private var shares: ZoneShares?
  /// Services that have topology hints.
  private var hinted: [ObjectID] = []

  init() {}

  mutating func observe(_ change: Change, in store: ObjectStore, _ keys: inout [WorkKey]) {
    switch change.kind {
    case .service: observeService(change, store, &keys)
    case .pod: observePod(change, store, &keys)
    case .endpointSlice: observeSlice(change, store, &keys)
    case .node:
      noteZone(of: change.id, store)
      observeNode(store, &keys)
    default: break
    }
  }

  /// Endpoints tell of their nodes' zones anew when their Service is next looked at.
  private mutating func noteZone(of node: ObjectID, _ store: ObjectStore) {
    let zone = store.nodes[node]?.zone
    if let known = zones[node], known != zone { zoneGeneration += 1 }
    zones[node] = .some(zone)
  }

  /// Services whose hints no longer suit the nodes are looked at again (checkNodeTopologyDistribution).
  private mutating func observeNode(_ store: ObjectStore, _ keys: inout [WorkKey]) {
    guard let old = shares else { return }
    let new = ZoneShares(store)
    if new == old { return }
    shares = new
    for service in hinted {
      guard let counts = states[service]?.hintCounts,
        [IPAddress.Family.ipv4, .ipv6].contains(where: { new.isOverloaded(counts[$0] ?? [:]) })
      else { continue }
      keys.append(WorkKey(.service, service))
    }
  }

  private mutating func observeService(
    _ change: Change, _ store: ObjectStore, _ keys: inout [WorkKey]
  ) {
    guard let service = store.services[change.id] else {
      selectors.remove(change.id)
      states[change.id] = nil
      hinted.removeAll { $0 == change.id }
      return
    }
    selectors.set(change.id, namespace: service.metadata.namespace, selector: service.selector)
    states[change.id, default: ServiceState()].needsFullSync = true
    if change.operation == .created {
      states[change.id]?.noteTrigger(service.metadata.creationTimestamp)
    }
    keys.append(WorkKey(.service, change.id))
  }

  private mutating func observePod(
    _ change: Change, _ store: ObjectStore, _ keys: inout [WorkKey]
  ) {
    let pod = store.pods[change.id]
    guard let metadata = change.tombstone ?? pod?.metadata else { return }
    var services = selectors.recall(namespace: metadata.namespace, matching: metadata.labels)
    if let old = change.previousLabels, change.operation == .updated {
      for id in selectors.services(namespace: metadata.namespace, matching: old)
      where !services.contains(id) {
        services.append(id)
      }
    }
    let trigger = pod?.status.conditions[type: "Ready"]?.lastTransitionTime
    for service in services {
      states[service, default: ServiceState()].note(change.id, metadata.uid, ready: trigger)
      keys.append(WorkKey(.service, service))
    }
  }

  private mutating func observeSlice(
    _ change: Change, _ store: ObjectStore, _ keys: inout [WorkKey]
  ) {
    let metadata = change.tombstone ?? store.endpointSlices[change.id]?.metadata
    guard let metadata,
      metadata.labels[EndpointSlice.managedByLabel] == EndpointSlice.controllerName,
      let name = metadata.labels[EndpointSlice.serviceNameLabel],
      let service = store.services.id(namespace: metadata.namespace, name: name)
    else { return }
    if change.operation == .deleted { states[service]?.generations[change.id] = nil }
    switch change.operation {
    case .created:
      guard let slice = store.endpointSlices[change.id] else { return }
      states[service]?.locate(change.id, slice)
      states[service]?.generations[change.id] = slice.metadata.generation
    case .updated:
      // Somebody else changed it: it is put right (endpointslice_tracker.go ShouldSync).
      guard let expected = states[service]?.generations[change.id],
        let slice = store.endpointSlices[change.id], slice.metadata.generation > expected
      else { return }
      states[service]?.generations[change.id] = slice.metadata.generation
      states[service]?.needsFullSync = true
      keys.append(WorkKey(.service, service))
    case .deleted where states[service]?.dropped.remove(change.id) == nil:
      // Somebody else deleted it.
      states[service]?.needsFullSync = true
      keys.append(WorkKey(.service, service))
    default: break
    }
  }

  mutating func reconcile(_ key: WorkKey, _ context: inout ReconcileContext) -> Reconciliation {
    guard let service = context.store.services[key.id] else { return .nothing }
    if service.type == .externalName || service.selector == nil { return .nothing }
    // Its cache is behind its own last write: what it would do next could be wrong.
    if context.observed < context.lastWrite { return .failure }
    // Moved, not copied: a second holder would make the first write copy it.
    guard var state = states.removeValue(forKey: key.id) else { return .nothing }
    if state.zoneGeneration != zoneGeneration {
      state.zoneGeneration = zoneGeneration
      state.needsFullSync = true
    }
    let usesHints = TopologyHints.isAsked(by: service)
    let candidates =
      state.needsFullSync
      ? pods.candidates(
        service.selector ?? Labels(), in: service.metadata.namespace, context.store) : []
    var reconciler = SliceReconciler(service, state, context, candidates: candidates)
    if usesHints {
      if shares == nil { shares = ZoneShares(context.store) }
      reconciler.state.shares = shares ?? ZoneShares()
      if !hinted.contains(key.id) { hinted.append(key.id) }
    }
    let result = reconciler.reconcile()
    context.names = reconciler.names
    states[key.id] = reconciler.takeState()
    return result
  }
}
