import ClusterModel

/// What the API server refuses in containers
/// (pkg/apis/core/validation/validation.go validateContainers and what it calls).
struct ContainerValidation {
  /// The names of the pod's volumes that are good.
  let volumes: Set<String>
  let hostNetwork: Bool

  func check(containers list: Field) {
    if list.items.isEmpty { return list.required() }
    var names: Set<String> = []
    for container in list.items {
      common(container)
      let name = container["name"]
      if !name.text.isEmpty, !names.insert(name.text).inserted { name.duplicate() }
      checkLifecycleAndProbes(container)
    }
    hostPorts(of: list)
  }

  func check(initContainers list: Field, containers: Field) {
    var names = Set(containers.items.map { $0["name"].text })
    for container in list.items {
      common(container)
      let isSidecar = container["restartPolicy"].text == "Always"
      let name = container["name"]
      if !name.text.isEmpty, !names.insert(name.text).inserted { name.duplicate() }
      if isSidecar {
        checkLifecycleAndProbes(container)
      } else {
        for field in ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"]
        where container[field].isPresent {
          container[field].forbidden(
            "may not be set for init containers without restartPolicy=Always")
        }
      }
      hostPorts(of: list)
    }
  }

  private func common(_ container: Field) {
    let name = container["name"]
    if name.text.isEmpty { name.required() } else { name.invalid(NameFormat.label(name.text)) }
    let image = container["image"]
    if image.text.isEmpty {
      image.required()
    } else if image.text.first == " " || image.text.last == " " {
      image.invalid("must not have leading or trailing whitespace")
    }
    container["terminationMessagePolicy"].choice(["FallbackToLogsOnError", "File"])
    ports(container["ports"])
    environment(container["env"])
    mounts(container["volumeMounts"])
    container["imagePullPolicy"].choice(["Always", "IfNotPresent", "Never"])
    ResourceValidation.check(container["resources"])
  }

  private func ports(_ list: Field) {
    var names: Set<String> = []
    for port in list.items {
      let name = port["name"]
      if !name.text.isEmpty {
        let problems = NameFormat.portName(name.text)
        name.invalid(problems)
        if problems.isEmpty, !names.insert(name.text).inserted { name.duplicate() }
      }
      let number = port["containerPort"].integer ?? 0
      if number == 0 {
        port["containerPort"].required()
      } else {
        port["containerPort"].invalid(NameFormat.port(number))
      }
      let hostPort = port["hostPort"]
      if let number = hostPort.integer, number != 0 { hostPort.invalid(NameFormat.port(number)) }
      if hostNetwork, let host = hostPort.integer, host != 0, host != number {
        hostPort.invalid("must match `containerPort` when `hostNetwork` is true")
      }
      port["protocol"].choice(["SCTP", "TCP", "UDP"])
    }
  }

  private func hostPorts(of list: Field) {
    var taken: Set<String> = []
    for port in list.items.flatMap({ $0["ports"].items }) {
      guard let number = port["hostPort"].integer, number != 0 else { continue }
      let transport = port["protocol"].text.isEmpty ? "TCP" : port["protocol"].text
      let key = "\(transport)/\(port["hostIP"].text)/\(number)"
      if !taken.insert(key).inserted { port["hostPort"].duplicate(.string(key)) }
    }
  }

  private func environment(_ list: Field) {
    for variable in list.items {
      let name = variable["name"]
      if name.text.isEmpty {
        name.required()
      } else {
        name.invalid(NameFormat.environmentName(name.text))
      }
      let source = variable["valueFrom"]
      guard source.isPresent else { continue }
      if !variable["value"].text.isEmpty {
        source.invalid("may not be specified when `value` is not empty", "")
      }
      switch source.entries.count {
      case 0:
        source.invalid(
          "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`",
          "")
      case 1: environmentSource(source)
      default: source.invalid("may not have more than one field specified at a time", "")
      }
    }
  }

  private func environmentSource(_ source: Field) {
    let reference = source["fieldRef"]
    if reference.isPresent {
      let path = reference["fieldPath"]
      let isLabel =
        path.text.hasPrefix("metadata.labels['")
        || path.text.hasPrefix("metadata.annotations['")
      if path.text.isEmpty {
        path.required()
      } else if !isLabel {
        path.choice([
          "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName",
          "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP",
          "status.podIPs",
        ])
      }
    }
    for name in ["configMapKeyRef", "secretKeyRef"] where source[name].isPresent {
      let key = source[name]["key"]
      if source[name]["name"].text.isEmpty { source[name]["name"].required() }
      if key.text.isEmpty { key.required() } else { key.invalid(NameFormat.configKey(key.text)) }
    }
  }

  private func mounts(_ list: Field) {
    var paths: Set<String> = []
    for mount in list.items {
      let name = mount["name"]
      if name.text.isEmpty { name.required() }
      if !volumes.contains(name.text) { name.notFoundName() }
      let path = mount["mountPath"]
      if path.text.isEmpty { path.required() }
      if !paths.insert(path.text).inserted { path.invalid("must be unique") }
    }
  }

  // MARK: Handlers

  private func checkLifecycleAndProbes(_ container: Field) {
    for name in ["postStart", "preStop"] where container["lifecycle"][name].isPresent {
      handler(container["lifecycle"][name], of: ["exec", "httpGet", "tcpSocket", "sleep"])
    }
    probe(container["livenessProbe"], needsOneSuccess: true)
    probe(container["readinessProbe"], needsOneSuccess: false)
    probe(container["startupProbe"], needsOneSuccess: true)
  }

  private func probe(_ probe: Field, needsOneSuccess: Bool) {
    guard probe.isPresent else { return }
    handler(probe, of: ["exec", "httpGet", "tcpSocket", "grpc"])
    for name in [
      "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold",
      "failureThreshold",
    ] {
      probe[name].notNegative()
    }
    if let seconds = probe["terminationGracePeriodSeconds"].integer, seconds <= 0 {
      probe["terminationGracePeriodSeconds"].invalid("must be greater than 0")
    }
    if needsOneSuccess, let count = probe["successThreshold"].integer, count != 0, count != 1 {
      probe["successThreshold"].invalid("must be 1")
    }
  }

  private func handler(_ owner: Field, of names: [String]) {
    let present = names.filter { owner[$0].isPresent }
    guard let first = present.first else { return owner.required("must specify a handler type") }
    for extra in present.dropFirst() {
      owner[extra].forbidden("may not specify more than 1 handler type")
    }
    let action = owner[first]
    switch first {
    case "exec": if action["command"].items.isEmpty { action["command"].required() }
    case "httpGet":
      port(action["port"])
      action["scheme"].choice(["HTTP", "HTTPS"])
    case "tcpSocket": port(action["port"])
    case "grpc":
      if let number = action["port"].integer { action["port"].invalid(NameFormat.port(number)) }
    default: break
    }
  }

  /// An absent port is number 0 to the API.
  private func port(_ port: Field) {
    if port.isPresent { port.portNumberOrName() } else { port.invalid(NameFormat.port(0), 0) }
  }
}

extension Field {
  fileprivate func notFoundName() { add("Not found: \(text.quoted)") }
}

/// What the API server refuses in requests and limits (ValidateResourceRequirements).
enum ResourceValidation {
  static func check(_ resources: Field) {
    let limits = resources["limits"]
    for (name, field) in limits.entries { amount(name, field) }
    for (name, field) in resources["requests"].entries {
      amount(name, field)
      guard let limit = limits[name].quantity, let request = field.quantity else { continue }
      let owner = resources["requests"]
      if isOvercommitted(name) {
        if request.milli > limit.milli {
          owner.invalid(
            "must be less than or equal to \(name) limit of \(limit)", .string(request.text))
        }
      } else if request.milli != limit.milli {
        owner.invalid("must be equal to \(name) limit of \(limit)", .string(request.text))
      }
    }
  }

  private static func amount(_ name: String, _ field: Field) {
    field.invalid(NameFormat.qualifiedName(name), .string(name))
    if !name.contains("/") {
      let isHugePage = name.hasPrefix("hugepages-")
      if !isHugePage, !standard.contains(name) {
        field.invalid("must be a standard resource type or fully qualified", .string(name))
      }
      if !isHugePage, !["cpu", "memory", "ephemeral-storage"].contains(name) {
        field.invalid("must be a standard resource for containers", .string(name))
      }
    }
    guard let quantity = field.quantity else { return }
    if quantity.milli < 0 {
      field.invalid("must be greater than or equal to 0", .string(quantity.text))
    }
    if name.contains("/"), quantity.milli % 1000 != 0 {
      field.invalid("must be an integer", .string(quantity.text))
    }
  }

  private static func isOvercommitted(_ name: String) -> Bool {
    !name.contains("/") && !name.hasPrefix("hugepages-")
  }

  private static let standard: Set<String> = [
    "cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory",
    "requests.ephemeral-storage", "limits.cpu", "limits.memory", "limits.ephemeral-storage", "pods",
    "resourcequotas", "services", "replicationcontrollers", "secrets", "configmaps",
    "persistentvolumeclaims", "storage", "requests.storage", "services.nodeports",
    "services.loadbalancers",
  ]
}

extension Field {
  var quantity: Quantity? {
    switch value {
    case .string(let text): Quantity(text)
    case .integer(let number): Quantity("\(number)")
    default: nil
    }
  }
}
