import ClusterModel
import ControlPlane
import Manifests

/// `patch` (kubectl pkg/cmd/patch/patch.go).
struct PatchVerb: Verb {
  let name = "patch"
  let summary = "Update fields of a resource"
  let usage = "(-f FILENAME | TYPE NAME) -p PATCH [--type=strategic|merge|json]"
  let operands = Operands.objects
  let examples = [
    "kubectl patch service web -p '{\"spec\":{\"externalTrafficPolicy\":\"Local\"}}'",
    "kubectl patch deployment web --type=json "
      + "-p '[{\"op\":\"replace\",\"path\":\"/spec/replicas\",\"value\":3}]'",
  ]
  let flags: [Flag] =
    [
      Flag("patch", short: "p", "The patch, in JSON or YAML"),
      Flag("patch-file", "A file with the patch"),
      Flag("type", "strategic, merge or json", offers: .words(["strategic", "merge", "json"])),
      Flag("subresource", "Changes nothing here"), .filename,
    ] + Mutation.flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let type = call.values.text("type") ?? "strategic"
    guard ["strategic", "merge", "json"].contains(type) else {
      throw CommandFailure(
        "error: --type must be one of [json merge strategic], not \(type.goQuoted)")
    }
    let patch = try patch(call)
    let mutation = try Mutation(call)
    let targets = try TargetObjects(call, "patch").fetch(console.world, &transcript)
    mutation.forEach(targets, &console, &transcript) {
      (object, console, transcript) throws(CommandFailure) in
      let (changed, unknown) = try Self.apply(patch, type, to: object)
      for field in unknown { transcript.warn("Warning: \(field)") }
      if changed == object {
        try mutation.tell(object, "patched (no change)", &transcript)
      } else {
        try mutation.replace(changed, "patched", &console, &transcript)
      }
    }
  }

  private func patch(_ call: Call) throws(CommandFailure) -> Value {
    var text = call.values.text("patch") ?? ""
    if let path = call.values.text("patch-file") {
      do {
        let bytes = try call.files.files(at: path, recursively: false).first?.bytes ?? []
        text = String(decoding: bytes, as: UTF8.self)
      } catch {
        throw CommandFailure("error: unable to read patch file: \(error.message)", status: 2)
      }
    }
    guard !text.isEmpty else {
      throw CommandFailure(
        "error: must specify --patch or --patch-file containing the contents of the patch")
    }
    guard let patch = Rendering.parseYAML(text) else {
      throw CommandFailure(
        "error: unable to parse \(text.goQuoted): yaml: \(ValueReader.goProblem(with: text))")
    }
    return patch
  }

  private static func apply(_ patch: Value, _ type: String, to object: StoredObject)
    throws(CommandFailure) -> (StoredObject, unknownFields: [String])
  {
    let value = ObjectCoding.value(of: object)
    let changed: Value
    switch type {
    case "json":
      guard patch.array != nil else {
        throw CommandFailure(
          "Error from server (BadRequest): error decoding patch: json: cannot unmarshal "
            + "\(patch.typeName) into Go value of type jsonpatch.Patch")
      }
      // The server keeps to itself which operation failed.
      guard let result = try? JSONPatch.apply(patch, to: value) else {
        throw CommandFailure(
          "The request is invalid: the server rejected our request due to an error in our request")
      }
      changed = result
    case "merge": changed = JSONMerge.merge(try Self.object(patch), into: value)
    default:
      let resource = object.resource
      guard resource.hasBuiltInTypes else {
        throw CommandFailure(
          "error: application/strategic-merge-patch+json is not supported by "
            + "\(resource.apiVersion), Kind=\(resource.kind)")
      }
      changed = StrategicMerge.merge(
        try Self.object(patch), into: value, MergeSchema(kind: resource.kind))
    }
    // A strategic patch is shown as it came, of the others the object that they would make.
    let isConverted = type == "strategic"
    let text = isConverted ? GoMapText.text(of: patch) : Rendering.compactJSON(changed)
    return try ObjectCoding.patched(
      changed, replacing: object, showing: ShownPatch(text: text, isConverted: isConverted))
  }

  private static func object(_ patch: Value) throws(CommandFailure) -> Value {
    guard patch.fields != nil else {
      throw CommandFailure(
        "Error from server (BadRequest): error decoding patch: json: cannot unmarshal "
          + "\(patch.typeName) into Go value of type map[string]interface {}")
    }
    return patch
  }
}
