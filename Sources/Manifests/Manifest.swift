import ClusterModel

/// One object of an input, typed, with where it was written.
public struct Manifest: Hashable, Sendable {
  public enum Content: Hashable, Sendable {
    case node(Node)
    case namespace(Namespace)
    case pod(Pod)
    case deployment(Deployment)
    case replicaSet(ReplicaSet)
    case service(Service)
    case endpointSlice(EndpointSlice)
    case event(Event)
    /// A kind that is kept and listed only, and the kinds of `kubarium.dev` but the topology.
    case kept(KeptObject)
    /// A `kind` or Kubarium cluster: the nodes and networks to start with.
    case topology(ClusterTopology)
    case proxyConfiguration(KubeProxyConfiguration)
  }

  public var content: Content
  public var resource: APIResource
  /// The object as it was written, for `last-applied-configuration`.
  public var value: Value
  public var file: String
  public var place: Place
  /// What the API server would refuse about a new object; empty for a good one.
  public var fieldErrors: [FieldError]
  /// Those of its fields that the typed object cannot hold as they were written.
  public var unreadableFields: [FieldError] = []
  /// `unknown field "spec.foo"`, each; they are left out of the object.
  public var unknownFields: [String] = []
  /// Where those fields stand that only the state of the cluster can make wrong.
  var allocatedFields: [FieldError] = []

  public init(
    content: Content, resource: APIResource, value: Value, file: String = "",
    place: Place = .start, fieldErrors: [FieldError] = []
  ) {
    self.content = content
    self.resource = resource
    self.value = value
    self.file = file
    self.place = place
    self.fieldErrors = fieldErrors
  }

  /// Where the field was written, such as `spec.ports[0].nodePort`; the object's place when that
  /// is not known.
  public func place(ofField field: String) -> Place {
    allocatedFields.first { $0.field == field }?.place ?? place
  }

  /// Nil for configuration, which is no object of the API.
  public var metadata: ObjectMeta? {
    switch content {
    case .node(let object): object.metadata
    case .namespace(let object): object.metadata
    case .pod(let object): object.metadata
    case .deployment(let object): object.metadata
    case .replicaSet(let object): object.metadata
    case .service(let object): object.metadata
    case .endpointSlice(let object): object.metadata
    case .event(let object): object.metadata
    case .kept(let object): object.metadata
    case .topology, .proxyConfiguration: nil
    }
  }
}

/// What reading one or more inputs gave.
public struct Reading: Hashable, Sendable {
  public var manifests: [Manifest] = []
  /// In the order of the input.
  public var diagnostics: [Diagnostic] = []

  public init() {}

  public var errors: [Diagnostic] { diagnostics.filter { $0.severity == .error } }
  public var warnings: [Diagnostic] { diagnostics.filter { $0.severity == .warning } }
  public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}
