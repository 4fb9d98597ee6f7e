import ClusterModel

/// What the kubelet writes into a pod's status as its life goes on (pkg/kubelet/status).
enum PodStatusReport {
  static func starting(_ pod: inout Pod, hostIPs: [IPAddress], at time: Timestamp) {
    let spec = pod.spec.value
    pod.status.startTime = time
    pod.status.hostIP = hostIPs.first
    pod.status.other["hostIPs"] =
      hostIPs.isEmpty ? nil : .array(hostIPs.map { ["ip": .string("\($0)")] })
    let scheduled = pod.status.conditions[type: "PodScheduled"]
    let hasInit = !spec.initContainers.isEmpty
    let reason = hasInit ? "PodInitializing" : "ContainerCreating"
    pod.status.initContainerStatuses = spec.initContainers.map { waiting($0, "PodInitializing") }
    pod.status.containerStatuses = spec.containers.map { waiting($0, reason) }
    pod.status.conditions = [readyToStart(pod, .false, time)]
    report(&pod, at: time)
    pod.status.conditions.append(
      scheduled ?? condition(pod, "PodScheduled", .true, at: time))
  }

  /// A condition of the pod's present generation (pkg/api/v1/pod/util.go
  /// CalculatePodConditionObservedGeneration).
  private static func condition(
    _ pod: Pod, _ type: String, _ status: Condition.Status, _ reason: String = "",
    _ message: String = "", at time: Timestamp
  ) -> Condition {
    Condition(
      type: type, status: status, reason: reason, message: message, lastTransitionTime: time,
      observedGeneration: pod.observableGeneration)
  }

  /// Whether the pod has its sandbox and network.
  static func readyToStart(
    _ pod: Pod, _ status: Condition.Status, _ time: Timestamp
  ) -> Condition {
    condition(pod, "PodReadyToStartContainers", status, at: time)
  }

  private static func waiting(_ container: Container, _ reason: String) -> ContainerStatus {
    var status = ContainerStatus(name: container.name, image: container.image)
    status.state = .waiting(reason: reason, message: "")
    status.hasStarted = false
    status.other["imageID"] = ""
    return status
  }

  /// A container's process runs.
  static func started(_ pod: inout Pod, _ index: Int32, at time: Timestamp) {
    guard let (container, isInit) = pod.spec.value.container(index) else { return }
    let waits = container.startupProbe != nil && (!isInit || container.isSidecar)
    pod.updateContainer(index) { status in
      if case .terminated = status.state { status.lastState = status.state }
      if case .terminated = status.lastState { status.restartCount += 1 }
      status.state = .running(startedAt: time)
      status.hasStarted = !waits
      status.isReady = !waits && container.readinessProbe == nil && (!isInit || container.isSidecar)
    }
  }

  /// An init container that is over for good counts as ready.
  static func initDone(_ pod: inout Pod, _ index: Int32, at time: Timestamp) {
    pod.updateContainer(index) { status in
      status.end(0, at: time)
      status.isReady = true
    }
  }

  static func containerStarted(_ pod: inout Pod, _ index: Int, at time: Timestamp) {
    started(&pod, Int32(pod.spec.value.initContainers.count + index), at: time)
  }

  static func running(_ pod: inout Pod, at time: Timestamp) { report(&pod, at: time) }

  static func ready(_ pod: inout Pod, _ index: Int, at time: Timestamp) {
    guard pod.status.containerStatuses.indices.contains(index) else { return }
    pod.status.containerStatuses[index].isReady = true
    report(&pod, at: time)
  }

  /// Brings the phase and the conditions in line with the containers.
  static func report(_ pod: inout Pod, isOver: Bool = false, at time: Timestamp) {
    if !pod.isTerminal { pod.status.phase = PodPhase.of(pod, isOver: isOver) }
    pod.status.conditions.set(initialized(pod, time))
    reportReadiness(&pod, at: time)
    if pod.isTerminal { pod.status.conditions.set(readyToStart(pod, .false, time)) }
    let generation = pod.observableGeneration.map(Value.integer)
    if generation != nil, pod.status.other["observedGeneration"] != generation {
      pod.status.other["observedGeneration"] = generation
    }
  }

  /// status/generate.go GeneratePodInitializedCondition.
  private static func initialized(_ pod: Pod, _ time: Timestamp) -> Condition {
    let hasStarted = pod.status.containerStatuses.contains { status in
      switch (status.state, status.lastState) {
      case (.running, _), (.terminated, _), (_, .terminated): true
      default: false
      }
    }
    let containers = pod.spec.value.initContainers
    let missing = containers.indices.filter { place in
      guard place < pod.status.initContainerStatuses.count else { return true }
      let status = pod.status.initContainerStatuses[place]
      return containers[place].isSidecar
        ? status.hasStarted != true : status.termination?.exitCode != 0
    }
    if hasStarted || missing.isEmpty {
      let reason = pod.status.phase == .succeeded ? "PodCompleted" : ""
      return condition(pod, "Initialized", .true, reason, at: time)
    }
    let names = missing.map { containers[$0].name }.joined(separator: " ")
    return condition(
      pod, "Initialized", .false, "ContainersNotInitialized",
      "containers with incomplete status: [\(names)]", at: time)
  }

  /// Ready is ContainersReady and every readiness gate (status/generate.go). Sidecars count.
  static func reportReadiness(_ pod: inout Pod, at time: Timestamp) {
    let containers = containersReady(pod, time)
    let unmet = pod.spec.value.readinessGates.compactMap { gate -> String? in
      guard let condition = pod.status.conditions[type: gate] else {
        return "corresponding condition of pod readiness gate \"\(gate)\" does not exist."
      }
      if condition.status == .true { return nil }
      return "the status of pod readiness gate \"\(gate)\" is not \"True\", but "
        + condition.status.rawValue
    }
    var ready = containers
    ready.type = "Ready"
    if containers.status == .true, !unmet.isEmpty {
      ready.status = .false
      ready.reason = "ReadinessGatesNotReady"
      ready.message = unmet.joined(separator: ", ")
    }
    // In the order in which the kubelet writes them.
    pod.status.conditions.set(ready)
    pod.status.conditions.set(containers)
  }

  private static func containersReady(_ pod: Pod, _ time: Timestamp) -> Condition {
    var condition = condition(pod, "ContainersReady", .false, at: time)
    if pod.isTerminal {
      condition.reason = pod.status.phase == .failed ? "PodFailed" : "PodCompleted"
      return condition
    }
    let sidecars = pod.sidecars.compactMap(pod.containerStatus)
    let unready = (sidecars + pod.status.containerStatuses).filter { !$0.isReady }.map(\.name)
    if unready.isEmpty {
      condition.status = .true
      return condition
    }
    condition.reason = "ContainersNotReady"
    condition.message = "containers with unready status: [\(unready.joined(separator: " "))]"
    return condition
  }

  /// The machine was off: what ran has ended, nobody knows how.
  static func lost(_ pod: inout Pod, at time: Timestamp) {
    for index in 0..<Int32(pod.spec.value.containerCount)
    where pod.containerStatus(index)?.isRunning == true {
      pod.updateContainer(index) { status in
        var since: Timestamp?
        if case .running(let time) = status.state { since = time }
        status.state = .terminated(
          .init(exitCode: 255, reason: "Unknown", startedAt: since, finishedAt: time))
        status.isReady = false
        status.hasStarted = false
      }
    }
    pod.status.conditions.set(readyToStart(pod, .false, time))
    reportReadiness(&pod, at: time)
  }

  /// The processes of these containers have ended, with this code.
  static func exited(
    _ pod: inout Pod, _ containers: [Int32], code: Int, isOver: Bool, at time: Timestamp
  ) {
    for index in containers where pod.containerStatus(index)?.isRunning == true {
      pod.updateContainer(index) { $0.end(code, at: time) }
    }
    report(&pod, isOver: isOver, at: time)
  }
}

extension Pod {
  /// The generation that a status is about; nil for a pod that never had one.
  var observableGeneration: Int64? { metadata.generation > 0 ? metadata.generation : nil }
}

/// pkg/kubelet/kubelet_pods.go getPhase.
enum PodPhase {
  private struct Counts {
    var running = 0
    var waiting = 0
    var stopped = 0
    var succeeded = 0

    init(_ containers: [ContainerStatus]) {
      for status in containers {
        switch (status.state, status.lastState) {
        case (.running, _): running += 1
        case (.terminated(let end), _):
          stopped += 1
          if end.exitCode == 0 { succeeded += 1 }
        case (_, .terminated): stopped += 1
        default: waiting += 1
        }
      }
    }
  }

  /// - Parameter isOver: the pod will not be started again whatever its policy says.
  static func of(_ pod: Pod, isOver: Bool) -> PodStatus.Phase {
    let policy = pod.spec.value.restartPolicy
    let counts = Counts(pod.status.containerStatuses)
    if hasFailedInit(pod), policy == "Never" { return .failed }
    if isInitializing(pod), counts.running + counts.stopped == 0 {
      return isOver ? .failed : .pending
    }
    if counts.waiting > 0 { return isOver ? .failed : .pending }
    // Sidecars end after the others, and the pod with them.
    let hasSidecars = pod.sidecars.contains { pod.containerStatus($0)?.isRunning == true }
    if counts.running > 0 || hasSidecars { return .running }
    if isOver { return counts.stopped == counts.succeeded ? .succeeded : .failed }
    if policy == "Always" { return .running }
    if counts.stopped == counts.succeeded { return .succeeded }
    return policy == "Never" ? .failed : .running
  }

  private static func hasFailedInit(_ pod: Pod) -> Bool {
    zip(pod.spec.value.initContainers, pod.status.initContainerStatuses).contains {
      !$0.isSidecar && ($1.termination?.exitCode ?? 0) != 0
    }
  }

  private static func isInitializing(_ pod: Pod) -> Bool {
    zip(pod.spec.value.initContainers, pod.status.initContainerStatuses).contains {
      $0.isSidecar ? $1.hasStarted != true : $1.termination?.exitCode != 0
    }
  }
}
