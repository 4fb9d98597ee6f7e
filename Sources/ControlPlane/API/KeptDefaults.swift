import ClusterModel

/// The defaults of kinds that are kept as values, and the status that a new object begins with
/// (pkg/apis/*/v*/defaults.go).
enum KeptDefaults {
  static func set(_ object: inout KeptObject, replacing old: KeptObject?) {
    guard APIResource.wellKnown.contains(object.resource.withoutVersion) else { return }
    object.body = withoutNulls(object.body)
    var spec = object.body["spec"]?.fields ?? Fields()
    switch object.resource.kind {
    case "ReplicationController": replication(&object, &spec)
    case "DaemonSet", "StatefulSet", "Job":
      spec["template"] = spec["template"].map(PodDefaults.template)
      if let claims = spec["volumeClaimTemplates"]?.array {
        spec["volumeClaimTemplates"] = .array(claims.map(claimTemplate))
      }
      if object.resource.kind == "Job" { put(&spec, "manualSelector", false) }
    case "CronJob": cronJob(&spec)
    case "HorizontalPodAutoscaler": autoscaler(&spec)
    case "NetworkPolicy": policy(&spec)
    case "ResourceQuota": quota(&spec)
    case "LimitRange": limits(&spec)
    case "PersistentVolumeClaim": put(&spec, "volumeMode", "Filesystem")
    case "PersistentVolume":
      put(&spec, "volumeMode", "Filesystem")
      put(&spec, "persistentVolumeReclaimPolicy", "Retain")
    default: body(&object.body, object.resource.kind)
    }
    if !spec.isEmpty || object.body["spec"] != nil { object.body["spec"] = .object(spec) }
    status(&object, replacing: old)
  }

  private static func put(_ fields: inout Fields, _ name: String, _ value: Value) {
    PodDefaults.setDefault(&fields, name, value)
  }

  /// Null stands for an absent field.
  private static func withoutNulls(_ fields: Fields) -> Fields {
    Fields(fields.all.filter { $0.value != .null }.map { ($0.name, $0.value) })
  }

  /// What selects nothing takes the template's labels (SetDefaults_ReplicationController).
  private static func replication(_ object: inout KeptObject, _ spec: inout Fields) {
    spec["template"] = spec["template"].map(PodDefaults.template)
    let labels = spec["template"]?["metadata"]?["labels"]
    if (spec["selector"]?.fields ?? Fields()).isEmpty { spec["selector"] = labels }
    if object.metadata.labels.isEmpty { object.metadata.labels = object.template?.labels ?? [:] }
    put(&spec, "replicas", 1)
  }

  private static func cronJob(_ spec: inout Fields) {
    put(&spec, "concurrencyPolicy", "Allow")
    put(&spec, "failedJobsHistoryLimit", 1)
    put(&spec, "successfulJobsHistoryLimit", 3)
    put(&spec, "suspend", false)
    guard var job = spec["jobTemplate"]?.fields else { return }
    put(&job, "metadata", [:])
    if var jobSpec = job["spec"]?.fields {
      jobSpec["template"] = jobSpec["template"].map(PodDefaults.template)
      job["spec"] = .object(jobSpec)
    }
    spec["jobTemplate"] = .object(job)
  }

  private static func autoscaler(_ spec: inout Fields) {
    put(&spec, "minReplicas", 1)
    if (spec["metrics"]?.array ?? []).isEmpty {
      spec["metrics"] = [
        [
          "resource": [
            "name": "cpu", "target": ["averageUtilization": 80, "type": "Utilization"],
          ],
          "type": "Resource",
        ]
      ]
    }
  }

  private static func policy(_ spec: inout Fields) {
    put(&spec, "podSelector", [:])
    if (spec["policyTypes"]?.array ?? []).isEmpty {
      let hasEgress = !(spec["egress"]?.array ?? []).isEmpty
      spec["policyTypes"] = hasEgress ? ["Ingress", "Egress"] : ["Ingress"]
    }
    for name in ["ingress", "egress"] {
      guard let rules = spec[name]?.array else { continue }
      spec[name] = .array(
        rules.map { rule in
          guard var fields = rule.fields else { return rule }
          if let ports = fields["ports"]?.array { fields["ports"] = .array(ports.map(withTCP)) }
          return .object(fields)
        })
    }
  }

  private static func withTCP(_ port: Value) -> Value {
    guard var fields = port.fields else { return port }
    put(&fields, "protocol", "TCP")
    return .object(fields)
  }

  private static func claimTemplate(_ claim: Value) -> Value {
    guard var fields = claim.fields else { return claim }
    put(&fields, "apiVersion", "v1")
    put(&fields, "kind", "PersistentVolumeClaim")
    var spec = fields["spec"]?.fields ?? Fields()
    put(&spec, "volumeMode", "Filesystem")
    fields["spec"] = .object(spec)
    put(&fields, "status", ["phase": "Pending"])
    return .object(fields)
  }

  /// Kinds whose fields stand beside their metadata.
  private static func body(_ body: inout Fields, _ kind: String) {
    switch kind {
    case "Secret":
      put(&body, "type", "Opaque")
      guard let texts = body["stringData"]?.fields else { return }
      var data = body["data"]?.fields ?? Fields()
      for text in texts.all {
        data[text.name] = .string(Base64.encoded(text.value.string ?? ""))
      }
      body["stringData"] = nil
      body["data"] = .object(data)
    case "PriorityClass": put(&body, "preemptionPolicy", "PreemptLowerPriority")
    case "StorageClass":
      put(&body, "reclaimPolicy", "Delete")
      put(&body, "volumeBindingMode", "Immediate")
    case "Endpoints":
      guard let subsets = body["subsets"]?.array else { return }
      body["subsets"] = .array(
        subsets.map { subset in
          guard var fields = subset.fields else { return subset }
          if let ports = fields["ports"]?.array { fields["ports"] = .array(ports.map(withTCP)) }
          return .object(fields)
        })
    default: break
    }
  }

  /// A request to the object itself does not change its status.
  private static func status(_ object: inout KeptObject, replacing old: KeptObject?) {
    let first: Value? =
      switch object.resource.kind {
      case "DaemonSet":
        [
          "currentNumberScheduled": 0, "desiredNumberScheduled": 0, "numberMisscheduled": 0,
          "numberReady": 0,
        ]
      case "StatefulSet": ["availableReplicas": 0, "replicas": 0]
      case "ReplicationController": ["replicas": 0]
      case "Job", "CronJob", "ResourceQuota": [:]
      case "HorizontalPodAutoscaler": ["currentMetrics": .null, "desiredReplicas": 0]
      case "PodDisruptionBudget":
        [
          "currentHealthy": 0, "desiredHealthy": 0, "disruptionsAllowed": 0, "expectedPods": 0,
        ]
      case "Ingress": ["loadBalancer": [:]]
      case "PersistentVolumeClaim", "PersistentVolume": ["phase": "Pending"]
      default: nil
      }
    guard let first else { return }
    object.body["status"] = old == nil ? first : old?.body["status"]
  }
}

extension APIResource {
  /// The entry of the well-known kinds that it is, whatever version was written.
  fileprivate var withoutVersion: APIResource {
    APIResource.wellKnown.first { $0.kind == kind && $0.group == group } ?? self
  }
}
