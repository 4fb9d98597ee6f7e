import ClusterModel

/// What a pod's spec says of ports, worked out once for the pods of one template: they come one
/// after the other.
struct SpecPorts: Sendable {
  private var last: (spec: Shared<PodSpec>, listening: [UInt32], onHost: [PortMapping.Entry])?

  /// The ports that the containers listen on, as codes of `PortSetTable`, and those of the node
  /// that lead to them.
  mutating func ports(
    of spec: Shared<PodSpec>
  ) -> (listening: [UInt32], onHost: [PortMapping.Entry]) {
    if let last, last.spec === spec { return (last.listening, last.onHost) }
    let ports = Self.declared(by: spec.value)
    let found = (Self.listening(ports), ports.compactMap(Self.mapping))
    last = (spec, found.0, found.1)
    return found
  }

  /// The ports that containers declare; an init container counts when it is a sidecar.
  private static func declared(by spec: PodSpec) -> [ContainerPort] {
    let sidecars = spec.initContainers.filter { $0.restartPolicy == "Always" }
    return (sidecars + spec.containers).flatMap(\.ports)
  }

  private static func listening(_ ports: [ContainerPort]) -> [UInt32] {
    var codes: [UInt32] = []
    for port in ports {
      guard let number = UInt16(exactly: port.containerPort), number > 0 else { continue }
      let code = PortSetTable.code(port.transport, number)
      if !codes.contains(code) { codes.append(code) }
    }
    return codes
  }

  private static func mapping(_ port: ContainerPort) -> PortMapping.Entry? {
    guard let outer = UInt16(exactly: port.hostPort), outer > 0,
      let inner = UInt16(exactly: port.containerPort)
    else { return nil }
    let hostIP = IPAddress(port.hostIP).flatMap { $0.isUnspecified ? nil : $0 }
    return PortMapping.Entry(
      transport: port.transport, hostPort: outer, containerPort: inner, hostIP: hostIP)
  }
}
