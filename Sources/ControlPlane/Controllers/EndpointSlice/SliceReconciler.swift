import ClusterModel
import SimulationCore

/// One sync of one Service: from pods to changed slices (reconciler.go).
struct SliceReconciler {
  let service: Service
  let store: ObjectStore
  let timestamp: Timestamp
  var state: ServiceState
  var names: NameGenerator

  /// Slices of one family and one set of ports are packed together.
  struct GroupKey: Hashable {
    var family: IPAddress.Family
    var ports: [EndpointSlice.Port]
  }

  /// What becomes of an existing slice.
  struct Draft {
    var id: ObjectID
    var slice: EndpointSlice
    var update = SliceUpdate()
    /// Endpoints it will hold.
    var count: Int
    /// Once touched, it is written anyway and may as well take more.
    var isTouched = false
  }

  private var drafts: [Draft] = []
  /// Whose draft is in each place.
  private var draftIDs: [ObjectID] = []
  private var additions: [(key: GroupKey, endpoints: [Endpoint])] = []
  private var isIncomplete = false
  private var portCache: (spec: Shared<PodSpec>, ports: [EndpointSlice.Port])?
  private let usesTopologyHints: Bool
  /// Where all pods are looked at: those that the Service may select.
  private let candidates: [ObjectID]
  private var events: [EventRecord] = []

  init(
    _ service: consuming Service, _ state: consuming ServiceState, _ context: ReconcileContext,
    candidates: [ObjectID]
  ) {
    self.candidates = candidates
    usesTopologyHints = TopologyHints.isAsked(by: service)
    self.service = service
    self.state = state
    store = context.store
    timestamp = context.timestamp
    names = context.names
  }

  mutating func takeState() -> ServiceState {
    var taken = ServiceState()
    swap(&taken, &state)
    return taken
  }

  mutating func reconcile() -> Reconciliation {
    loadSlices()
    if state.needsFullSync { placeAllPods() } else { placeChangedPods() }
    var packer = SlicePacker(drafts: drafts, capacity: EndpointSliceController.capacity)
    for addition in additions { packer.pack(addition.endpoints, addition.key) }
    packer.finish(families: service.ipFamilies)
    hint(&packer)
    let writes = write(packer) + events.map { Write(.say, event: $0) }
    state.clearChanges()
    var result = Reconciliation()
    result.writes = writes
    result.isFailure = isIncomplete
    if isIncomplete { state.needsFullSync = true }
    return result
  }

  // MARK: What there is

  private mutating func loadSlices() {
    let key = NamespacedName(service.metadata)
    let labels = SliceUpdate.labels(of: service)
    let ids = store.slices(of: key)
    drafts.reserveCapacity(ids.count)
    draftIDs.reserveCapacity(ids.count)
    for id in ids {
      guard let slice = store.endpointSlices[id], slice.isManagedByController else { continue }
      draftIDs.append(id)
      var draft = Draft(id: id, slice: slice, count: slice.endpoints.count)
      if state.needsFullSync, slice.metadata.labels != labels {
        draft.update.labels = labels
        draft.isTouched = true
      }
      drafts.append(draft)
    }
  }

  // MARK: What should be

  private mutating func placeAllPods() {
    state.location = [:]
    for draft in drafts { state.locate(draft.id, draft.slice) }
    var wanted: Set<UID> = []
    for id in candidates {
      guard let pod = store.pods[id], selects(pod) else { continue }
      wanted.insert(pod.metadata.uid)
      place(pod, pod.metadata.uid)
    }
    for index in drafts.indices {
      let stale = drafts[index].slice.endpoints.filter { endpoint in
        guard let uid = endpoint.targetRef?.uid else { return true }
        return !wanted.contains(uid)
      }
      for endpoint in stale { remove(endpoint.targetRef?.uid ?? .none, from: index) }
    }
  }

  private mutating func placeChangedPods() {
    for changed in state.changed {
      if let pod = store.pods[changed.id], selects(pod) {
        place(pod, changed.uid)
      } else {
        removeEverywhere(changed.uid)
      }
    }
  }

  private func selects(_ pod: Pod) -> Bool {
    pod.metadata.namespace == service.metadata.namespace
      && (service.selector?.pairs.allSatisfy { pod.metadata.labels[$0.key] == $0.value } ?? false)
  }

  private mutating func removeEverywhere(_ uid: UID) {
    for slice in state.location[uid] ?? [] {
      if let index = draftIDs.firstIndex(of: slice) { remove(uid, from: index) }
    }
  }

  private mutating func remove(_ uid: UID, from index: Int) {
    drafts[index].update.removed.append(uid)
    drafts[index].count -= 1
    drafts[index].isTouched = true
    state.forget(uid, in: drafts[index].id)
  }

  /// Puts the pod's endpoint of each family where it belongs.
  private mutating func place(_ pod: Pod, _ uid: UID) {
    for family in service.ipFamilies.isEmpty ? [.ipv4] : service.ipFamilies {
      guard let endpoint = endpoint(of: pod, family) else {
        removeEverywhere(uid)
        continue
      }
      let key = GroupKey(family: family, ports: ports(of: pod))
      if !update(endpoint, uid, key) { add(endpoint, key) }
    }
  }

  /// Updates the endpoint where it is; false when it is nowhere, or in slices of other ports.
  private mutating func update(_ endpoint: Endpoint, _ uid: UID, _ key: GroupKey) -> Bool {
    for slice in state.location[uid] ?? [] {
      guard let index = draftIDs.firstIndex(of: slice),
        drafts[index].slice.addressType == key.family.name,
        let held = drafts[index].slice.endpoints.place(ofPod: uid)
      else { continue }
      if drafts[index].slice.ports != key.ports {
        remove(uid, from: index)
        return false
      }
      var endpoint = endpoint
      if usesTopologyHints {
        endpoint.zoneHints = drafts[index].slice.endpoints[held].zoneHints
      }
      if drafts[index].slice.endpoints[held] != endpoint {
        drafts[index].update.changed.append(endpoint)
        drafts[index].isTouched = true
      }
      return true
    }
    return false
  }

  private mutating func add(_ endpoint: Endpoint, _ key: GroupKey) {
    if let index = additions.firstIndex(where: { $0.key == key }) {
      additions[index].endpoints.append(endpoint)
    } else {
      additions.append((key, [endpoint]))
    }
  }

  /// The pod as an endpoint; nil when it cannot be one (util/controller_utils.go
  /// ShouldPodBeInEndpoints, utils.go podToEndpoint).
  private mutating func endpoint(of pod: Pod, _ family: IPAddress.Family) -> Endpoint? {
    guard !pod.isTerminal, let address = pod.status.podIPs.first(where: { $0.family == family })
    else { return nil }
    let node = store.nodes.metadata(namespace: "", name: pod.nodeName)
    if node == nil, !service.publishNotReadyAddresses {
      isIncomplete = true
      return nil
    }
    var endpoint = Endpoint(address: address)
    let isServing = pod.isReady
    endpoint.isServing = isServing
    endpoint.isTerminating = pod.metadata.isTerminating
    endpoint.isReady =
      service.publishNotReadyAddresses || (isServing && !pod.metadata.isTerminating)
    endpoint.nodeName = pod.nodeName
    endpoint.zone = node?.labels["topology.kubernetes.io/zone"]
    endpoint.targetRef = ObjectReference("Pod", pod.metadata)
    if !pod.spec.value.hostname.isEmpty, pod.spec.value.subdomain == service.metadata.name {
      endpoint.hostname = pod.spec.value.hostname
    }
    setTrafficDistribution(&endpoint)
    return endpoint
  }

  /// Ready endpoints are for their own zone or node when the Service wants traffic to stay close
  /// (trafficdist/trafficdist.go).
  private func setTrafficDistribution(_ endpoint: inout Endpoint) {
    guard !usesTopologyHints, endpoint.isReady == true, let wish = service.trafficDistribution,
      let zone = endpoint.zone, !zone.isEmpty
    else { return }
    switch wish {
    case "PreferClose", "PreferSameZone": endpoint.zoneHints = [zone]
    case "PreferSameNode":
      endpoint.zoneHints = [zone]
      endpoint.nodeHints = endpoint.nodeName.map { [$0] } ?? []
    default: break
    }
  }

  // MARK: Topology hints

  /// Spreads the endpoints over the zones where the Service asks for it, and says when that begins
  /// and ends.
  private mutating func hint(_ packer: inout SlicePacker) {
    for family in service.ipFamilies.isEmpty ? [.ipv4] : service.ipFamilies {
      if usesTopologyHints {
        allocateHints(&packer, family)
      } else if state.hintCounts[family] != nil {
        state.hintCounts[family] = nil
        say("Topology Aware Hints configuration was disabled", family, isEnabled: false)
      }
    }
  }

  private mutating func say(_ message: String, _ family: IPAddress.Family, isEnabled: Bool) {
    events.append(
      EventRecord(
        ObjectReference("Service", service.metadata),
        isEnabled ? "TopologyAwareHintsEnabled" : "TopologyAwareHintsDisabled",
        "\(message), addressType: \(family.name)", from: "endpoint-slice-controller",
        type: isEnabled ? .normal : .warning))
  }

  private mutating func allocateHints(_ packer: inout SlicePacker, _ family: IPAddress.Family) {
    let own = packer.indices(of: family)
    let untouched = drafts.filter { draft in
      draft.slice.addressType == family.name
        && !packer.updated.contains { $0.id == draft.id }
        && !packer.deleted.contains { $0.id == draft.id }
    }
    let contents =
      own.updated.map { packer.updated[$0].result }
      + own.created.map { packer.created[$0].endpoints }
    var hints = TopologyHints(
      written: contents, unchanged: untouched.map(\.slice.endpoints))
    do {
      let counts = try hints.allocate(state.shares)
      if state.hintCounts[family] == nil {
        say("Topology Aware Hints has been enabled", family, isEnabled: true)
      }
      state.hintCounts[family] = counts
      packer.settle(hints.written, own, also: hints.spoiled.map { untouched[$0] })
    } catch {
      state.hintCounts[family] = nil
      say(error.message, family, isEnabled: false)
      // None keeps a hint.
      let hinted = untouched.filter { $0.slice.endpoints.contains { !$0.zoneHints.isEmpty } }
      let bare = (contents + hinted.map(\.slice.endpoints)).map { endpoints in
        endpoints.map { endpoint in
          var endpoint = endpoint
          endpoint.zoneHints = []
          endpoint.nodeHints = []
          return endpoint
        }
      }
      packer.settle(bare, own, also: hinted)
    }
  }

  private mutating func ports(of pod: Pod) -> [EndpointSlice.Port] {
    if let portCache, portCache.spec === pod.spec { return portCache.ports }
    let ports = TargetPorts.resolve(service.ports, in: pod.spec.value)
    portCache = (pod.spec, ports)
    return ports
  }

  // MARK: The writes

  private mutating func write(_ packer: SlicePacker) -> [Write] {
    var writes: [Write] = []
    for draft in packer.updated {
      var update = draft.update
      update.trigger = state.trigger
      for endpoint in update.added {
        if let uid = endpoint.targetRef?.uid { state.locate(uid, in: draft.id) }
      }
      state.generations[draft.id] = draft.slice.metadata.generation + 1
      writes.append(Write(.slice(draft.id, update)))
    }
    for new in packer.created { writes.append(Write(.create(.endpointSlice(makeSlice(new))))) }
    for draft in packer.deleted {
      state.dropped.insert(draft.id)
      writes.append(Write(.delete(.endpointSlice(draft.slice))))
    }
    return writes
  }

  private mutating func makeSlice(_ new: SlicePacker.NewSlice) -> EndpointSlice {
    let name = service.metadata.name
    var metadata = ObjectMeta(
      name: names.name(from: "\(name)-"), namespace: service.metadata.namespace,
      labels: SliceUpdate.labels(of: service))
    metadata.generateName = "\(name)-"
    metadata.ownerReferences = [
      OwnerReference(apiVersion: "v1", kind: "Service", name: name, uid: service.metadata.uid)
    ]
    if let trigger = state.trigger {
      metadata.annotations[SliceUpdate.triggerAnnotation] = "\(trigger)"
    }
    var slice = EndpointSlice(metadata: metadata, addressType: new.key.family.name)
    slice.ports = new.key.ports
    slice.endpoints = new.endpoints
    return slice
  }
}

/// Which numbers a Service's target ports are in one pod (FindPort).
enum TargetPorts {
  static func resolve(_ ports: [ServicePort], in spec: PodSpec) -> [EndpointSlice.Port] {
    let resolved = ports.compactMap { port -> EndpointSlice.Port? in
      guard let number = number(of: port, in: spec) else { return nil }
      return EndpointSlice.Port(
        name: port.name, transport: port.transport, port: number, appProtocol: port.appProtocol)
    }
    return resolved.sorted()
  }

  private static func number(of port: ServicePort, in spec: PodSpec) -> Int? {
    switch port.targetPort {
    case .integer(let number): return number
    case .string(let name):
      let sidecars = spec.initContainers.filter { $0.restartPolicy == "Always" }
      for container in spec.containers + sidecars {
        for candidate in container.ports
        where candidate.name == name && candidate.transport == port.transport {
          return candidate.containerPort
        }
      }
      return nil
    }
  }
}
