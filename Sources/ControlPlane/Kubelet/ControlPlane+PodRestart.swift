import ClusterModel
import SimulationCore

/// Containers that end while their pod goes on.
extension ControlPlane {
  /// The first wait after a container's end (pkg/kubelet, MaxContainerBackOff and its base).
  private static let firstBackOff = Duration.seconds(10)
  private static let longestBackOff = Duration.seconds(300)

  /// Lets the main container of a running pod fail.
  public mutating func crashPod(namespace: String, name: String) throws(APIError) {
    guard let id = store.pods.id(namespace: namespace, name: name), let pod = store.pods[id] else {
      throw .notFound(.pods, name)
    }
    let running = pod.status.containerStatuses.indices.filter {
      if case .running = pod.status.containerStatuses[$0].state { true } else { false }
    }
    let containers = pod.spec.value.containers
    let main = running.first { containers.indices.contains($0) && !containers[$0].ports.isEmpty }
    guard let place = main ?? running.first, let worker = kubelets[id], worker.phase != .gone else {
      throw APIError(.badRequest, "pod \(name) does not run")
    }
    let index = Int32(pod.spec.value.initContainers.count + place)
    processEnded(id, pod, place)
    // The kubelet looks at its containers once a second.
    let delay = kubelets.random.duration(from: .milliseconds(10), through: .seconds(1))
    let restarts = pod.status.containerStatuses[place].restartCount
    schedule(id, .containerExited(index, code: 1, after: restarts), at: now + delay)
  }

  /// Packets notice the end of a process at once, if it is the one that serves.
  private mutating func processEnded(_ id: ObjectID, _ pod: Pod, _ place: Int) {
    guard let worker = kubelets[id], worker.isServing else { return }
    let containers = pod.spec.value.containers
    let servers = containers.indices.filter { !containers[$0].ports.isEmpty }
    guard servers.isEmpty || servers.contains(place) else { return }
    kubelets[id]?.isServing = false
    kubelets.signals.append(signal(.restarting, worker))
  }

  /// The kubelet has found a container ended.
  mutating func containerExited(
    _ id: ObjectID, _ pod: Pod, _ index: Int32, _ code: Int32, after restarts: Int
  ) {
    let place = Int(index) - pod.spec.value.initContainers.count
    guard pod.status.containerStatuses.indices.contains(place),
      pod.status.containerStatuses[place].restartCount == restarts,
      case .running(let startedAt) = pod.status.containerStatuses[place].state
    else { return }
    processEnded(id, pod, place)
    kubelets[id]?.forgetProbes(of: index)
    let time = api.timestamp(at: now)
    let policy = pod.spec.value.restartPolicy
    let restarts = policy == "Always" || (policy == "OnFailure" && code != 0)
    api.store.updatePod(id, [.status, .endpoint], at: now) { pod in
      PodStatusReport.ended(
        &pod, place, code: Int(code), startedAt: startedAt, willRestart: restarts, at: time)
    }
    if restarts { return waitOrRestart(id, index) }
    if api.store.pods[id]?.isTerminal == true, let worker = kubelets[id] {
      removeTraces(of: worker)
    }
  }

  /// A container that has been started anew lately has to wait.
  private mutating func waitOrRestart(_ id: ObjectID, _ index: Int32) {
    guard var worker = kubelets[id] else { return }
    let place = worker.historyIndex(of: index)
    worker.histories[place].ended = now
    // One that ran for twice the longest wait is taken for healed.
    if worker.histories[place].backOff != nil,
      now - worker.histories[place].restarted > Self.longestBackOff * 2
    {
      worker.histories[place].backOff = nil
    }
    let waits = worker.histories[place].backOff != nil
    kubelets[id] = worker
    if waits { backOff(id, index) } else { restart(id, index) }
  }

  private mutating func restart(_ id: ObjectID, _ index: Int32) {
    guard var worker = kubelets[id] else { return }
    let place = worker.historyIndex(of: index)
    let next = worker.histories[place].backOff.map { min($0 * 2, Self.longestBackOff) }
    worker.histories[place].backOff = next ?? Self.firstBackOff
    worker.histories[place].restarted = now
    kubelets[id] = worker
    prepareContainer(id, index)
  }

  private mutating func backOff(_ id: ObjectID, _ index: Int32) {
    guard let pod = store.pods[id] else { return }
    let place = Int(index) - pod.spec.value.initContainers.count
    guard pod.spec.value.containers.indices.contains(place) else { return }
    let container = pod.spec.value.containers[place].name
    record(
      pod, "BackOff",
      "Back-off restarting failed container \(container) in pod \(Self.identity(of: pod))",
      container: container, type: .warning)
    // A pod with an error is looked at again after ten to fifteen seconds (pod_workers.go).
    let delay = kubelets.random.duration(from: .seconds(10), through: .seconds(15))
    schedule(id, .resync(index), at: now + delay)
  }

  private static func identity(of pod: Pod) -> String {
    "\(pod.metadata.name)_\(pod.metadata.namespace)(\(pod.metadata.uid))"
  }

  /// The kubelet looks again at a container that waits.
  mutating func resync(_ id: ObjectID, _ pod: Pod, _ index: Int32) {
    let place = Int(index) - pod.spec.value.initContainers.count
    guard pod.status.containerStatuses.indices.contains(place), var worker = kubelets[id] else {
      return
    }
    let history = worker.histories[worker.historyIndex(of: index)]
    guard let wait = history.backOff else { return }
    let message =
      "back-off \(BackOffText.text(wait)) restarting failed "
      + "container=\(pod.status.containerStatuses[place].name) pod=\(Self.identity(of: pod))"
    api.store.updatePod(id, .status, at: now) { pod in
      PodStatusReport.waitAgain(&pod, place, reason: "CrashLoopBackOff", message: message)
    }
    if now - history.ended >= wait { restart(id, index) } else { backOff(id, index) }
  }

  /// A container runs again; when it was the last one missing, the pod serves again.
  mutating func containerRestarted(_ id: ObjectID, _ index: Int32) {
    guard let pod = store.pods[id], let worker = kubelets[id], worker.phase == .running,
      !worker.isServing
    else { return }
    let containers = pod.spec.value.containers
    let servers = containers.indices.filter { !containers[$0].ports.isEmpty }
    for place in servers.isEmpty ? Array(containers.indices) : servers {
      guard place < pod.status.containerStatuses.count,
        case .running = pod.status.containerStatuses[place].state
      else { return }
    }
    startServing(id)
  }
}

extension PodWorker {
  /// Where the container's history is, which begins now if there is none.
  mutating func historyIndex(of container: Int32) -> Int {
    if let index = histories.firstIndex(where: { $0.container == container }) { return index }
    histories.append(ContainerHistory(container: container))
    return histories.count - 1
  }
}

/// Whole seconds as Go prints them: `10s`, `1m20s`, `5m0s`.
enum BackOffText {
  static func text(_ duration: Duration) -> String {
    let seconds = duration.nanoseconds / 1_000_000_000
    return seconds < 60 ? "\(seconds)s" : "\(seconds / 60)m\(seconds % 60)s"
  }
}
