import ClusterModel

/// Makes Node objects as a kubelet would have registered them.
enum NodeMaker {
  static let heartbeats:
    [(type: String, status: Condition.Status, reason: String, message: String)] = [
      (
        "MemoryPressure", .false, "KubeletHasSufficientMemory",
        "kubelet has sufficient memory available"
      ),
      ("DiskPressure", .false, "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
      ("PIDPressure", .false, "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
      ("Ready", .true, "KubeletReady", "kubelet is posting ready status"),
    ]

  static func node(_ planned: PlannedNode, podCIDRs: [CIDR], at time: Timestamp) -> Node {
    var metadata = ObjectMeta(name: planned.name, labels: labels(planned))
    metadata.annotations["node.alpha.kubernetes.io/ttl"] = "0"
    metadata.creationTimestamp = time
    var node = Node(metadata: metadata)
    node.podCIDRs = podCIDRs
    if planned.group.isControlPlane {
      node.taints = [Taint(key: "node-role.kubernetes.io/control-plane", effect: .noSchedule)]
    }
    report(&node, addresses: planned.addresses, capacity: planned.group.capacity, at: time)
    return node
  }

  private static func labels(_ planned: PlannedNode) -> Labels {
    var labels: Labels = [
      "beta.kubernetes.io/arch": "amd64", "beta.kubernetes.io/os": "linux",
      "kubernetes.io/arch": "amd64", "kubernetes.io/os": "linux",
      "kubernetes.io/hostname": planned.name,
    ]
    if planned.group.isControlPlane {
      labels["node-role.kubernetes.io/control-plane"] = ""
      labels["node.kubernetes.io/exclude-from-external-load-balancers"] = ""
    }
    labels["topology.kubernetes.io/zone"] = planned.group.zone
    return labels.merging(planned.group.labels)
  }

  /// The status that the kubelet of a healthy node posts.
  static func report(
    _ node: inout Node, addresses: [IPAddress], capacity: ResourceList, at time: Timestamp
  ) {
    node.addresses =
      addresses.map { Node.Address(type: "InternalIP", address: "\($0)") }
      + [Node.Address(type: "Hostname", address: node.metadata.name)]
    node.capacity = capacity
    node.allocatable = capacity
    node.conditions = heartbeats.map { entry in
      Condition(
        type: entry.type, status: entry.status, reason: entry.reason, message: entry.message,
        lastTransitionTime: time, lastSeenTime: time)
    }
    node.hasStatus = true
  }
}
