/// A Service.
public struct Service: APIObject {
  public static let kind = ResourceKind.service

  public enum ServiceType: String, Hashable, Sendable {
    case clusterIP = "ClusterIP"
    case nodePort = "NodePort"
    case loadBalancer = "LoadBalancer"
    case externalName = "ExternalName"
  }

  public enum TrafficPolicy: String, Hashable, Sendable {
    case cluster = "Cluster"
    case local = "Local"
  }

  /// An entry of `status.loadBalancer.ingress`.
  public struct Ingress: Hashable, Sendable {
    public var ip: IPAddress?
    public var hostname: String
    /// `VIP` or `Proxy`; nil counts as VIP.
    public var ipMode: String?
    public var other = Fields()

    public init(ip: IPAddress?, hostname: String = "", ipMode: String? = nil) {
      self.ip = ip
      self.hostname = hostname
      self.ipMode = ipMode
    }
  }

  public var metadata: ObjectMeta
  public var type = ServiceType.clusterIP
  /// Nil when absent: then nobody manages the endpoints. Empty selects every pod.
  public var selector: Labels?
  public var ports: [ServicePort] = []
  /// True for `clusterIP: None`.
  public var isHeadless = false
  /// One per family, the primary first; empty when headless or ExternalName.
  public var clusterIPs: [IPAddress] = []
  public var ipFamilies: [IPAddress.Family] = []
  /// SingleStack, PreferDualStack or RequireDualStack; empty before admission.
  public var ipFamilyPolicy = ""
  public var externalIPs: [String] = []
  public var externalName = ""
  /// Seconds of ClientIP affinity; nil for `None`.
  public var affinitySeconds: Int?
  public var internalTrafficPolicy: TrafficPolicy?
  public var externalTrafficPolicy: TrafficPolicy?
  /// Zero when unset.
  public var healthCheckNodePort = 0
  public var publishNotReadyAddresses = false
  public var allocateLoadBalancerNodePorts: Bool?
  public var loadBalancerIP = ""
  public var loadBalancerClass: String?
  public var loadBalancerSourceRanges: [String] = []
  public var trafficDistribution: String?
  public var otherSpec = Fields()
  public var loadBalancerIngress: [Ingress] = []
  public var otherStatus = Fields()

  public init(metadata: ObjectMeta) { self.metadata = metadata }

  public var clusterIP: IPAddress? { clusterIPs.first }
}

public struct ServicePort: Hashable, Sendable {
  public var name: String
  public var transport: TransportProtocol
  public var port: Int
  public var targetPort: IntOrString
  /// Zero when unset.
  public var nodePort: Int
  public var appProtocol: String?

  public init(
    name: String = "", transport: TransportProtocol = .tcp, port: Int,
    targetPort: IntOrString? = nil,
    nodePort: Int = 0, appProtocol: String? = nil
  ) {
    self.name = name
    self.transport = transport
    self.port = port
    self.targetPort = targetPort ?? .integer(port)
    self.nodePort = nodePort
    self.appProtocol = appProtocol
  }
}

/// A reference to an object, as endpoints and events carry it.
public struct ObjectReference: Hashable, Sendable {
  public var kind: String
  public var namespace: String
  public var name: String
  public var uid: UID
  public var other = Fields()

  public init(kind: String, namespace: String, name: String, uid: UID = .none) {
    self.kind = kind
    self.namespace = namespace
    self.name = name
    self.uid = uid
  }
}

/// An EndpointSlice: up to 1,000 (usually 100) endpoints of one Service, family and port set.
public struct EndpointSlice: APIObject {
  public static let kind = ResourceKind.endpointSlice

  public struct Port: Hashable, Sendable, Comparable {
    /// Nil when absent in a hand-made slice; empty for an unnamed port.
    public var name: String?
    public var transport: TransportProtocol
    /// Nil means every port.
    public var port: Int?
    public var appProtocol: String?

    public init(
      name: String?, transport: TransportProtocol = .tcp, port: Int?, appProtocol: String? = nil
    ) {
      self.name = name
      self.transport = transport
      self.port = port
      self.appProtocol = appProtocol
    }

    public static func < (left: Port, right: Port) -> Bool {
      (left.name ?? "", left.transport, left.port ?? 0, left.appProtocol ?? "")
        < (right.name ?? "", right.transport, right.port ?? 0, right.appProtocol ?? "")
    }
  }

  public var metadata: ObjectMeta
  /// IPv4, IPv6 or FQDN.
  public var addressType: String
  public var ports: [Port] = []
  public var endpoints: [Endpoint] = []
  public var other = Fields()

  public init(metadata: ObjectMeta, addressType: String = "IPv4") {
    self.metadata = metadata
    self.addressType = addressType
  }

  public static let serviceNameLabel = "kubernetes.io/service-name"
  public static let managedByLabel = "endpointslice.kubernetes.io/managed-by"
  public static let headlessLabel = "service.kubernetes.io/headless"
  /// The value of the managed-by label on slices of the EndpointSlice controller.
  public static let controllerName = "endpointslice-controller.k8s.io"

  /// The Service this slice belongs to; nil when the label is missing.
  public var serviceName: String? { metadata.labels[Self.serviceNameLabel] }
  public var isManagedByController: Bool {
    metadata.labels[Self.managedByLabel] == Self.controllerName
  }
}

/// One endpoint of a slice.
public struct Endpoint: Hashable, Sendable {
  /// The first address; unspecified in a slice of names (FQDN).
  public var address: IPAddress
  /// Further addresses, or every address of a slice of names, as text. Proxies do not use them.
  public var moreAddresses: [String] = []
  public var isReady: Bool?
  public var isServing: Bool?
  public var isTerminating: Bool?
  public var hostname: String?
  public var nodeName: String?
  public var zone: String?
  public var targetRef: ObjectReference?
  /// `hints.forZones`.
  public var zoneHints: [String] = []
  /// `hints.forNodes`.
  public var nodeHints: [String] = []
  public var other = Fields()

  public init(address: IPAddress) { self.address = address }

  // Consumers read an absent condition so (pkg/proxy/endpointslicecache.go).
  public var isReadyOrUnset: Bool { isReady ?? true }
  public var isServingOrUnset: Bool { isServing ?? true }
  public var isTerminatingOrUnset: Bool { isTerminating ?? false }

  /// Every address as text, the first one first.
  public var addressTexts: [String] {
    address.isUnspecified ? moreAddresses : [address.description] + moreAddresses
  }
}

extension [Endpoint] {
  /// Where the endpoint of this pod is. None is copied on the way: that is a dozen counts each.
  public func place(ofPod uid: UID) -> Int? {
    for index in indices where self[index].targetRef?.uid == uid { return index }
    return nil
  }
}

/// An Event: what a component says about an object, folded while it repeats itself.
public struct Event: APIObject {
  public static let kind = ResourceKind.event

  public enum EventType: String, Hashable, Sendable {
    case normal = "Normal"
    case warning = "Warning"
  }

  public var metadata: ObjectMeta
  public var type = EventType.normal
  public var reason: String
  public var message: String
  public var involvedObject: ObjectReference
  /// `spec.containers{web}` for a container's event.
  public var fieldPath = ""
  /// `source.component`, such as `deployment-controller`.
  public var component: String
  /// `source.host`: the node, for a kubelet's event.
  public var host = ""
  public var firstTimestamp: Timestamp?
  public var lastTimestamp: Timestamp?
  public var count = 1
  public var other = Fields()

  public init(
    metadata: ObjectMeta, reason: String, message: String, involvedObject: ObjectReference,
    component: String
  ) {
    self.metadata = metadata
    self.reason = reason
    self.message = message
    self.involvedObject = involvedObject
    self.component = component
  }
}
