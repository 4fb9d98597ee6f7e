import ClusterModel

/// Turns typed objects into values as the API server gives them out.
public enum ManifestEncoder {
  public static func value(of node: Node) -> Value {
    object(.nodes, node.metadata, node.encoded)
  }
  public static func value(of namespace: Namespace) -> Value {
    object(.namespaces, namespace.metadata, namespace.encoded)
  }
  public static func value(of pod: Pod) -> Value { object(.pods, pod.metadata, pod.encoded) }
  public static func value(of deployment: Deployment) -> Value {
    object(.deployments, deployment.metadata, deployment.encoded)
  }
  public static func value(of replicaSet: ReplicaSet) -> Value {
    object(.replicaSets, replicaSet.metadata, replicaSet.encoded)
  }
  public static func value(of service: Service) -> Value {
    object(.services, service.metadata, service.encoded)
  }
  public static func value(of slice: EndpointSlice) -> Value {
    object(.endpointSlices, slice.metadata, slice.encoded)
  }
  public static func value(of event: Event) -> Value {
    object(.events, event.metadata, event.encoded)
  }
  public static func value(of kept: KeptObject) -> Value {
    object(kept.resource, kept.metadata, kept.body)
  }

  /// The object of a manifest; configuration is given back as it was written.
  public static func value(of manifest: Manifest) -> Value {
    switch manifest.content {
    case .node(let object): value(of: object)
    case .namespace(let object): value(of: object)
    case .pod(let object): value(of: object)
    case .deployment(let object): value(of: object)
    case .replicaSet(let object): value(of: object)
    case .service(let object): value(of: object)
    case .endpointSlice(let object): value(of: object)
    case .event(let object): value(of: object)
    case .kept(let object): value(of: object)
    case .topology, .proxyConfiguration: manifest.value
    }
  }

  /// The template of a workload, whose hash names its ReplicaSet.
  public static func value(of template: PodTemplate) -> Value { .object(template.encoded) }

  /// `spec` of a pod without its node.
  public static func value(of spec: PodSpec) -> Value { .object(spec.encoded) }

  /// Several objects as `kubectl get -o yaml` wraps them.
  public static func list(_ items: [Value]) -> Value {
    [
      "apiVersion": "v1", "items": .array(items), "kind": "List",
      "metadata": ["resourceVersion": ""],
    ]
  }

  private static func object(
    _ resource: APIResource, _ metadata: ObjectMeta, _ body: Fields
  ) -> Value {
    var fields = body
    fields["apiVersion"] = .string(resource.apiVersion)
    fields["kind"] = .string(resource.kind)
    fields["metadata"] = .object(metadata.encoded)
    return .object(fields)
  }
}

/// The annotation in which `kubectl apply` remembers what was applied.
public enum LastApplied {
  public static let annotation = "kubectl.kubernetes.io/last-applied-configuration"

  /// The annotation's text for an object as it was written (kubectl pkg/util/apply.go
  /// GetModifiedConfiguration): the annotation itself left out, annotations and namespace present.
  public static func text(of value: Value, namespace: String? = nil) -> String {
    var fields = value.fields ?? Fields()
    var metadata = fields["metadata"]?.fields ?? Fields()
    var annotations = metadata["annotations"]?.fields ?? Fields()
    annotations[annotation] = nil
    metadata["annotations"] = .object(annotations)
    if let namespace { metadata["namespace"] = .string(namespace) }
    fields["metadata"] = .object(metadata)
    return JSONWriter.compactText(.object(fields)) + "\n"
  }
}
