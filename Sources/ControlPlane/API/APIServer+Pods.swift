import ClusterModel
import SimulationCore

/// Pod specs as they are after admission, so that pods of one template share one copy.
struct AdmittedSpecs: Sendable {
  struct Entry: Sendable {
    var given: Shared<PodSpec>
    var admitted: Shared<PodSpec>
    var qualityOfService: String
  }

  /// Several ReplicaSets create their pods at a time: the newest few are remembered.
  private var entries: [Entry] = []
  private var next = 0
  private static let capacity = 16

  mutating func admitted(_ spec: Shared<PodSpec>) -> Entry {
    if let known = entries.first(where: { $0.given === spec }) { return known }
    let admitted = Shared(PodAdmission.admitted(spec.value))
    let kept = admitted.value == spec.value ? spec : admitted
    let entry = Entry(
      given: spec, admitted: kept,
      qualityOfService: PodAdmission.qualityOfService(kept.value))
    if entries.count < Self.capacity { entries.append(entry) } else { entries[next] = entry }
    next = (next + 1) % Self.capacity
    return entry
  }
}

/// Defaults and admission plugins of a pod's spec.
enum PodAdmission {
  /// The defaults of pkg/apis/core/v1/defaults.go, which a template gets as well.
  static func defaulted(_ spec: PodSpec) -> PodSpec {
    var spec = spec
    spec.containers = spec.containers.map(defaulted)
    spec.initContainers = spec.initContainers.map(defaulted)
    setDefault(&spec.other, "securityContext", [:])
    if let volumes = spec.other["volumes"] { spec.other["volumes"] = PodDefaults.volumes(volumes) }
    if !spec.serviceAccountName.isEmpty {
      setDefault(&spec.other, "serviceAccount", .string(spec.serviceAccountName))
    }
    if spec.hostNetwork {
      // Host ports are what the container listens on.
      for index in spec.containers.indices {
        for port in spec.containers[index].ports.indices {
          let number = spec.containers[index].ports[port].containerPort
          spec.containers[index].ports[port].hostPort = number
        }
      }
    }
    return spec
  }

  private static func defaulted(_ container: Container) -> Container {
    var container = container
    if container.imagePullPolicy.isEmpty {
      container.imagePullPolicy = isLatest(container.image) ? "Always" : "IfNotPresent"
    }
    setDefault(&container.other, "terminationMessagePath", "/dev/termination-log")
    setDefault(&container.other, "terminationMessagePolicy", "File")
    for index in container.env.indices {
      container.env[index].valueFrom = container.env[index].valueFrom.map(PodDefaults.source)
    }
    container.lifecycle = container.lifecycle.map(PodDefaults.lifecycle)
    container.readinessProbe = container.readinessProbe.map(defaulted)
    container.livenessProbe = container.livenessProbe.map(defaulted)
    container.startupProbe = container.startupProbe.map(defaulted)
    return container
  }

  /// The defaults that a pod gets and a template does not (SetDefaults_Pod).
  static func defaultedPod(_ spec: PodSpec) -> PodSpec {
    var spec = defaulted(spec)
    spec.containers = spec.containers.map(withRequests)
    spec.initContainers = spec.initContainers.map(withRequests)
    return spec
  }

  /// Limits stand in for requests that are not given.
  private static func withRequests(_ container: Container) -> Container {
    var container = container
    for entry in container.limits.entries where container.requests[entry.name] == nil {
      container.requests[entry.name] = entry.quantity
    }
    return container
  }

  private static func defaulted(_ probe: Probe) -> Probe {
    var probe = probe
    switch probe.handler {
    case .httpGet:
      setDefault(&probe.action, "path", "/")
      setDefault(&probe.action, "scheme", "HTTP")
    case .grpc: setDefault(&probe.action, "service", "")
    case .exec, .tcpSocket: break
    }
    return probe
  }

  private static func setDefault(_ fields: inout Fields, _ name: String, _ value: Value) {
    if fields[name] == nil { fields[name] = value }
  }

  /// An image without a tag or with `latest`; a digest is never the latest.
  static func isLatest(_ image: String) -> Bool {
    if image.contains("@") { return false }
    let last = image.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    guard let tag = last.split(separator: ":", omittingEmptySubsequences: false).dropFirst().first
    else { return true }
    return tag == "latest"
  }

  /// Defaults, then what admission plugins add to every pod: the tolerations of
  /// plugin/pkg/admission/defaulttolerationseconds, the priority and the service account.
  static func admitted(_ spec: PodSpec) -> PodSpec {
    var spec = defaultedPod(spec)
    for key in ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"] {
      let taint = Taint(key: key, effect: .noExecute)
      if !spec.tolerations.contains(where: { $0.tolerates(taint) }) {
        spec.tolerations.append(Toleration(key: key, effect: .noExecute, tolerationSeconds: 300))
      }
    }
    if spec.serviceAccountName.isEmpty { spec.serviceAccountName = "default" }
    spec.mountsToken = spec.other["automountServiceAccountToken"] != false
    setDefault(&spec.other, "serviceAccount", .string(spec.serviceAccountName))
    setDefault(&spec.other, "enableServiceLinks", true)
    setDefault(&spec.other, "preemptionPolicy", "PreemptLowerPriority")
    if spec.priority == nil {
      switch spec.priorityClassName {
      case "system-node-critical": spec.priority = 2_000_001_000
      case "system-cluster-critical": spec.priority = 2_000_000_000
      default: spec.priority = 0
      }
    }
    return spec
  }

  /// pkg/apis/core/v1/helper/qos: Guaranteed when every container's limits equal its requests for
  /// CPU and memory, BestEffort when nothing is asked for.
  static func qualityOfService(_ spec: PodSpec) -> String {
    let containers = spec.containers + spec.initContainers
    let isBestEffort = containers.allSatisfy { container in
      ["cpu", "memory"].allSatisfy {
        (container.requests[$0]?.milli ?? 0) == 0 && (container.limits[$0]?.milli ?? 0) == 0
      }
    }
    if isBestEffort { return "BestEffort" }
    let isGuaranteed = containers.allSatisfy { container in
      ["cpu", "memory"].allSatisfy {
        guard let limit = container.limits[$0], limit.milli > 0 else { return false }
        return container.requests[$0]?.milli == limit.milli
      }
    }
    return isGuaranteed ? "Guaranteed" : "Burstable"
  }
}

extension APIServer {
  mutating func admit(_ pod: inout Pod) throws(APIError) {
    try applyLimitRanges(to: &pod)
    try resolvePriority(&pod)
    let entry = admittedSpecs.admitted(pod.spec)
    pod.spec = entry.admitted
    pod.status = PodStatus()
    if pod.isGated {
      pod.status.conditions = [
        Condition(
          type: "PodScheduled", status: .false, reason: "SchedulingGated",
          message: "Scheduling is blocked due to non-empty scheduling gates")
      ]
    }
    pod.status.qosClass = entry.qualityOfService
  }

  mutating func replace(_ old: Pod, with new: Pod, at time: Instant) throws(APIError) {
    // Only images, tolerations and metadata of a living pod may change.
    var allowed = old.spec.value
    let wanted = new.spec.value
    allowed.tolerations = wanted.tolerations
    // Gates may be taken away.
    if old.isGated { allowed.other["schedulingGates"] = wanted.other["schedulingGates"] }
    if allowed.containers.count == wanted.containers.count {
      for index in allowed.containers.indices {
        allowed.containers[index].image = wanted.containers[index].image
      }
    }
    guard allowed == wanted, old.nodeName == new.nodeName else {
      throw .invalid(
        kind: "Pod", name: old.metadata.name,
        causes: [
          "spec: Forbidden: pod updates may not change fields other than "
            + "`spec.containers[*].image`,`spec.initContainers[*].image`,"
            + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing "
            + "tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was "
            + "previously negative)"
        ])
    }
    var changed = new
    changed.status = old.status
    if changed == old { return }
    guard let id = store.pods.id(namespace: old.metadata.namespace, name: old.metadata.name)
    else { return }
    let touchesSpec = changed.spec != old.spec
    store.updatePod(id, touchesSpec ? [.spec, .metadata] : .metadata, at: time) { pod in
      pod.metadata = changed.metadata
      pod.spec = changed.spec
      if touchesSpec { pod.metadata.generation += 1 }
    }
  }
}
