import ClusterModel
import ControlPlane

/// `create ingress` (kubectl pkg/cmd/create/create_ingress.go).
struct CreateIngressVerb: Verb {
  let name = "ingress"
  let aliases = ["ing"]
  let summary = "Create an ingress with the specified name"
  let usage = "NAME --rule=host/path=service:port[,tls[=secret]]"
  let examples = ["kubectl create ingress shop --rule=\"shop.example.com/*=web:80\""]
  let flags: [Flag] =
    [
      Flag("rule", .list, "host/path=service:port[,tls=secretname]; a * at the end: Prefix"),
      Flag("class", "The ingress class"),
      Flag("default-backend", "svcname:port for what no rule matches"),
      Flag("annotation", .list, "KEY=VALUE"),
    ] + Mutation.flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let name = try call.onlyName()
    let texts = call.values.texts("rule")
    let backend = call.values.text("default-backend") ?? ""
    guard !texts.isEmpty || !backend.isEmpty else {
      throw CommandFailure(
        "error: not enough information provided: every ingress has to either specify a "
          + "default-backend (which catches all traffic) or a list of rules (which catch specific "
          + "paths)")
    }
    var spec = Fields()
    if let className = call.values.text("class"), !className.isEmpty {
      spec["ingressClassName"] = .string(className)
    }
    if !backend.isEmpty { spec["defaultBackend"] = try Self.backend(backend, backend) }
    try rules(texts, &spec)
    var body: Fields = ["spec": .object(spec)]
    let annotations = Assignments(call.values.texts("annotation")).pairs
    if !annotations.isEmpty {
      body["annotations"] = .object(Fields(annotations.map { ($0.key, .string($0.value)) }))
    }
    try Mutation(call).create(
      "Ingress", "networking.k8s.io/v1", name, call, body, &console, &transcript)
  }

  private func rules(_ texts: [String], _ spec: inout Fields) throws(CommandFailure) {
    var hosts: [(host: String, paths: [Value])] = []
    var secrets: [(secret: String?, hosts: [Value])] = []
    for text in texts {
      let parts = text.split(separator: ",", maxSplits: 1).map(String.init)
      guard let (place, target) = (parts.first ?? "").divided(at: "="), target.contains(":") else {
        throw CommandFailure(
          "error: rule \(text.printable) is invalid and should be in format "
            + "host/path=svcname:svcport[,tls[=secret]]")
      }
      let (host, rest) = place.divided(at: "/") ?? (place, "")
      var path = "/" + rest
      let isPrefix = path.hasSuffix("*")
      if isPrefix { path.removeLast() }
      let entry: Value = [
        "backend": try Self.backend(target, text), "path": .string(path),
        "pathType": .string(isPrefix ? "Prefix" : "Exact"),
      ]
      if let index = hosts.firstIndex(where: { $0.host == host }) {
        hosts[index].paths.append(entry)
      } else {
        hosts.append((host, [entry]))
      }
      if parts.count == 2, parts[1].hasPrefix("tls") {
        let secret = parts[1].divided(at: "=")?.1
        if let index = secrets.firstIndex(where: { $0.secret == secret }) {
          if !secrets[index].hosts.contains(.string(host)) {
            secrets[index].hosts.append(.string(host))
          }
        } else {
          secrets.append((secret, host.isEmpty ? [] : [.string(host)]))
        }
      }
    }
    if !hosts.isEmpty {
      spec["rules"] = .array(
        hosts.map { host, paths in
          var rule: Fields = ["http": ["paths": .array(paths)]]
          if !host.isEmpty { rule["host"] = .string(host) }
          return .object(rule)
        })
    }
    if !secrets.isEmpty {
      spec["tls"] = .array(
        secrets.map { secret, hosts in
          var entry = Fields()
          if !hosts.isEmpty { entry["hosts"] = .array(hosts) }
          if let secret { entry["secretName"] = .string(secret) }
          return .object(entry)
        })
    }
  }

  private static func backend(_ text: String, _ whole: String) throws(CommandFailure) -> Value {
    guard let (service, port) = text.divided(at: ":"), !service.isEmpty, !port.isEmpty else {
      throw CommandFailure(
        "error: default-backend should be in format servicename:serviceport")
    }
    let target: Value = Int64(port).map { ["number": .integer($0)] } ?? ["name": .string(port)]
    return ["service": ["name": .string(service), "port": target]]
  }
}
