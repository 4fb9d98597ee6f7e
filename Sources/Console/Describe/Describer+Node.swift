import ClusterModel
import ControlPlane

extension Describer {
  mutating func node(_ node: Node) {
    description.field("Name", metadata.name)
    description.field("Roles", TableMaker.roles(node).joined(separator: ",").orNone)
    labelsAndAnnotations()
    description.field("CreationTimestamp", time(metadata.creationTimestamp))
    taints(node.taints)
    description.field("Unschedulable", "\(node.isUnschedulable)")
    lease()
    conditions(node.conditions)
    description.line(0, "Addresses:")
    for address in node.addresses {
      description.field(address.type, address.address, level: 1)
    }
    resources("Capacity", node.capacity)
    resources("Allocatable", node.allocatable)
    systemInfo()
    description.optionalField("PodCIDR", node.podCIDRs.first?.description)
    description.optionalField(
      "PodCIDRs", node.podCIDRs.map(\.description).joined(separator: ","))
    description.optionalField("ProviderID", node.providerID)
    pods(on: node)
    events()
  }

  /// In the order of upstream: by effect, then by key.
  private mutating func taints(_ taints: [Taint]) {
    let ordered = taints.enumerated().sorted { left, right in
      let (a, b) = (left.element, right.element)
      return (a.effect.rawValue, a.key, left.offset) < (b.effect.rawValue, b.key, right.offset)
    }
    guard !ordered.isEmpty else { return description.field("Taints", "<none>") }
    for (index, entry) in ordered.enumerated() {
      description.line(0, index == 0 ? "Taints:" : "", entry.element.text)
    }
  }

  private mutating func lease() {
    let leases = context.store.kept["leases.coordination.k8s.io"]
    let lease = leases?["kube-node-lease", metadata.name].map { KeptView($0).body }
    guard let lease else {
      if let renewed = renewal { return leaseOf(renewed) }
      return description.line(
        0, "Lease:",
        "Failed to get lease: leases.coordination.k8s.io "
          + "\(metadata.name.goQuoted) not found")
    }
    description.line(0, "Lease:")
    func time(_ name: String) -> String {
      lease.time("spec", name)?.rfc1123 ?? "<unset>"
    }
    description.field(
      "HolderIdentity", lease.optionalText("spec", "holderIdentity") ?? "<unset>", level: 1)
    description.field("AcquireTime", time("acquireTime"), level: 1)
    description.field("RenewTime", time("renewTime"), level: 1)
  }

  /// When the node's kubelet last renewed its lease, which is kept as that moment alone.
  private var renewal: Timestamp? {
    guard let now = context.instant,
      let id = context.store.nodes.id(namespace: "", name: metadata.name)
    else { return nil }
    let elapsed = now.nanoseconds - context.store.leases.lastRenewal(of: id, at: now).nanoseconds
    return Timestamp(seconds: context.now.seconds - (elapsed + 999_999_999) / 1_000_000_000)
  }

  private mutating func leaseOf(_ renewed: Timestamp) {
    description.line(0, "Lease:")
    description.field("HolderIdentity", metadata.name, level: 1)
    description.field("AcquireTime", "<unset>", level: 1)
    description.field("RenewTime", renewed.rfc1123, level: 1)
  }

  private mutating func conditions(_ conditions: [Condition]) {
    guard !conditions.isEmpty else { return }
    description.line(0, "Conditions:")
    description.line(
      1, "Type", "Status", "LastHeartbeatTime", "LastTransitionTime", "Reason", "Message")
    description.line(
      1, "----", "------", "-----------------", "------------------", "------", "-------")
    for condition in conditions {
      description.line(
        1, "\(condition.type) ", "\(condition.status.rawValue) ",
        "\(time(condition.lastSeenTime)) ", "\(time(condition.lastTransitionTime)) ",
        "\(condition.reason) ", condition.message)
    }
  }

  private mutating func resources(_ title: String, _ list: ResourceList) {
    guard !list.isEmpty else { return }
    description.line(0, "\(title):")
    for entry in list.entries {
      description.field(entry.name, QuantityText.canonical(entry.quantity.text), level: 1)
    }
  }

  private mutating func systemInfo() {
    description.line(0, "System Info:")
    let lines = [
      ("Machine ID", "machineID"), ("System UUID", "systemUUID"), ("Boot ID", "bootID"),
      ("Kernel Version", "kernelVersion"), ("OS Image", "osImage"),
      ("Operating System", "operatingSystem"), ("Architecture", "architecture"),
      ("Container Runtime Version", "containerRuntimeVersion"),
      ("Kubelet Version", "kubeletVersion"), ("Kube-Proxy Version", "kubeProxyVersion"),
    ]
    for (title, name) in lines {
      description.field(title, value.text("status", "nodeInfo", name), level: 1)
    }
  }
}
