import ClusterModel

extension Container {
  init(_ reader: FieldReader) {
    var reader = reader
    self.init(name: reader.text("name"), image: reader.text("image"))
    readPolicy(&reader)
    command = reader.texts("command")
    args = reader.texts("args")
    ports = reader.objects("ports").map { ContainerPort($0) }
    env = reader.objects("env").map { EnvironmentVariable($0) }
    var resources = reader.object("resources")
    requests = resources.resources("requests")
    limits = resources.resources("limits")
    readinessProbe = Probe.read("readinessProbe", &reader)
    livenessProbe = Probe.read("livenessProbe", &reader)
    startupProbe = Probe.read("startupProbe", &reader)
    lifecycle = reader.take("lifecycle")
    restartPolicy = reader.optionalText("restartPolicy")
    other = reader.rest
    if !resources.rest.isEmpty { other["resources"] = .object(resources.rest) }
  }

  private mutating func readPolicy(_ reader: inout FieldReader) {
    let policies = ["Always", "IfNotPresent", "Never"]
    imagePullPolicy = reader.text("imagePullPolicy")
    if !imagePullPolicy.isEmpty, !policies.contains(imagePullPolicy) {
      reader.errors.unsupported(
        reader.path["imagePullPolicy"], imagePullPolicy, supported: policies)
    }
  }

  var encoded: Fields {
    var writer = FieldWriter()
    writer.set("args", args)
    writer.set("command", command)
    writer.set("env", env.map(\.encoded))
    writer.set("image", image)
    writer.set("imagePullPolicy", imagePullPolicy)
    writer.set("lifecycle", lifecycle)
    writer.set("livenessProbe", livenessProbe?.encoded ?? Fields())
    writer.always("name", .string(name))
    writer.set("ports", ports.map(\.encoded))
    writer.set("readinessProbe", readinessProbe?.encoded ?? Fields())
    var resources = FieldWriter()
    resources.set("limits", limits)
    resources.set("requests", requests)
    writer.always("resources", .object(resources.fields))
    writer.set("restartPolicy", pointer: restartPolicy)
    writer.set("startupProbe", startupProbe?.encoded ?? Fields())
    writer.add(other)
    return writer.fields
  }
}

extension ContainerPort {
  init(_ reader: FieldReader) {
    var reader = reader
    self.init(
      name: reader.text("name"), containerPort: reader.integer("containerPort"),
      hostPort: reader.integer("hostPort"), hostIP: reader.text("hostIP"),
      transport: reader.transport())
  }

  var encoded: Fields {
    var writer = FieldWriter()
    writer.always("containerPort", .integer(Int64(containerPort)))
    writer.set("hostIP", hostIP)
    writer.set("hostPort", hostPort)
    writer.set("name", name)
    writer.set("protocol", transport.name)
    return writer.fields
  }
}

extension EnvironmentVariable {
  init(_ reader: FieldReader) {
    var reader = reader
    self.init(
      name: reader.text("name"), value: reader.optionalText("value"),
      valueFrom: reader.take("valueFrom"))
  }

  var encoded: Fields {
    var writer = FieldWriter()
    writer.always("name", .string(name))
    writer.set("value", value ?? "")
    writer.set("valueFrom", valueFrom)
    return writer.fields
  }
}

extension Probe {
  /// The probe in the field; nil when there is none or it does nothing.
  static func read(_ name: String, _ reader: inout FieldReader) -> Probe? {
    guard reader.has(name) else { return nil }
    var probe = reader.object(name)
    let handlers: [Handler] = [.exec, .httpGet, .tcpSocket, .grpc]
    let present = handlers.filter { probe.has($0.rawValue) }
    guard let handler = present.first else {
      reader.errors.add(reader.path[name], "Required value: must specify a handler type")
      return nil
    }
    for extra in present.dropFirst() {
      reader.errors.add(
        reader.path[name][extra.rawValue], "Forbidden: may not specify more than 1 handler type")
      _ = probe.take(extra.rawValue)
    }
    var read = Probe(handler: handler, action: probe.object(handler.rawValue).rest)
    read.initialDelaySeconds = probe.integer("initialDelaySeconds")
    // Zero stands for an absent value, which has its default.
    read.timeoutSeconds = probe.positive("timeoutSeconds", default: read.timeoutSeconds)
    read.periodSeconds = probe.positive("periodSeconds", default: read.periodSeconds)
    read.successThreshold = probe.positive("successThreshold", default: read.successThreshold)
    read.failureThreshold = probe.positive("failureThreshold", default: read.failureThreshold)
    read.other = probe.rest
    return read
  }

  var encoded: Fields {
    var writer = FieldWriter()
    writer.always(handler.rawValue, .object(action))
    writer.set("failureThreshold", failureThreshold)
    writer.set("initialDelaySeconds", initialDelaySeconds)
    writer.set("periodSeconds", periodSeconds)
    writer.set("successThreshold", successThreshold)
    writer.set("timeoutSeconds", timeoutSeconds)
    writer.add(other)
    return writer.fields
  }
}

extension FieldReader {
  fileprivate mutating func positive(_ name: String, default absent: Int) -> Int {
    let number = integer(name)
    return number == 0 ? absent : number
  }
}
