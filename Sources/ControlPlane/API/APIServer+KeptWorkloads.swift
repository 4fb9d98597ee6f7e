import ClusterModel

/// DaemonSets, StatefulSets and Jobs: kept as they are written, with the defaults that count.
extension APIServer {
  func admit(_ object: inout KeptObject, replacing old: KeptObject?) throws(APIError) {
    KeptDefaults.set(&object, replacing: old)
    try checkLimitRanges(of: object)
    if let template = object.template {
      object.template?.spec = Shared(PodAdmission.defaulted(template.spec.value))
    }
    if try admitPolicy(&object, replacing: old) { return }
    guard object.template != nil else { return }
    var spec = object.body["spec"]?.fields ?? Fields()
    // With a parallelism of its own a Job needs no number of completions.
    let isWorkQueue = object.resource.kind == "Job" && spec["parallelism"] != nil
    for (name, value) in Self.defaults(object.resource.kind)
    where spec[name] == nil && !(isWorkQueue && name == "completions") {
      spec[name] = value
    }
    if spec["updateStrategy"] != nil { Self.completeStrategy(&spec, object.resource.kind) }
    if object.resource.kind == "Job" { Self.identify(&spec, &object, replacing: old) }
    object.body["spec"] = .object(spec)
    countTemplates(&object, replacing: old)
  }

  /// pkg/apis/apps/v1/defaults.go and pkg/apis/batch/v1/defaults.go.
  private static func defaults(_ kind: String) -> [(String, Value)] {
    switch kind {
    case "DaemonSet":
      [
        ("revisionHistoryLimit", 10),
        (
          "updateStrategy",
          ["rollingUpdate": ["maxSurge": 0, "maxUnavailable": 1], "type": "RollingUpdate"]
        ),
      ]
    case "StatefulSet":
      [
        ("podManagementPolicy", "OrderedReady"), ("replicas", 1), ("revisionHistoryLimit", 10),
        ("updateStrategy", ["rollingUpdate": ["partition": 0], "type": "RollingUpdate"]),
        (
          "persistentVolumeClaimRetentionPolicy",
          ["whenDeleted": "Retain", "whenScaled": "Retain"]
        ),
      ]
    case "ReplicationController": []
    default:
      [
        ("backoffLimit", 6), ("completionMode", "NonIndexed"), ("completions", 1),
        ("parallelism", 1), ("podReplacementPolicy", "TerminatingOrFailed"), ("suspend", false),
      ]
    }
  }

  /// A strategy without a type rolls, and what it does not say of that is as usual.
  private static func completeStrategy(_ spec: inout Fields, _ kind: String) {
    guard var strategy = spec["updateStrategy"]?.fields,
      let usual = defaults(kind).first(where: { $0.0 == "updateStrategy" })?.1.fields
    else { return }
    if (strategy["type"]?.string ?? "").isEmpty { strategy["type"] = "RollingUpdate" }
    if strategy["type"] == "RollingUpdate" {
      var rolling = strategy["rollingUpdate"]?.fields ?? Fields()
      for field in usual["rollingUpdate"]?.fields?.all ?? [] where rolling[field.name] == nil {
        rolling[field.name] = field.value
      }
      strategy["rollingUpdate"] = .object(rolling)
    }
    spec["updateStrategy"] = .object(strategy)
  }

  /// The labels by which a Job knows its pods (pkg/registry/batch/job/strategy.go).
  private static func identify(
    _ spec: inout Fields, _ object: inout KeptObject, replacing old: KeptObject?
  ) {
    if let old {
      // Neither the template nor the selector of a Job can change.
      for name in ["selector", "template", "completions"] {
        spec[name] = old.body["spec"]?[name]
      }
      object.template = old.template
      return
    }
    let uid = "\(object.metadata.uid)"
    let own: Labels = [
      "batch.kubernetes.io/controller-uid": uid,
      "batch.kubernetes.io/job-name": object.metadata.name, "controller-uid": uid,
      "job-name": object.metadata.name,
    ]
    guard let written = object.template?.labels else { return }
    let labels = written.merging(own)
    // A Job without labels takes those of its template (SetDefaults_Job).
    if object.metadata.labels.isEmpty {
      object.metadata.labels = written.isEmpty ? labels : written
    }
    object.template?.labels = labels
    var template = spec["template"]?.fields ?? Fields()
    var metadata = template["metadata"]?.fields ?? Fields()
    metadata["labels"] = .object(Fields(labels.pairs.map { ($0.key, .string($0.value)) }))
    template["metadata"] = .object(metadata)
    spec["template"] = .object(template)
    spec["selector"] = ["matchLabels": ["batch.kubernetes.io/controller-uid": .string(uid)]]
  }

  /// A DaemonSet counts its templates (pkg/registry/apps/daemonset/strategy.go).
  private func countTemplates(_ object: inout KeptObject, replacing old: KeptObject?) {
    guard object.resource.kind == "DaemonSet" else { return }
    let held = old?.metadata.annotations[DaemonSetController.generation].flatMap { Int64($0) } ?? 0
    let isNew = old?.template != object.template
    object.metadata.annotations[DaemonSetController.generation] = "\(isNew ? held + 1 : held)"
  }
}
