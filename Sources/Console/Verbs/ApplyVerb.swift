import ClusterModel
import ControlPlane
import Manifests
import Simulation

/// `apply -f`: brings objects to what manifests say, by a merge of three
/// (kubectl pkg/cmd/apply/apply.go, patcher.go).
struct ApplyVerb: Verb {
  let name = "apply"
  let summary = "Apply a configuration to a resource by file name or stdin"
  let usage = "(-f FILENAME | -f -) [flags]"
  let examples = ["kubectl apply -f shop.yaml"]
  let flags: [Flag] =
    [
      .filename, Flag("recursive", short: "R", .toggle, "Directories with what is below them"),
      Flag("server-side", .toggle, "Merge at the server"), .selector,
      Flag("force-conflicts", .toggle, "Changes nothing here"),
      Flag("field-manager", "Changes nothing here"),
      Flag("force", .toggle, "Delete and create again what cannot be changed"), FieldCheck.flag,
    ] + Pruning.flags + Mutation.flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    guard call.values.isGiven("filename") else {
      throw CommandFailure("error: must specify one of -f and -k")
    }
    let mutation = try Mutation(call)
    let check = try FieldCheck(call)
    let pruning = try Pruning(call, console.world)
    var manifests = try ManifestFiles(call).requests()
    if let text = call.values.text("selector") {
      let selector = try LabelSelectorText.parse(text)
      manifests.removeAll { !selector.matches($0.metadata.labels) }
    }
    guard !manifests.isEmpty else { throw CommandFailure("error: no objects passed to apply") }
    try manifests.sendEach { manifest throws(Refusal) in
      try apply(manifest, call, mutation, check, &console, &transcript)
    }
    try pruning?.run(beside: manifests, mutation, &console, &transcript)
  }

  private func apply(
    _ manifest: ReadManifest, _ call: Call, _ mutation: Mutation, _ check: FieldCheck,
    _ console: inout Console, _ transcript: inout Transcript
  ) throws(Refusal) {
    let metadata = manifest.metadata
    let present = console.world.store.get(
      manifest.resource, namespace: metadata.namespace, name: metadata.name)
    let isServerSide = call.values.flag("server-side")
    if let present, !isServerSide, manifest.refusal?.reason != .badRequest {
      do throws(Refusal) {
        return try patch(present, manifest, mutation, check, &console, &transcript)
      } catch {
        guard call.values.flag("force"), error.canBeForced else { throw error }
        return try remake(present, manifest, mutation, &console, &transcript)
      }
    }
    if let refusal = check.check(manifest, &transcript) ?? manifest.refusal {
      throw .server(refusal, while: Self.activity(present))
    }
    if let notice = PolicyNotice.text(manifest.resource, console.world.configuration) {
      transcript.warn(notice)
    }
    APIWarnings.tell(of: manifest.value, manifest.resource, &transcript)
    AnnotationNotice.tell(of: manifest.value, &transcript)
    let merged = present.map { Self.merged($0, manifest, manifest.value) }
    let wanted = try Refusal.unless { () throws(CommandFailure) in
      try ObjectCoding.object(
        from: merged ?? (isServerSide ? manifest.value : manifest.withLastApplied))
    }
    if present == nil, mutation.dryRun == .client {
      return try Refusal.unless { () throws(CommandFailure) in
        try mutation.tell(manifest.withLastApplied, of: wanted, "created", &transcript)
      }
    }
    try Refusal.during(Self.activity(present), mutation.dryRun) { () throws(APIError) in
      if present == wanted { return wanted }
      return try console.world.request(
        present == nil ? .create(wanted) : .replace(wanted), dryRun: mutation.dryRun != .none)
        ?? wanted
    } then: { (answer) throws(CommandFailure) in
      try mutation.tell(answer, isServerSide ? "serverside-applied" : "created", &transcript)
    }
  }

  private static func activity(_ present: StoredObject?) -> String {
    present == nil ? "creating" : "patching"
  }

  private func patch(
    _ present: StoredObject, _ manifest: ReadManifest, _ mutation: Mutation, _ check: FieldCheck,
    _ console: inout Console, _ transcript: inout Transcript
  ) throws(Refusal) {
    if present.metadata.annotations[LastApplied.annotation] == nil {
      transcript.warn(Self.missingAnnotation(present))
    }
    let modified = manifest.withLastApplied
    let patch = Self.patch(present, manifest, modified)
    let text = Self.patchText(patch, present)
    if let refusal = check.check(manifest, patch: patch, &transcript) {
      throw .patch(refusal, text: text)
    }
    if let notice = PolicyNotice.text(manifest.resource, console.world.configuration) {
      transcript.warn(notice)
    }
    APIWarnings.tell(of: manifest.value, manifest.resource, &transcript)
    AnnotationNotice.tell(of: manifest.value, &transcript)
    let old = ObjectCoding.value(of: present)
    let merged = LinkedFields.follow(
      Self.merged(present, manifest, modified), of: present.resource, replacing: old)
    let causes = ObjectValidation.problems(with: merged, of: present.resource, replacing: old)
    if !causes.isEmpty {
      let error = APIError.invalid(
        kind: present.resource.kind, name: present.metadata.name, causes: causes)
      throw .patch(error, text: text)
    }
    let wanted = try Refusal.unless { () throws(CommandFailure) in
      try ObjectCoding.object(from: merged)
    }
    if wanted == present {
      return try Refusal.unless { () throws(CommandFailure) in
        try mutation.tell(present, "unchanged", &transcript)
      }
    }
    let answer: StoredObject
    do throws(APIError) {
      answer =
        try console.world.request(.replace(wanted), dryRun: mutation.dryRun != .none) ?? wanted
    } catch {
      throw .patch(error, text: text)
    }
    // A patch that only says anew what the server had defaulted changes nothing.
    let done = answer == present ? "unchanged" : "configured"
    try Refusal.unless { () throws(CommandFailure) in
      try mutation.tell(answer, done, &transcript)
    }
  }

  /// `--force`: the object is deleted and created again (patcher.go deleteAndCreate).
  private func remake(
    _ present: StoredObject, _ manifest: ReadManifest, _ mutation: Mutation,
    _ console: inout Console, _ transcript: inout Transcript
  ) throws(Refusal) {
    let wanted = try Refusal.unless { () throws(CommandFailure) in
      try ObjectCoding.object(from: manifest.withLastApplied)
    }
    try Refusal.during("creating", mutation.dryRun) { () throws(APIError) in
      if mutation.dryRun != .none { return wanted }
      let name = present.name
      try console.world.request(
        .delete(
          present.resource, namespace: name.namespace, name: name.name,
          DeleteOptions(gracePeriodSeconds: 0)))
      return try console.world.request(.create(wanted)) ?? wanted
    } then: { (answer) throws(CommandFailure) in
      try mutation.tell(answer, "configured", &transcript)
    }
  }

  private static func schema(_ resource: APIResource) -> MergeSchema {
    MergeSchema(kind: resource.kind, isStrategic: resource.hasBuiltInTypes)
  }

  private static func original(_ present: StoredObject) -> Value? {
    present.metadata.annotations[LastApplied.annotation].flatMap(Rendering.parseJSON)
  }

  /// The present object with the manifest put over it.
  static func merged(
    _ present: StoredObject, _ manifest: ReadManifest, _ modified: Value
  ) -> Value {
    ThreeWayMerge.merge(
      original: original(present), modified: modified, current: ObjectCoding.value(of: present),
      schema(manifest.resource))
  }

  private static func patch(
    _ present: StoredObject, _ manifest: ReadManifest, _ modified: Value
  ) -> Value {
    PatchText.patch(
      original: original(present), modified: modified, current: ObjectCoding.value(of: present),
      schema(manifest.resource))
  }

  /// `applying patch:` with what it is and to what, as kubectl's errors show it.
  private static func patchText(_ patch: Value, _ present: StoredObject) -> String {
    let resource = present.resource
    let group = resource.group.isEmpty ? "/\(resource.version)" : resource.apiVersion
    let metadata = present.metadata
    return "applying patch:\n\(Rendering.compactJSON(patch))\nto:\n"
      + "Resource: \("\(group), Resource=\(resource.plural)".goQuoted), GroupVersionKind: "
      + "\("\(group), Kind=\(resource.kind)".goQuoted)\n"
      + "Name: \(metadata.name.goQuoted), Namespace: \(metadata.namespace.goQuoted)\nfor:"
  }

  private static func missingAnnotation(_ object: StoredObject) -> String {
    "Warning: resource \(object.resource.plural)/\(object.metadata.name) is missing the "
      + "\(LastApplied.annotation) annotation which is required by kubectl apply. kubectl apply should only be "
      + "used on resources created declaratively by either kubectl create --save-config or kubectl "
      + "apply. The missing annotation will be patched automatically."
  }
}

extension ReadManifest {
  /// The manifest with itself as an annotation, as the next `apply` will want to know it.
  var withLastApplied: Value {
    var metadata = value["metadata"]?.fields ?? Fields()
    var annotations = metadata["annotations"]?.fields ?? Fields()
    annotations[LastApplied.annotation] = .string(LastApplied.text(of: value))
    metadata["annotations"] = .object(annotations)
    return value.setting("metadata", .object(metadata))
  }
}

extension Value {
  /// The object with this field; other values stay as they are.
  func setting(_ name: String, _ value: Value) -> Value {
    guard var fields else { return self }
    fields[name] = value
    return .object(fields)
  }
}

extension APIResource {
  /// Whether kubectl knows the kind's Go types, and so how its lists merge.
  var hasBuiltInTypes: Bool {
    APIResource.wellKnown.contains { $0.kind == kind && $0.group == group }
  }
}
