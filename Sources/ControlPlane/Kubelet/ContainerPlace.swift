import ClusterModel

/// Containers by their number: init containers first, then the others.
extension PodSpec {
  var containerCount: Int { initContainers.count + containers.count }

  /// Whether a container that runs on is probed for readiness or liveness.
  var hasProbes: Bool {
    Self.hasProbes(containers) || !initContainers.isEmpty && Self.hasProbes(initContainers)
  }

  private static func hasProbes(_ containers: [Container]) -> Bool {
    containers.indices.contains {
      containers[$0].readinessProbe != nil || containers[$0].livenessProbe != nil
    }
  }

  func container(_ index: Int32) -> (container: Container, isInit: Bool)? {
    let place = Int(index)
    if place < initContainers.count { return (initContainers[place], true) }
    let rest = place - initContainers.count
    return rest < containers.count ? (containers[rest], false) : nil
  }
}

extension Pod {
  /// What is reported of a container; nil when nothing is.
  func containerStatus(_ index: Int32) -> ContainerStatus? {
    let first = spec.value.initContainers.count
    let place = Int(index)
    if place < first {
      return place < status.initContainerStatuses.count ? status.initContainerStatuses[place] : nil
    }
    return place - first < status.containerStatuses.count
      ? status.containerStatuses[place - first] : nil
  }

  mutating func updateContainer(_ index: Int32, _ body: (inout ContainerStatus) -> Void) {
    let first = spec.value.initContainers.count
    let place = Int(index)
    if place < first {
      if place < status.initContainerStatuses.count { body(&status.initContainerStatuses[place]) }
    } else if place - first < status.containerStatuses.count {
      body(&status.containerStatuses[place - first])
    }
  }

  /// Init containers that run on beside the others.
  var sidecars: [Int32] {
    let containers = spec.value.initContainers
    return containers.indices.filter { containers[$0].isSidecar }.map { Int32($0) }
  }
}

extension Container {
  /// An init container that runs on beside the others.
  var isSidecar: Bool { restartPolicy == "Always" }
}

extension ContainerStatus {
  var isRunning: Bool { if case .running = state { true } else { false } }

  var termination: Termination? {
    if case .terminated(let end) = state { end } else { nil }
  }

  /// The process has ended with this code.
  mutating func end(_ code: Int, at time: Timestamp) {
    var startedAt: Timestamp?
    if case .running(let since) = state { startedAt = since }
    state = .terminated(
      .init(
        exitCode: code, reason: code == 0 ? "Completed" : "Error", startedAt: startedAt,
        finishedAt: time))
    isReady = false
    hasStarted = false
  }

  /// The process does not run, for this reason; how the last one ended is kept.
  mutating func wait(_ reason: String, _ message: String) {
    if case .terminated = state { lastState = state }
    state = .waiting(reason: reason, message: message)
    isReady = false
    hasStarted = false
  }
}
