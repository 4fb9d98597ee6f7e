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
      Flag("validate", .optional("strict"), "Changes nothing here"),
    ] + Mutation.flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    guard call.values.isGiven("filename") else {
      throw CommandFailure("error: must specify one of -f and -k")
    }
    let mutation = try Mutation(call)
    var manifests = try ManifestFiles(call).objects(&transcript)
    if let text = call.values.text("selector") {
      let selector = try LabelSelectorText.parse(text)
      manifests.removeAll { !selector.matches($0.metadata.labels) }
    }
    guard !manifests.isEmpty else { throw CommandFailure("error: no objects passed to apply") }
    var refusals = Refusals()
    for manifest in manifests {
      do {
        try apply(manifest, call, mutation, &console, &transcript)
      } catch {
        refusals.add(error, file: manifest.file)
      }
    }
    if let failure = refusals.failure { throw failure }
  }

  private func apply(
    _ manifest: ReadManifest, _ call: Call, _ mutation: Mutation, _ console: inout Console,
    _ transcript: inout Transcript
  ) throws(Refusal) {
    if let refusal = manifest.refusal { throw .server(refusal, while: "creating") }
    if let notice = PolicyNotice.text(manifest.resource, console.world.configuration) {
      transcript.warn(notice)
    }
    let isServerSide = call.values.flag("server-side")
    let store = console.world.store
    let metadata = manifest.metadata
    let present = store.get(
      manifest.resource, namespace: metadata.namespace, name: metadata.name)
    let modified = isServerSide ? manifest.value : manifest.withLastApplied
    if let object = try? ObjectCoding.object(from: manifest.value) {
      for notice in AnnotationNotice.texts(of: object) { transcript.warn(notice) }
    }
    guard let present else {
      let object = try Refusal.unless { () throws(CommandFailure) in
        try ObjectCoding.object(from: modified)
      }
      return try Refusal.during("creating", mutation.dryRun) { () throws(APIError) in
        try console.world.perform(.create(object), dryRun: mutation.dryRun != .none) ?? object
      } then: { (created) throws(CommandFailure) in
        try mutation.tell(created, isServerSide ? "serverside-applied" : "created", &transcript)
      }
    }
    if !isServerSide, present.metadata.annotations[LastApplied.annotation] == nil {
      transcript.warn(Self.missingAnnotation(present))
    }
    let merged = try Refusal.unless { () throws(CommandFailure) in
      try ObjectCoding.object(from: Self.merged(present, manifest, modified))
    }
    if merged == present {
      return try Refusal.unless { () throws(CommandFailure) in
        try mutation.tell(present, isServerSide ? "serverside-applied" : "unchanged", &transcript)
      }
    }
    try Refusal.during("patching", mutation.dryRun) { () throws(APIError) in
      try console.world.perform(.replace(merged), dryRun: mutation.dryRun != .none) ?? merged
    } then: { (changed) throws(CommandFailure) in
      try mutation.tell(changed, isServerSide ? "serverside-applied" : "configured", &transcript)
    }
  }

  /// The present object with the manifest put over it.
  private static func merged(
    _ present: StoredObject, _ manifest: ReadManifest, _ modified: Value
  ) -> Value {
    let original = present.metadata.annotations[LastApplied.annotation].flatMap(Rendering.parseJSON)
    let current = ObjectCoding.value(of: present)
    let schema = MergeSchema(
      kind: manifest.resource.kind, isStrategic: manifest.resource.hasBuiltInTypes)
    return ThreeWayMerge.merge(original: original, modified: modified, current: current, schema)
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
