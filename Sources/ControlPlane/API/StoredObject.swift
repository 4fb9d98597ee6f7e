import ClusterModel

/// An object of any kind, as requests to the API carry it.
public indirect enum StoredObject: Hashable, Sendable {
  case namespace(Namespace)
  case node(Node)
  case pod(Pod)
  case replicaSet(ReplicaSet)
  case deployment(Deployment)
  case service(Service)
  case endpointSlice(EndpointSlice)
  case event(Event)
  case kept(KeptObject)

  public var metadata: ObjectMeta {
    get {
      switch self {
      case .namespace(let object): object.metadata
      case .node(let object): object.metadata
      case .pod(let object): object.metadata
      case .replicaSet(let object): object.metadata
      case .deployment(let object): object.metadata
      case .service(let object): object.metadata
      case .endpointSlice(let object): object.metadata
      case .event(let object): object.metadata
      case .kept(let object): object.metadata
      }
    }
    set {
      switch self {
      case .namespace(var object):
        object.metadata = newValue
        self = .namespace(object)
      case .node(var object):
        object.metadata = newValue
        self = .node(object)
      case .pod(var object):
        object.metadata = newValue
        self = .pod(object)
      case .replicaSet(var object):
        object.metadata = newValue
        self = .replicaSet(object)
      case .deployment(var object):
        object.metadata = newValue
        self = .deployment(object)
      case .service(var object):
        object.metadata = newValue
        self = .service(object)
      case .endpointSlice(var object):
        object.metadata = newValue
        self = .endpointSlice(object)
      case .event(var object):
        object.metadata = newValue
        self = .event(object)
      case .kept(var object):
        object.metadata = newValue
        self = .kept(object)
      }
    }
  }

  public var resource: APIResource {
    switch self {
    case .namespace: .namespaces
    case .node: .nodes
    case .pod: .pods
    case .replicaSet: .replicaSets
    case .deployment: .deployments
    case .service: .services
    case .endpointSlice: .endpointSlices
    case .event: .events
    case .kept(let object): object.resource
    }
  }

  public var name: NamespacedName { NamespacedName(metadata) }
}

extension ObjectStore {
  /// The object of this kind and name; nil when there is none.
  public func get(_ resource: APIResource, namespace: String, name: String) -> StoredObject? {
    switch resource.living {
    case .namespace: namespaces["", name].map(StoredObject.namespace)
    case .node: nodes["", name].map(StoredObject.node)
    case .pod: pods[namespace, name].map(StoredObject.pod)
    case .replicaSet: replicaSets[namespace, name].map(StoredObject.replicaSet)
    case .deployment: deployments[namespace, name].map(StoredObject.deployment)
    case .service: services[namespace, name].map(StoredObject.service)
    case .endpointSlice: endpointSlices[namespace, name].map(StoredObject.endpointSlice)
    case .event: events[namespace, name].map(StoredObject.event)
    case .kept where DerivedObjects.isDerived(resource):
      derived(resource, namespace: namespace, name: name).map(StoredObject.kept)
    case .kept: kept[resource.qualifiedPlural]?[namespace, name].map(StoredObject.kept)
    }
  }

  public func contains(_ resource: APIResource, namespace: String, name: String) -> Bool {
    switch resource.living {
    case .namespace: namespaces.id(namespace: "", name: name) != nil
    case .node: nodes.id(namespace: "", name: name) != nil
    case .pod: pods.id(namespace: namespace, name: name) != nil
    case .replicaSet: replicaSets.id(namespace: namespace, name: name) != nil
    case .deployment: deployments.id(namespace: namespace, name: name) != nil
    case .service: services.id(namespace: namespace, name: name) != nil
    case .endpointSlice: endpointSlices.id(namespace: namespace, name: name) != nil
    case .event: events.id(namespace: namespace, name: name) != nil
    case .kept where ["ConfigMap", "Lease", "PriorityClass"].contains(resource.kind):
      get(resource, namespace: namespace, name: name) != nil
    case .kept: kept[resource.qualifiedPlural]?.id(namespace: namespace, name: name) != nil
    }
  }

  /// The objects of this kind in the API's order; of every namespace when `namespace` is nil.
  public func list(_ resource: APIResource, namespace: String? = nil) -> [StoredObject] {
    let namespace = resource.isNamespaced ? namespace : nil
    switch resource.living {
    case .namespace: return namespaces.list().map(StoredObject.namespace)
    case .node: return nodes.list().map(StoredObject.node)
    case .pod: return pods.list(namespace: namespace).map(StoredObject.pod)
    case .replicaSet: return replicaSets.list(namespace: namespace).map(StoredObject.replicaSet)
    case .deployment: return deployments.list(namespace: namespace).map(StoredObject.deployment)
    case .service: return services.list(namespace: namespace).map(StoredObject.service)
    case .endpointSlice:
      return endpointSlices.list(namespace: namespace).map(StoredObject.endpointSlice)
    case .event: return events.list(namespace: namespace).map(StoredObject.event)
    case .kept where DerivedObjects.isDerived(resource):
      return derivedList(resource, namespace: namespace).map(StoredObject.kept)
    case .kept:
      return kept[resource.qualifiedPlural]?.list(namespace: namespace).map(StoredObject.kept) ?? []
    }
  }
}
