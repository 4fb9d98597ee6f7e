import ClusterModel
import ControlPlane

/// What a pod asks for and may use at most (component-helpers resource PodRequestsAndLimits).
struct PodResources {
  private(set) var requests: [String: QuantityText] = [:]
  private(set) var limits: [String: QuantityText] = [:]

  init() {}

  /// Containers run together; init containers one after the other, beside the sidecars before them.
  init(_ pod: Pod) {
    let spec = pod.spec.value
    var most = PodResources()
    var sidecars = PodResources()
    for container in spec.containers { add(container) }
    for container in spec.initContainers {
      if container.restartPolicy == "Always" {
        add(container)
        sidecars.add(container)
        most.raise(to: sidecars)
      } else {
        var step = sidecars
        step.add(container)
        most.raise(to: step)
      }
    }
    raise(to: most)
    let overhead = (spec.other["overhead"]?.fields ?? Fields()).all
    for entry in overhead {
      guard let quantity = entry.value.scalarText.flatMap({ Quantity($0) }) else { continue }
      requests[entry.name] = request(entry.name) + QuantityText(quantity)
      if let limit = limits[entry.name] { limits[entry.name] = limit + QuantityText(quantity) }
    }
  }

  func request(_ name: String) -> QuantityText { requests[name] ?? QuantityText() }
  func limit(_ name: String) -> QuantityText { limits[name] ?? QuantityText() }

  private mutating func add(_ container: Container) {
    for entry in container.requests.entries {
      requests[entry.name] = request(entry.name) + QuantityText(entry.quantity)
    }
    for entry in container.limits.entries {
      limits[entry.name] = limit(entry.name) + QuantityText(entry.quantity)
    }
  }

  private mutating func raise(to other: PodResources) {
    requests.merge(other.requests, uniquingKeysWith: QuantityText.max)
    limits.merge(other.limits, uniquingKeysWith: QuantityText.max)
  }

  mutating func add(_ other: PodResources) {
    requests.merge(other.requests, uniquingKeysWith: +)
    limits.merge(other.limits, uniquingKeysWith: +)
  }
}

extension Describer {
  /// The pods that use the node, with what they use of it.
  mutating func pods(on node: Node) {
    let pods = context.store.pods(onNode: node.metadata.name)
      .compactMap { context.store.pods[$0] }.filter { !$0.isTerminal }
      .sorted { NamespacedName($0.metadata) < NamespacedName($1.metadata) }
    let usable = node.allocatable.isEmpty ? node.capacity : node.allocatable
    description.field("Non-terminated Pods", "(\(pods.count) in total)")
    description.line(
      1, "Namespace", "Name", "", "CPU Requests", "CPU Limits", "Memory Requests",
      "Memory Limits", "Age")
    description.line(
      1, "---------", "----", "", "------------", "----------", "---------------",
      "-------------", "---")
    var total = PodResources()
    for pod in pods {
      let resources = PodResources(pod)
      total.add(resources)
      description.line(
        1, pod.metadata.namespace, pod.metadata.name, "",
        Self.share(resources.request("cpu"), of: usable["cpu"]),
        Self.share(resources.limit("cpu"), of: usable["cpu"]),
        Self.share(resources.request("memory"), of: usable["memory"]),
        Self.share(resources.limit("memory"), of: usable["memory"]),
        context.age(pod.metadata.creationTimestamp))
    }
    allocated(total, usable)
  }

  private mutating func allocated(_ total: PodResources, _ usable: ResourceList) {
    description.line(0, "Allocated resources:")
    description.line(1, "(Total limits may be over 100 percent, i.e., overcommitted.)")
    description.line(1, "Resource", "Requests", "Limits")
    description.line(1, "--------", "--------", "------")
    let others = usable.entries.map(\.name).filter { !Self.standard.contains($0) }
    let pages = others.filter { $0.hasPrefix("hugepages-") }
    for name in ["cpu", "memory", "ephemeral-storage"] + pages {
      description.line(
        1, name, Self.share(total.request(name), of: usable[name]),
        Self.share(total.limit(name), of: usable[name]))
    }
    for name in others where !name.hasPrefix("hugepages-") {
      description.line(1, name, total.request(name).text, total.limit(name).text)
    }
  }

  private static let standard = ["cpu", "memory", "ephemeral-storage", "pods"]

  /// `100m (0%)`; of nothing it is 0 %.
  private static func share(_ amount: QuantityText, of usable: Quantity?) -> String {
    guard let whole = usable?.milli, whole > 0 else { return "\(amount.text) (0%)" }
    let (product, overflow) = amount.milli.multipliedReportingOverflow(by: 100)
    // Bytes of memory are large in thousandths.
    let percent = overflow ? amount.milli / Swift.max(1, whole / 100) : product / whole
    return "\(amount.text) (\(percent)%)"
  }
}
