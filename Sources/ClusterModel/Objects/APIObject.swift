/// An object of the Kubernetes API, as a value.
public protocol APIObject: Hashable, Sendable {
  static var kind: ResourceKind { get }
  var metadata: ObjectMeta { get set }
}

/// The kinds the simulation gives life to; every other kind is kept and listed.
public enum ResourceKind: UInt8, Hashable, Sendable, CaseIterable, Comparable {
  case namespace, node, pod, replicaSet, deployment, service, endpointSlice, event, kept

  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// The description of the kind; nil for `kept`, which stands for many.
  public var resource: APIResource? {
    switch self {
    case .namespace: .namespaces
    case .node: .nodes
    case .pod: .pods
    case .replicaSet: .replicaSets
    case .deployment: .deployments
    case .service: .services
    case .endpointSlice: .endpointSlices
    case .event: .events
    case .kept: nil
    }
  }
}

/// A kind that is kept as it was written: printed, listed and deleted, and nothing more.
public struct KeptObject: APIObject {
  public static let kind = ResourceKind.kept

  public var resource: APIResource
  public var metadata: ObjectMeta
  /// Every field but `apiVersion`, `kind` and `metadata`.
  public var body: Fields
  /// `spec.template` of `body`, for the kinds whose pods the simulation makes.
  public var template: PodTemplate?

  public init(
    resource: APIResource, metadata: ObjectMeta, body: Fields = Fields(),
    template: PodTemplate? = nil
  ) {
    self.resource = resource
    self.metadata = metadata
    self.body = body
    self.template = template
  }
}
