import ClusterModel
import ControlPlane
import SimulationCore
import Traffic

/// What pods use, which follows from the requests that they serve.
///
/// A container costs a thousandth of a core when it does nothing, `kubarium.dev/cpu` more whatever
/// it does, and for each request `kubarium.dev/cpu-per-request` of CPU time: without that, its
/// service time. All requests of a pod count for its first container with a port; a CPU limit is
/// never exceeded. Memory is `kubarium.dev/memory`, or 60 % of what the container requests, or
/// 32 Mi.
extension World {
  private static let idleMilliCPU: Int64 = 1
  private static let usualMemory: Int64 = 32 << 20
  /// What a node's own programs use: the kubelet, the runtime, the system.
  private static let systemMilliCPU: Int64 = 90
  private static let systemMemory: Int64 = 620 << 20

  /// What a running pod uses now, by its requests of the last ten seconds; nil for one that has not
  /// run for ten seconds yet.
  public func usage(of id: ObjectID) -> PodUsage? {
    if let held = controlPlane.lastUsage(of: id) { return held }
    return measured(id)
  }

  /// What a node uses: its pods' sum and its own programs.
  public func usage(ofNode name: String) -> (milliCPU: Int64, memory: Int64) {
    var sum = (milliCPU: Self.systemMilliCPU, memory: Self.systemMemory)
    for id in store.pods(onNode: name) {
      guard let usage = usage(of: id) else { continue }
      sum.milliCPU += usage.milliCPU
      sum.memory += usage.memory
    }
    return sum
  }

  /// From the first autoscaler on, pods are measured every fifteen seconds.
  mutating func planMeasurement() {
    guard nextMeasurement == nil, controlPlane.hasAutoscalers else { return }
    let period = PodUsage.window.nanoseconds
    nextMeasurement = Instant(nanoseconds: (now.nanoseconds / period + 1) * period)
  }

  mutating func measure() {
    var usage: [ObjectID: PodUsage] = [:]
    for id in controlPlane.measuredPods { usage[id] = measured(id) }
    controlPlane.report(usage)
    nextMeasurement = controlPlane.hasAutoscalers ? now + PodUsage.window : nil
  }

  private func measured(_ id: ObjectID) -> PodUsage? {
    guard let pod = store.pods[id], pod.status.phase == .running,
      let node = store.nodes.id(namespace: "", name: pod.nodeName),
      !store.leases.isStopped(node)
    else { return nil }
    let statuses = pod.status.containerStatuses + pod.status.initContainerStatuses
    let containers = pod.spec.value.containers + pod.spec.value.initContainers
    let server = pod.spec.value.containers.first { !$0.ports.isEmpty }?.name
    let milliCPU = requestCPU(of: pod)
    var usages: [PodUsage.Container] = []
    for container in containers {
      guard let status = statuses.first(where: { $0.name == container.name }),
        case .running(let since) = status.state
      else { continue }
      // Two readings make a measurement.
      if let since, timestamp.seconds - since.seconds < 10 { return nil }
      let isServer = container.name == server ?? pod.spec.value.containers.first?.name
      usages.append(use(of: container, pod, isServer ? milliCPU : 0))
    }
    if usages.isEmpty { return nil }
    return PodUsage(timestamp: timestamp, containers: usages)
  }

  private func requestCPU(of pod: Pod) -> Int64 {
    let load = traffic.load(
      ofPod: pod.metadata.name, namespace: pod.metadata.namespace, at: now)
    let cost = pod.metadata.annotations["kubarium.dev/cpu-per-request"].flatMap(Decimal.duration)
    let nanoseconds = (cost ?? load.serviceTime).nanoseconds
    let (product, overflow) = load.milliRequestsPerSecond.multipliedReportingOverflow(
      by: nanoseconds / 1000)
    // Thousandths of a request times microseconds are billionths of a core.
    return overflow ? .max / 4 : product / 1_000_000
  }

  private func use(
    of container: Container, _ pod: Pod, _ requestCPU: Int64
  ) -> PodUsage.Container {
    let annotations = pod.metadata.annotations
    func amount(_ name: String) -> Quantity? { annotations[name].flatMap { Quantity($0) } }
    var milliCPU =
      Self.idleMilliCPU + requestCPU
      + max(0, min(amount("kubarium.dev/cpu")?.milli ?? 0, 1 << 40))
    if let limit = container.limits["cpu"]?.milli { milliCPU = min(milliCPU, limit) }
    let memory =
      amount("kubarium.dev/memory")?.value
      ?? container.requests["memory"].map { $0.value / 10 * 6 } ?? Self.usualMemory
    return PodUsage.Container(
      name: container.name, milliCPU: milliCPU, memory: max(0, min(memory, 1 << 50)))
  }
}
