import ClusterModel
import ControlPlane
import Manifests
import Simulation

/// `replace -f`: whole objects in the place of old ones (kubectl pkg/cmd/replace/replace.go).
struct ReplaceVerb: Verb {
  let name = "replace"
  let summary = "Replace a resource by file name or stdin"
  let usage = "-f FILENAME"
  let examples = ["kubectl replace -f web.yaml", "kubectl replace --force -f web.yaml"]
  let flags: [Flag] =
    [
      .filename, Flag("recursive", short: "R", .toggle, "Directories with what is below them"),
      Flag("force", .toggle, "Delete the old object and create the new one"),
      Flag("cascade", .optional("background"), "background, orphan or foreground"),
      Flag("grace-period", .number, "Seconds for a pod to end by itself, with --force"),
      Flag("save-config", .toggle, "Keep the manifest as an annotation for apply"), .timeout,
      FieldCheck.flag,
    ] + Mutation.flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    guard call.values.isGiven("filename") else {
      throw CommandFailure("error: must specify --filename to replace")
    }
    let mutation = try Mutation(call)
    let check = try FieldCheck(call)
    let isForced = call.values.flag("force")
    if !isForced, call.values.isGiven("grace-period") {
      throw CommandFailure("error: --grace-period must have --force specified")
    }
    let manifests = try ManifestFiles(call).requests()
    guard !manifests.isEmpty else { throw CommandFailure("error: no objects passed to replace") }
    if isForced { try delete(manifests, call, mutation, &console, &transcript) }
    try manifests.sendEach { manifest throws(Refusal) in
      if let refusal = check.check(manifest, &transcript) ?? manifest.refusal {
        throw .server(refusal, while: "replacing")
      }
      try replace(manifest, call, mutation, &console, &transcript)
    }
  }

  private func delete(
    _ manifests: [ReadManifest], _ call: Call, _ mutation: Mutation, _ console: inout Console,
    _ transcript: inout Transcript
  ) throws(CommandFailure) {
    for manifest in manifests where manifest.problem == nil {
      let (resource, metadata) = (manifest.resource, manifest.metadata)
      guard
        let present = console.world.store.get(
          resource, namespace: metadata.namespace, name: metadata.name)
      else { continue }
      let options = DeleteOptions(gracePeriodSeconds: call.values.number("grace-period") ?? 0)
      try mutation.perform(
        .delete(resource, namespace: metadata.namespace, name: metadata.name, options), &console)
      let place = resource.isNamespaced ? " from \(metadata.namespace) namespace" : ""
      transcript.print(
        "\(resource.qualifiedSingular) \(present.metadata.name.goQuoted) deleted\(place)"
          + mutation.dryRun.suffix)
    }
  }

  private func replace(
    _ manifest: ReadManifest, _ call: Call, _ mutation: Mutation, _ console: inout Console,
    _ transcript: inout Transcript
  ) throws(Refusal) {
    APIWarnings.tell(of: manifest.value, manifest.resource, &transcript)
    let metadata = manifest.metadata
    let present = console.world.store.get(
      manifest.resource, namespace: metadata.namespace, name: metadata.name)
    let keeps =
      call.values.flag("save-config")
      || present?.metadata.annotations[LastApplied.annotation] != nil
    let wanted = try Refusal.unless { () throws(CommandFailure) in
      try ObjectCoding.object(from: keeps ? manifest.withLastApplied : manifest.value)
    }
    // Services are created by the replacement of one that is not there, as a few kinds are.
    let creates = present == nil
    guard !creates || call.values.flag("force") || wanted.isCreatedByUpdate else {
      throw .server(.notFound(manifest.resource, metadata.name), while: "replacing")
    }
    try Refusal.during("replacing", mutation.dryRun) { () throws(APIError) in
      try console.world.request(
        creates ? .create(wanted) : .replace(wanted), dryRun: mutation.dryRun != .none) ?? wanted
    } then: { (answer) throws(CommandFailure) in
      try mutation.tell(answer, "replaced", &transcript)
    }
  }
}

extension StoredObject {
  /// Kinds whose PUT creates what is missing (AllowCreateOnUpdate of their strategies).
  var isCreatedByUpdate: Bool {
    ["Service", "Endpoints", "Event", "Lease", "LimitRange"].contains(resource.kind)
  }
}
