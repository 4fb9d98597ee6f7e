import ClusterModel
import ControlPlane
import Simulation
import Traffic

extension NodeRow {
  init(_ node: Node) {
    self.init(node.metadata.name)
    isReady = node.isReady
    isSchedulable = !node.isUnschedulable
    let names = node.roles
    roles = names.isEmpty ? "<none>" : names.joined(separator: ",")
    zone = node.zone ?? ""
    version = node.info.kubeletVersion
    kernel = node.info.kernelVersion
    runtime = node.info.containerRuntimeVersion
    internalIP = (node.internalIP(.ipv4) ?? node.internalIP(.ipv6)).map { "\($0)" } ?? "<none>"
    podCIDR = node.podCIDRs.first.map { "\($0)" } ?? ""
    podCapacity = Int(clamping: node.allocatable["pods"]?.value ?? 0)
  }
}

extension PodRow {
  init(_ pod: Pod) {
    let status = PodStateText(pod)
    self.init(
      NamespacedName(pod.metadata), status.sign, status: status.text,
      address: pod.status.podIP.map { "\($0)" } ?? "", labels: pod.metadata.labels)
    isOnHostNetwork = pod.spec.value.hostNetwork
    let containers = pod.status.containerStatuses
    ready = "\(containers.count(where: \.isReady))/\(pod.spec.value.containers.count)"
    restarts = containers.reduce(0) { $0 + $1.restartCount }
  }
}

/// A pod's state in kubectl's words (pkg/printers/internalversion/printers.go printPod), and its
/// sign.
struct PodStateText {
  var text: String
  var sign: StateSign

  init(_ pod: Pod) {
    text = pod.status.reason.isEmpty ? pod.status.phase.rawValue : pod.status.reason
    sign = pod.status.phase == .succeeded ? .over : pod.isReady ? .ready : .starting
    var isWaiting = false
    for container in pod.status.initContainerStatuses + pod.status.containerStatuses {
      switch container.state {
      case .waiting(let reason, _) where !reason.isEmpty:
        isWaiting = true
        text = reason
        if Self.isFailure(reason) { sign = .failing }
      case .terminated(let end) where pod.status.phase != .succeeded && !isWaiting:
        guard end.exitCode != 0 else { continue }
        text = end.reason.isEmpty ? "ExitCode:\(end.exitCode)" : end.reason
        sign = .failing
      default: break
      }
    }
    if pod.status.phase == .failed { sign = .failing }
    if pod.metadata.isTerminating {
      text = "Terminating"
      sign = .terminating
    }
  }

  private static func isFailure(_ reason: String) -> Bool {
    reason.hasPrefix("Err") || reason.hasSuffix("BackOff") || reason.hasSuffix("Error")
      || reason == "InvalidImageName"
  }
}

extension ServiceRow {
  init(_ service: Service, _ store: ObjectStore) {
    self.init(NamespacedName(service.metadata))
    type = service.type.rawValue
    clusterIP = service.isHeadless ? "None" : service.clusterIP.map { "\($0)" } ?? "<none>"
    ports = service.ports.map(\.text).joined(separator: ",")
    if ports.isEmpty { ports = "<none>" }
    let outside = service.loadBalancerIngress.map { $0.ip.map { "\($0)" } ?? $0.hostname }
    if !outside.isEmpty { externalIP = outside.joined(separator: ",") }
    if !service.externalName.isEmpty { externalIP = service.externalName }
    if service.externalTrafficPolicy == .local { policies = "external Local" }
    selector = service.selector
    selectorText = service.selector.map { $0.isEmpty ? "<none>" : $0.text } ?? "<none>"
    let family = service.ipFamilies.first?.name
    for id in store.slices(of: name) {
      guard let slice = store.endpointSlices[id] else { continue }
      if let family, slice.addressType != family { continue }
      for endpoint in slice.endpoints {
        if endpoint.isReadyOrUnset { readyEndpoints += 1 }
        if endpoint.isReadyOrUnset || !endpoint.isTerminatingOrUnset { endpoints += 1 }
      }
    }
  }
}

extension ServicePort {
  /// As in kubectl's PORT(S) column.
  fileprivate var text: String {
    nodePort > 0 ? "\(port):\(nodePort)/\(transport.name)" : "\(port)/\(transport.name)"
  }
}

extension Load {
  init(_ summary: ServiceSummary) {
    self.init(
      milliRequestsPerSecond: summary.measured.milliRequestsPerSecond,
      p99: summary.measured.p99, milliPercentFailed: summary.measured.milliPercentFailed,
      history: summary.history)
  }
}
