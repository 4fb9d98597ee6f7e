import ClusterModel

/// What the API server refuses in an object, whatever the state of the cluster.
///
/// The rules are upstream's, in its order and words; what is absent counts as its default.
public enum ObjectValidation {
  /// The causes of a refusal; nothing for a good object.
  ///
  /// - Parameter old: The object before an update; nil for a new one.
  public static func problems(
    with value: Value, of resource: APIResource, replacing old: Value? = nil
  ) -> [String] {
    let errors = FieldErrors()
    check(value, resource, replacing: old, errors)
    return errors.all.map { "\($0.path.text): \($0.detail)" }
  }

  static func check(
    _ value: Value, _ resource: APIResource, replacing old: Value?, _ errors: FieldErrors
  ) {
    let object = Field(value: value, path: .root, errors: errors)
    guard resource.isWellKnown else { return }
    MetadataValidation.check(object["metadata"], resource)
    body(object, resource, old)
    if let old { UpdateValidation.check(object, resource, replacing: old) }
  }

  private static func body(_ object: Field, _ resource: APIResource, _ old: Value?) {
    let spec = object["spec"]
    switch resource.kind {
    case "Pod": PodSpecValidation.check(spec)
    case "Service": ServiceSpecValidation(object, replacing: old).check()
    case "Deployment": WorkloadValidation.deployment(spec)
    case "ReplicaSet": WorkloadValidation.replicaSet(spec)
    case "ReplicationController": WorkloadValidation.replicationController(spec)
    case "DaemonSet": WorkloadValidation.daemonSet(spec)
    case "StatefulSet": WorkloadValidation.statefulSet(spec)
    case "Job": WorkloadValidation.job(spec)
    case "CronJob": WorkloadValidation.cronJob(object)
    case "EndpointSlice": NetworkValidation.endpointSlice(object)
    case "NetworkPolicy": NetworkValidation.policy(spec)
    case "Ingress": NetworkValidation.ingress(spec)
    case "Node": ClusterValidation.node(spec)
    case "HorizontalPodAutoscaler": ClusterValidation.autoscaler(spec)
    case "PodDisruptionBudget": ClusterValidation.budget(spec)
    case "ResourceQuota": QuotaValidation.quota(spec)
    case "LimitRange": QuotaValidation.limitRange(spec)
    case "PersistentVolumeClaim": QuotaValidation.claim(spec)
    case "ConfigMap", "Secret": ClusterValidation.configuration(object)
    default: break
    }
  }
}

extension APIResource {
  /// Whether it is a kind of Kubernetes itself.
  var isWellKnown: Bool {
    APIResource.wellKnown.contains { $0.kind == kind && $0.group == group }
  }
}

/// apimachinery pkg/api/validation ValidateObjectMeta.
enum MetadataValidation {
  static func check(_ metadata: Field, _ resource: APIResource) {
    let (name, prefix) = (metadata["name"], metadata["generateName"])
    if !prefix.text.isEmpty {
      // A dash at the end is what the random characters follow.
      var shown = prefix.text
      if shown.hasSuffix("-") { shown = String(shown.dropLast()) + "a" }
      prefix.invalid(problems(with: shown, of: resource))
    }
    if name.text.isEmpty {
      if prefix.text.isEmpty { name.required("name or generateName is required") }
    } else {
      name.invalid(problems(with: name.text, of: resource))
    }
    metadata["labels"].labels()
    metadata["annotations"].annotations()
  }

  static func problems(with name: String, of resource: APIResource) -> [String] {
    switch resource.kind {
    // Since 1.36 a Service's name may begin with a digit.
    case "Namespace", "Service": NameFormat.label(name)
    case "Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding": NameFormat.pathSegment(name)
    default: NameFormat.subdomain(name)
    }
  }
}
