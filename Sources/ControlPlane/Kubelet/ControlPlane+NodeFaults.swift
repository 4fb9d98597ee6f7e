import ClusterModel
import SimulationCore

/// Nodes that fail and come back.
extension ControlPlane {
  /// From a kubelet's start to the first status it posts.
  private static let kubeletStart = Duration.seconds(1)

  /// What is wrong at the moment, by the nodes' names.
  public var faults: [ActiveFault] {
    store.nodes.sortedIDs().compactMap { id in
      guard let node = store.nodes[id], let silent = kubelets.silent[id] else { return nil }
      return ActiveFault(
        node: node.metadata.name, fault: silent.fault, since: silent.since,
        isHealing: silent.returns != nil)
    }
  }

  /// Whether the node's machine is off.
  public func isCrashed(_ node: ObjectID) -> Bool { kubelets.silent[node]?.fault == .crashed }

  /// Lets a node fail, or fail worse.
  public mutating func fail(_ name: String, _ fault: NodeFault) throws(APIError) {
    guard let id = store.nodes.id(namespace: "", name: name) else { throw .notFound(.nodes, name) }
    if var silent = kubelets.silent[id] {
      // A crashed machine has no kubelet to stop.
      if silent.fault == .crashed, fault == .kubeletStopped, silent.returns == nil { return }
      silent.returns = nil
      if silent.fault != fault, silent.fault != .crashed {
        silent.fault = fault
        silent.since = now
      }
      kubelets.silent[id] = silent
    } else {
      kubelets.silent[id] = SilentKubelet(fault: fault, since: now)
      api.store.leases.stop(id, at: now)
    }
    if fault == .crashed { killEverything(on: id) }
    wake(NodeLifecycleController.component, WorkKey(.node, id))
  }

  /// Starts a node's kubelet again, after its machine if need be.
  public mutating func heal(_ name: String) throws(APIError) {
    guard let id = store.nodes.id(namespace: "", name: name) else { throw .notFound(.nodes, name) }
    guard kubelets.silent[id] != nil, kubelets.silent[id]?.returns == nil else { return }
    let time = now + Self.kubeletStart
    kubelets.silent[id]?.returns = time
    recordOnNode(id, "Starting", "Starting kubelet.")
    events.schedule(.kubeletReturns(id), at: time)
  }

  mutating func recordOnNode(
    _ id: ObjectID, _ reason: String, _ message: String, type: Event.EventType = .normal
  ) {
    guard let node = store.nodes[id] else { return }
    api.record(
      EventRecord(
        ObjectReference("Node", node.metadata), reason, message, from: "kubelet", type: type,
        host: node.metadata.name),
      at: now)
  }

  /// The machine is off: processes and network are gone at once, and nobody writes it down.
  mutating func killEverything(on node: ObjectID) {
    let leftovers = kubelets.silent[node]?.leftovers ?? []
    for worker in leftovers { removeTraces(of: worker) }
    kubelets.silent[node]?.leftovers = []
    kubelets.silent[node]?.missed = []
    kubelets.silent[node]?.pulled = []
    kubelets.nodes[node]?.waiting = [:]
    guard let name = store.nodes[node]?.metadata.name else { return }
    for id in store.pods(onNode: name) {
      if let worker = kubelets[id] { removeTraces(of: worker) }
    }
  }

  /// The kubelet works again: it posts its status and looks at every pod of its node.
  mutating func kubeletReturns(_ id: ObjectID) {
    guard let silent = kubelets.silent[id], silent.returns == now, let node = store.nodes[id] else {
      return
    }
    kubelets.silent[id] = nil
    api.store.leases.resume(id)
    let hasCrashed = silent.fault == .crashed
    if hasCrashed {
      recordOnNode(
        id, "Rebooted", "Node \(node.metadata.name) has been rebooted, boot id: \(api.names.uid())",
        type: .warning)
    }
    postStatus(id, node)
    for worker in silent.leftovers { removeTraces(of: worker) }
    for image in silent.pulled { imagePulled(id.slot, image) }
    for missed in silent.missed { schedule(missed.pod, missed.step, at: now) }
    for pod in store.pods(onNode: node.metadata.name) { resume(pod, on: id, isNew: hasCrashed) }
  }

  mutating func postStatus(_ id: ObjectID, _ node: Node) {
    let time = api.timestamp(at: now)
    let wasReady = node.isReady
    api.store.updateNode(id, .status, at: now) { node in
      for report in NodeMaker.heartbeats {
        node.conditions.set(
          Condition(
            type: report.type, status: report.status, reason: report.reason,
            message: report.message, lastTransitionTime: time, lastSeenTime: time))
      }
    }
    if !wasReady {
      let name = node.metadata.name
      recordOnNode(id, "NodeReady", "Node \(name) status is now: NodeReady")
    }
  }

  /// Looks at a pod that the node has had before its kubelet began to work.
  mutating func resume(_ id: ObjectID, on node: ObjectID, isNew: Bool) {
    // One that is over is only of interest when its object is waiting to be let go.
    guard let pod = store.pods[id], !pod.isTerminal || pod.metadata.isTerminating else { return }
    if kubelets[id] == nil {
      kubelets.addWorker(PodWorker(pod: id, node: node, name: NamespacedName(pod.metadata)))
      let hasRun = pod.status.containerStatuses.contains { $0.hasBeenRunning }
      if pod.metadata.isTerminating {
        stop(id, pod)
      } else if isNew, hasRun {
        runAgain(id, pod)
      } else {
        schedule(id, .start, at: now)
      }
      return
    }
    if pod.metadata.isTerminating { stop(id, pod) }
    correctReadiness(id, pod)
  }

  /// Somebody else has written into the status: the kubelet's own report stands.
  private mutating func correctReadiness(_ id: ObjectID, _ pod: Pod) {
    guard pod.status.phase == .running, !pod.isReady else { return }
    let time = api.timestamp(at: now)
    var corrected = pod
    PodStatusReport.reportReadiness(&corrected, at: time)
    guard corrected.isReady else { return }
    api.store.updatePod(id, [.status, .endpoint], at: now) { pod in
      PodStatusReport.reportReadiness(&pod, at: time)
    }
  }

  /// The machine has been off: every container of the pod starts anew in a new sandbox.
  private mutating func runAgain(_ id: ObjectID, _ pod: Pod) {
    let time = api.timestamp(at: now)
    api.store.updatePod(id, [.status, .endpoint], at: now) { pod in
      PodStatusReport.lost(&pod, at: time)
    }
    record(
      pod, "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.")
    schedule(id, .sandboxReady, at: now + KubeletTimings.sandbox(&kubelets.random))
  }
}

extension ContainerStatus {
  var hasBeenRunning: Bool {
    if case .running = state { true } else { restartCount > 0 }
  }
}
