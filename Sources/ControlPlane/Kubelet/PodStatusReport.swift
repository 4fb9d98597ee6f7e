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
    let unready = names(spec.containers)
    let hasInit = !spec.initContainers.isEmpty
    pod.status.conditions = [
      Condition(type: "PodReadyToStartContainers", status: .false, lastTransitionTime: time),
      hasInit
        ? Condition(
          type: "Initialized", status: .false, reason: "ContainersNotInitialized",
          message: "containers with incomplete status: [\(names(spec.initContainers))]",
          lastTransitionTime: time)
        : Condition(type: "Initialized", status: .true, lastTransitionTime: time),
      notReady("Ready", unready, time),
      notReady("ContainersReady", unready, time),
      scheduled ?? Condition(type: "PodScheduled", status: .true, lastTransitionTime: time),
    ]
    let reason = hasInit ? "PodInitializing" : "ContainerCreating"
    pod.status.initContainerStatuses = spec.initContainers.map { waiting($0, "PodInitializing") }
    pod.status.containerStatuses = spec.containers.map { waiting($0, reason) }
  }

  private static func names(_ containers: [Container]) -> String {
    containers.map(\.name).joined(separator: " ")
  }

  private static func notReady(_ type: String, _ names: String, _ time: Timestamp) -> Condition {
    Condition(
      type: type, status: .false, reason: "ContainersNotReady",
      message: "containers with unready status: [\(names)]", lastTransitionTime: time)
  }

  private static func waiting(_ container: Container, _ reason: String) -> ContainerStatus {
    var status = ContainerStatus(name: container.name, image: container.image)
    status.state = .waiting(reason: reason, message: "")
    status.hasStarted = false
    status.other["imageID"] = ""
    return status
  }

  static func initStarted(_ pod: inout Pod, _ index: Int, at time: Timestamp) {
    guard pod.status.initContainerStatuses.indices.contains(index) else { return }
    pod.status.initContainerStatuses[index].state = .running(startedAt: time)
    pod.status.initContainerStatuses[index].hasStarted = true
  }

  static func sidecarStarted(_ pod: inout Pod, _ index: Int, at time: Timestamp) {
    initStarted(&pod, index, at: time)
    guard pod.status.initContainerStatuses.indices.contains(index) else { return }
    pod.status.initContainerStatuses[index].isReady = true
    initialize(&pod, at: time)
  }

  static func initDone(_ pod: inout Pod, _ index: Int, at time: Timestamp) {
    guard pod.status.initContainerStatuses.indices.contains(index) else { return }
    var started: Timestamp?
    if case .running(let time) = pod.status.initContainerStatuses[index].state { started = time }
    pod.status.initContainerStatuses[index].state = .terminated(
      .init(exitCode: 0, reason: "Completed", startedAt: started, finishedAt: time))
    pod.status.initContainerStatuses[index].isReady = true
    pod.status.initContainerStatuses[index].hasStarted = false
    initialize(&pod, at: time)
  }

  private static func initialize(_ pod: inout Pod, at time: Timestamp) {
    guard pod.status.initContainerStatuses.allSatisfy(\.isReady) else { return }
    pod.status.conditions.set(
      Condition(type: "Initialized", status: .true, lastTransitionTime: time))
  }

  static func containerStarted(_ pod: inout Pod, _ index: Int, at time: Timestamp) {
    guard pod.status.containerStatuses.indices.contains(index) else { return }
    if case .terminated = pod.status.containerStatuses[index].state {
      pod.status.containerStatuses[index].lastState = pod.status.containerStatuses[index].state
    }
    if case .terminated = pod.status.containerStatuses[index].lastState {
      pod.status.containerStatuses[index].restartCount += 1
    }
    pod.status.containerStatuses[index].state = .running(startedAt: time)
    let container = pod.spec.value.containers[index]
    let waitsForStart = container.startupProbe != nil
    pod.status.containerStatuses[index].hasStarted = !waitsForStart
    pod.status.containerStatuses[index].isReady =
      !waitsForStart && container.readinessProbe == nil
  }

  static func running(_ pod: inout Pod, at time: Timestamp) {
    pod.status.phase = .running
    reportReadiness(&pod, at: time)
  }

  static func ready(_ pod: inout Pod, _ index: Int, at time: Timestamp) {
    guard pod.status.containerStatuses.indices.contains(index) else { return }
    pod.status.containerStatuses[index].isReady = true
    reportReadiness(&pod, at: time)
  }

  /// Ready is ContainersReady and every readiness gate (status/generate.go).
  static func reportReadiness(_ pod: inout Pod, at time: Timestamp) {
    let unready = pod.status.containerStatuses.filter { !$0.isReady }.map(\.name)
    let gates = pod.spec.value.readinessGates.filter { !pod.status.conditions.isTrue($0) }
    if unready.isEmpty {
      pod.status.conditions.set(
        Condition(type: "ContainersReady", status: .true, lastTransitionTime: time))
    } else {
      pod.status.conditions.set(notReady("ContainersReady", unready.joined(separator: " "), time))
    }
    if !unready.isEmpty {
      pod.status.conditions.set(notReady("Ready", unready.joined(separator: " "), time))
    } else if !gates.isEmpty {
      let texts = gates.map {
        "corresponding condition of pod readiness gate \"\($0)\" does not exist."
      }
      pod.status.conditions.set(
        Condition(
          type: "Ready", status: .false, reason: "ReadinessGatesNotReady",
          message: texts.joined(separator: ", "), lastTransitionTime: time))
    } else {
      pod.status.conditions.set(
        Condition(type: "Ready", status: .true, lastTransitionTime: time))
    }
  }

  /// A container has ended. When none is left that runs or will, the pod is over.
  static func ended(
    _ pod: inout Pod, _ index: Int, code: Int, startedAt: Timestamp?, willRestart: Bool,
    at time: Timestamp
  ) {
    pod.status.containerStatuses[index].state = .terminated(
      .init(
        exitCode: code, reason: code == 0 ? "Completed" : "Error", startedAt: startedAt,
        finishedAt: time))
    pod.status.containerStatuses[index].isReady = false
    pod.status.containerStatuses[index].hasStarted = false
    let ends = pod.status.containerStatuses.map { status -> Int? in
      if case .terminated(let end) = status.state { end.exitCode } else { nil }
    }
    guard !willRestart, ends.allSatisfy({ $0 != nil }) else {
      return reportReadiness(&pod, at: time)
    }
    let isFailed = ends.contains { $0 != 0 }
    pod.status.phase = isFailed ? .failed : .succeeded
    let reason = isFailed ? "PodFailed" : "PodCompleted"
    for type in ["Ready", "ContainersReady"] {
      pod.status.conditions.set(
        Condition(type: type, status: .false, reason: reason, lastTransitionTime: time))
    }
    pod.status.conditions.set(
      Condition(
        type: "PodReadyToStartContainers", status: .false, lastTransitionTime: time))
  }

  /// A container waits to be started again.
  static func waitAgain(_ pod: inout Pod, _ index: Int, reason: String, message: String) {
    if case .terminated = pod.status.containerStatuses[index].state {
      pod.status.containerStatuses[index].lastState = pod.status.containerStatuses[index].state
    }
    pod.status.containerStatuses[index].state = .waiting(reason: reason, message: message)
  }

  /// The machine was off: what ran has ended, nobody knows how.
  static func lost(_ pod: inout Pod, at time: Timestamp) {
    for index in pod.status.containerStatuses.indices {
      guard case .running(let since) = pod.status.containerStatuses[index].state else { continue }
      pod.status.containerStatuses[index].state = .terminated(
        .init(exitCode: 255, reason: "Unknown", startedAt: since, finishedAt: time))
      pod.status.containerStatuses[index].isReady = false
      pod.status.containerStatuses[index].hasStarted = false
    }
    pod.status.conditions.set(
      Condition(type: "PodReadyToStartContainers", status: .false, lastTransitionTime: time))
    reportReadiness(&pod, at: time)
  }

  static func exited(_ pod: inout Pod, at time: Timestamp) {
    for index in pod.status.containerStatuses.indices {
      guard case .running(let started) = pod.status.containerStatuses[index].state else { continue }
      pod.status.containerStatuses[index].state = .terminated(
        .init(exitCode: 0, reason: "Completed", startedAt: started, finishedAt: time))
      pod.status.containerStatuses[index].isReady = false
      pod.status.containerStatuses[index].hasStarted = false
    }
    // Every process ended well: since 1.27 the phase says so before the object goes.
    pod.status.phase = .succeeded
    reportReadiness(&pod, at: time)
  }
}
