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
    guard worker.startedCount > 0 else {
      finishStopping(id, after: .zero)
      return
    }
    for container in pod.spec.value.containers {
      record(
        pod, "Killing", saying: .template(.stopping, container.name), container: container.name)
    }
    let grace = Duration.seconds(Int64(pod.metadata.deletionGracePeriodSeconds ?? 30))
    let hooks = min(KubeletTimings.preStop(pod.spec.value), grace)
    take(.terminate, of: id, after: hooks)
  }

  /// SIGTERM; SIGKILL follows when the grace period is used up, at the earliest after two seconds.
  mutating func terminate(_ id: ObjectID, _ pod: Pod) {
    guard let worker = kubelets[id], worker.phase == .stopping else { return }
    if worker.isServing { kubelets.signals.append(signal(.draining, worker)) }
    let grace = Duration.seconds(Int64(pod.metadata.deletionGracePeriodSeconds ?? 30))
    let used = min(KubeletTimings.preStop(pod.spec.value), grace)
    let left = max(grace - used, .seconds(2))
    let shutDown = min(KubeletTimings.shutDown(pod.metadata.annotations), left)
    take(.exited, of: id, after: shutDown)
  }

  mutating func exited(_ id: ObjectID, _ worker: PodWorker) {
    if worker.isServing { kubelets.signals.append(signal(.stopped, worker)) }
    kubelets[id]?.isServing = false
    let time = api.timestamp(at: now)
    api.store.updatePod(id, [.status, .endpoint], at: now) { pod in
      PodStatusReport.exited(&pod, at: time)
    }
    let isInstant = KubeletTimings.isInstant(api.store.pods[id]?.metadata.annotations ?? Labels())
    finishStopping(id, after: isInstant ? .zero : KubeletTimings.cleanUp(&kubelets.random))
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
    api.store.remove(.pod, id, at: now)
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
