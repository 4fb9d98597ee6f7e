import ClusterModel

/// Defaults inside those parts of a pod's spec that are kept as they are written, and of whole
/// templates of kept kinds (pkg/apis/core/v1/defaults.go).
enum PodDefaults {
  static func volumes(_ volumes: Value) -> Value {
    .array((volumes.array ?? []).map(volume))
  }

  private static func volume(_ volume: Value) -> Value {
    guard var fields = volume.fields else { return volume }
    if fields.all.allSatisfy({ $0.name == "name" }) { fields["emptyDir"] = [:] }
    for name in ["configMap", "secret", "projected", "downwardAPI"] {
      guard var source = fields[name]?.fields else { continue }
      setDefault(&source, "defaultMode", 420)
      if let sources = source["sources"]?.array {
        source["sources"] = .array(sources.map(projection))
      }
      if let items = source["items"]?.array { source["items"] = .array(items.map(Self.source)) }
      fields[name] = .object(source)
    }
    if var path = fields["hostPath"]?.fields {
      setDefault(&path, "type", "")
      fields["hostPath"] = .object(path)
    }
    return .object(fields)
  }

  private static func projection(_ source: Value) -> Value {
    guard var fields = source.fields else { return source }
    if var token = fields["serviceAccountToken"]?.fields {
      setDefault(&token, "expirationSeconds", 3600)
      fields["serviceAccountToken"] = .object(token)
    }
    if var down = fields["downwardAPI"]?.fields, let items = down["items"]?.array {
      down["items"] = .array(items.map(Self.source))
      fields["downwardAPI"] = .object(down)
    }
    return .object(fields)
  }

  /// Of `valueFrom` and of the items of a downward API volume.
  static func source(_ source: Value) -> Value {
    guard var fields = source.fields, var reference = fields["fieldRef"]?.fields else {
      return source
    }
    setDefault(&reference, "apiVersion", "v1")
    fields["fieldRef"] = .object(reference)
    if var resource = fields["resourceFieldRef"]?.fields {
      setDefault(&resource, "divisor", "0")
      fields["resourceFieldRef"] = .object(resource)
    }
    return .object(fields)
  }

  static func lifecycle(_ lifecycle: Value) -> Value {
    guard var fields = lifecycle.fields else { return lifecycle }
    for name in ["postStart", "preStop"] {
      guard var handler = fields[name]?.fields, var get = handler["httpGet"]?.fields else {
        continue
      }
      setDefault(&get, "path", "/")
      setDefault(&get, "scheme", "HTTP")
      handler["httpGet"] = .object(get)
      fields[name] = .object(handler)
    }
    return .object(fields)
  }

  /// Of a template that is kept as a value; the typed template has the same.
  static func template(_ template: Value) -> Value {
    guard var fields = template.fields, var spec = fields["spec"]?.fields else { return template }
    setDefault(&spec, "dnsPolicy", "ClusterFirst")
    setDefault(&spec, "restartPolicy", "Always")
    setDefault(&spec, "schedulerName", "default-scheduler")
    setDefault(&spec, "securityContext", [:])
    setDefault(&spec, "terminationGracePeriodSeconds", 30)
    if let account = spec["serviceAccountName"] { setDefault(&spec, "serviceAccount", account) }
    if let account = spec["serviceAccount"] { setDefault(&spec, "serviceAccountName", account) }
    if let volumes = spec["volumes"] { spec["volumes"] = self.volumes(volumes) }
    for name in ["containers", "initContainers"] {
      guard let list = spec[name]?.array else { continue }
      spec[name] = .array(list.map { container($0, hostNetwork: spec["hostNetwork"] == true) })
    }
    fields["spec"] = .object(spec)
    var metadata = fields["metadata"]?.fields ?? Fields()
    metadata["creationTimestamp"] = nil
    fields["metadata"] = .object(metadata)
    return .object(fields)
  }

  private static func container(_ container: Value, hostNetwork: Bool) -> Value {
    guard var fields = container.fields else { return container }
    let image = fields["image"]?.string ?? ""
    setDefault(
      &fields, "imagePullPolicy", PodAdmission.isLatest(image) ? "Always" : "IfNotPresent")
    setDefault(&fields, "terminationMessagePath", "/dev/termination-log")
    setDefault(&fields, "terminationMessagePolicy", "File")
    setDefault(&fields, "resources", [:])
    if var resources = fields["resources"]?.fields, let limits = resources["limits"]?.fields {
      var requests = resources["requests"]?.fields ?? Fields()
      for limit in limits.all { setDefault(&requests, limit.name, limit.value) }
      resources["requests"] = .object(requests)
      fields["resources"] = .object(resources)
    }
    if let ports = fields["ports"]?.array {
      fields["ports"] = .array(ports.map { port($0, hostNetwork: hostNetwork) })
    }
    if let variables = fields["env"]?.array {
      fields["env"] = .array(variables.map(variable))
    }
    fields["lifecycle"] = fields["lifecycle"].map(lifecycle)
    for name in ["livenessProbe", "readinessProbe", "startupProbe"] {
      fields[name] = fields[name].map(probe)
    }
    return .object(fields)
  }

  private static func variable(_ variable: Value) -> Value {
    guard var fields = variable.fields else { return variable }
    if fields["value"] == "" { fields["value"] = nil }
    fields["valueFrom"] = fields["valueFrom"].map(source)
    return .object(fields)
  }

  private static func port(_ port: Value, hostNetwork: Bool) -> Value {
    guard var fields = port.fields else { return port }
    setDefault(&fields, "protocol", "TCP")
    if hostNetwork { fields["hostPort"] = fields["containerPort"] }
    return .object(fields)
  }

  private static func probe(_ probe: Value) -> Value {
    guard var fields = probe.fields else { return probe }
    if var get = fields["httpGet"]?.fields {
      setDefault(&get, "path", "/")
      setDefault(&get, "scheme", "HTTP")
      fields["httpGet"] = .object(get)
    }
    if var grpc = fields["grpc"]?.fields {
      setDefault(&grpc, "service", "")
      fields["grpc"] = .object(grpc)
    }
    setDefault(&fields, "failureThreshold", 3)
    setDefault(&fields, "periodSeconds", 10)
    setDefault(&fields, "successThreshold", 1)
    setDefault(&fields, "timeoutSeconds", 1)
    return .object(fields)
  }

  static func setDefault(_ fields: inout Fields, _ name: String, _ value: Value) {
    if fields[name] == nil || fields[name] == .null { fields[name] = value }
  }
}
