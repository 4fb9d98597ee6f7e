import ClusterModel

extension TableMaker {
  func pods(_ pods: [Pod]) -> Table {
    Table(
      "NAME|READY|STATUS|RESTARTS|AGE", wide: "IP|NODE|NOMINATED NODE|READINESS GATES",
      rows: pods.map { pod in
        let summary = PodSummary(pod)
        return [
          pod.metadata.name, "\(summary.ready)/\(summary.total)", summary.status,
          restarts(summary), age(pod.metadata),
          pod.status.podIP?.description ?? "<none>", pod.nodeName.orNone,
          pod.status.nominatedNodeName.orNone, Self.readinessGates(pod),
        ]
      })
  }

  private func restarts(_ summary: PodSummary) -> String {
    guard summary.restarts != 0, let last = summary.lastRestart else {
      return "\(summary.restarts)"
    }
    return "\(summary.restarts) (\(context.age(last)) ago)"
  }

  private static func readinessGates(_ pod: Pod) -> String {
    let gates = pod.spec.value.readinessGates
    guard !gates.isEmpty else { return "<none>" }
    return "\(gates.count { pod.status.conditions.isTrue($0) })/\(gates.count)"
  }
}

/// What a line of `get pods` says of a pod's containers (printers.go printPod).
struct PodSummary {
  private(set) var ready = 0
  private(set) var total: Int
  private(set) var status: String
  private(set) var restarts = 0
  /// When a container last ended and was started again.
  private(set) var lastRestart: Timestamp?

  init(_ pod: Pod) {
    let spec = pod.spec.value
    let sidecars = spec.initContainers.filter { $0.restartPolicy == "Always" }.map(\.name)
    total = spec.containers.count + sidecars.count
    status = pod.status.reason.isEmpty ? pod.status.phase.rawValue : pod.status.reason
    if pod.status.conditions.contains(where: {
      $0.type == "PodScheduled" && $0.reason == "SchedulingGated"
    }) {
      status = "SchedulingGated"
    }
    let isInitializing = readInitContainers(pod, sidecars)
    if !isInitializing || pod.status.conditions.isTrue("Initialized") {
      readContainers(pod, sidecars)
    }
    if pod.metadata.isTerminating {
      if pod.status.reason == "NodeLost" {
        status = "Unknown"
      } else if !pod.isTerminal {
        status = "Terminating"
      }
    }
  }

  /// - Returns: whether one of them has yet to succeed.
  private mutating func readInitContainers(_ pod: Pod, _ sidecars: [String]) -> Bool {
    for (index, container) in pod.status.initContainerStatuses.enumerated() {
      count(container)
      if case .terminated(let end) = container.state, end.exitCode == 0 { continue }
      if sidecars.contains(container.name), container.hasStarted == true {
        if container.isReady { ready += 1 }
        continue
      }
      switch container.state {
      case .terminated(let end): status = "Init:\(Self.reason(of: end))"
      case .waiting(let reason, _) where !reason.isEmpty && reason != "PodInitializing":
        status = "Init:\(reason)"
      case .waiting, .running, .none:
        status = "Init:\(index)/\(pod.spec.value.initContainers.count)"
      }
      return true
    }
    return false
  }

  private mutating func readContainers(_ pod: Pod, _ sidecars: [String]) {
    // Once a pod is initialized, only init containers that run on count.
    (restarts, lastRestart) = (0, nil)
    for container in pod.status.initContainerStatuses where sidecars.contains(container.name) {
      count(container)
    }
    var hasRunning = false
    for container in pod.status.containerStatuses.reversed() {
      count(container)
      switch container.state {
      case .waiting(let reason, _) where !reason.isEmpty: status = reason
      case .terminated(let end): status = Self.reason(of: end)
      case .running where container.isReady:
        hasRunning = true
        ready += 1
      case .waiting, .running, .none: break
      }
    }
    // One container is over and another runs on.
    if status == "Completed", hasRunning { status = pod.isReady ? "Running" : "NotReady" }
  }

  private mutating func count(_ container: ContainerStatus) {
    restarts = restarts.addingReportingOverflow(container.restartCount).partialValue
    if case .terminated(let end) = container.lastState, let time = end.finishedAt {
      lastRestart = max(lastRestart ?? time, time)
    }
  }

  private static func reason(of end: ContainerStatus.Termination) -> String {
    if !end.reason.isEmpty { return end.reason }
    return end.signal != 0 ? "Signal:\(end.signal)" : "ExitCode:\(end.exitCode)"
  }
}

extension String {
  /// The text, or `<none>` for nothing.
  var orNone: String { isEmpty ? "<none>" : self }
  /// The text, or `<unknown>` for nothing.
  var orUnknown: String { isEmpty ? "<unknown>" : self }
  /// The text, or `<unset>` for nothing.
  var orUnset: String { isEmpty ? "<unset>" : self }
}
