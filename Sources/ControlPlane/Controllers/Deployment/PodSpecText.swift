import ClusterModel

/// A pod's spec as text with everything in it, for hashing.
///
/// The text is what Swift itself prints of the value, written by hand: printing by reflection takes
/// longer than all else that happens to a new Deployment.
enum PodSpecText {
  static func of(_ spec: PodSpec) -> String {
    var text = "PodSpec(initContainers: "
    append(spec.initContainers, to: &text)
    text += ", containers: "
    append(spec.containers, to: &text)
    text += ", restartPolicy: \(spec.restartPolicy.debugDescription)"
    text += ", terminationGracePeriodSeconds: \(spec.terminationGracePeriodSeconds)"
    text += ", dnsPolicy: \(spec.dnsPolicy.debugDescription)"
    text += ", dnsConfig: \(rare(spec.dnsConfig))"
    text += ", hostNetwork: \(spec.hostNetwork)"
    text += ", hostname: \(spec.hostname.debugDescription)"
    text += ", subdomain: \(spec.subdomain.debugDescription)"
    text += ", nodeSelector: \(labels(spec.nodeSelector))"
    text += ", affinity: \(rare(spec.affinity))"
    text += ", topologySpreadConstraints: \(rare(spec.topologySpreadConstraints))"
    text += ", tolerations: \(list(spec.tolerations))"
    text += ", readinessGates: \(spec.readinessGates)"
    text += ", schedulerName: \(spec.schedulerName.debugDescription)"
    text += ", serviceAccountName: \(spec.serviceAccountName.debugDescription)"
    text += ", priority: \(rare(spec.priority))"
    text += ", priorityClassName: \(spec.priorityClassName.debugDescription)"
    text += ", mountsToken: \(spec.mountsToken), other: "
    append(spec.other, to: &text)
    return text + ")"
  }

  private static func append(_ containers: [Container], to text: inout String) {
    text += "["
    for index in containers.indices {
      if index > 0 { text += ", " }
      append(containers[index], to: &text)
    }
    text += "]"
  }

  private static func append(_ container: Container, to text: inout String) {
    text += "ClusterModel.Container(name: \(container.name.debugDescription)"
    text += ", image: \(container.image.debugDescription)"
    text += ", imagePullPolicy: \(container.imagePullPolicy.debugDescription)"
    text += ", command: \(container.command), args: \(container.args), ports: ["
    text += container.ports.map(port).joined(separator: ", ")
    text += "], env: \(list(container.env))"
    text += ", requests: \(resources(container.requests))"
    text += ", limits: \(resources(container.limits))"
    text += ", readinessProbe: \(rare(container.readinessProbe))"
    text += ", livenessProbe: \(rare(container.livenessProbe))"
    text += ", startupProbe: \(rare(container.startupProbe))"
    text += ", lifecycle: \(rare(container.lifecycle))"
    text += ", restartPolicy: \(rare(container.restartPolicy)), other: "
    append(container.other, to: &text)
    text += ")"
  }

  private static func port(_ port: ContainerPort) -> String {
    "ClusterModel.ContainerPort(name: \(port.name.debugDescription)"
      + ", containerPort: \(port.containerPort), hostPort: \(port.hostPort)"
      + ", hostIP: \(port.hostIP.debugDescription)"
      + ", transport: ClusterModel.TransportProtocol.\(port.transport))"
  }

  private static func append(_ fields: Fields, to text: inout String) {
    text += "ClusterModel.Fields(all: ["
    for (index, field) in fields.all.enumerated() {
      if index > 0 { text += ", " }
      text += "ClusterModel.Fields.Field(name: \(field.name.debugDescription), value: "
      append(field.value, to: &text)
      text += ")"
    }
    text += "])"
  }

  private static func append(_ value: Value, to text: inout String) {
    switch value {
    case .string(let string): text += "ClusterModel.Value.string(\(string.debugDescription))"
    case .bool(let bool): text += "ClusterModel.Value.bool(\(bool))"
    case .integer(let number): text += "ClusterModel.Value.integer(\(number))"
    case .object(let fields):
      text += "ClusterModel.Value.object("
      append(fields, to: &text)
      text += ")"
    default: text += String(reflecting: value)
    }
  }

  private static func labels(_ labels: Labels) -> String {
    labels.isEmpty ? "ClusterModel.Labels(pairs: [])" : String(reflecting: labels)
  }

  private static func resources(_ resources: ResourceList) -> String {
    resources.isEmpty ? "ClusterModel.ResourceList(entries: [])" : String(reflecting: resources)
  }

  private static func list<Element>(_ elements: [Element]) -> String {
    elements.isEmpty ? "[]" : String(reflecting: elements)
  }

  /// What few specs have.
  private static func rare<Wrapped>(_ value: Wrapped?) -> String {
    value == nil ? "nil" : String(reflecting: value)
  }
}
