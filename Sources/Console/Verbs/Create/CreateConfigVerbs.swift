import ClusterModel
import ControlPlane

/// Makes an object of a kept kind from its written form.
extension Mutation {
  func create(
    _ kind: String, _ apiVersion: String, _ name: String, _ call: Call, _ body: Fields,
    _ console: inout Console, _ transcript: inout Transcript
  ) throws(CommandFailure) {
    let resource = APIResource.of(apiVersion: apiVersion, kind: kind)
    var value = body
    value["apiVersion"] = .string(apiVersion)
    value["kind"] = .string(kind)
    var metadata: Fields = ["name": .string(name)]
    if resource.isNamespaced { metadata["namespace"] = .string(call.namespace) }
    if let annotations = body["annotations"] {
      metadata["annotations"] = annotations
      value["annotations"] = nil
    }
    value["metadata"] = .object(metadata)
    let failures = [
      "ClusterRoleBinding": "clusterrolebinding", "ConfigMap": "configmap", "CronJob": "cronjob",
      "Ingress": "ingress", "Job": "job", "PodDisruptionBudget": "poddisruptionbudgets",
      "PriorityClass": "priorityclass", "ResourceQuota": "quota", "RoleBinding": "rolebinding",
      "Secret": "secret", "ServiceAccount": "serviceaccount",
    ]
    try create(
      try ObjectCoding.unchecked(.object(value)),
      failing: failures[kind].map { "failed to create \($0)" } ?? "", &console, &transcript)
  }
}

/// Data from `--from-literal`, `--from-file` and `--from-env-file`.
struct LiteralData {
  static let flags: [Flag] = [
    Flag("from-literal", .list, "KEY=VALUE; may be given several times"),
    Flag("from-file", .list, "[KEY=]FILE; may be given several times"),
    Flag("from-env-file", .list, "A file with lines of KEY=VALUE"),
  ]

  /// Sorted by key.
  static func read(_ call: Call, _ kind: String) throws(CommandFailure) -> [(String, String)] {
    var data = Labels()
    func put(_ key: String, _ value: String) throws(CommandFailure) {
      if let problem = NameFormat.configKey(key).first {
        throw CommandFailure(
          "error: \(key.goQuoted) is not a valid key name for a \(kind): \(problem)")
      }
      guard data[key] == nil else {
        throw CommandFailure(
          "error: cannot add key \(key.goQuoted), another key by that name already exists in Data for "
            + "\(kind) ")
      }
      data[key] = value
    }
    for text in call.values.texts("from-literal") {
      guard let (key, value) = text.divided(at: "="), !key.isEmpty else {
        throw CommandFailure(
          "error: invalid literal source \(text.printable), expected key=value")
      }
      try put(key, value.unquoted)
    }
    for text in call.values.texts("from-file") {
      let (key, path) = text.divided(at: "=") ?? ("", text)
      for file in try files(path, call) {
        let name = file.name.split(separator: "/").last.map(String.init) ?? file.name
        try put(key.isEmpty ? name : key, String(decoding: file.bytes, as: UTF8.self))
      }
    }
    for path in call.values.texts("from-env-file") {
      for file in try files(path, call) {
        for line in String(decoding: file.bytes, as: UTF8.self).split(separator: "\n") {
          let text = line.drop { $0 == " " || $0 == "\t" }
          if text.isEmpty || text.hasPrefix("#") { continue }
          let (key, value) = String(text).divided(at: "=") ?? (String(text), "")
          try put(key, value)
        }
      }
    }
    return data.pairs.map { ($0.key, $0.value) }
  }

  static func files(_ path: String, _ call: Call) throws(CommandFailure) -> [SourceFile] {
    do throws(UnreadableFile) {
      return try call.files.files(at: path, recursively: false)
    } catch {
      throw CommandFailure("error: error reading \(path.printable): \(error.message)")
    }
  }
}

extension String {
  /// Without the quotes around it.
  fileprivate var unquoted: String {
    guard count > 1, let first, first == last, first == "\"" || first == "'" else { return self }
    return String(dropFirst().dropLast())
  }
}

/// `create configmap`.
struct CreateConfigMapVerb: Verb {
  let name = "configmap"
  let aliases = ["cm"]
  let summary = "Create a config map from a local file, directory or literal value"
  let usage = "NAME [--from-file=[key=]source] [--from-literal=key1=value1]"
  let flags: [Flag] =
    LiteralData.flags + [Flag("append-hash", .toggle, "Changes nothing here")] + Mutation.flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let name = try call.onlyName()
    let data = try LiteralData.read(call, "ConfigMap")
    var body = Fields()
    if !data.isEmpty { body["data"] = .object(Fields(data.map { ($0.0, .string($0.1)) })) }
    try Mutation(call).create("ConfigMap", "v1", name, call, body, &console, &transcript)
  }
}

/// `create secret`.
struct CreateSecretVerb: Verb {
  let name = "secret"
  let summary = "Create a secret using a specified subcommand"
  let usage = "(docker-registry | generic | tls)"
  let subverbs: [any Verb] = [
    CreateGenericSecretVerb(), CreateTLSSecretVerb(), CreateRegistrySecretVerb(),
  ]
}

struct CreateGenericSecretVerb: Verb {
  let name = "generic"
  let summary = "Create a secret from a local file, directory, or literal value"
  let usage = "NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1]"
  let flags: [Flag] =
    LiteralData.flags + [Flag("type", "The type of the secret")] + Mutation.flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let name = try call.onlyName()
    let data = try LiteralData.read(call, "Secret")
    try SecretMaker.create(
      name, call.values.text("type") ?? "Opaque", data, call, &console, &transcript)
  }
}

private enum SecretMaker {
  static func create(
    _ name: String, _ type: String, _ data: [(String, String)], _ call: Call,
    _ console: inout Console, _ transcript: inout Transcript
  ) throws(CommandFailure) {
    let encoded = data.map { ($0.0, Value.string(Base64.encoded($0.1))) }
    var body: Fields = ["type": .string(type)]
    if !encoded.isEmpty { body["data"] = .object(Fields(encoded)) }
    try Mutation(call).create("Secret", "v1", name, call, body, &console, &transcript)
  }
}

struct CreateTLSSecretVerb: Verb {
  let name = "tls"
  let summary = "Create a TLS secret"
  let usage = "NAME --cert=path/to/cert/file --key=path/to/key/file"
  let flags: [Flag] =
    [Flag("cert", "A file with the certificate"), Flag("key", "A file with the key")]
    + Mutation.flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let name = try call.onlyName()
    var data: [(String, String)] = []
    for (key, flag) in [("tls.crt", "cert"), ("tls.key", "key")] {
      guard let path = call.values.text(flag), !path.isEmpty else {
        throw CommandFailure("error: key and cert must be specified")
      }
      let bytes = try LiteralData.files(path, call).first?.bytes ?? []
      data.append((key, String(decoding: bytes, as: UTF8.self)))
    }
    try SecretMaker.create(name, "kubernetes.io/tls", data, call, &console, &transcript)
  }
}

struct CreateRegistrySecretVerb: Verb {
  let name = "docker-registry"
  let summary = "Create a secret for use with a Docker registry"
  let usage = "NAME --docker-username=user --docker-password=password [--docker-server=string]"
  let flags: [Flag] =
    [
      Flag("docker-username", "The user"), Flag("docker-password", "The password"),
      Flag("docker-email", "The address"),
      Flag("docker-server", "The registry, https://index.docker.io/v1/ by default"),
    ] + Mutation.flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let name = try call.onlyName()
    let user = call.values.text("docker-username") ?? ""
    let password = call.values.text("docker-password") ?? ""
    guard !user.isEmpty, !password.isEmpty else {
      throw CommandFailure(
        "error: either --from-file or the combination of --docker-username, --docker-password and "
          + "--docker-server is required")
    }
    var entry: Fields = [
      "auth": .string(Base64.encoded("\(user):\(password)")), "password": .string(password),
      "username": .string(user),
    ]
    if let email = call.values.text("docker-email"), !email.isEmpty {
      entry["email"] = .string(email)
    }
    let server = call.values.text("docker-server") ?? "https://index.docker.io/v1/"
    let config: Value = .object([
      "auths": .object(Fields([(server, .object(entry))]))
    ])
    try SecretMaker.create(
      name, "kubernetes.io/dockerconfigjson",
      [(".dockerconfigjson", Rendering.compactJSON(config))], call, &console, &transcript)
  }
}

/// `create serviceaccount`.
struct CreateServiceAccountVerb: Verb {
  let name = "serviceaccount"
  let aliases = ["sa"]
  let summary = "Create a service account with the specified name"
  let usage = "NAME"
  let flags = Mutation.flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    try Mutation(call).create(
      "ServiceAccount", "v1", try call.onlyName(), call, Fields(), &console, &transcript)
  }
}
