import ClusterModel
import SimulationCore

/// Probes (pkg/kubelet/prober). A probe whose outcome cannot change by itself is not made: nothing
/// in a healthy cluster makes a later one fail, and quiet costs nothing.
extension ControlPlane {
  /// The container runs: its startup probe comes first, then the others.
  mutating func startProbing(_ id: ObjectID, _ container: Container, _ index: Int32) {
    if container.startupProbe != nil {
      startProbing(id, .startup, container, index)
    } else {
      probeReadiness(id, container, index)
    }
  }

  private mutating func probeReadiness(_ id: ObjectID, _ container: Container, _ index: Int32) {
    startProbing(id, .readiness, container, index)
    startProbing(id, .liveness, container, index)
  }

  mutating func startProbing(
    _ id: ObjectID, _ kind: ProbeKind, _ container: Container, _ index: Int32
  ) {
    guard let probe = kind.probe(of: container),
      let number = kubelets[id]?.startProbeRun(kind, index)
    else { return }
    let delay = Int64(max(0, probe.initialDelaySeconds))
    planProbe(id, kind, index, number, at: now + .seconds(delay) + .milliseconds(1))
  }

  private mutating func planProbe(
    _ id: ObjectID, _ kind: ProbeKind, _ index: Int32, _ number: UInt32, at time: Instant
  ) {
    if kind == .readiness { kubelets[id]?.nextProbe = time }
    schedule(id, .probe(kind, index, run: number), at: time)
  }

  /// The annotations of a running pod have changed, and with them perhaps what its probes find.
  mutating func probeAgain(_ id: ObjectID, _ pod: Pod) {
    guard kubelets[id]?.phase == .running else { return }
    if !pod.spec.value.hasProbes { return }
    for index in 0..<Int32(pod.spec.value.containerCount) {
      guard let (container, isInit) = pod.spec.value.container(index),
        !isInit || container.isSidecar, pod.containerStatus(index)?.hasStarted == true
      else { continue }
      for kind in [ProbeKind.readiness, .liveness] { probeAgain(id, kind, container, index) }
    }
  }

  /// Somewhere in the period: the probing has gone on all the time.
  private mutating func probeAgain(
    _ id: ObjectID, _ kind: ProbeKind, _ container: Container, _ index: Int32
  ) {
    guard let probe = kind.probe(of: container),
      kubelets[id]?.probes.contains(where: { $0.kind == kind && $0.container == index }) == false,
      let number = kubelets[id]?.startProbeRun(kind, index)
    else { return }
    let period = Duration.seconds(Int64(max(1, probe.periodSeconds)))
    let delay = kubelets.random.duration(from: .milliseconds(1), through: period)
    planProbe(id, kind, index, number, at: now + delay)
  }

  /// The processes have been told to stop: liveness is of no interest any more, readiness is.
  mutating func probeStopping(_ id: ObjectID, _ pod: Pod) {
    kubelets[id]?.probes.removeAll { $0.kind != .readiness }
    for index in 0..<Int32(pod.spec.value.containerCount)
    where pod.containerStatus(index)?.isReady == true {
      guard let (container, isInit) = pod.spec.value.container(index),
        !isInit || container.isSidecar
      else { continue }
      probeAgain(id, .readiness, container, index)
    }
  }

  mutating func probe(
    _ id: ObjectID, _ pod: Pod, _ kind: ProbeKind, _ index: Int32, _ number: UInt32
  ) {
    guard let (container, isInit) = pod.spec.value.container(index),
      let probe = kind.probe(of: container),
      case .running(let startedAt) = pod.containerStatus(index)?.state,
      var worker = kubelets[id], let run = worker.probeRun(kind, index, number)
    else { return }
    let failure = failure(of: probe, kind, id, pod, since: startedAt)
    worker.probes[run].successes = failure == nil ? worker.probes[run].successes + 1 : 0
    worker.probes[run].failures = failure == nil ? 0 : worker.probes[run].failures + 1
    let (successes, failures) = (worker.probes[run].successes, worker.probes[run].failures)
    kubelets[id] = worker
    if let failure {
      record(
        pod, "Unhealthy", "\(kind.rawValue) probe failed: \(failure)",
        container: container.name, isInit: isInit, type: .warning)
      if failures == max(1, probe.failureThreshold) {
        if probeFailed(id, pod, kind, index) { return }
      }
    } else if successes >= max(1, probe.successThreshold) {
      kubelets[id]?.probes.removeAll { $0.number == number }
      return probeSucceeded(id, pod, kind, index)
    }
    let period = Int64(max(1, probe.periodSeconds))
    planProbe(id, kind, index, number, at: now + .seconds(period))
  }

  private mutating func probeSucceeded(
    _ id: ObjectID, _ pod: Pod, _ kind: ProbeKind, _ index: Int32
  ) {
    guard let (container, isInit) = pod.spec.value.container(index) else { return }
    let time = api.timestamp(at: now)
    switch kind {
    case .liveness: break
    case .readiness:
      guard pod.containerStatus(index)?.isReady == false else { return }
      api.store.updatePod(id, [.status, .endpoint], at: now) { pod in
        pod.updateContainer(index) { $0.isReady = true }
        PodStatusReport.report(&pod, at: time)
      }
    case .startup:
      api.store.updatePod(id, [.status, .endpoint], at: now) { pod in
        pod.updateContainer(index) { status in
          status.hasStarted = true
          if container.readinessProbe == nil { status.isReady = true }
        }
        PodStatusReport.report(&pod, at: time)
      }
      probeReadiness(id, container, index)
      // What stands behind a sidecar has waited for it.
      if isInit, index + 1 >= kubelets[id]?.startedCount ?? 0, kubelets[id]?.phase == .starting {
        prepareNext(after: index, id)
      }
    }
  }

  /// So many failures in a row that they count; true when that ends the probing.
  private mutating func probeFailed(
    _ id: ObjectID, _ pod: Pod, _ kind: ProbeKind, _ index: Int32
  ) -> Bool {
    guard let (container, isInit) = pod.spec.value.container(index),
      let status = pod.containerStatus(index)
    else { return true }
    switch kind {
    case .readiness:
      guard status.isReady else { return false }
      let time = api.timestamp(at: now)
      api.store.updatePod(id, [.status, .endpoint], at: now) { pod in
        pod.updateContainer(index) { $0.isReady = false }
        PodStatusReport.report(&pod, at: time)
      }
      return false
    case .liveness, .startup:
      kubelets[id]?.forgetProbes(of: index)
      record(
        pod, "Killing",
        "Container \(container.name) failed \(kind.rawValue.lowercased()) probe, will be restarted",
        container: container.name, isInit: isInit)
      let own = kind.probe(of: container)?.other["terminationGracePeriodSeconds"]?.integer
      let grace = Duration.seconds(
        max(1, own ?? Int64(pod.spec.value.terminationGracePeriodSeconds)))
      let shutDown = ContainerLife.shutDown(pod)
      let code: Int32 = shutDown > grace ? 137 : 0
      schedule(
        id, .containerExited(index, code: code, after: status.restartCount),
        at: now + min(shutDown, grace))
      return true
    }
  }

  /// Why the probe fails; nil when it succeeds.
  private func failure(
    of probe: Probe, _ kind: ProbeKind, _ id: ObjectID, _ pod: Pod, since startedAt: Timestamp?
  ) -> String? {
    let annotations = pod.metadata.annotations
    let isUp = isAccepting(pod, since: startedAt) && !(kubelets[id]?.isTold ?? false)
    let isRefused =
      switch kind {
      case .readiness: annotations["kubarium.dev/ready"] == "false"
      case .liveness: annotations["kubarium.dev/alive"] == "false"
      case .startup: false
      }
    if isUp, !isRefused { return nil }
    let address = pod.status.podIP.map { "\($0)" } ?? ""
    let port = probe.action["port"]?.integer.map { "\($0)" } ?? probe.action["port"]?.string ?? ""
    let refused = "dial tcp \(address):\(port): connect: connection refused"
    switch probe.handler {
    case .httpGet:
      if isUp { return "HTTP probe failed with statuscode: 503" }
      return "Get \"http://\(address):\(port)\(probe.action["path"]?.string ?? "/")\": \(refused)"
    case .tcpSocket: return refused
    case .grpc:
      if isUp { return "service unhealthy (responded with \"NOT_SERVING\")" }
      return "timeout: failed to connect service \"\(address):\(port)\" within "
        + "\(probe.timeoutSeconds)s: context deadline exceeded"
    case .exec: return "command failed"
    }
  }

  private func isAccepting(_ pod: Pod, since startedAt: Timestamp?) -> Bool {
    let startUp = KubeletTimings.startUp(pod.metadata.annotations)
    guard startUp > .zero, let startedAt else { return true }
    let started = Instant(
      nanoseconds: (startedAt.seconds - api.startTime.seconds) * 1_000_000_000)
    return now >= started + startUp
  }
}
