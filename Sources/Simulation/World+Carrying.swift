import ClusterModel
import ControlPlane
import DataPlane
import SimulationCore
import Traffic

/// What goes from the control plane to the other layers, which hear of nothing else.
extension World {
  /// Tells the data plane and the traffic what has been written and what pods' processes have done.
  ///
  /// The data plane delays what its proxies learn; what a kernel or a process does is true at once.
  mutating func carryChanges() {
    for change in controlPlane.takeChanges() { carry(change) }
    if controlPlane.hasSignals {
      for signal in controlPlane.takeSignals() { carry(signal) }
    }
  }

  private mutating func carry(_ change: Change) {
    switch change.kind {
    case .service:
      carryService(change)
      carryToIngress(change)
    case .endpointSlice: carrySlice(change)
    case .node: carryNode(change)
    case .pod, .namespace, .kept:
      carryToPolicies(change)
      if change.kind == .kept { planMeasurement() }
      carryToIngress(change)
    default: break
    }
  }

  private mutating func carryService(_ change: Change) {
    let service = store.services[change.id]
    guard let metadata = change.tombstone ?? service?.metadata else { return }
    // A name that was deleted and made again within one step: only the newest counts.
    let present = store.services[metadata.namespace, metadata.name]
    let isHidden =
      hasImpliedDNS && metadata.name == "kube-dns" && metadata.namespace == "kube-system"
    dataPlane.serviceChanged(
      namespace: metadata.namespace, name: metadata.name, to: isHidden ? nil : present, at: now)
    traffic.serviceChanged(
      namespace: metadata.namespace, name: metadata.name, to: present, at: now)
  }

  private mutating func carrySlice(_ change: Change) {
    guard let metadata = change.tombstone ?? store.endpointSlices[change.id]?.metadata,
      let service = metadata.labels[EndpointSlice.serviceNameLabel]
    else { return }
    let name = NamespacedName(namespace: metadata.namespace, name: service)
    var slices: [EndpointSlice] = []
    for id in store.slices(of: name) {
      if let slice = store.endpointSlices[id] { slices.append(slice) }
    }
    showImpliedDNS(name, slices)
    dataPlane.endpointsChanged(
      namespace: metadata.namespace, service: service, to: slices, at: now)
    launch(name, slices)
  }

  /// Once somebody stands behind it, kube-dns is a Service like others.
  private mutating func showImpliedDNS(_ name: NamespacedName, _ slices: [EndpointSlice]) {
    guard hasImpliedDNS, name.name == "kube-dns", name.namespace == "kube-system",
      slices.contains(where: { !$0.endpoints.isEmpty })
    else { return }
    hasImpliedDNS = false
    dataPlane.serviceChanged(
      namespace: name.namespace, name: name.name,
      to: store.services[name.namespace, name.name], at: now)
  }

  /// How long clients take to hear that a Service works: longer than any proxy.
  private static let launchDelay = Duration.seconds(3)

  private mutating func launch(_ name: NamespacedName, _ slices: [EndpointSlice]) {
    guard !launched.contains(name),
      slices.contains(where: { $0.endpoints.contains(where: \.isReadyOrUnset) })
    else { return }
    launched.insert(name)
    // What is loaded at time zero has been working for a while.
    launches.schedule(name, at: now == .zero ? now : now + Self.launchDelay)
  }

  private mutating func carryNode(_ change: Change) {
    guard let node = store.nodes[change.id] else {
      guard let name = change.tombstone?.name else { return }
      if let index = dataPlane.nodeIndex(named: name) {
        traffic.nodeUnavailable(index, at: now)
      }
      dataPlane.detachNode(named: name)
      return
    }
    // It is back on the network when its kubelet says so.
    if controlPlane.isCrashed(change.id) { return }
    let isNew = dataPlane.nodeIndex(named: node.metadata.name) == nil
    let index = dataPlane.attachNode(node)
    let isHeld = stoppedProxies.contains { $0.node == node.metadata.name }
    if isNew, now > .zero, !isHeld { dataPlane.startProxy(on: index, at: now) }
    let addresses = [IPAddress.Family.ipv4, .ipv6].compactMap { node.internalIP($0) }
    let takesRequests =
      node.isReady && !addresses.isEmpty
      && node.metadata.labels["node.kubernetes.io/exclude-from-external-load-balancers"] == nil
    if takesRequests {
      traffic.nodeAvailable(index, addresses: addresses, at: now)
    } else {
      traffic.nodeUnavailable(index, at: now)
    }
  }

  private mutating func carry(_ signal: PodSignal) {
    let (namespace, name) = (signal.name.namespace, signal.name.name)
    switch signal.kind {
    case .attached:
      guard let pod = store.pods[signal.pod], let node = dataPlane.nodeIndex(named: pod.nodeName)
      else { return }
      dataPlane.attachPod(pod, on: node)
      dataPlane.podLabelled(pod, at: now)
    case .started:
      if signal.time > now {
        startingPods.schedule(signal, at: signal.time)
      } else {
        started(signal)
      }
    case .draining: traffic.podDraining(namespace: namespace, name: name, at: now)
    case .restarting:
      traffic.podStopped(namespace: namespace, name: name, keepsAddress: true, at: now)
    case .stopped: traffic.podStopped(namespace: namespace, name: name, at: now)
    case .detached:
      let freed = dataPlane.addresses(ofPod: name, in: namespace)
      dataPlane.detachPod(namespace: namespace, name: name)
      dataPlane.podUnlabelled(freed, at: now)
    }
  }

  /// The pod's processes accept connections now, unless they have been told to stop meanwhile.
  mutating func started(_ signal: PodSignal) {
    guard let pod = store.pods[signal.pod], !pod.metadata.isTerminating,
      controlPlane.isServing(signal.pod),
      let node = dataPlane.nodeIndex(named: pod.nodeName)
    else { return }
    traffic.podStarted(pod, workload: controlPlane.api.store.workload(of: pod), on: node, at: now)
  }

  /// The name of what controls a pod: a Deployment rather than its ReplicaSet.
  public func workload(of pod: Pod) -> String {
    controlPlane.api.store.workload(of: pod)
  }
}
