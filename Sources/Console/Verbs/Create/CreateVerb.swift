import ClusterModel
import ControlPlane

/// `create`: new objects from files or from flags (kubectl pkg/cmd/create).
struct CreateVerb: Verb {
  let name = "create"
  let summary = "Create a resource from a file or from stdin"
  let usage = "-f FILENAME"
  let examples = ["kubectl create -f web.yaml", "kubectl create deployment web --image=nginx"]
  let flags: [Flag] =
    [
      .filename, Flag("recursive", short: "R", .toggle, "Directories with what is below them"),
      Flag("save-config", .toggle, "Keep the manifest as an annotation for apply"),
      FieldCheck.flag,
    ] + Mutation.flags
  let subverbs: [any Verb] = [
    CreateBindingVerb(isOfCluster: true), CreateRoleVerb(isOfCluster: true),
    CreateConfigMapVerb(), CreateCronJobVerb(), CreateDeploymentVerb(), CreateIngressVerb(),
    CreateJobVerb(), CreateNamespaceVerb(), CreateBudgetVerb(), CreatePriorityClassVerb(),
    CreateQuotaVerb(), CreateRoleVerb(isOfCluster: false), CreateBindingVerb(isOfCluster: false),
    CreateSecretVerb(), CreateServiceVerb(), CreateServiceAccountVerb(),
  ]

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    guard call.values.isGiven("filename") else {
      transcript.output += Help.text(of: self, path: call.path)
      throw CommandFailure("Error: must specify one of -f and -k\n")
    }
    let mutation = try Mutation(call)
    let manifests = try ManifestFiles(call).requests()
    guard !manifests.isEmpty else { throw CommandFailure("error: no objects passed to create") }
    let check = try FieldCheck(call)
    try manifests.sendEach { manifest throws(Refusal) in
      if let refusal = check.check(manifest, &transcript) {
        throw .server(refusal, while: "creating")
      }
      try create(manifest, call, mutation, &console, &transcript)
    }
  }

  private func create(
    _ manifest: ReadManifest, _ call: Call, _ mutation: Mutation, _ console: inout Console,
    _ transcript: inout Transcript
  ) throws(Refusal) {
    if let refusal = manifest.refusal { throw .server(refusal, while: "creating") }
    if let notice = PolicyNotice.text(manifest.resource, console.world.configuration) {
      transcript.warn(notice)
    }
    APIWarnings.tell(of: manifest.value, manifest.resource, &transcript)
    let keeps = call.values.flag("save-config")
    let object = try Refusal.unless { () throws(CommandFailure) in
      try ObjectCoding.object(from: keeps ? manifest.withLastApplied : manifest.value)
    }
    for notice in AnnotationNotice.texts(of: object) { transcript.warn(notice) }
    if mutation.dryRun == .client {
      return try Refusal.unless { () throws(CommandFailure) in
        let value = keeps ? manifest.withLastApplied : manifest.value
        try mutation.tell(value, of: object, "created", &transcript)
      }
    }
    try Refusal.during("creating", mutation.dryRun) { () throws(APIError) in
      try console.world.request(.create(object), dryRun: mutation.dryRun != .none) ?? object
    } then: { (created) throws(CommandFailure) in
      try mutation.tell(created, "created", &transcript)
    }
  }
}

/// `create namespace`.
struct CreateNamespaceVerb: Verb {
  let name = "namespace"
  let aliases = ["ns"]
  let summary = "Create a namespace with the specified name"
  let usage = "NAME [--dry-run=server|client|none]"
  let flags = Mutation.flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let name = try call.onlyName()
    let object = StoredObject.namespace(Namespace(metadata: ObjectMeta(name: name)))
    try Mutation(call).create(object, "created", &console, &transcript)
  }
}

/// `create deployment` (kubectl pkg/cmd/create/create_deployment.go).
struct CreateDeploymentVerb: Verb {
  let name = "deployment"
  let aliases = ["deploy", "dep"]
  let summary = "Create a deployment with the specified name"
  let usage = "NAME --image=image -- [COMMAND] [args...]"
  let examples = ["kubectl create deployment web --image=nginx --replicas=3 --port=80"]
  let flags: [Flag] =
    [
      Flag("image", .list, "Image of a container; may be given several times"),
      Flag("replicas", short: "r", .number, "How many pods (default 1)"),
      Flag("port", .number, "The port that the container exposes"),
    ] + Mutation.flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let name = try call.onlyName()
    let images = call.values.texts("image").flatMap { $0.split(separator: ",").map(String.init) }
    guard !images.isEmpty else { throw CommandFailure("error: required flag(s) \"image\" not set") }
    let replicas = call.values.number("replicas") ?? 1
    guard (0...Int(Int32.max)).contains(replicas) else {
      throw CommandFailure("error: --replicas must be at least 0")
    }
    var containers = images.map { Container(name: Self.containerName($0), image: $0) }
    if images.count == 1, let command = call.values.trailing { containers[0].command = command }
    if let port = call.values.number("port"), port != -1 {
      containers[0].ports = [ContainerPort(containerPort: port)]
    }
    let labels: Labels = ["app": name]
    var deployment = Deployment(
      metadata: ObjectMeta(name: name, namespace: call.namespace, labels: labels),
      selector: LabelSelector(matchLabels: labels),
      template: PodTemplate(labels: labels, spec: Shared(PodSpec(containers: containers))))
    deployment.replicas = replicas
    try Mutation(call).create(
      .deployment(deployment), failing: "failed to create deployment", &console, &transcript)
  }

  /// The last part of an image's path without tag and digest, as a DNS label.
  static func containerName(_ image: String) -> String {
    let last = image.split(separator: "/").last.map(String.init) ?? image
    let name = last.split { $0 == ":" || $0 == "@" }.first.map(String.init) ?? last
    return String(name.map { $0 == "_" || $0 == "." ? "-" : $0 })
  }
}

extension Call {
  /// The one argument of a verb that makes an object.
  func onlyName() throws(CommandFailure) -> String {
    guard arguments.count == 1, let name = arguments.first else {
      throw wrongUsage("exactly one NAME is required, got \(arguments.count)")
    }
    return name
  }
}
