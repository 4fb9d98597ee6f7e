import ClusterModel
import SimulationCore

/// Readiness probes. A pod that has become ready is not probed again: nothing in a healthy
/// cluster makes a later probe fail, and quiet costs nothing.
extension ControlPlane {
  mutating func scheduleFirstProbe(
    _ id: ObjectID, _ pod: Pod, _ container: Container, _ index: Int32
  ) {
    let delay = Int64(max(0, container.readinessProbe?.initialDelaySeconds ?? 0))
    let time = now + .seconds(delay) + .milliseconds(1)
    kubelets[id]?.nextProbe = time
    events.schedule(.pod(id, .probe(index)), at: time)
  }

  mutating func probe(_ id: ObjectID, _ pod: Pod, _ index: Int32) {
    let place = Int(index) - pod.spec.value.initContainers.count
    guard pod.spec.value.containers.indices.contains(place),
      pod.status.containerStatuses.indices.contains(place),
      !pod.status.containerStatuses[place].isReady,
      let probe = pod.spec.value.containers[place].readinessProbe,
      case .running(let startedAt) = pod.status.containerStatuses[place].state
    else { return }
    let isUp = isAccepting(pod, since: startedAt)
    let successes = isUp ? (kubelets[id]?.successes ?? 0) + 1 : 0
    kubelets[id]?.successes = successes
    if isUp, successes >= probe.successThreshold {
      kubelets[id]?.successes = 0
      let time = api.timestamp(at: now)
      api.store.updatePod(id, [.status, .endpoint], at: now) { pod in
        PodStatusReport.ready(&pod, place, at: time)
      }
      return
    }
    if !isUp { reportUnhealthy(pod, place, probe) }
    let period = Int64(max(1, probe.periodSeconds))
    kubelets[id]?.nextProbe = now + .seconds(period)
    events.schedule(.pod(id, .probe(index)), at: now + .seconds(period))
  }

  private func isAccepting(_ pod: Pod, since startedAt: Timestamp?) -> Bool {
    let startUp = KubeletTimings.startUp(pod.metadata.annotations)
    guard startUp > .zero, let startedAt else { return true }
    let started = Instant(
      nanoseconds: (startedAt.seconds - api.startTime.seconds) * 1_000_000_000)
    return now >= started + startUp
  }

  private mutating func reportUnhealthy(_ pod: Pod, _ place: Int, _ probe: Probe) {
    let address = pod.status.podIP.map { "\($0)" } ?? ""
    let port = probe.action["port"]?.integer.map { "\($0)" } ?? probe.action["port"]?.string ?? ""
    let path = probe.action["path"]?.string ?? "/"
    let refused = "dial tcp \(address):\(port): connect: connection refused"
    let text =
      switch probe.handler {
      case .httpGet: "Get \"http://\(address):\(port)\(path)\": \(refused)"
      case .tcpSocket: refused
      case .grpc: "timeout: failed to connect service \"\(address):\(port)\" within 1s: context deadline exceeded"
      case .exec: "command failed"
      }
    record(
      pod, "Unhealthy", "Readiness probe failed: \(text)",
      container: pod.spec.value.containers[place].name, type: .warning)
  }
}
