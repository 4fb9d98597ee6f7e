import ClusterModel

extension Describer {
  /// The containers of a pod or of a template; those of a template have no status.
  ///
  /// - Parameters:
  ///   - pod: Where references to the pod's own fields are resolved; nil for a template.
  ///   - indent: What a template's lines begin with.
  mutating func containers(
    _ title: String, _ containers: [Value], _ statuses: [Value], of pod: Value?,
    indent: String = ""
  ) {
    let none = containers.isEmpty ? " <none>" : ""
    description.line(indent: indent, ["\(title):\(none)"])
    for container in containers {
      let name = container.text("name")
      description.line(1, "\(indent.isEmpty ? "" : " ")\(name):")
      let status = statuses.first { $0.text("name") == name }
      basics(container, status)
      texts("Command", container.texts("command"))
      texts("Args", container.texts("args"))
      if let status { self.status(status) }
      resources(container)
      probes(container)
      environmentSources(container)
      environment(container, pod)
      mounts(container)
    }
  }

  private mutating func basics(_ container: Value, _ status: Value?) {
    if let status { description.field("Container ID", status.text("containerID"), level: 2) }
    description.field("Image", container.text("image"), level: 2)
    if let status { description.field("Image ID", status.text("imageID"), level: 2) }
    let ports = container.items("ports")
    let isMany = ports.count > 1
    description.field(
      isMany ? "Ports" : "Port", Self.ports(ports, "containerPort").orNone, level: 2)
    description.field(
      isMany ? "Host Ports" : "Host Port", Self.ports(ports, "hostPort").orNone, level: 2)
    if let profile = container.value("securityContext", "seccompProfile") {
      description.field("SeccompProfile", profile.text("type"), level: 2)
      if profile.text("type") == "Localhost" {
        description.field("LocalhostProfile", profile.text("localhostProfile"), level: 2)
      }
    }
  }

  private static func ports(_ ports: [Value], _ field: String) -> String {
    ports.map { port in
      let name = port.text("name")
      return "\(port.number(field) ?? 0)/\(port.optionalText("protocol") ?? "TCP")"
        + (name.isEmpty ? "" : " (\(name))")
    }.joined(separator: ", ")
  }

  private mutating func texts(_ title: String, _ texts: [String]) {
    guard !texts.isEmpty else { return }
    description.line(2, "\(title):")
    for text in texts {
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        description.line(3, String(line))
      }
    }
  }

  private mutating func status(_ status: Value) {
    state("State", status.value("state") ?? .null)
    if let last = status.value("lastState"), last.has("terminated") { state("Last State", last) }
    description.field("Ready", status.flag("ready") ? "True" : "False", level: 2)
    description.field("Restart Count", "\(status.number("restartCount") ?? 0)", level: 2)
  }

  private mutating func state(_ title: String, _ state: Value) {
    if let running = state.value("running") {
      description.field(title, "Running", level: 2)
      description.field("Started", running.longTime("startedAt"), level: 3)
    } else if let end = state.value("terminated"), !state.has("waiting") {
      description.field(title, "Terminated", level: 2)
      description.optionalField("Reason", end.text("reason"), level: 3)
      description.optionalField("Message", end.text("message"), level: 3)
      description.field("Exit Code", "\(end.number("exitCode") ?? 0)", level: 3)
      if let signal = end.number("signal"), signal > 0 {
        description.field("Signal", "\(signal)", level: 3)
      }
      description.field("Started", end.longTime("startedAt"), level: 3)
      description.field("Finished", end.longTime("finishedAt"), level: 3)
    } else {
      description.field(title, "Waiting", level: 2)
      description.optionalField("Reason", state.text("waiting", "reason"), level: 3)
    }
  }

  private mutating func resources(_ container: Value) {
    for (title, name) in [("Limits", "limits"), ("Requests", "requests")] {
      let list = container.fields("resources", name)
      if !list.isEmpty { description.line(2, "\(title):") }
      for entry in list.all {
        let quantity = QuantityText.canonical(entry.value.scalarText ?? "")
        description.field(entry.name, quantity, level: 3)
      }
    }
  }

  private mutating func probes(_ container: Value) {
    let probes = [
      ("Liveness", "livenessProbe"), ("Readiness", "readinessProbe"), ("Startup", "startupProbe"),
    ]
    for (title, name) in probes {
      if let probe = container.value(name) {
        description.field(title, ProbeText.of(probe), level: 2)
      }
    }
  }

  private mutating func mounts(_ container: Value) {
    let mounts = container.items("volumeMounts")
    if mounts.isEmpty {
      description.field("Mounts", "<none>", level: 2)
    } else {
      description.line(2, "Mounts:")
    }
    for mount in Self.sorted(mounts, by: "mountPath") {
      let path = mount.text("subPath")
      let flags =
        (mount.flag("readOnly") ? "ro" : "rw") + (path.isEmpty ? "" : ",path=\(path.goQuoted)")
      description.line(3, "\(mount.text("mountPath")) from \(mount.text("name")) (\(flags))")
    }
    let devices = container.items("volumeDevices")
    guard !devices.isEmpty else { return }
    description.line(2, mounts.isEmpty ? "Devices:\t<none>" : "Devices:")
    for device in Self.sorted(devices, by: "devicePath") {
      description.line(3, "\(device.text("devicePath")) from \(device.text("name"))")
    }
  }

  private static func sorted(_ values: [Value], by field: String) -> [Value] {
    values.enumerated().sorted {
      ($0.element.text(field), $0.offset) < ($1.element.text(field), $1.offset)
    }.map(\.element)
  }
}
