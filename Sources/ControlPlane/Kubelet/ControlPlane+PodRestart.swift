import ClusterModel
import SimulationCore

/// Containers that end while their pod goes on.
extension ControlPlane {
  /// The first wait after a container's end (pkg/kubelet, MaxContainerBackOff and its base).
  static let firstBackOff = Duration.seconds(10)
  static let longestBackOff = Duration.seconds(300)

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
    processEnded(id, pod, index)
    // The kubelet looks at its containers once a second.
    let delay = kubelets.random.duration(from: .milliseconds(10), through: .seconds(1))
    let restarts = pod.status.containerStatuses[place].restartCount
    schedule(id, .containerExited(index, code: 1, after: restarts), at: now + delay)
  }

  /// Packets notice the end of a process at once, if it is the one that serves.
  private mutating func processEnded(_ id: ObjectID, _ pod: Pod, _ index: Int32) {
    let place = Int(index) - pod.spec.value.initContainers.count
    guard let worker = kubelets[id], worker.isServing, place >= 0 else { return }
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
    guard let (container, isInit) = pod.spec.value.container(index),
      let status = pod.containerStatus(index), status.restartCount == restarts, status.isRunning
    else { return }
    let isPlainInit = isInit && !container.isSidecar
    processEnded(id, pod, index)
    kubelets[id]?.forgetProbes(of: index)
    let time = api.timestamp(at: now)
    if isPlainInit, code == 0 {
      api.store.updatePod(id, .status, at: now) { pod in
        PodStatusReport.initDone(&pod, index, at: time)
        PodStatusReport.report(&pod, at: time)
      }
      return prepareNext(after: index, id)
    }
    api.store.updatePod(id, [.status, .endpoint], at: now) { pod in
      pod.updateContainer(index) { $0.end(Int(code), at: time) }
      PodStatusReport.report(&pod, at: time)
    }
    if container.isSidecar, isInit { return waitOrRestart(id, index) }
    let policy = pod.spec.value.restartPolicy
    let isStartedAgain =
      policy == "Always" && !isPlainInit || (policy != "Never" && code != 0)
    if isStartedAgain { waitOrRestart(id, index) } else { endPodIfDone(id) }
  }

  /// When the last container is over the sidecars are stopped, and then the pod is over.
  private mutating func endPodIfDone(_ id: ObjectID) {
    guard let pod = store.pods[id], let worker = kubelets[id] else { return }
    if pod.isTerminal { return removeTraces(of: worker) }
    let isDone = pod.status.containerStatuses.allSatisfy { status in
      guard let end = status.termination else { return false }
      return pod.spec.value.restartPolicy == "Never" || end.exitCode == 0
    }
    guard isDone else { return }
    kubelets[id]?.phase = .stopping
    schedule(id, .sidecarsExited, at: now + .milliseconds(300))
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
    guard let pod = store.pods[id], let (container, isInit) = pod.spec.value.container(index) else {
      return
    }
    record(
      pod, "BackOff",
      "Back-off restarting failed container \(container.name) in pod \(Self.identity(of: pod))",
      container: container.name, isInit: isInit, type: .warning)
    // A pod with an error is looked at again after ten to fifteen seconds (pod_workers.go).
    let delay = kubelets.random.duration(from: .seconds(10), through: .seconds(15))
    schedule(id, .resync(index), at: now + delay)
  }

  private static func identity(of pod: Pod) -> String {
    "\(pod.metadata.name)_\(pod.metadata.namespace)(\(pod.metadata.uid))"
  }

  /// The kubelet looks again at a container that waits.
  mutating func resync(_ id: ObjectID, _ pod: Pod, _ index: Int32) {
    guard let status = pod.containerStatus(index), !status.isRunning, var worker = kubelets[id]
    else { return }
    let history = worker.histories[worker.historyIndex(of: index)]
    // It could not be started at all: perhaps it can now.
    guard let wait = history.backOff, history.ended > .zero, status.waitsForRestart else {
      return prepareContainer(id, index)
    }
    let message =
      "back-off \(BackOffText.text(wait)) restarting failed "
      + "container=\(status.name) pod=\(Self.identity(of: pod))"
    let time = api.timestamp(at: now)
    api.store.updatePod(id, .status, at: now) { pod in
      pod.updateContainer(index) { $0.wait("CrashLoopBackOff", message) }
      PodStatusReport.report(&pod, at: time)
    }
    if now - history.ended >= wait { restart(id, index) } else { backOff(id, index) }
  }
}

extension ContainerStatus {
  /// It has ended, and nothing but the back-off keeps it from being started again.
  var waitsForRestart: Bool {
    switch state {
    case .terminated: true
    case .waiting(let reason, _): reason == "CrashLoopBackOff"
    case .running, .none: false
    }
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
