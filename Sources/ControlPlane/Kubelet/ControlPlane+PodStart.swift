import ClusterModel
import SimulationCore

/// A pod's way from being bound to being ready.
extension ControlPlane {
  mutating func start(_ id: ObjectID, _ pod: Pod, _ worker: PodWorker) {
    let time = api.timestamp(at: now)
    let hostIPs = api.store.nodes[worker.node]?.internalIPs ?? []
    api.store.updatePod(id, .status, at: now) { pod in
      PodStatusReport.starting(&pod, hostIPs: hostIPs, at: time)
    }
    let delay =
      KubeletTimings.isInstant(pod.metadata.annotations)
      ? KubeletTimings.instantStart : KubeletTimings.sandbox(&kubelets.random)
    schedule(id, .sandboxReady, at: now + delay)
  }

  mutating func sandboxReady(_ id: ObjectID, _ pod: Pod, _ worker: PodWorker) {
    guard let addresses = assignAddresses(pod, worker) else {
      record(pod, "FailedCreatePodSandBox", sandboxFailure(worker), type: .warning)
      schedule(id, .sandboxReady, at: now + .seconds(10))
      return
    }
    kubelets[id]?.hasSandbox = true
    kubelets[id]?.addresses = pod.spec.value.hostNetwork ? [] : addresses
    let time = api.timestamp(at: now)
    api.store.updatePod(id, [.status, .endpoint], at: now) { pod in
      pod.status.podIPs = addresses
      pod.status.conditions.set(
        Condition(type: "PodReadyToStartContainers", status: .true, lastTransitionTime: time))
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
  private mutating func assignAddresses(_ pod: Pod, _ worker: PodWorker) -> [IPAddress]? {
    if pod.spec.value.hostNetwork { return api.store.nodes[worker.node]?.internalIPs ?? [] }
    if !kubelets.pools.isEmpty { return addressesOfPools(worker.node) }
    ensureAgent(of: worker.node)
    // In place: a copy of the agent would copy what it remembers of its addresses.
    let given = kubelets.nodes[worker.node]?.allocateAddresses() ?? []
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

  /// Containers in the order in which they start: init containers, then the others.
  private func container(_ index: Int32, of spec: PodSpec) -> (container: Container, isInit: Bool)?
  {
    let place = Int(index)
    if place < spec.initContainers.count { return (spec.initContainers[place], true) }
    let rest = place - spec.initContainers.count
    return rest < spec.containers.count ? (spec.containers[rest], false) : nil
  }

  /// Gets the image of the next container, by pulling it where need be.
  mutating func prepareContainer(_ id: ObjectID, _ index: Int32) {
    guard let worker = kubelets[id], let pod = api.store.pods[id],
      let (container, isInit) = container(index, of: pod.spec.value)
    else { return }
    let image = kubelets.number(ofImage: container.image)
    ensureAgent(of: worker.node)
    let isPresent = kubelets.nodes[worker.node]?.images.contains(image) ?? false
    let isInstant = KubeletTimings.isInstant(pod.metadata.annotations)
    if isPresent && container.imagePullPolicy != "Always" || isInstant {
      record(
        pod, "Pulled", saying: .template(.present, container.image),
        container: container.name, isInit: isInit)
      startContainer(id, index, isInstant: isInstant)
      return
    }
    record(
      pod, "Pulling", saying: .template(.pulling, container.image), container: container.name,
      isInit: isInit)
    let waiting = NodeAgent.WaitingContainer(pod: id, container: index, since: now)
    let isPulling = kubelets.nodes[worker.node]?.waiting[image] != nil
    kubelets.nodes[worker.node]?.waiting[image, default: []].append(waiting)
    if !isPulling {
      // A present image costs only the question whether it is the newest.
      let size = isPresent ? 0 : KubeletTimings.size(ofImage: container.image)
      let start = max(now, kubelets.nodes[worker.node]?.pullsEnd ?? now)
      let end = start + KubeletTimings.pull(size, &kubelets.random)
      kubelets.nodes[worker.node]?.pullsEnd = end
      events.schedule(.pulled(node: worker.node.slot, image: image), at: end)
    }
  }

  mutating func imagePulled(_ slot: Int32, _ image: Int32) {
    guard let node = store.nodes.id(inSlot: slot), kubelets.nodes[node] != nil else { return }
    if kubelets.silent[node] != nil {
      kubelets.silent[node]?.pulled.append(image)
      return
    }
    // Nobody waits any more when the machine has been off meanwhile.
    guard let waiting = kubelets.nodes[node]?.waiting.removeValue(forKey: image) else { return }
    kubelets.nodes[node]?.images.insert(image)
    let name = kubelets.images[Int(image)]
    scheduler.pulled.schedule(
      Scheduler.PulledImage(
        name: name, size: Int64(KubeletTimings.size(ofImage: name)), node: node),
      at: api.store.leases.lastRenewal(of: node, at: now) + NodeLeases.renewalPeriod)
    for entry in waiting {
      guard let pod = api.store.pods[entry.pod], let worker = kubelets[entry.pod],
        worker.phase == .starting || worker.phase == .running,
        let (container, isInit) = container(entry.container, of: pod.spec.value)
      else { continue }
      let took = GoDuration.text(now - entry.since)
      record(
        pod, "Pulled",
        "Successfully pulled image \"\(name)\" in \(took) (\(took) including waiting). Image size: "
          + "\(KubeletTimings.size(ofImage: name)) bytes.",
        container: container.name, isInit: isInit)
      startContainer(entry.pod, entry.container)
    }
  }

  private mutating func startContainer(_ id: ObjectID, _ index: Int32, isInstant: Bool = false) {
    let delay = isInstant ? .zero : KubeletTimings.start(&kubelets.random)
    schedule(id, .containerStarted(index), at: now + delay)
  }

  mutating func containerStarted(_ id: ObjectID, _ pod: Pod, _ index: Int32) {
    guard let (container, isInit) = container(index, of: pod.spec.value) else { return }
    record(
      pod, "Created", "Container created", container: container.name,
      isInit: isInit)
    record(
      pod, "Started", "Container started", container: container.name, isInit: isInit)
    // One that ran before is started alone.
    let isFirstStart = index >= kubelets[id]?.startedCount ?? 0
    if isFirstStart { kubelets[id]?.startedCount = index + 1 }
    let time = api.timestamp(at: now)
    let isSidecar = container.restartPolicy == "Always"
    if isInit, !isSidecar {
      api.store.updatePod(id, .status, at: now) { pod in
        PodStatusReport.initStarted(&pod, Int(index), at: time)
      }
      let delay = KubeletTimings.initTime(pod.metadata.annotations)
      schedule(id, .initContainerDone(index), at: now + delay)
      return
    }
    let last = Int32(pod.spec.value.initContainers.count + pod.spec.value.containers.count) - 1
    let place = Int(index) - pod.spec.value.initContainers.count
    let isWhole = index == last || !isFirstStart
    api.store.updatePod(id, isWhole ? [.status, .endpoint] : .status, at: now) { pod in
      if isInit {
        PodStatusReport.sidecarStarted(&pod, Int(index), at: time)
      } else {
        PodStatusReport.containerStarted(&pod, place, at: time)
      }
      if index == last {
        PodStatusReport.running(&pod, at: time)
      } else if !isFirstStart {
        PodStatusReport.reportReadiness(&pod, at: time)
      }
    }
    if !isInit {
      startProbing(id, container, index)
      if let life = KubeletTimings.lifetime(of: pod, place) {
        let restarts = store.pods[id]?.status.containerStatuses[place].restartCount ?? 0
        schedule(
          id, .containerExited(index, code: life.code, after: restarts), at: now + life.time)
      }
    }
    if !isFirstStart { return containerRestarted(id, index) }
    if index < last { prepareContainer(id, index + 1) } else { allStarted(id) }
  }

  mutating func initContainerDone(_ id: ObjectID, _ pod: Pod, _ index: Int32) {
    let time = api.timestamp(at: now)
    api.store.updatePod(id, .status, at: now) { pod in
      PodStatusReport.initDone(&pod, Int(index), at: time)
    }
    prepareContainer(id, index + 1)
  }

  private mutating func allStarted(_ id: ObjectID) {
    kubelets[id]?.phase = .running
    startServing(id)
    if !kubelets.joining.isEmpty, let worker = kubelets[id], let pod = store.pods[id] {
      networkPodStarted(pod, on: worker.node)
    }
  }

  mutating func startServing(_ id: ObjectID) {
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
