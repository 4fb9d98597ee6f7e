import ClusterModel
import SimulationCore

/// Takes objects as they stand: what a real cluster printed goes on from there.
extension ControlPlane {
  /// Puts an object that carries its status into the store, unchanged.
  ///
  /// Only for time zero, before anything has happened.
  public mutating func load(_ object: StoredObject) {
    var object = object
    if object.metadata.uid == .none { object.metadata.uid = api.names.uid() }
    if object.metadata.creationTimestamp == nil {
      object.metadata.creationTimestamp = api.timestamp(at: now)
    }
    if case .namespace(var namespace) = object {
      namespace.metadata.labels["kubernetes.io/metadata.name"] = namespace.metadata.name
      object = .namespace(namespace)
    }
    if case .service(let service) = object { api.occupyResources(of: service) }
    let version = object.metadata.resourceVersion
    let id = api.store.load(object, at: now)
    if version != 0 { api.store.keepVersion(version, of: object.resource, id) }
    if case .pod(let pod) = object { adopt(id, pod) }
  }

  /// Takes a loaded pod over: its addresses are taken, its processes run if its status says so.
  private mutating func adopt(_ id: ObjectID, _ pod: Pod) {
    guard pod.isBound, !pod.isTerminal,
      let node = api.store.nodes.id(namespace: "", name: pod.nodeName)
    else { return }
    let isRunning = pod.status.phase == .running && pod.status.podIP != nil
    guard isRunning else { return }
    ensureAgent(of: node)
    for address in pod.status.podIPs {
      kubelets.nodes[node]?.occupy(address)
      if !pod.spec.value.hostNetwork {
        for pool in kubelets.pools.indices { kubelets.pools[pool].occupy(address, on: node) }
      }
    }
    takeOver(id, node, pod.status.podIPs)
    probeUnready(id, pod)
    if pod.metadata.isTerminating { stop(id, pod) }
  }

  /// The kubelet of `node` looks after a pod whose processes run.
  mutating func takeOver(_ id: ObjectID, _ node: ObjectID, _ addresses: [IPAddress]) {
    guard let pod = api.store.pods[id] else { return }
    for containers in [pod.spec.value.containers, pod.spec.value.initContainers] {
      for index in containers.indices {
        let image = kubelets.number(ofImage: containers[index].image)
        kubelets.nodes[node]?.images.insert(image)
      }
    }
    var worker = PodWorker(pod: id, node: node, name: NamespacedName(pod.metadata))
    worker.phase = .running
    worker.hasSandbox = true
    worker.isServing = true
    worker.addresses = pod.spec.value.hostNetwork ? [] : addresses
    worker.startedCount = Int32(
      pod.spec.value.initContainers.count + pod.spec.value.containers.count)
    kubelets.addWorker(worker)
    kubelets.signals.append(signal(.attached, worker))
    kubelets.signals.append(signal(.started, worker))
  }

  /// Containers that were not ready yet are probed on.
  private mutating func probeUnready(_ id: ObjectID, _ pod: Pod) {
    let first = pod.spec.value.initContainers.count
    for (index, container) in pod.spec.value.containers.enumerated() {
      guard container.readinessProbe != nil, index < pod.status.containerStatuses.count,
        !pod.status.containerStatuses[index].isReady
      else { continue }
      startProbing(id, container, Int32(first + index))
    }
  }

  /// Gives loaded nodes without a block of pod addresses the next free one, in order.
  public mutating func assignPodCIDRs() {
    var allocators = settings.podSubnets.map { NodeCIDRAllocator(subnet: $0) }
    for index in allocators.indices {
      for services in settings.serviceSubnets { allocators[index].occupy(services) }
      for node in api.store.nodes.list() {
        for block in node.podCIDRs { allocators[index].occupy(block) }
      }
    }
    for id in api.store.nodes.ids where api.store.nodes[id]?.podCIDRs.isEmpty ?? false {
      let blocks = allocators.indices.compactMap { allocators[$0].allocateNext() }
      api.store.updateNode(id, .spec, at: now) { $0.podCIDRs = blocks }
    }
  }

  /// What pods' processes have done since this was last asked.
  public mutating func takeSignals() -> [PodSignal] {
    guard !kubelets.signals.isEmpty else { return [] }
    let signals = kubelets.signals
    kubelets.signals.removeAll(keepingCapacity: true)
    return signals
  }

  @inlinable public var hasSignals: Bool { !kubelets.signals.isEmpty }
}

extension ObjectStore {
  mutating func load(_ object: StoredObject, at time: Instant) -> ObjectID {
    switch object {
    case .namespace(let object): insert(object, at: time)
    case .node(let object): insert(object, at: time)
    case .pod(let object): insert(object, at: time)
    case .replicaSet(let object): insert(object, at: time)
    case .deployment(let object): insert(object, at: time)
    case .service(let object): insert(object, at: time)
    case .endpointSlice(let object): insert(object, at: time)
    case .event(let object): insert(object, at: time)
    case .kept(let object): insert(object, at: time)
    }
  }
}

extension ControlPlane {
  /// The node as its kubelet would have registered it, at the next free address of `subnet`.
  public func registered(_ node: Node, in subnet: CIDR) -> Node {
    var node = node
    let taken = Set(store.nodes.list().compactMap { $0.internalIP() })
    var address = subnet.network.advanced(by: 10)
    while taken.contains(address) { address = address.advanced(by: 1) }
    for (key, value) in [
      ("kubernetes.io/hostname", node.metadata.name), ("kubernetes.io/os", "linux"),
      ("kubernetes.io/arch", "amd64"),
    ] where node.metadata.labels[key] == nil {
      node.metadata.labels[key] = value
    }
    NodeMaker.report(
      &node, addresses: [address], capacity: NodeGroup.defaultCapacity, at: api.timestamp(at: now))
    return node
  }
}
