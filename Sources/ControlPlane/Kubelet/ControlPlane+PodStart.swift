import ClusterModel
import SimulationCore

/// A pod's way from being bound to being ready.
extension ControlPlane {
  mutating func start(_ id: ObjectID, _ pod: Pod, _ worker: PodWorker) {
    let time = api.timestamp(at: now)
    if pod.status.startTime == nil {
      let hostIPs = api.store.nodes[worker.node]?.internalIPs ?? []
      api.store.updatePod(id, .status, at: now) { pod in
        PodStatusReport.starting(&pod, hostIPs: hostIPs, at: time)
      }
      planDeadline(id, pod)
    }
    if let problem = missingVolume(of: pod) { return waitForVolume(id, pod, problem) }
    let delay =
      KubeletTimings.isInstant(pod.metadata.annotations)
      ? KubeletTimings.instantStart : KubeletTimings.sandbox(&kubelets.random)
    schedule(id, .sandboxReady, at: now + delay)
  }

  mutating func sandboxReady(_ id: ObjectID, _ pod: Pod, _ worker: PodWorker) {
    if !pod.spec.value.hostNetwork, kubelets.joining.contains(worker.node) {
      record(
        pod, "NetworkNotReady", "network is not ready: \(Self.networkProblem)", type: .warning)
      // backOffOnTransientErrorPeriod of pod_workers.go.
      return schedule(id, .sandboxReady, at: now + .seconds(1))
    }
    guard let addresses = addresses(for: pod, on: worker.node) else {
      record(pod, "FailedCreatePodSandBox", sandboxFailure(worker), type: .warning)
      schedule(id, .sandboxReady, at: now + .seconds(10))
      return
    }
    kubelets[id]?.hasSandbox = true
    kubelets[id]?.addresses = pod.spec.value.hostNetwork ? [] : addresses
    let time = api.timestamp(at: now)
    api.store.updatePod(id, [.status, .endpoint], at: now) { pod in
      pod.status.podIPs = addresses
      pod.status.conditions.set(PodStatusReport.readyToStart(pod, .true, time))
    }
    if let worker = kubelets[id] { kubelets.signals.append(signal(.attached, worker)) }
    prepareContainer(id, 0)
  }

  /// What the CNI says when it has no address, in the runtime's and the kubelet's words.
  private mutating func sandboxFailure(_ worker: PodWorker) -> String {
    let plugin = SystemPods.plugin(settings.cni)
    let problem: String
    if plugin == "calico" {
      problem =
        "failed to request IPv4 addresses: Assigned 0 out of 1 requested IPv4 addresses; "
        + "No more free affine blocks and strict affinity enabled"
    } else {
      let ranges = kubelets.nodes[worker.node]?.addresses.first?.rangeText ?? ""
      problem = "failed to allocate for range 0: no IP addresses available in range set: \(ranges)"
    }
    let sandbox = (0..<4).map { _ in
      let digits = String(kubelets.random.next(), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
    return "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network "
      + "for sandbox \"\(sandbox)\": plugin type=\"\(plugin)\" failed (add): \(problem)"
  }

  /// The pod's addresses, from its node's block or its host's own; nil when there is none to give.
  mutating func addresses(for pod: Pod, on node: ObjectID) -> [IPAddress]? {
    if pod.spec.value.hostNetwork { return api.store.nodes[node]?.internalIPs ?? [] }
    if !kubelets.pools.isEmpty { return addressesOfPools(node) }
    ensureAgent(of: node)
    // In place: a copy of the agent would copy what it remembers of its addresses.
    let given = kubelets.nodes[node]?.allocateAddresses() ?? []
    return given.isEmpty ? nil : given
  }

  /// One address of each family's pool; nil when one of them has none.
  mutating func addressesOfPools(_ node: ObjectID) -> [IPAddress]? {
    let ranges = api.store.nodes[node]?.podCIDRs ?? []
    var given: [IPAddress] = []
    for index in kubelets.pools.indices {
      let range = ranges.first { $0.family == kubelets.pools[index].pool.family }
      guard let address = kubelets.pools[index].allocate(on: node, range: range) else {
        for address in given {
          for pool in kubelets.pools.indices { kubelets.pools[pool].release(address) }
        }
        return nil
      }
      given.append(address)
    }
    return given
  }

  /// The image is there: the container is made, unless its configuration is not.
  mutating func startContainer(_ id: ObjectID, _ index: Int32) {
    guard let pod = store.pods[id], let (container, _) = pod.spec.value.container(index) else {
      return
    }
    if let problem = configurationProblem(of: container, pod) {
      return failToStart(id, index, "CreateContainerConfigError", problem, says: problem)
    }
    let delay =
      KubeletTimings.isInstant(pod.metadata.annotations)
      ? .zero : KubeletTimings.start(&kubelets.random)
    schedule(id, .processStarted(index), at: now + delay)
  }

  /// A container's process has begun: its postStart hook runs before anything else goes on.
  mutating func processStarted(_ id: ObjectID, _ pod: Pod, _ index: Int32) {
    guard let (container, isInit) = pod.spec.value.container(index) else { return }
    record(
      pod, "Created", "Container created", container: container.name,
      isInit: isInit)
    record(
      pod, "Started", "Container started", container: container.name, isInit: isInit)
    let hook = KubeletTimings.postStart(container)
    if hook > .zero { return schedule(id, .containerStarted(index), at: now + hook) }
    containerStarted(id, pod, index)
  }

  mutating func containerStarted(_ id: ObjectID, _ pod: Pod, _ index: Int32) {
    guard let (container, isInit) = pod.spec.value.container(index) else { return }
    // One that ran before is started alone.
    let isFirstStart = index >= kubelets[id]?.startedCount ?? 0
    if isFirstStart { kubelets[id]?.startedCount = index + 1 }
    let time = api.timestamp(at: now)
    let last = Int32(pod.spec.value.containerCount) - 1
    let isWhole = index == last || !isFirstStart
    api.store.updatePod(id, isWhole ? [.status, .endpoint] : .status, at: now) { pod in
      PodStatusReport.started(&pod, index, at: time)
      if isInit || isWhole { PodStatusReport.report(&pod, at: time) }
    }
    if let life = ContainerLife.of(container, isInit: isInit, pod) {
      let restarts = store.pods[id]?.containerStatus(index)?.restartCount ?? 0
      schedule(
        id, .containerExited(index, code: life.code, after: restarts), at: now + life.time)
    }
    // What stands before the others is waited for.
    if isInit, !container.isSidecar { return }
    startProbing(id, container, index)
    if isInit, container.startupProbe != nil { return }
    if isFirstStart { prepareNext(after: index, id) } else { containerRestarted(id, index) }
  }

  /// Goes on with the container after `index`; after the last one the pod is whole.
  mutating func prepareNext(after index: Int32, _ id: ObjectID) {
    guard let pod = store.pods[id] else { return }
    if Int(index) + 1 < pod.spec.value.containerCount { return prepareContainer(id, index + 1) }
    kubelets[id]?.phase = .running
    containerRestarted(id, index)
  }

  /// A container runs; when it was the last one missing, the pod serves.
  mutating func containerRestarted(_ id: ObjectID, _ index: Int32) {
    guard let pod = store.pods[id], let worker = kubelets[id], worker.phase == .running,
      !worker.isServing
    else { return }
    let containers = pod.spec.value.containers
    let servers = containers.indices.filter { !containers[$0].ports.isEmpty }
    for place in servers.isEmpty ? Array(containers.indices) : servers {
      guard place < pod.status.containerStatuses.count,
        pod.status.containerStatuses[place].isRunning
      else { return }
    }
    startServing(id)
    if !kubelets.joining.isEmpty, let worker = kubelets[id], let pod = store.pods[id] {
      networkPodStarted(pod, on: worker.node)
    }
  }

  private mutating func startServing(_ id: ObjectID) {
    kubelets[id]?.isServing = true
    guard let worker = kubelets[id] else { return }
    let annotations = api.store.pods[id]?.metadata.annotations ?? Labels()
    var started = signal(.started, worker)
    started.time = now + KubeletTimings.startUp(annotations)
    kubelets.signals.append(started)
  }
}

/// Durations as Go prints them: `1.234s`, `312ms`.
enum GoDuration {
  static func text(_ duration: Duration) -> String {
    let milliseconds = duration.nanoseconds / 1_000_000
    if milliseconds < 1000 { return "\(milliseconds)ms" }
    let fraction = milliseconds % 1000
    if fraction == 0 { return "\(milliseconds / 1000)s" }
    var digits = String(fraction + 1000).dropFirst()
    while digits.hasSuffix("0") { digits = digits.dropLast() }
    return "\(milliseconds / 1000).\(digits)s"
  }
}
