import ClusterModel

extension TableMaker {
  func nodes(_ nodes: [Node]) -> Table {
    Table(
      "NAME|STATUS|ROLES|AGE|VERSION",
      wide: "INTERNAL-IP|EXTERNAL-IP|OS-IMAGE|KERNEL-VERSION|CONTAINER-RUNTIME",
      rows: nodes.map { node in
        // A node that has reported nothing has no versions either.
        let info = node.hasStatus ? node.info : nil
        return [
          node.metadata.name, Self.status(node), Self.roles(node).joined(separator: ",").orNone,
          age(node.metadata), info?.kubeletVersion ?? "",
          Self.address(node, "InternalIP"), Self.address(node, "ExternalIP"),
          (info?.osImage ?? "").orUnknown, Self.kernel(info),
          (info?.containerRuntimeVersion ?? "").orUnknown,
        ]
      })
  }

  private static func status(_ node: Node) -> String {
    let status =
      switch node.conditions.last(where: { $0.type == "Ready" })?.status {
      case .true: "Ready"
      case .false, .unknown: "NotReady"
      case nil: "Unknown"
      }
    return node.isUnschedulable ? "\(status),SchedulingDisabled" : status
  }

  /// The roles, each once.
  static func roles(_ node: Node) -> [String] {
    var roles: [String] = []
    for role in node.roles where role != roles.last { roles.append(role) }
    return roles
  }

  private static func address(_ node: Node, _ type: String) -> String {
    (node.addresses.first { $0.type == type }?.address ?? "").orNone
  }

  private static func kernel(_ info: Node.Info?) -> String {
    let version = (info?.kernelVersion ?? "").orUnknown
    guard let architecture = info?.architecture, !architecture.isEmpty else { return version }
    return "\(version) (\(architecture))"
  }
}
