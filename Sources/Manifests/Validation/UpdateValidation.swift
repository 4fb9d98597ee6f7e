import ClusterModel

/// What an update cannot change (the Validate…Update functions of pkg/apis/*/validation).
enum UpdateValidation {
  static func check(_ object: Field, _ resource: APIResource, replacing old: Value) {
    let spec = object["spec"]
    let before = Field(value: old["spec"], path: spec.path, errors: object.errors)
    switch resource.kind {
    case "Deployment", "ReplicaSet", "DaemonSet": immutable(spec["selector"], before["selector"])
    case "StatefulSet": statefulSet(spec, before)
    case "Job": job(spec, before)
    case "Service": service(spec, before)
    case "EndpointSlice":
      let type = object["addressType"]
      if let held = old["addressType"], type.value != held { type.invalid("field is immutable") }
    case "ConfigMap", "Secret":
      if old["immutable"] == true {
        for name in ["data", "binaryData"] where object[name].value != old[name] {
          object[name].forbidden("field is immutable when `immutable` is set")
        }
      }
      if resource.kind == "Secret" {
        let type = object["type"]
        if let held = old["type"], type.isPresent, type.value != held {
          type.invalid("field is immutable")
        }
      }
    default: break
    }
  }

  private static func immutable(_ field: Field, _ before: Field) {
    if field.value != before.value { field.invalid("field is immutable") }
  }

  private static func statefulSet(_ spec: Field, _ before: Field) {
    let free = [
      "minReadySeconds", "ordinals", "persistentVolumeClaimRetentionPolicy", "replicas",
      "revisionHistoryLimit", "template", "updateStrategy",
    ]
    func fixed(_ field: Field) -> [(String, Value?)] {
      field.entries.filter { !free.contains($0.key) }.map { ($0.key, $0.field.value) }
    }
    guard !fixed(spec).elementsEqual(fixed(before), by: { $0 == $1 }) else { return }
    spec.forbidden(
      "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', "
        + "'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and "
        + "'minReadySeconds' are forbidden")
  }

  private static func job(_ spec: Field, _ before: Field) {
    if spec["completions"].isPresent, spec["completions"].value != before["completions"].value,
      before["completionMode"].text != "Indexed"
    {
      spec["completions"].invalid("field is immutable")
    }
    for name in ["selector", "template", "completionMode"]
    where spec[name].isPresent && spec[name].value != before[name].value {
      spec[name].invalid("field is immutable")
    }
  }

  /// ValidateServiceUpdate: addresses stay while the type has them.
  private static func service(_ spec: Field, _ before: Field) {
    let external = "ExternalName"
    guard before["type"].text != external, spec["type"].text != external else { return }
    let (new, old) = (spec["clusterIPs"].items, before["clusterIPs"].items)
    guard let held = old.first, let wanted = new.first, !held.text.isEmpty else { return }
    if wanted.text != held.text {
      spec["clusterIPs"].at(spec["clusterIPs"].path[0]).invalid(
        "may not change once set", spec["clusterIPs"].value)
    }
  }
}
