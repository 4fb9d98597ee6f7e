import ClusterModel
import SimulationCore

/// A pod's way from the delete request to the end of its object.
extension ControlPlane {
  /// The kubelet has seen the deletion: preStop hooks run inside the grace period.
  mutating func stop(_ id: ObjectID, _ pod: Pod) {
    guard let worker = kubelets[id], worker.phase != .stopping, worker.phase != .gone else {
      return
    }
    kubelets[id]?.phase = .stopping
    let running = (0..<Int32(pod.spec.value.containerCount)).filter {
      pod.containerStatus($0)?.isRunning == true
    }
    guard !running.isEmpty else {
      finishStopping(id, after: .zero)
      return
    }
    for index in running {
      guard let (container, isInit) = pod.spec.value.container(index) else { continue }
      record(
        pod, "Killing", saying: .template(.stopping, container.name), container: container.name,
        isInit: isInit)
    }
    let grace = Duration.seconds(Int64(pod.metadata.deletionGracePeriodSeconds ?? 30))
    let hooks = min(KubeletTimings.preStop(pod.spec.value), grace)
    take(.terminate, of: id, after: hooks)
  }

  /// SIGTERM; SIGKILL follows when the grace period is used up, at the earliest after two seconds.
  mutating func terminate(_ id: ObjectID, _ pod: Pod) {
    guard let worker = kubelets[id], worker.phase == .stopping else { return }
    if worker.isServing { kubelets.signals.append(signal(.draining, worker)) }
    kubelets[id]?.isTold = true
    probeStopping(id, pod)
    let shutDown = min(ContainerLife.shutDown(pod), Self.timeLeft(pod))
    take(.exited, of: id, after: shutDown)
  }

  /// What is left of the grace period at SIGTERM.
  private static func timeLeft(_ pod: Pod) -> Duration {
    let grace = Duration.seconds(Int64(pod.metadata.deletionGracePeriodSeconds ?? 30))
    return max(grace - min(KubeletTimings.preStop(pod.spec.value), grace), .seconds(2))
  }

  /// The containers have ended; sidecars are stopped after them, the last one first.
  mutating func exited(_ id: ObjectID, _ worker: PodWorker) {
    guard let pod = store.pods[id] else { return }
    if worker.isServing { kubelets.signals.append(signal(.stopped, worker)) }
    kubelets[id]?.isServing = false
    kubelets[id]?.probes = []
    let time = api.timestamp(at: now)
    // What runs to its end dies of the signal; a server shuts down.
    let told = pod.spec.value.restartPolicy == "Always" ? 0 : 143
    let code = ContainerLife.shutDown(pod) > Self.timeLeft(pod) ? 137 : told
    let sidecars = pod.sidecars.filter { pod.containerStatus($0)?.isRunning == true }
    let others = (0..<Int32(pod.spec.value.containerCount)).filter { !sidecars.contains($0) }
    api.store.updatePod(id, [.status, .endpoint], at: now) { pod in
      PodStatusReport.exited(&pod, others, code: code, isOver: true, at: time)
    }
    if sidecars.isEmpty {
      let isInstant = KubeletTimings.isInstant(pod.metadata.annotations)
      finishStopping(id, after: isInstant ? .zero : KubeletTimings.cleanUp(&kubelets.random))
    } else {
      schedule(id, .sidecarsExited, at: now + .milliseconds(300) * Int64(sidecars.count))
    }
  }

  /// Nothing of the pod runs any more.
  mutating func sidecarsExited(_ id: ObjectID, _ worker: PodWorker) {
    let time = api.timestamp(at: now)
    api.store.updatePod(id, [.status, .endpoint], at: now) { pod in
      PodStatusReport.exited(&pod, pod.sidecars, code: 0, isOver: true, at: time)
    }
    if store.pods[id]?.metadata.isTerminating == true {
      finishStopping(id, after: KubeletTimings.cleanUp(&kubelets.random))
    } else {
      removeTraces(of: worker)
    }
  }

  private mutating func finishStopping(_ id: ObjectID, after delay: Duration) {
    take(.finalize, of: id, after: delay)
  }

  /// What takes no time happens before anybody else hears of its cause.
  private mutating func take(_ step: PodStep, of id: ObjectID, after delay: Duration) {
    if delay > .zero { return schedule(id, step, at: now + delay) }
    kubeletStep(id, step, kubelets[id]?.life ?? 0)
  }

  /// The last word of the kubelet: delete with no grace left.
  mutating func finalize(_ id: ObjectID, _ worker: PodWorker) {
    removeTraces(of: worker)
    api.finishDeletion(ofPod: id, at: now)
  }

  /// Ends the processes, takes the network down and gives the addresses back.
  mutating func removeTraces(of worker: PodWorker) {
    // Another pod may bear the name by now, on another node.
    let namesake = store.pods.id(namespace: worker.name.namespace, name: worker.name.name)
    if namesake == nil || namesake == worker.pod {
      if worker.isServing { kubelets.signals.append(signal(.stopped, worker)) }
      if worker.hasSandbox { kubelets.signals.append(signal(.detached, worker)) }
    }
    for address in worker.addresses {
      for pool in kubelets.pools.indices { kubelets.pools[pool].release(address) }
    }
    if let ranges = kubelets.nodes[worker.node]?.addresses.indices {
      for address in worker.addresses {
        for index in ranges { kubelets.nodes[worker.node]?.addresses[index].release(address) }
      }
    }
    if kubelets[worker.pod]?.life == worker.life { kubelets[worker.pod] = nil }
  }
}
