import ClusterModel
import SimulationCore

/// What kubelets do when they hear of a pod.
extension ControlPlane {
  mutating func deliverToKubelets(_ news: Range<Int>) {
    for position in news { kubeletsObserve(api.store.log[position]) }
  }

  private mutating func kubeletsObserve(_ change: Change) {
    if change.kind == .node {
      if change.operation == .deleted { forgetNode(change.id) }
      return
    }
    guard change.kind == .pod else { return }
    let host = kubelets.node(of: change.id)
    guard let pod = api.store.pods[change.id] else {
      // Deleted without its kubelet: the processes are killed at once.
      if let worker = kubelets[change.id] { podVanished(worker) }
      return
    }
    if host == nil {
      guard pod.isBound, !pod.isTerminal,
        let node = api.store.nodes.id(namespace: "", name: pod.nodeName)
      else { return }
      // A kubelet that is back looks at all pods of its node.
      if !kubelets.silent.isEmpty, kubelets.silent[node] != nil { return }
      kubelets.addWorker(
        PodWorker(pod: change.id, node: node, name: NamespacedName(pod.metadata)))
      schedule(change.id, .start, at: now)
    }
    if let host, !kubelets.silent.isEmpty, kubelets.silent[host] != nil { return }
    if pod.metadata.isTerminating, change.aspects.contains(.deletion) { stop(change.id, pod) }
    guard host != nil, change.operation == .updated else { return }
    if change.aspects.contains(.metadata) { probeAgain(change.id, pod) }
    if !pod.spec.value.readinessGates.isEmpty, change.aspects.contains(.status) {
      heedReadinessGates(change.id, pod)
    }
  }

  /// Somebody may have set a condition that the pod's readiness waits for.
  private mutating func heedReadinessGates(_ id: ObjectID, _ pod: Pod) {
    guard pod.status.phase == .running else { return }
    let time = api.timestamp(at: now)
    var corrected = pod
    PodStatusReport.reportReadiness(&corrected, at: time)
    guard corrected.status.conditions != pod.status.conditions else { return }
    api.store.updatePod(id, [.status, .endpoint], at: now) { pod in
      PodStatusReport.reportReadiness(&pod, at: time)
    }
  }

  private mutating func forgetNode(_ id: ObjectID) {
    let leftovers = kubelets.silent[id]?.leftovers ?? []
    kubelets.silent[id] = nil
    for worker in leftovers { removeTraces(of: worker) }
    kubelets.nodes[id] = nil
    kubelets.joining.remove(id)
    for pool in kubelets.pools.indices { kubelets.pools[pool].forget(id) }
    api.store.leases.resume(id)
  }

  /// The object is gone: its kubelet, unless it does not work, ends the processes.
  private mutating func podVanished(_ worker: PodWorker) {
    guard kubelets.silent[worker.node] != nil else { return removeTraces(of: worker) }
    kubelets.silent[worker.node]?.leftovers.append(worker)
    kubelets[worker.pod] = nil
  }

  mutating func schedule(_ id: ObjectID, _ step: PodStep, at time: Instant) {
    events.schedule(.pod(id, step, life: kubelets[id]?.life ?? 0), at: time)
  }

  /// Sees to it that the node's kubelet has begun to work: with its block, if it has one by now.
  mutating func ensureAgent(of node: ObjectID) {
    if let agent = kubelets.nodes[node], !agent.addresses.isEmpty { return }
    let blocks = api.store.nodes[node]?.podCIDRs ?? []
    kubelets.nodes[node, default: NodeAgent(addresses: [])].addresses = blocks.map {
      HostLocalIPAM(ranges: [$0])
    }
  }

  mutating func kubeletStep(_ id: ObjectID, _ step: PodStep, _ life: UInt32) {
    guard let worker = kubelets[id], worker.life == life, let pod = api.store.pods[id] else {
      return
    }
    if !kubelets.silent.isEmpty, kubelets.silent[worker.node] != nil { return miss(step, worker) }
    switch step {
    case .terminate: terminate(id, pod)
    case .exited: exited(id, worker)
    case .finalize: finalize(id, worker)
    case .sidecarsExited: sidecarsExited(id, worker)
    case .probe(.readiness, let index, let run) where worker.phase == .stopping:
      probe(id, pod, .readiness, index, run)
    default:
      guard worker.phase == .starting || worker.phase == .running else { return }
      switch step {
      case .start: start(id, pod, worker)
      case .sandboxReady: sandboxReady(id, pod, worker)
      case .processStarted(let index): processStarted(id, pod, index)
      case .containerStarted(let index): containerStarted(id, pod, index)
      case .probe(let kind, let index, let run): probe(id, pod, kind, index, run)
      case .containerExited(let index, let code, let restarts):
        containerExited(id, pod, index, code, after: restarts)
      case .resync(let index): resync(id, pod, index)
      case .deadline: deadlineExceeded(id, pod, worker)
      case .terminate, .exited, .sidecarsExited, .finalize: break
      }
    }
  }

  /// Nobody takes the step; processes that were told to stop do so all the same.
  private mutating func miss(_ step: PodStep, _ worker: PodWorker) {
    kubelets.silent[worker.node]?.missed.append((worker.pod, step))
    guard step == .exited, worker.isServing else { return }
    kubelets.signals.append(signal(.stopped, worker))
    kubelets[worker.pod]?.isServing = false
  }

  func signal(_ kind: PodSignal.Kind, _ worker: PodWorker) -> PodSignal {
    PodSignal(kind: kind, pod: worker.pod, name: worker.name, time: now)
  }

  mutating func record(
    _ pod: Pod, _ reason: String, _ message: String, container: String? = nil, isInit: Bool = false,
    type: Event.EventType = .normal
  ) {
    record(
      pod, reason, saying: .text(message), container: container, isInit: isInit, type: type)
  }

  mutating func record(
    _ pod: Pod, _ reason: String, saying content: EventMessage, container: String? = nil,
    isInit: Bool = false, type: Event.EventType = .normal
  ) {
    let list = isInit ? "initContainers" : "containers"
    api.record(
      EventRecord(
        ObjectReference("Pod", pod.metadata), reason, saying: content, from: "kubelet", type: type,
        host: pod.nodeName, fieldPath: container.map { "spec.\(list){\($0)}" } ?? ""),
      at: now)
  }
}
