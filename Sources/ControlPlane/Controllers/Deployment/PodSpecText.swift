import ClusterModel

/// A pod's spec as text with everything in it, for hashing.
///
/// The text is what Swift itself prints of the value, written by hand: printing by reflection takes
/// longer than all else that happens to a new Deployment.
struct PodSpecText<Sink: TextSink> {
  private(set) var sink: Sink

  init(_ sink: Sink) { self.sink = sink }

  mutating func put(_ spec: PodSpec) {
    sink.put("PodSpec(initContainers: ")
    put(spec.initContainers)
    sink.put(", containers: ")
    put(spec.containers)
    put("restartPolicy", quoting: spec.restartPolicy)
    put("terminationGracePeriodSeconds", "\(spec.terminationGracePeriodSeconds)")
    put("dnsPolicy", quoting: spec.dnsPolicy)
    put("dnsConfig", Self.rare(spec.dnsConfig))
    put("hostNetwork", spec.hostNetwork ? "true" : "false")
    put("hostname", quoting: spec.hostname)
    put("subdomain", quoting: spec.subdomain)
    put("nodeSelector", Self.labels(spec.nodeSelector))
    put("affinity", Self.rare(spec.affinity))
    put("topologySpreadConstraints", Self.rare(spec.topologySpreadConstraints))
    put("tolerations", Self.list(spec.tolerations))
    put("readinessGates", Self.list(spec.readinessGates))
    put("schedulerName", quoting: spec.schedulerName)
    put("serviceAccountName", quoting: spec.serviceAccountName)
    put("priority", Self.rare(spec.priority))
    put("priorityClassName", quoting: spec.priorityClassName)
    put("mountsToken", spec.mountsToken ? "true" : "false")
    sink.put(", other: ")
    put(spec.other)
    sink.put(")")
  }

  // MARK: Parts

  private mutating func put(_ name: String, _ text: String) {
    sink.put(", ")
    sink.put(name)
    sink.put(": ")
    sink.put(text)
  }

  private mutating func put(_ name: String, quoting text: String) {
    sink.put(", ")
    sink.put(name)
    sink.put(": ")
    quote(text)
  }

  /// Texts that are quoted as they stand are nearly all there are.
  private mutating func quote(_ text: String) {
    var bytes = text
    let isPlain = bytes.withUTF8 {
      $0.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }
    }
    guard isPlain else { return sink.put(text.debugDescription) }
    sink.put("\"")
    sink.put(text)
    sink.put("\"")
  }

  private mutating func put(_ containers: [Container]) {
    sink.put("[")
    for index in containers.indices {
      if index > 0 { sink.put(", ") }
      put(containers[index])
    }
    sink.put("]")
  }

  private mutating func put(_ container: Container) {
    sink.put("ClusterModel.Container(name: ")
    quote(container.name)
    put("image", quoting: container.image)
    put("imagePullPolicy", quoting: container.imagePullPolicy)
    put("command", Self.list(container.command))
    put("args", Self.list(container.args))
    sink.put(", ports: [")
    for (index, port) in container.ports.enumerated() {
      if index > 0 { sink.put(", ") }
      put(port)
    }
    sink.put("]")
    put("env", Self.list(container.env))
    put("requests", Self.resources(container.requests))
    put("limits", Self.resources(container.limits))
    put("readinessProbe", Self.rare(container.readinessProbe))
    put("livenessProbe", Self.rare(container.livenessProbe))
    put("startupProbe", Self.rare(container.startupProbe))
    put("lifecycle", Self.rare(container.lifecycle))
    put("restartPolicy", Self.rare(container.restartPolicy))
    sink.put(", other: ")
    put(container.other)
    sink.put(")")
  }

  private mutating func put(_ port: ContainerPort) {
    sink.put("ClusterModel.ContainerPort(name: ")
    quote(port.name)
    put("containerPort", "\(port.containerPort)")
    put("hostPort", "\(port.hostPort)")
    put("hostIP", quoting: port.hostIP)
    put("transport", "ClusterModel.TransportProtocol.\(port.transport)")
    sink.put(")")
  }

  private mutating func put(_ fields: Fields) {
    sink.put("ClusterModel.Fields(all: [")
    for (index, field) in fields.all.enumerated() {
      if index > 0 { sink.put(", ") }
      sink.put("ClusterModel.Fields.Field(name: ")
      quote(field.name)
      sink.put(", value: ")
      put(field.value)
      sink.put(")")
    }
    sink.put("])")
  }

  private mutating func put(_ value: Value) {
    switch value {
    case .string(let string):
      sink.put("ClusterModel.Value.string(")
      quote(string)
    case .bool(let bool): sink.put("ClusterModel.Value.bool(\(bool)")
    case .integer(let number): sink.put("ClusterModel.Value.integer(\(number)")
    case .object(let fields):
      sink.put("ClusterModel.Value.object(")
      put(fields)
    default: return sink.put(String(reflecting: value))
    }
    sink.put(")")
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

/// What takes a text in pieces.
protocol TextSink {
  mutating func put(_ text: String)
}

extension String: TextSink {
  mutating func put(_ text: String) { self += text }
}

/// The 32-bit FNV-1a hash of a text.
struct FNV1a: TextSink {
  private(set) var value: UInt32 = 2_166_136_261

  mutating func put(_ text: String) {
    var text = text
    value = text.withUTF8 { bytes in
      bytes.reduce(value) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }
  }
}
